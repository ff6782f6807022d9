package random

import (
	"bytes"
	"regexp"
	"sync"
	"testing"
)

func TestSource_DrawsTheSameFromTheSameSeed(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) string {
		c, p := New(seed), make([]byte, 100)
		if n, err := c.Read(p); n != 100 || err != nil {
			t.Errorf("read %d bytes: %v", n, err)
		}
		return c.ID() + c.UserID() + c.UUID() + string(p)
	}
	if first, second := draw(7), draw(7); first != second {
		t.Error("the same seed draws other things")
	}
	seen := map[string]uint64{}
	for _, seed := range []uint64{1, 2, 7, 7 + 1<<32, 7 + 2<<32, 1 << 63, 1<<64 - 1} {
		if other, ok := seen[draw(seed)]; ok {
			t.Errorf("seeds %d and %d draw the same", seed, other)
		}
		seen[draw(seed)] = seed
	}
	if first, second := draw(0), draw(0); first == second {
		t.Error("without a seed the same is drawn twice")
	}
}

func TestSource_DrawsIDsAsConnectHasThem(t *testing.T) {
	t.Parallel()
	c := New(1)
	for _, test := range []struct {
		draw func() string
		want string
	}{
		{c.ID, `^[a-z2-7]{26}$`}, {c.UserID, `^[A-Z2-7]{26}$`},
		{c.UUID, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
	} {
		want := regexp.MustCompile(test.want)
		for range 1000 {
			if got := test.draw(); !want.MatchString(got) {
				t.Fatalf("drawn %q, want %s", got, want)
			}
		}
	}
}

// Every character of the alphabet, each about as often.
func TestSource_DrawsEveryCharacterAboutAsOften(t *testing.T) {
	t.Parallel()
	c, counts := New(3), map[rune]int{}
	const ids = 4000
	for range ids {
		for _, r := range c.ID() {
			counts[r]++
		}
	}
	for _, r := range lower {
		if n, fair := counts[r], ids*26/32; n < fair*8/10 || n > fair*12/10 {
			t.Errorf("%c was drawn %d times, fair were %d", r, n, fair)
		}
	}
}

func TestSource_IsSafeForManyGoroutines(t *testing.T) {
	t.Parallel()
	c := New(5)
	var all sync.WaitGroup
	var seen sync.Map
	for range 16 {
		all.Go(func() {
			for range 500 {
				if _, twice := seen.LoadOrStore(c.ID(), true); twice {
					t.Error("an id was drawn twice")
				}
			}
		})
	}
	all.Wait()
	// All of them together drew what one would have.
	one, many := New(5), make([]byte, 32)
	for range 16 * 500 {
		one.ID()
	}
	var next [32]byte
	_, _ = one.Read(next[:])
	_, _ = c.Read(many)
	if !bytes.Equal(next[:], many) {
		t.Error("bytes were lost or drawn twice")
	}
}
