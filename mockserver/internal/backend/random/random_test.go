package random

import (
	"bytes"
	"regexp"
	"sync"
	"testing"
)

func TestSource_RepeatsWithTheSameSeed(t *testing.T) {
	t.Parallel()
	values := func(seed uint64) string {
		s, p := New(seed), make([]byte, 100)
		if n, err := s.Read(p); n != 100 || err != nil {
			t.Errorf("read %d bytes: %v", n, err)
		}
		return s.ID() + s.UserID() + s.UUID() + string(p)
	}
	if first, second := values(7), values(7); first != second {
		t.Error("the same seed generates different values")
	}
	seen := map[string]uint64{}
	for _, seed := range []uint64{1, 2, 7, 7 + 1<<32, 7 + 2<<32, 1 << 63, 1<<64 - 1} {
		if other, ok := seen[values(seed)]; ok {
			t.Errorf("seeds %d and %d generate the same values", seed, other)
		}
		seen[values(seed)] = seed
	}
	if first, second := values(0), values(0); first == second {
		t.Error("without a seed the values repeat")
	}
}

func TestSource_GeneratesIDsInTheFormOfConnect(t *testing.T) {
	t.Parallel()
	s := New(1)
	for _, test := range []struct {
		generate func() string
		want     string
	}{
		{s.ID, `^[a-z2-7]{26}$`}, {s.UserID, `^[A-Z2-7]{26}$`},
		{s.UUID, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
	} {
		want := regexp.MustCompile(test.want)
		for range 1000 {
			if got := test.generate(); !want.MatchString(got) {
				t.Fatalf("got %q, want %s", got, want)
			}
		}
	}
}

func TestSource_UsesEveryCharacterAboutAsOften(t *testing.T) {
	t.Parallel()
	s, counts := New(3), map[rune]int{}
	const ids = 4000
	for range ids {
		for _, r := range s.ID() {
			counts[r]++
		}
	}
	for _, r := range lower {
		if n, mean := counts[r], ids*26/32; n < mean*8/10 || n > mean*12/10 {
			t.Errorf("%c occurs %d times, the mean is %d", r, n, mean)
		}
	}
}

func TestSource_IsSafeForManyGoroutines(t *testing.T) {
	t.Parallel()
	s := New(5)
	var all sync.WaitGroup
	var seen sync.Map
	for range 16 {
		all.Go(func() {
			for range 500 {
				if _, twice := seen.LoadOrStore(s.ID(), true); twice {
					t.Error("an id was generated twice")
				}
			}
		})
	}
	all.Wait()
	// Together they have used as many bytes as one goroutine would have.
	single := New(5)
	for range 16 * 500 {
		single.ID()
	}
	var want, got [32]byte
	_, _ = single.Read(want[:])
	_, _ = s.Read(got[:])
	if !bytes.Equal(got[:], want[:]) {
		t.Error("bytes were lost or used twice")
	}
}
