package memory

import (
	"context"
	"errors"
	"runtime"
	"testing"
)

// waitFor returns when the budget is in a state.
func (b *Budget) waitFor(isReached func() bool) {
	for !isReached() {
		runtime.Gosched()
	}
}

func (b *Budget) waiting() int {
	_, waiting := b.Usage()
	return waiting
}

func TestBudget_ServesTheOldestFirst(t *testing.T) {
	t.Parallel()
	b := NewBudget(10)
	first, second, third, fourth := b.NewShare(), b.NewShare(), b.NewShare(), b.NewShare()
	if !first.TryGrowTo(6) || !second.TryGrowTo(3) || third.TryGrowTo(2) {
		t.Fatal("what there is was not given, or what there is not was")
	}
	grown := make(chan string, 3)
	grow := func(name string, s *Share, bytes int64) {
		n := 0
		b.waitFor(func() bool { n = b.waiting(); return true })
		go func() {
			if err := s.GrowTo(t.Context(), bytes); err != nil {
				t.Error(err)
			}
			grown <- name
		}()
		b.waitFor(func() bool { return b.waiting() == n+1 })
	}
	grow("third", third, 5)
	grow("fourth", fourth, 1) // there is one, but the third asked before
	grow("second", second, 8)
	if b.waiting() == 0 {
		t.Error("three wait, and it is not crowded")
	}
	if !first.TryGrowTo(20) { // the oldest gets on, whatever there is
		t.Error("the oldest has to wait")
	}
	first.ShrinkTo(0)
	if name := <-grown; name != "second" {
		t.Error(name, "came before the second")
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
	gone, giveUp := context.WithCancel(t.Context())
	failed, grown := make(chan error), make(chan error)
	go func() { failed <- second.GrowTo(gone, 10) }()
	b.waitFor(func() bool { return b.waiting() == 1 })
	go func() { grown <- third.GrowTo(t.Context(), 10) }()
	b.waitFor(func() bool { return b.waiting() == 2 })
	giveUp()
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
