package check

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPatience_WaitsInFullUntilItHasSeenWaitsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := NewPatience(10*time.Second, 50*time.Millisecond)
		expect := func(kind string, want time.Duration) {
			t.Helper()
			if got, reason := p.limit(kind); got != want || (reason == "") != (want == 10*time.Second) {
				t.Errorf("%s: %s (%s), want %s", kind, got, reason, want)
			}
		}
		giveUp := func(kind string, after time.Duration) {
			began := time.Now()
			time.Sleep(after)
			p.giveUp(kind, began)
		}
		expect("list", 10*time.Second)
		p.succeed("list", 0)
		p.succeed("list", 0)
		expect("list", 10*time.Second) // two say too little
		p.succeed("list", 0)
		expect("list", time.Second)
		expect("log", 10*time.Second) // another kind
		p.succeed("list", 300*time.Millisecond)
		expect("list", 3*time.Second) // ten times the slowest
		p.succeed("list", 4*time.Second)
		expect("list", 10*time.Second) // never more than Within
		giveUp("item", time.Second)
		expect("item", 200*time.Millisecond) // nothing was ever visible
		giveUp("list", time.Second)
		expect("list", 10*time.Second) // three times the slowest is more
		expect("log", 10*time.Second)
	})
}

func TestPatience_WaitsLessForUnknownKindsIfTheServerIsFast(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		succeeded      int
		slowest, every time.Duration // of the waits, and of the responses
		want           time.Duration
	}{
		"few waits ended":                {19, 0, 0, 10 * time.Second},
		"responses and changes at once":  {20, 0, time.Millisecond, 2 * time.Second},
		"a change that took a moment":    {20, 400 * time.Millisecond, 0, 4 * time.Second},
		"a server behind a slow network": {20, 0, 30 * time.Millisecond, 6 * time.Second},
		"a server far away":              {20, 0, 80 * time.Millisecond, 10 * time.Second},
	} {
		p := NewPatience(10*time.Second, 50*time.Millisecond)
		for range c.succeeded {
			p.succeed("item", c.slowest)
			p.addResponse(c.every)
		}
		if limit, reason := p.limit("log"); limit != c.want {
			t.Errorf("%s: %s (%s), want %s", name, limit, reason, c.want)
		}
	}
}

func TestPatience_HasABudgetForWaitsInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := NewPatience(10*time.Second, 50*time.Millisecond)
		began := time.Now()
		time.Sleep(15 * time.Second)
		for range 8 { // at the same time: they count once
			p.giveUp("item", began)
		}
		if limit, reason := p.limit("log"); limit != 10*time.Second {
			t.Errorf("after 15 s in vain: %s (%s)", limit, reason)
		}
		began = time.Now()
		time.Sleep(5 * time.Second)
		p.giveUp("item", began)
		if limit, reason := p.limit("log"); limit != 200*time.Millisecond || !strings.Contains(reason, "in vain for 20s") {
			t.Errorf("after 20 s in vain: %s (%s)", limit, reason)
		}
	})
}
