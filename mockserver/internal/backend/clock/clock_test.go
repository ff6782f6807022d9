package clock

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// machine is the clock of a machine in a test, which goes on only when a test advances it.
type machine struct{ now time.Time }

func newMachine() *machine { return &machine{time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)} }

func (m *machine) Now() time.Time { return m.now }

func (m *machine) advance(d time.Duration) { m.now = m.now.Add(d) }

// mustChange changes a clock, and ends the test if that fails.
func mustChange(t *testing.T, c *Clocks, account string, change controlapi.ClockChange) {
	t.Helper()
	if err := c.Change(account, change); err != nil {
		t.Fatal(err)
	}
}

func set(at time.Time) controlapi.ClockChange { return controlapi.ClockChange{Set: at} }

func advance(d time.Duration) controlapi.ClockChange {
	return controlapi.ClockChange{Advance: controlapi.Duration(d)}
}

func freeze(frozen bool) controlapi.ClockChange { return controlapi.ClockChange{Frozen: &frozen} }

func wantTime(t *testing.T, c *Clocks, account string, want time.Time) {
	t.Helper()
	if got := c.Now(account); !got.Equal(want) {
		t.Errorf("account %q: the time is %v, want %v", account, got, want)
	}
}

func TestNew_ShowsTheMachinesTime(t *testing.T) {
	t.Parallel()
	m := newMachine()
	c := New(m.Now)
	m.advance(time.Hour)
	wantTime(t, c, "", m.now)
	wantTime(t, c, "A", m.now)
	if got, want := c.State("A"), (controlapi.Clock{Now: m.now}); got != want {
		t.Errorf("state %+v, want %+v", got, want)
	}
}

// Each step of a clock that runs or stands still is followed by a minute on the machine's clock.
func TestChange_SetsMovesAndStopsAClock(t *testing.T) {
	t.Parallel()
	start, moment := newMachine().now, time.Date(2031, 2, 3, 4, 5, 6, 7, time.UTC)
	yes, no := true, false
	for name, test := range map[string]struct {
		changes []controlapi.ClockChange
		want    time.Time // a minute after the last change
		frozen  bool
	}{
		"set":                     {[]controlapi.ClockChange{set(moment)}, moment.Add(time.Minute), false},
		"set in another zone":     {[]controlapi.ClockChange{set(moment.In(time.FixedZone("", 3600)))}, moment.Add(time.Minute), false},
		"set back":                {[]controlapi.ClockChange{set(start.Add(-time.Hour))}, start.Add(time.Minute - time.Hour), false},
		"advance":                 {[]controlapi.ClockChange{advance(time.Hour)}, start.Add(time.Hour + time.Minute), false},
		"advance by less than 0":  {[]controlapi.ClockChange{advance(-time.Hour)}, start.Add(time.Minute - time.Hour), false},
		"advance twice":           {[]controlapi.ClockChange{advance(time.Hour), advance(time.Hour)}, start.Add(2*time.Hour + 2*time.Minute), false},
		"set and advance":         {[]controlapi.ClockChange{{Set: moment, Advance: controlapi.Duration(time.Hour)}}, moment.Add(time.Hour + time.Minute), false},
		"stop":                    {[]controlapi.ClockChange{freeze(true)}, start, true},
		"stop twice":              {[]controlapi.ClockChange{freeze(true), freeze(true)}, start, true},
		"stop, set":               {[]controlapi.ClockChange{freeze(true), set(moment)}, moment, true},
		"stop, advance":           {[]controlapi.ClockChange{freeze(true), advance(time.Hour)}, start.Add(time.Hour), true},
		"set and stop":            {[]controlapi.ClockChange{{Set: moment, Frozen: &yes}}, moment, true},
		"stop, run":               {[]controlapi.ClockChange{freeze(true), freeze(false)}, start.Add(time.Minute), false},
		"stop, advance and run":   {[]controlapi.ClockChange{freeze(true), {Advance: controlapi.Duration(time.Hour), Frozen: &no}}, start.Add(time.Hour + time.Minute), false},
		"set, real":               {[]controlapi.ClockChange{set(moment), {Real: true}}, start.Add(2 * time.Minute), false},
		"stop, real":              {[]controlapi.ClockChange{freeze(true), {Real: true}}, start.Add(2 * time.Minute), false},
		"set, real and advance":   {[]controlapi.ClockChange{set(moment), {Real: true, Advance: controlapi.Duration(time.Hour)}}, start.Add(time.Hour + 2*time.Minute), false},
		"the first possible time": {[]controlapi.ClockChange{{Set: time.Date(1970, 1, 1, 0, 0, 0, 1, time.UTC), Frozen: &yes}}, time.Date(1970, 1, 1, 0, 0, 0, 1, time.UTC), true},
		"the last possible year":  {[]controlapi.ClockChange{{Set: time.Date(2261, 12, 31, 23, 0, 0, 0, time.UTC), Frozen: &yes}}, time.Date(2261, 12, 31, 23, 0, 0, 0, time.UTC), true},
	} {
		for _, account := range []string{"", "A"} {
			m := newMachine()
			c := New(m.Now)
			for _, change := range test.changes {
				mustChange(t, c, account, change)
				m.advance(time.Minute)
			}
			got := c.State(account)
			if !c.Now(account).Equal(test.want) || !got.Now.Equal(test.want) || got.Frozen != test.frozen {
				t.Errorf("%s of %q: %v, %+v, want %v, frozen %t", name, account, c.Now(account), got, test.want, test.frozen)
			}
			if want := test.want.Sub(m.now); time.Duration(got.Offset) != want {
				t.Errorf("%s of %q: the offset is %v, want %v", name, account, time.Duration(got.Offset), want)
			}
		}
	}
}

func TestChange_RefusesTimesOutsideOf64Bits(t *testing.T) {
	t.Parallel()
	m := newMachine()
	for name, change := range map[string]controlapi.ClockChange{
		"too early":         set(time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC)),
		"too late":          set(time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)),
		"too far back":      advance(-57 * 365 * 24 * time.Hour),
		"too far ahead":     advance(237 * 365 * 24 * time.Hour),
		"early in its zone": set(time.Date(1970, 1, 1, 0, 30, 0, 0, time.FixedZone("", 3600))),
	} {
		c := New(m.Now)
		mustChange(t, c, "A", advance(time.Hour))
		var refused *controlapi.Error
		if err := c.Change("A", change); !errors.As(err, &refused) || refused.Status != 400 ||
			!strings.Contains(refused.Message, "the years 1970 to 2261") {
			t.Errorf("%s: error %v", name, err)
		}
		wantTime(t, c, "A", m.now.Add(time.Hour)) // not changed
	}
}

func TestAccounts_HaveTheServersClockUntilTheyGetTheirOwn(t *testing.T) {
	t.Parallel()
	m := newMachine()
	c := New(m.Now)
	mustChange(t, c, "", advance(time.Hour))
	wantTime(t, c, "A", m.now.Add(time.Hour))
	if c.State("A").Own {
		t.Error("an account has a clock of its own before it was changed")
	}

	mustChange(t, c, "A", advance(time.Minute)) // from what the server's shows
	wantTime(t, c, "A", m.now.Add(time.Hour+time.Minute))
	wantTime(t, c, "B", m.now.Add(time.Hour))
	wantTime(t, c, "", m.now.Add(time.Hour))
	if !c.State("A").Own || c.State("B").Own || c.State("").Own {
		t.Errorf("own clocks: %+v %+v %+v", c.State("A"), c.State("B"), c.State(""))
	}

	mustChange(t, c, "", freeze(true)) // a clock of its own does not follow the server's
	m.advance(time.Second)
	wantTime(t, c, "A", m.now.Add(time.Hour+time.Minute))
	wantTime(t, c, "B", m.now.Add(time.Hour-time.Second))

	mustChange(t, c, "B", freeze(false))
	wantTime(t, c, "B", m.now.Add(time.Hour-time.Second))
	mustChange(t, c, "A", controlapi.ClockChange{Real: true}) // real removes the own clock of an account
	wantTime(t, c, "A", m.now.Add(time.Hour-time.Second))
	if c.State("A").Own || !c.State("B").Own {
		t.Error("real did not remove the clock of its account, or removed another")
	}
	mustChange(t, c, "", controlapi.ClockChange{Real: true})
	wantTime(t, c, "", m.now)
	wantTime(t, c, "B", m.now.Add(time.Hour-time.Second))
}

func TestRemove_GivesAnAccountTheServersClock(t *testing.T) {
	t.Parallel()
	m := newMachine()
	c := New(m.Now)
	mustChange(t, c, "", advance(time.Hour))
	mustChange(t, c, "A", freeze(true))
	mustChange(t, c, "B", advance(time.Minute))
	c.Remove("A")
	c.Remove("unknown")
	m.advance(time.Second)
	wantTime(t, c, "A", m.now.Add(time.Hour))
	wantTime(t, c, "B", m.now.Add(time.Hour+time.Minute))
}

func TestReset_MakesEveryClockTheMachines(t *testing.T) {
	t.Parallel()
	m := newMachine()
	c := New(m.Now)
	mustChange(t, c, "", advance(time.Hour))
	mustChange(t, c, "A", freeze(true))
	c.Reset()
	m.advance(time.Second)
	for _, account := range []string{"", "A"} {
		wantTime(t, c, account, m.now)
		if got := c.State(account); got.Own || got.Frozen || got.Offset != 0 {
			t.Errorf("account %q: %+v", account, got)
		}
	}
}

// No change of one clock is lost while others are changed, and readers see no state in between.
func TestClocks_AreSafeForManyGoroutines(t *testing.T) {
	t.Parallel()
	const steps = 200
	m := newMachine()
	c := New(func() time.Time {
		runtime.Gosched() // Change reads this clock between reading and writing its own
		return m.now
	})
	var all sync.WaitGroup
	for _, account := range []string{"", "A", "B", "C"} {
		if account != "" { // a clock of its own, which the server's does not move
			mustChange(t, c, account, freeze(true))
		}
		all.Go(func() {
			for range steps {
				if err := c.Change(account, advance(time.Hour)); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			last := c.Now(account)
			for range steps {
				now := c.Now(account)
				if now.Before(last) || now.Sub(m.now)%time.Hour != 0 {
					t.Errorf("account %q: %v after %v", account, now, last)
				}
				last = now
				c.State(account)
			}
		})
	}
	all.Wait()
	for _, account := range []string{"", "A", "B", "C"} {
		wantTime(t, c, account, m.now.Add(steps*time.Hour))
	}
}
