package mockserver_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestReset_RemovesFaultsClockAndJournal(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithClock(newClock().Now)).withoutCheck()
	other, _ := s.newAccount(t)
	other = other.withoutCheck()
	for _, account := range []string{"demo", "world 1"} {
		s.setClock(t, account, advanceBy(time.Hour))
		s.addFault(t, controlapi.Fault{Account: account, Operation: "GetVaults", Abort: &controlapi.Abort{Status: 503}})
	}
	journal := func(account string) int {
		t.Helper()
		j, err := s.Mock.Journal(controlapi.JournalQuery{Account: account})
		must(t, err)
		return len(j.Entries)
	}
	s.get(t, "/v1/vaults").wantStatus(t, 503)
	other.get(t, "/v1/vaults").wantStatus(t, 503)
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: "demo"}))
	if n := journal("demo"); n != 0 {
		t.Errorf("%d exchanges are left", n)
	}
	s.get(t, "/v1/vaults").wantOK(t)
	if c, err := s.Mock.Clock("demo"); err != nil || c.Own || c.Offset != 0 {
		t.Errorf("clock %+v, error %v", c, err)
	}
	// The other account keeps its own.
	other.get(t, "/v1/vaults").wantStatus(t, 503)
	if c, err := s.Mock.Clock("world 1"); err != nil || !c.Own {
		t.Errorf("clock %+v, error %v", c, err)
	}
	if journal("world 1") != 2 {
		t.Error("the journal of another account is gone")
	}
	wantControlError(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: "nobody"}), 404, "nobody")

	s.setClock(t, "", advanceBy(time.Hour))
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{}))
	left, err := s.Mock.Faults("")
	if c, clockErr := s.Mock.Clock(""); err != nil || clockErr != nil || c.Offset != 0 || len(left) != 0 || journal("") != 0 {
		t.Errorf("after a reset: clock %+v, faults %v, %d exchanges, errors %v, %v", c, left, journal(""), err, clockErr)
	}
}

// Tokens are as they were at the start, given ones too.
func TestReset_RestoresTokens(t *testing.T) {
	t.Parallel()
	w := twoAccounts(t)
	w.Accounts[0].Tokens = nil // so that the server issues the first
	s := newServer(t, connecttest.WithFixture(w), connecttest.WithConfig(func(c *mockserver.Config) { c.Tokens = map[string]string{"ci": "plain-value"} }))
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

// Whatever becomes of an account while requests are under way, none of them is
// answered 5xx, and afterwards everything is as it should be.
func TestReset_UnderTraffic(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"memory", "file"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			path := mockserver.MemoryStore
			if kind == "file" {
				path = filepath.Join(t.TempDir(), "mock.db")
			}
			s := newServer(t, connecttest.WithClock(newClock().Now), withStore(path))
			checkResetsUnderTraffic(t, s.withoutCheck())
		})
	}
}

func checkResetsUnderTraffic(t *testing.T, s *testServer) {
	d := demo(t)
	w, account := s.newAccount(t)
	w = w.withoutCheck()
	account.Snapshot(t, "start")
	want := w.accountState(t, account.ID)
	items := d.items("Office")
	card, file := d.path("Office", "Company Card"), d.file("Deployments", "Deploy Certificates", "chain.pem")
	done := make(chan struct{})
	var clients, admin sync.WaitGroup
	for n := range 6 {
		clients.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				for _, call := range [][3]string{
					{"POST", items, `{"title":"t` + strconv.Itoa(n) + `","category":"LOGIN"}`},
					{"GET", items, ""}, {"GET", card, ""}, {"GET", file + "/content", ""}, {"GET", "/v1/activity?limit=5", ""},
					{"PATCH", card, `[{"op":"replace","path":"/title","value":"t"}]`}, {"GET", "/v1/vaults", ""},
					{"DELETE", card, ""}, {"PUT", card, `{"title":"t","category":"LOGIN","vault":{"id":"` + d.vault("Office") + `"}}`},
				} {
					if a := w.trySend(t, call[0], call[1], call[2]); a.status >= 500 || a.status == 0 {
						t.Errorf("%s: status %d: %s", a.request, a.status, a.body)
					}
				}
			}
		})
	}
	for _, act := range []func(int) error{
		func(int) error { return s.Mock.Reset(t.Context(), controlapi.Reset{Account: account.ID}) },
		func(int) error { return s.Mock.RestoreSnapshot(t.Context(), account.ID, "start") },
		func(i int) error {
			_, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Account: account.ID, Name: strconv.Itoa(i)})
			return err
		},
	} {
		admin.Go(func() {
			for i := range 15 {
				if err := act(i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	admin.Wait()
	close(done)
	clients.Wait()
	account.Restore(t, "start")
	if got := w.accountState(t, account.ID); got != want {
		t.Errorf("afterwards it differs %s", excerpt(got, want))
	}
	if err := s.Mock.DeleteAccount(t.Context(), account.ID); err != nil {
		t.Error(err)
	}
}

// An account is deleted while its clients go on: they are refused and nothing
// of it is left in the store.
func TestDeleteAccount_UnderTraffic(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	s, d := newServer(t, withoutHistory(), withStore(file)).withoutCheck(), demo(t)
	before := countRows(t, s, file)
	items := d.items("Office")
	var all sync.WaitGroup
	for n := range 8 {
		made := s.createAccount(t, controlapi.NewAccount{})
		its := token(made.Token)
		going := make(chan struct{})
		all.Go(func() {
			for i := 0; ; i++ {
				a := s.trySend(t, "POST", items, `{"title":"t","category":"LOGIN"}`, its)
				if i == n {
					close(going)
				}
				b := s.trySend(t, "GET", items, "", its)
				for _, a := range []response{a, b} {
					if a.status != 200 && a.status != 401 && a.status != 403 {
						t.Errorf("%s: status %d: %s", a.request, a.status, a.body)
					}
				}
				if b.status == 401 && i >= n {
					return
				}
			}
		})
		all.Go(func() {
			<-going
			if err := s.Mock.DeleteAccount(t.Context(), made.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wantEqual(t, before, countRows(t, s, file), "rows of the store")
}

// rows counts the rows of each table of a file that a server has open.
func countRows(t testing.TB, s *testServer, file string) map[string]int {
	t.Helper()
	s.activity(t, "?limit=1") // so that what is recorded is stored
	db, err := sql.Open("sqlite", file)
	must(t, err)
	defer db.Close()
	counts := map[string]int{}
	for _, table := range []string{"accounts", "vaults", "items", "item_tags", "hidden", "hidden_files", "files", "chunks", "tokens", "kept_tokens", "activity"} {
		var n int
		must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
		counts[table] = n
	}
	return counts
}

// A account takes rows for what it changes, not for what it has.
func TestAccount_StoresOnlyItsChanges(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	shared, d := newServer(t, withoutHistory(), withStore(file)), demo(t)
	last := countRows(t, shared, file)
	more := func(name string, want map[string]int) {
		t.Helper()
		now, got := countRows(t, shared, file), map[string]int{}
		for table, n := range now {
			if n != last[table] {
				got[table] = n - last[table]
			}
		}
		wantEqual(t, want, got, "%s: more rows", name)
		last = now
	}
	var made controlapi.Account
	for range 3 {
		made = shared.createAccount(t, controlapi.NewAccount{})
		more("create", map[string]int{"accounts": 1, "tokens": 1, "kept_tokens": 1})
	}
	s := shared.withToken(made.Token)
	s.activity(t, "")
	s.get(t, "/v1/vaults").wantOK(t)
	more("read", map[string]int{"activity": 1})
	card := d.path("Office", "Company Card")
	s.send(t, "PATCH", card, `[{"op":"replace","path":"/title","value":"x"}]`).wantOK(t)
	more("patch", map[string]int{"items": 1, "item_tags": 1, "hidden": 1, "vaults": 1})
	s.send(t, "PATCH", card, `[{"op":"replace","path":"/title","value":"y"}]`).wantOK(t)
	more("patch again", map[string]int{})
	s.send(t, "DELETE", card, nil).wantStatus(t, 204)
	more("delete", map[string]int{"items": -1, "item_tags": -1})
	s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN"}`)
	more("add", map[string]int{"items": 1})
	s.saveSnapshot(t, controlapi.NewSnapshot{Account: made.ID, Name: "s"})
	more("snapshot", map[string]int{"accounts": 1, "items": 1, "hidden": 1, "vaults": 1, "activity": 1, "kept_tokens": 1})
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: made.ID}))
	more("reset", map[string]int{"items": -1, "hidden": -1, "vaults": -1, "activity": -1})
	must(t, s.Mock.DeleteAccount(t.Context(), made.ID))
	more("delete account", map[string]int{"accounts": -2, "items": -1, "hidden": -1, "vaults": -1, "activity": -1, "tokens": -1, "kept_tokens": -2})
}

// worldModel is what a account should hold: items by id, in order.
type accountModel struct {
	ids    []string
	titles map[string]string
}

func (m accountModel) clone() accountModel {
	c := accountModel{ids: append([]string{}, m.ids...), titles: map[string]string{}}
	for id, title := range m.titles {
		c.titles[id] = title
	}
	return c
}

// A account answers as a model does, while it is changed, saved, restored and
// reset, whatever the caches remember.
func TestAccount_FollowsTheModel(t *testing.T) {
	t.Parallel()
	s, d := newServer(t).withoutCheck(), demo(t)
	vault := d.vault("Office")
	items := "/v1/vaults/" + vault + "/items"
	seed := accountModel{titles: map[string]string{}}
	for _, it := range s.list(t, items) {
		seed.ids, seed.titles[it.ID] = append(seed.ids, it.ID), it.Title
	}
	rapid.Check(t, func(rt *rapid.T) {
		made, err := s.Mock.CreateAccount(t.Context(), controlapi.NewAccount{})
		must(rt, err)
		defer s.Mock.DeleteAccount(t.Context(), made.ID)
		its, model, saved, titles := token(made.Token), seed.clone(), []accountModel{}, 0
		pick := func() string { return rapid.SampledFrom(model.ids).Draw(rt, "item") }
		must := func(err error) {
			must(rt, err)
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			titles++
			title := fmt.Sprint("title ", titles)
			switch step := rapid.IntRange(0, 6).Draw(rt, "step"); {
			case step == 0:
				it := decode[connect.Item](rt, s.send(rt, "POST", items, `{"title":"`+title+`","category":"LOGIN"}`, its))
				model.ids, model.titles[it.ID] = append(model.ids, it.ID), title
			case step == 1 && len(model.ids) > 0:
				id := pick()
				s.send(rt, "PATCH", items+"/"+id, `[{"op":"replace","path":"/title","value":"`+title+`"}]`, its).wantOK(rt)
				model.titles[id] = title
			case step == 2 && len(model.ids) > 0:
				id := pick()
				s.send(rt, "DELETE", items+"/"+id, nil, its).wantStatus(rt, 204)
				delete(model.titles, id)
				for i := range model.ids {
					if model.ids[i] == id {
						model.ids = append(model.ids[:i:i], model.ids[i+1:]...)
						break
					}
				}
			case step == 3:
				_, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Account: made.ID, Name: strconv.Itoa(len(saved))})
				must(err)
				saved = append(saved, model.clone())
			case step == 4 && len(saved) > 0:
				n := rapid.IntRange(0, len(saved)-1).Draw(rt, "snapshot")
				must(s.Mock.RestoreSnapshot(t.Context(), made.ID, strconv.Itoa(n)))
				model = saved[n].clone()
			case step == 5:
				must(s.Mock.Reset(t.Context(), controlapi.Reset{Account: made.ID}))
				model = seed.clone()
			}
			got := accountModel{ids: []string{}, titles: map[string]string{}}
			for _, it := range s.list(rt, items, its) {
				got.ids, got.titles[it.ID] = append(got.ids, it.ID), it.Title
			}
			if diff := cmp.Diff(model, got, cmp.AllowUnexported(accountModel{})); diff != "" {
				rt.Fatalf("(-want +got)\n%s", diff)
			}
			for range 2 { // from the store and from the cache
				if len(model.ids) > 0 {
					id := pick()
					if it := decode[connect.Item](rt, s.get(rt, items+"/"+id, its)); it.Title != model.titles[id] {
						rt.Fatalf("item %s has the title %q, want %q", id, it.Title, model.titles[id])
					}
				}
			}
			for id := range seed.titles {
				if _, there := model.titles[id]; !there {
					s.get(rt, items+"/"+id, its).wantStatus(rt, 404)
				}
			}
			if v := decode[connect.Vault](rt, s.get(rt, "/v1/vaults/"+vault, its)); v.Items != len(model.ids) {
				rt.Fatalf("the vault says %d items, want %d", v.Items, len(model.ids))
			}
		}
	})
}
