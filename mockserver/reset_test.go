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

func TestResetTakesFaultsClockAndJournalAway(t *testing.T) {
	t.Parallel()
	s := open(t, connecttest.WithClock(newClock().Now)).bare()
	other, _ := s.world(t)
	other = other.bare()
	for _, account := range []string{"demo", "world 1"} {
		s.turn(t, account, advance(time.Hour))
		if _, err := s.Mock.AddFault(t.Context(), controlapi.Fault{Account: account, Operation: "GetVaults", Abort: &controlapi.Abort{Status: 503}}); err != nil {
			t.Fatal(err)
		}
	}
	journal := func(account string) int {
		t.Helper()
		j, err := s.Mock.Journal(controlapi.JournalQuery{Account: account})
		if err != nil {
			t.Fatal(err)
		}
		return len(j.Entries)
	}
	s.get(t, "/v1/vaults").is(t, 503)
	other.get(t, "/v1/vaults").is(t, 503)
	if err := s.Mock.Reset(t.Context(), controlapi.Reset{Account: "demo"}); err != nil {
		t.Fatal(err)
	}
	if n := journal("demo"); n != 0 {
		t.Errorf("%d exchanges are left", n)
	}
	s.get(t, "/v1/vaults").ok(t)
	if c, err := s.Mock.Clock("demo"); err != nil || c.Own || c.Offset != 0 {
		t.Errorf("clock %+v, error %v", c, err)
	}
	// The other world keeps its own.
	other.get(t, "/v1/vaults").is(t, 503)
	if c, err := s.Mock.Clock("world 1"); err != nil || !c.Own {
		t.Errorf("clock %+v, error %v", c, err)
	}
	if journal("world 1") != 2 {
		t.Error("the journal of another world is gone")
	}
	refusedWith(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: "nobody"}), 404, "nobody")

	s.turn(t, "", advance(time.Hour))
	if err := s.Mock.Reset(t.Context(), controlapi.Reset{}); err != nil {
		t.Fatal(err)
	}
	left, err := s.Mock.Faults("")
	if c, clockErr := s.Mock.Clock(""); err != nil || clockErr != nil || c.Offset != 0 || len(left) != 0 || journal("") != 0 {
		t.Errorf("after a reset: clock %+v, faults %v, %d exchanges, errors %v, %v", c, left, journal(""), err, clockErr)
	}
}

// Tokens are as they were at the start, given ones too.
func TestResetBringsTokensBack(t *testing.T) {
	t.Parallel()
	w := two(t)
	w.Accounts[0].Tokens = nil // so that the server issues the first
	s := open(t, connecttest.WithFixture(w), connecttest.WithConfig(func(c *mockserver.Config) { c.Tokens = map[string]string{"ci": "plain-value"} }))
	for _, name := range []string{"ci", "main"} {
		if err := s.Mock.RevokeToken(t.Context(), "one", name); err != nil {
			t.Fatal(err)
		}
	}
	later := s.NewToken(t, controlapi.Token{Name: "later"})
	s.get(t, "/v1/vaults").is(t, 401)
	for _, r := range []controlapi.Reset{{Account: "one"}, {}} {
		if err := s.Mock.Reset(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		s.get(t, "/v1/vaults").ok(t)
		s.get(t, "/v1/vaults", token("plain-value")).ok(t)
		s.get(t, "/v1/vaults", token(later)).is(t, 401)
	}
}

// Whatever becomes of an account while requests are under way, none of them is
// answered 5xx, and afterwards everything is as it should be.
func TestResetsUnderTraffic(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"memory", "file"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			path := mockserver.MemoryStore
			if kind == "file" {
				path = filepath.Join(t.TempDir(), "mock.db")
			}
			s := open(t, connecttest.WithClock(newClock().Now), connecttest.WithConfig(func(c *mockserver.Config) { c.Store = path }))
			resetsUnderTraffic(t, s.bare())
		})
	}
}

func resetsUnderTraffic(t *testing.T, s *rig) {
	d := demo(t)
	w, world := s.world(t)
	w = w.bare()
	world.Snapshot(t, "start")
	want := w.state(t, world.ID)
	items := "/v1/vaults/" + d.vault("Office") + "/items"
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
					if a := w.sendOr(t, call[0], call[1], call[2]); a.status >= 500 || a.status == 0 {
						t.Errorf("%s answered %d: %s", a.request, a.status, a.body)
					}
				}
			}
		})
	}
	for _, act := range []func(int) error{
		func(int) error { return s.Mock.Reset(t.Context(), controlapi.Reset{Account: world.ID}) },
		func(int) error { return s.Mock.RestoreSnapshot(t.Context(), world.ID, "start") },
		func(i int) error {
			_, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Account: world.ID, Name: strconv.Itoa(i)})
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
	world.Restore(t, "start")
	if got := w.state(t, world.ID); got != want {
		t.Errorf("afterwards it differs %s", excerpt(got, want))
	}
	if err := s.Mock.DeleteAccount(t.Context(), world.ID); err != nil {
		t.Error(err)
	}
}

// An account is deleted while its clients go on: they are refused and nothing
// of it is left in the store.
func TestDeletedUnderTraffic(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	s, d := open(t, quiet(), connecttest.WithConfig(func(c *mockserver.Config) { c.Store = file })).bare(), demo(t)
	before := rows(t, s, file)
	items := "/v1/vaults/" + d.vault("Office") + "/items"
	var all sync.WaitGroup
	for n := range 8 {
		made, err := s.Mock.CreateAccount(t.Context(), controlapi.NewAccount{})
		if err != nil {
			t.Fatal(err)
		}
		its := token(made.Token)
		going := make(chan struct{})
		all.Go(func() {
			for i := 0; ; i++ {
				a := s.sendOr(t, "POST", items, `{"title":"t","category":"LOGIN"}`, its)
				if i == n {
					close(going)
				}
				b := s.sendOr(t, "GET", items, "", its)
				for _, a := range []response{a, b} {
					if a.status != 200 && a.status != 401 && a.status != 403 {
						t.Errorf("%s answered %d: %s", a.request, a.status, a.body)
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
	if diff := cmp.Diff(before, rows(t, s, file)); diff != "" {
		t.Errorf("rows of the store (-before +after)\n%s", diff)
	}
}

// rows counts the rows of each table of a file that a server has open.
func rows(t testing.TB, s *rig, file string) map[string]int {
	t.Helper()
	s.page(t, "?limit=1") // so that what is recorded is stored
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	counts := map[string]int{}
	for _, table := range []string{"accounts", "vaults", "items", "item_tags", "hidden", "hidden_files", "files", "chunks", "tokens", "kept_tokens", "activity"} {
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts[table] = n
	}
	return counts
}

// A world takes rows for what it changes, not for what it has.
func TestWorldsTakeWhatTheyChange(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	shared, d := open(t, quiet(), connecttest.WithConfig(func(c *mockserver.Config) { c.Store = file })), demo(t)
	last := rows(t, shared, file)
	more := func(name string, want map[string]int) {
		t.Helper()
		now, got := rows(t, shared, file), map[string]int{}
		for table, n := range now {
			if n != last[table] {
				got[table] = n - last[table]
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: more rows (-want +got)\n%s", name, diff)
		}
		last = now
	}
	var made controlapi.Account
	for range 3 {
		var err error
		if made, err = shared.Mock.CreateAccount(t.Context(), controlapi.NewAccount{}); err != nil {
			t.Fatal(err)
		}
		more("create", map[string]int{"accounts": 1, "tokens": 1, "kept_tokens": 1})
	}
	own := *shared.Server
	own.Token, own.Client = made.Token, shared.clientOf(made.Token)
	s := &rig{&own, own.Client}
	s.page(t, "")
	s.get(t, "/v1/vaults").ok(t)
	more("read", map[string]int{"activity": 1})
	card := d.path("Office", "Company Card")
	s.send(t, "PATCH", card, `[{"op":"replace","path":"/title","value":"x"}]`).ok(t)
	more("patch", map[string]int{"items": 1, "item_tags": 1, "hidden": 1, "vaults": 1})
	s.send(t, "PATCH", card, `[{"op":"replace","path":"/title","value":"y"}]`).ok(t)
	more("patch again", map[string]int{})
	s.send(t, "DELETE", card, nil).is(t, 204)
	more("delete", map[string]int{"items": -1, "item_tags": -1})
	s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN"}`)
	more("add", map[string]int{"items": 1})
	if _, err := s.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Account: made.ID, Name: "s"}); err != nil {
		t.Fatal(err)
	}
	more("snapshot", map[string]int{"accounts": 1, "items": 1, "hidden": 1, "vaults": 1, "activity": 1, "kept_tokens": 1})
	if err := s.Mock.Reset(t.Context(), controlapi.Reset{Account: made.ID}); err != nil {
		t.Fatal(err)
	}
	more("reset", map[string]int{"items": -1, "hidden": -1, "vaults": -1, "activity": -1})
	if err := s.Mock.DeleteAccount(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	more("delete account", map[string]int{"accounts": -2, "items": -1, "hidden": -1, "vaults": -1, "activity": -1, "tokens": -1, "kept_tokens": -2})
}

// worldModel is what a world should hold: items by id, in order.
type worldModel struct {
	ids    []string
	titles map[string]string
}

func (m worldModel) copied() worldModel {
	c := worldModel{ids: append([]string{}, m.ids...), titles: map[string]string{}}
	for id, title := range m.titles {
		c.titles[id] = title
	}
	return c
}

// A world answers as a model does, while it is changed, saved, restored and
// reset, whatever the caches remember.
func TestWorldsFollowTheModel(t *testing.T) {
	t.Parallel()
	s, d := open(t).bare(), demo(t)
	vault := d.vault("Office")
	items := "/v1/vaults/" + vault + "/items"
	seed := worldModel{titles: map[string]string{}}
	for _, it := range as[[]connect.Summary](t, s.get(t, items)) {
		seed.ids, seed.titles[it.ID] = append(seed.ids, it.ID), it.Title
	}
	rapid.Check(t, func(rt *rapid.T) {
		made, err := s.Mock.CreateAccount(t.Context(), controlapi.NewAccount{})
		if err != nil {
			rt.Fatal(err)
		}
		defer s.Mock.DeleteAccount(t.Context(), made.ID)
		its, model, saved, titles := token(made.Token), seed.copied(), []worldModel{}, 0
		pick := func() string { return rapid.SampledFrom(model.ids).Draw(rt, "item") }
		must := func(err error) {
			if err != nil {
				rt.Fatal(err)
			}
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			titles++
			title := fmt.Sprint("title ", titles)
			switch step := rapid.IntRange(0, 6).Draw(rt, "step"); {
			case step == 0:
				it := as[connect.Item](rt, s.send(rt, "POST", items, `{"title":"`+title+`","category":"LOGIN"}`, its))
				model.ids, model.titles[it.ID] = append(model.ids, it.ID), title
			case step == 1 && len(model.ids) > 0:
				id := pick()
				s.send(rt, "PATCH", items+"/"+id, `[{"op":"replace","path":"/title","value":"`+title+`"}]`, its).ok(rt)
				model.titles[id] = title
			case step == 2 && len(model.ids) > 0:
				id := pick()
				s.send(rt, "DELETE", items+"/"+id, nil, its).is(rt, 204)
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
				saved = append(saved, model.copied())
			case step == 4 && len(saved) > 0:
				n := rapid.IntRange(0, len(saved)-1).Draw(rt, "snapshot")
				must(s.Mock.RestoreSnapshot(t.Context(), made.ID, strconv.Itoa(n)))
				model = saved[n].copied()
			case step == 5:
				must(s.Mock.Reset(t.Context(), controlapi.Reset{Account: made.ID}))
				model = seed.copied()
			}
			got := worldModel{ids: []string{}, titles: map[string]string{}}
			for _, it := range as[[]connect.Summary](rt, s.get(rt, items, its)) {
				got.ids, got.titles[it.ID] = append(got.ids, it.ID), it.Title
			}
			if diff := cmp.Diff(model, got, cmp.AllowUnexported(worldModel{})); diff != "" {
				rt.Fatalf("(-want +got)\n%s", diff)
			}
			for range 2 { // from the store and from the cache
				if len(model.ids) > 0 {
					id := pick()
					if it := as[connect.Item](rt, s.get(rt, items+"/"+id, its)); it.Title != model.titles[id] {
						rt.Fatalf("item %s has the title %q, want %q", id, it.Title, model.titles[id])
					}
				}
			}
			for id := range seed.titles {
				if _, there := model.titles[id]; !there {
					s.get(rt, items+"/"+id, its).is(rt, 404)
				}
			}
			if v := as[connect.Vault](rt, s.get(rt, "/v1/vaults/"+vault, its)); v.Items != len(model.ids) {
				rt.Fatalf("the vault says %d items, want %d", v.Items, len(model.ids))
			}
		}
	})
}
