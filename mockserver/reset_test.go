package mockserver_test

import (
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestReset_RemovesFaultsClockAndJournal(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithClock(newClock().Now)).withoutCheck()
	other, account := s.newAccount(t)
	other = other.withoutCheck()
	down := controlapi.Fault{Operation: "GetVaults", Abort: &controlapi.Abort{Status: 503}}
	for _, name := range []string{"demo", account.Name} {
		s.setClock(t, name, advanceBy(time.Hour))
		down.Account = name
		s.addFault(t, down)
	}
	entries := func(account string) int { return len(s.journal(t, controlapi.JournalQuery{Account: account})) }
	s.get(t, "/v1/vaults").wantStatus(t, 503)
	other.get(t, "/v1/vaults").wantStatus(t, 503)
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: "demo"}))
	if n := entries("demo"); n != 0 {
		t.Errorf("%d exchanges are left", n)
	}
	s.get(t, "/v1/vaults").wantOK(t)
	if c, err := s.Mock.Clock(t.Context(), "demo"); err != nil || c.Own || c.Offset != 0 {
		t.Errorf("clock %+v, error %v", c, err)
	}
	// The other account keeps its own.
	other.get(t, "/v1/vaults").wantStatus(t, 503)
	if c, err := s.Mock.Clock(t.Context(), account.ID); err != nil || !c.Own {
		t.Errorf("clock %+v, error %v", c, err)
	}
	if entries(account.ID) != 2 {
		t.Error("the journal of another account is gone")
	}
	wantControlError(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: "nobody"}), 404, "nobody")

	s.setClock(t, "", advanceBy(time.Hour))
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{}))
	if c, err := s.Mock.Clock(t.Context(), ""); err != nil || c.Offset != 0 {
		t.Errorf("after a reset: clock %+v, error %v", c, err)
	}
	if left, err := s.Mock.Faults(t.Context(), ""); err != nil || len(left) != 0 || entries("") != 0 {
		t.Errorf("after a reset: faults %v, %d exchanges, error %v", left, entries(""), err)
	}
}

// A reset restores the tokens of the start, those of the configuration too.
func TestReset_RestoresTokens(t *testing.T) {
	t.Parallel()
	f := twoAccounts(t)
	f.Accounts[0].Tokens = nil // so that the server issues the first
	s := newServer(t, connecttest.WithFixture(f), connecttest.WithConfig(func(c *mockserver.Config) {
		c.Tokens = map[string]string{"ci": "plain-value"}
	}))
	for _, name := range []string{"ci", "main"} {
		must(t, s.Mock.RevokeToken(t.Context(), "one", name))
	}
	later := s.NewToken(t, controlapi.Token{Name: "later"})
	s.get(t, "/v1/vaults").wantStatus(t, 401)
	for _, r := range []controlapi.Reset{{Account: "one"}, {}} {
		must(t, s.Mock.Reset(t.Context(), r))
		s.get(t, "/v1/vaults").wantOK(t)
		s.get(t, "/v1/vaults", token("plain-value")).wantOK(t)
		s.get(t, "/v1/vaults", token(later)).wantStatus(t, 401)
	}
}

// An account is reset, restored and saved while clients use it. No response is a
// 5xx, and afterwards its data is whole.
func TestReset_UnderTraffic(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"memory": mockserver.MemoryStore, "file": filepath.Join(t.TempDir(), "mock.db"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkResetsUnderTraffic(t, newServer(t, connecttest.WithClock(newClock().Now), withStore(path)).withoutCheck())
		})
	}
}

func checkResetsUnderTraffic(t *testing.T, s *testServer) {
	d := demo(t)
	own, account := s.newAccount(t)
	own = own.withoutCheck()
	account.Snapshot(t, "start")
	want := own.accountState(t, account.ID)
	items, card := d.items("Office"), d.path("Office", "Company Card")
	file := d.file("Deployments", "Deploy Certificates", "chain.pem")
	done := make(chan struct{})
	var clients, admin sync.WaitGroup
	for n := range 6 {
		calls := []call{
			{"POST", items, `{"title":"t` + strconv.Itoa(n) + `","category":"LOGIN"}`},
			{"GET", items, ""}, {"GET", card, ""}, {"GET", file + "/content", ""}, {"GET", "/v1/activity?limit=5", ""},
			{"PATCH", card, `[{"op":"replace","path":"/title","value":"t"}]`}, {"GET", "/v1/vaults", ""},
			{"DELETE", card, ""},
			{"PUT", card, `{"title":"t","category":"LOGIN","vault":{"id":"` + d.vault("Office") + `"}}`},
		}
		clients.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				for _, c := range calls {
					if r := own.trySend(t, c.method, c.path, c.body); r.status >= 500 || r.status == 0 {
						t.Errorf("%s: status %d: %s", r.request, r.status, r.body)
					}
				}
			}
		})
	}
	for _, change := range []func(int) error{
		func(int) error { return s.Mock.Reset(t.Context(), controlapi.Reset{Account: account.ID}) },
		func(int) error { return s.Mock.RestoreSnapshot(t.Context(), account.ID, "start") },
		func(i int) error {
			spec := controlapi.NewSnapshot{Account: account.ID, Name: strconv.Itoa(i)}
			_, err := s.Mock.SaveSnapshot(t.Context(), spec)
			return err
		},
	} {
		admin.Go(func() {
			for i := range 15 {
				if err := change(i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	admin.Wait()
	close(done)
	clients.Wait()
	account.Restore(t, "start")
	wantState(t, want, own.accountState(t, account.ID), "afterwards")
	must(t, s.Mock.DeleteAccount(t.Context(), account.ID))
}
