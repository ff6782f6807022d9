package mockserver_test

import (
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func advanceBy(d time.Duration) controlapi.ClockChange {
	return controlapi.ClockChange{Advance: controlapi.Duration(d)}
}

func frozen(frozen bool) controlapi.ClockChange { return controlapi.ClockChange{Frozen: &frozen} }

func TestClock_FollowsTheConfiguredClock(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := newServer(t, connecttest.WithClock(now.Now), connecttest.WithFixture(twoAccounts(t)))
	start := now.Now()
	check := func(account string, want controlapi.Clock) {
		t.Helper()
		if got, err := s.Mock.Clock(t.Context(), account); err != nil || got != want {
			t.Errorf("account %q: %+v, error %v, want %+v", account, got, err, want)
		}
	}
	hour, day := controlapi.Duration(time.Hour), controlapi.Duration(24*time.Hour)
	check("", controlapi.Clock{Now: start})
	check("one", controlapi.Clock{Now: start})

	s.setClock(t, "", advanceBy(time.Hour))
	check("", controlapi.Clock{Now: start.Add(time.Hour), Offset: hour})
	check("two", controlapi.Clock{Now: start.Add(time.Hour), Offset: hour})

	// The clock of an account starts at its present time, and no longer follows that of
	// the server.
	s.setClock(t, "two", frozen(true))
	s.setClock(t, "", controlapi.ClockChange{Set: start.Add(24 * time.Hour)})
	check("one", controlapi.Clock{Now: start.Add(24 * time.Hour), Offset: day})
	check("two", controlapi.Clock{Now: start.Add(time.Hour), Offset: hour, Frozen: true, Own: true})
	now.advance(time.Hour)
	check("one", controlapi.Clock{Now: start.Add(25 * time.Hour), Offset: day})
	check("two", controlapi.Clock{Now: start.Add(time.Hour), Frozen: true, Own: true})

	// A frozen clock can be moved, and goes on from there.
	s.setClock(t, "two", advanceBy(time.Minute))
	s.setClock(t, "two", frozen(false))
	now.advance(time.Minute)
	check("two", controlapi.Clock{Now: start.Add(time.Hour + 2*time.Minute),
		Offset: controlapi.Duration(time.Minute), Own: true})

	s.setClock(t, "two", controlapi.ClockChange{Real: true})
	check("two", controlapi.Clock{Now: start.Add(25*time.Hour + time.Minute), Offset: day})
	yes := true
	s.setClock(t, "two", controlapi.ClockChange{Real: true, Set: start, Advance: -hour, Frozen: &yes})
	check("two", controlapi.Clock{Now: start.Add(-time.Hour), Offset: -hour - hour - controlapi.Duration(time.Minute),
		Frozen: true, Own: true})
	s.setClock(t, "", controlapi.ClockChange{Real: true})
	check("", controlapi.Clock{Now: start.Add(time.Hour + time.Minute)})
}

func TestSetClock_RefusesInvalidChanges(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for name, test := range map[string]struct {
		account string
		change  controlapi.ClockChange
		status  int
	}{
		"nothing said":      {"", controlapi.ClockChange{}, 400},
		"before Unix":       {"", controlapi.ClockChange{Set: time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)}, 400},
		"too far":           {"", controlapi.ClockChange{Set: time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)}, 400},
		"advanced too far":  {"", controlapi.ClockChange{Advance: 1<<63 - 1}, 400},
		"unknown account":   {"nobody", controlapi.ClockChange{Real: true}, 404},
		"unknown, advanced": {"nobody", advanceBy(1), 404},
	} {
		_, err := s.Mock.SetClock(t.Context(), test.account, test.change)
		t.Log(name)
		wantControlError(t, err, test.status, "")
	}
	if _, err := s.Mock.Clock(t.Context(), "nobody"); err == nil {
		t.Error("an unknown account has a clock")
	}
	if c, err := s.Mock.Clock(t.Context(), ""); err != nil || c.Offset != 0 {
		t.Errorf("a refused change moved the clock: %+v, error %v", c, err)
	}
}

// Tokens, one-time codes, timestamps and activity follow the clock of the account.
// Those of another account do not.
func TestClock_AppliesToTokensCodesTimestampsAndActivity(t *testing.T) {
	t.Parallel()
	now := newClock()
	w := twoAccounts(t)
	s := newServer(t, connecttest.WithClock(now.Now), connecttest.WithFixture(w))
	one, other := w.Accounts[0].Vaults[0].ID, w.Accounts[1].Vaults[0].ID
	issue := func(account string) requestOption {
		created := s.issueToken(t, controlapi.Token{Account: account, Name: "short", ExpiresIn: controlapi.Duration(time.Hour)})
		return token(created.Value)
	}
	mine, theirs := issue("one"), issue("two")
	const otp = `{"title":"t","category":"LOGIN","fields":[{"id":"otp","type":"OTP","value":"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"}]}`
	created, path := s.create(t, one, otp)
	code := func() string {
		code := field(t, s.item(t, path), "otp").TOTP
		if code == "" {
			t.Fatal("the field has no one-time code")
		}
		return code
	}
	first := code()
	if again := code(); again != first {
		t.Errorf("the code is %s and then %s while the clock stands", first, again)
	}

	s.setClock(t, "one", advanceBy(59*time.Minute+59*time.Second))
	s.get(t, "/v1/vaults", mine).wantOK(t)
	if code() == first {
		t.Error("an hour later the code is the same")
	}
	s.setClock(t, "one", advanceBy(time.Second))
	s.get(t, "/v1/vaults", mine).wantError(t, connect.InvalidToken())
	s.get(t, "/v1/vaults", theirs).wantOK(t)

	changed := decode[connect.Item](t, s.send(t, "PATCH", path, `[{"op":"replace","path":"/title","value":"u"}]`))
	if want := created.CreatedAt.Add(time.Hour); !changed.UpdatedAt.Equal(want) ||
		!changed.CreatedAt.Equal(created.CreatedAt.Time) {
		t.Errorf("changed at %v, want %v", changed.UpdatedAt, want)
	}
	if v := s.vault(t, one); !v.UpdatedAt.Equal(now.Now().Add(time.Hour)) {
		t.Errorf("the vault was updated at %v", v.UpdatedAt)
	}
	if last := s.activity(t, "?limit=1").records[0]; !last.Timestamp.Equal(now.Now().Add(time.Hour)) {
		t.Errorf("the last record is of %v", last.Timestamp)
	}
	created = decode[connect.Item](t, s.send(t, "POST", "/v1/vaults/"+other+"/items", otp, theirs))
	if !created.CreatedAt.Equal(now.Now()) {
		t.Errorf("in the other account an item was created at %v", created.CreatedAt)
	}

	// After the clock is set back the token is valid again.
	s.setClock(t, "one", advanceBy(-time.Second))
	s.get(t, "/v1/vaults", mine).wantOK(t)
	s.setClock(t, "", advanceBy(2*time.Hour))
	s.get(t, "/v1/vaults", mine).wantOK(t)
	s.get(t, "/v1/vaults", theirs).wantError(t, connect.InvalidToken())
	list, err := s.Mock.ListTokens(t.Context(), "two")
	if err != nil || len(list) != 2 || list[1].State != "expired" {
		t.Errorf("listed as %+v, error %v", list, err)
	}
}

// Clocks are moved while requests run.
func TestSetClock_UnderTraffic(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithFixture(twoAccounts(t)))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				s.get(t, "/v1/vaults").wantOK(t)
			}
		})
	}
	for _, account := range []string{"", "one", "two"} {
		all.Go(func() {
			for range 50 {
				s.setClock(t, account, advanceBy(time.Second))
			}
		})
	}
	all.Wait()
	for _, account := range []string{"", "one", "two"} {
		if c, err := s.Mock.Clock(t.Context(), account); err != nil || time.Duration(c.Offset) < 50*time.Second {
			t.Errorf("account %q: %+v, error %v", account, c, err)
		}
	}
}
