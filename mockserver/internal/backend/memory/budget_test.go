package memory

import (
	"context"
	"errors"
	"runtime"
	"testing"
)

// waitFor returns when a condition is true.
func waitFor(condition func() bool) {
	for !condition() {
		runtime.Gosched()
	}
}

// waiting returns how many shares wait.
func (b *Budget) waiting() int {
	_, waiting := b.Usage()
	return waiting
}

func TestBudget_ServesTheOldestFirst(t *testing.T) {
	t.Parallel()
	b := NewBudget(10)
	first, second, third, fourth := b.NewShare(), b.NewShare(), b.NewShare(), b.NewShare()
	if !first.TryGrowTo(6) || !second.TryGrowTo(3) || third.TryGrowTo(2) {
		t.Fatal("a share did not get memory that is left, or got memory that is not")
	}
	grown := make(chan string, 3)
	grow := func(name string, s *Share, bytes int64) {
		n := b.waiting()
		go func() {
			if err := s.GrowTo(t.Context(), bytes); err != nil {
				t.Error(err)
			}
			grown <- name
		}()
		waitFor(func() bool { return b.waiting() == n+1 })
	}
	grow("third", third, 5)
	grow("fourth", fourth, 1) // one byte is left, but the third waits for more
	grow("second", second, 8)
	if n := b.waiting(); n != 3 {
		t.Errorf("%d shares wait, want 3", n)
	}
	if !first.TryGrowTo(20) { // more than the limit
		t.Error("the oldest share has to wait")
	}
	first.ShrinkTo(0)
	if name := <-grown; name != "second" {
		t.Error(name, "was served before the second")
	}
	second.ShrinkTo(0)
	if all := <-grown + <-grown; all != "thirdfourth" && all != "fourththird" {
		t.Error(all)
	}
	third.ShrinkTo(0)
	fourth.ShrinkTo(0)
	if b.used != 0 || len(b.shares) != 0 || b.waiting() > 0 {
		t.Errorf("%d used by %d", b.used, len(b.shares))
	}
}

func TestBudget_DropsSharesWhoseContextEnds(t *testing.T) {
	t.Parallel()
	b := NewBudget(10)
	first, second, third := b.NewShare(), b.NewShare(), b.NewShare()
	first.TryGrowTo(10)
	ctx, cancel := context.WithCancel(t.Context())
	failed, grown := make(chan error), make(chan error)
	go func() { failed <- second.GrowTo(ctx, 10) }()
	waitFor(func() bool { return b.waiting() == 1 })
	go func() { grown <- third.GrowTo(t.Context(), 10) }()
	waitFor(func() bool { return b.waiting() == 2 })
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	first.ShrinkTo(0)
	if err := <-grown; err != nil {
		t.Error(err)
	}
	third.ShrinkTo(0)
	if b.used != 0 || len(b.shares) != 0 {
		t.Errorf("%d used by %d", b.used, len(b.shares))
	}
}
