package mockserver_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// turn changes a clock and ends the test where that is refused.
func (r *rig) turn(t testing.TB, account string, change controlapi.ClockChange) controlapi.Clock {
	t.Helper()
	c, err := r.Mock.SetClock(t.Context(), account, change)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func advance(d time.Duration) controlapi.ClockChange {
	return controlapi.ClockChange{Advance: controlapi.Duration(d)}
}

func freeze(frozen bool) controlapi.ClockChange { return controlapi.ClockChange{Frozen: &frozen} }

// two is a world of two accounts with one vault each.
func two(t testing.TB) *fixtures.Fixture {
	t.Helper()
	w := &fixtures.Fixture{Accounts: []fixtures.Account{
		{Name: "one", Vaults: []fixtures.Vault{{Name: "V"}}, Tokens: []fixtures.Token{{Name: "t"}}},
		{Name: "two", Vaults: []fixtures.Vault{{Name: "V"}}, Tokens: []fixtures.Token{{Name: "t"}}},
	}}
	if err := w.Complete(); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestClockGoesByTheOneGiven(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := open(t, connecttest.WithClock(now.Now), connecttest.WithFixture(two(t)))
	start := now.Now()
	check := func(account string, want controlapi.Clock) {
		t.Helper()
		if got, err := s.Mock.Clock(account); err != nil || got != want {
			t.Errorf("account %q: %+v, error %v, want %+v", account, got, err, want)
		}
	}
	hour, day := controlapi.Duration(time.Hour), controlapi.Duration(24*time.Hour)
	check("", controlapi.Clock{Now: start})
	check("one", controlapi.Clock{Now: start})

	s.turn(t, "", advance(time.Hour))
	check("", controlapi.Clock{Now: start.Add(time.Hour), Offset: hour})
	check("two", controlapi.Clock{Now: start.Add(time.Hour), Offset: hour})

	// An account's own starts from what it saw, and the server's moves without it.
	s.turn(t, "two", freeze(true))
	s.turn(t, "", controlapi.ClockChange{Set: start.Add(24 * time.Hour)})
	check("one", controlapi.Clock{Now: start.Add(24 * time.Hour), Offset: day})
	check("two", controlapi.Clock{Now: start.Add(time.Hour), Offset: hour, Frozen: true, Own: true})
	now.advance(time.Hour)
	check("one", controlapi.Clock{Now: start.Add(25 * time.Hour), Offset: day})
	check("two", controlapi.Clock{Now: start.Add(time.Hour), Frozen: true, Own: true})

	// A stopped clock can be moved, and runs on from where it is.
	s.turn(t, "two", advance(time.Minute))
	s.turn(t, "two", freeze(false))
	now.advance(time.Minute)
	check("two", controlapi.Clock{Now: start.Add(time.Hour + 2*time.Minute), Offset: controlapi.Duration(time.Minute), Own: true})

	s.turn(t, "two", controlapi.ClockChange{Real: true})
	check("two", controlapi.Clock{Now: start.Add(25*time.Hour + time.Minute), Offset: day})
	yes := true
	s.turn(t, "two", controlapi.ClockChange{Real: true, Set: start, Advance: -hour, Frozen: &yes})
	check("two", controlapi.Clock{Now: start.Add(-time.Hour), Offset: -hour - hour - controlapi.Duration(time.Minute), Frozen: true, Own: true})
	s.turn(t, "", controlapi.ClockChange{Real: true})
	check("", controlapi.Clock{Now: start.Add(time.Hour + time.Minute)})
}

func TestClocksThatCannotBeSet(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, test := range map[string]struct {
		account string
		change  controlapi.ClockChange
		status  int
	}{
		"nothing said":       {"", controlapi.ClockChange{}, 400},
		"before Unix":        {"", controlapi.ClockChange{Set: time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)}, 400},
		"too far":            {"", controlapi.ClockChange{Set: time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)}, 400},
		"advanced too far":   {"", controlapi.ClockChange{Advance: 1<<63 - 1}, 400},
		"nobody's":           {"nobody", controlapi.ClockChange{Real: true}, 404},
		"nobody's, advanced": {"nobody", advance(1), 404},
	} {
		_, err := s.Mock.SetClock(t.Context(), test.account, test.change)
		var refusal *controlapi.Error
		if !errors.As(err, &refusal) || refusal.Status != test.status {
			t.Errorf("%s: error %v, want status %d", name, err, test.status)
		}
	}
	if _, err := s.Mock.Clock("nobody"); err == nil {
		t.Error("nobody has a clock")
	}
	if c, err := s.Mock.Clock(""); err != nil || c.Offset != 0 {
		t.Errorf("a refused change moved the clock: %+v, error %v", c, err)
	}
}

// Tokens, one-time codes, timestamps and the activity log go by the account's
// clock, and those of another account do not.
func TestEverythingFollowsTheClock(t *testing.T) {
	t.Parallel()
	now := newClock()
	w := two(t)
	s := open(t, connecttest.WithClock(now.Now), connecttest.WithFixture(w))
	one, other := w.Accounts[0].Vaults[0].ID, w.Accounts[1].Vaults[0].ID
	issue := func(account string) part {
		made, err := s.Mock.IssueToken(t.Context(), controlapi.Token{Account: account, Name: "short", ExpiresIn: controlapi.Duration(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		return token(made.Value)
	}
	mine, theirs := issue("one"), issue("two")
	const otp = `{"title":"t","category":"LOGIN","fields":[{"id":"otp","type":"OTP","value":"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"}]}`
	made, path := s.create(t, one, otp)
	code := func() string {
		fields := s.item(t, path).Fields
		i := slices.IndexFunc(fields, func(f connect.Field) bool { return f.TOTP != "" })
		if i < 0 {
			t.Fatalf("no field has a one-time code: %+v", fields)
		}
		return fields[i].TOTP
	}
	first := code()
	if again := code(); again != first {
		t.Errorf("the code is %s and then %s while the clock stands", first, again)
	}

	s.turn(t, "one", advance(59*time.Minute+59*time.Second))
	s.get(t, "/v1/vaults", mine).ok(t)
	if code() == first {
		t.Error("an hour later the code is the same")
	}
	s.turn(t, "one", advance(time.Second))
	s.get(t, "/v1/vaults", mine).refused(t, connect.InvalidToken())
	s.get(t, "/v1/vaults", theirs).ok(t)

	changed := as[connect.Item](t, s.send(t, "PATCH", path, `[{"op":"replace","path":"/title","value":"u"}]`))
	if want := made.CreatedAt.Add(time.Hour); !changed.UpdatedAt.Equal(want) || !changed.CreatedAt.Equal(made.CreatedAt.Time) {
		t.Errorf("changed at %v, want %v", changed.UpdatedAt, want)
	}
	if v := s.vault(t, one); !v.UpdatedAt.Equal(now.Now().Add(time.Hour)) {
		t.Errorf("the vault was updated at %v", v.UpdatedAt)
	}
	if last := s.page(t, "?limit=1").records[0]; !last.Timestamp.Equal(now.Now().Add(time.Hour)) {
		t.Errorf("the last record is of %v", last.Timestamp)
	}
	made = as[connect.Item](t, s.send(t, "POST", "/v1/vaults/"+other+"/items", otp, theirs))
	if !made.CreatedAt.Equal(now.Now()) {
		t.Errorf("in the other account an item was made at %v", made.CreatedAt)
	}

	// Back in time the token is good again.
	s.turn(t, "one", advance(-time.Second))
	s.get(t, "/v1/vaults", mine).ok(t)
	s.turn(t, "", advance(2*time.Hour))
	s.get(t, "/v1/vaults", mine).ok(t)
	s.get(t, "/v1/vaults", theirs).refused(t, connect.InvalidToken())
	list, err := s.Mock.ListTokens(t.Context(), "two")
	if err != nil || len(list) != 2 || list[1].State != "expired" {
		t.Errorf("listed as %+v, error %v", list, err)
	}
}

// Clocks are moved while requests are answered.
func TestClocksMoveUnderTraffic(t *testing.T) {
	t.Parallel()
	s := open(t, connecttest.WithFixture(two(t)))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				s.get(t, "/v1/vaults").ok(t)
			}
		})
	}
	for _, account := range []string{"", "one", "two"} {
		all.Go(func() {
			for range 50 {
				s.turn(t, account, advance(time.Second))
			}
		})
	}
	all.Wait()
	for _, account := range []string{"", "one", "two"} {
		if c, err := s.Mock.Clock(account); err != nil || time.Duration(c.Offset) < 50*time.Second {
			t.Errorf("account %q: %+v, error %v", account, c, err)
		}
	}
}
