package mockserver_test

import (
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"pgregory.net/rapid"
)

// countRows returns the number of rows of each table in the file of a server.
func countRows(t testing.TB, s *testServer, file string) map[string]int {
	t.Helper()
	s.activity(t, "?limit=1") // writes pending records to the store
	db, err := sql.Open("sqlite", file)
	must(t, err)
	defer db.Close()
	counts := map[string]int{}
	for _, table := range []string{
		"accounts", "vaults", "items", "item_tags", "hidden", "hidden_files", "files", "chunks", "tokens", "kept_tokens",
		"activity",
	} {
		var n int
		must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
		counts[table] = n
	}
	return counts
}

// Accounts are deleted while their clients go on. Clients get an error, and nothing
// of the accounts is left in the store.
func TestDeleteAccount_UnderTraffic(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	s, items := newServer(t, withoutHistory(), withStore(file)).withoutCheck(), demo(t).items("Office")
	before := countRows(t, s, file)
	var all sync.WaitGroup
	for n := range 8 {
		account := s.createAccount(t, controlapi.NewAccount{})
		its := token(account.Token)
		used := make(chan struct{}) // closed after some requests, more for each account
		all.Go(func() {
			for i := 0; ; i++ {
				post := s.trySend(t, "POST", items, `{"title":"t","category":"LOGIN"}`, its)
				if i == n {
					close(used)
				}
				get := s.trySend(t, "GET", items, "", its)
				for _, r := range []response{post, get} {
					if r.status != 200 && r.status != 401 && r.status != 403 {
						t.Errorf("%s: status %d: %s", r.request, r.status, r.body)
					}
				}
				if get.status == 401 && i >= n {
					return
				}
			}
		})
		all.Go(func() {
			<-used
			if err := s.Mock.DeleteAccount(t.Context(), account.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wantEqual(t, before, countRows(t, s, file), "rows of the store")
}

// An account takes rows for what it changes, not for what it has.
func TestAccount_StoresOnlyItsChanges(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	shared, d := newServer(t, withoutHistory(), withStore(file)), demo(t)
	last := countRows(t, shared, file)
	wantMore := func(name string, want map[string]int) {
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
	var account controlapi.Account
	for range 3 {
		account = shared.createAccount(t, controlapi.NewAccount{})
		wantMore("create", map[string]int{"accounts": 1, "tokens": 1, "kept_tokens": 1})
	}
	s := shared.withToken(account.Token)
	s.activity(t, "")
	s.get(t, "/v1/vaults").wantOK(t)
	wantMore("read", map[string]int{"activity": 1})
	card := d.path("Office", "Company Card")
	s.send(t, "PATCH", card, `[{"op":"replace","path":"/title","value":"x"}]`).wantOK(t)
	wantMore("patch", map[string]int{"items": 1, "item_tags": 1, "hidden": 1, "vaults": 1})
	s.send(t, "PATCH", card, `[{"op":"replace","path":"/title","value":"y"}]`).wantOK(t)
	wantMore("patch again", map[string]int{})
	s.send(t, "DELETE", card, nil).wantStatus(t, 204)
	wantMore("delete", map[string]int{"items": -1, "item_tags": -1})
	s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN"}`)
	wantMore("add", map[string]int{"items": 1})
	s.saveSnapshot(t, controlapi.NewSnapshot{Account: account.ID, Name: "s"})
	wantMore("snapshot", map[string]int{
		"accounts": 1, "items": 1, "hidden": 1, "vaults": 1, "activity": 1, "kept_tokens": 1,
	})
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{Account: account.ID}))
	wantMore("reset", map[string]int{"items": -1, "hidden": -1, "vaults": -1, "activity": -1})
	must(t, s.Mock.DeleteAccount(t.Context(), account.ID))
	wantMore("delete account", map[string]int{
		"accounts": -2, "items": -1, "hidden": -1, "vaults": -1, "activity": -1, "tokens": -1, "kept_tokens": -2,
	})
}

// accountModel is what a vault of an account should hold: items by id, in order.
type accountModel struct {
	IDs    []string
	Titles map[string]string
}

func (m accountModel) clone() accountModel {
	return accountModel{slices.Clone(m.IDs), maps.Clone(m.Titles)}
}

// TestAccount_FollowsTheModel compares an account with a model while it is changed,
// saved, restored and reset, in random order.
func TestAccount_FollowsTheModel(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithoutSocket()).withoutCheck(), demo(t)
	items := d.items("Office")
	read := func(t tb, its ...requestOption) accountModel {
		m := accountModel{IDs: []string{}, Titles: map[string]string{}}
		for _, it := range s.list(t, items, its...) {
			m.IDs, m.Titles[it.ID] = append(m.IDs, it.ID), it.Title
		}
		return m
	}
	seed := read(t)
	rapid.Check(t, func(rt *rapid.T) {
		account, err := s.Mock.CreateAccount(t.Context(), controlapi.NewAccount{})
		must(rt, err)
		defer s.Mock.DeleteAccount(t.Context(), account.ID)
		its, model, saved := token(account.Token), seed.clone(), []accountModel{}
		pick := func() string { return rapid.SampledFrom(model.IDs).Draw(rt, "item") }
		for n := range rapid.IntRange(1, 15).Draw(rt, "steps") {
			title := fmt.Sprint("title ", n)
			switch step := rapid.IntRange(0, 6).Draw(rt, "step"); {
			case step == 0:
				post := s.send(rt, "POST", items, `{"title":"`+title+`","category":"LOGIN"}`, its)
				it := decode[connect.Item](rt, post)
				model.IDs, model.Titles[it.ID] = append(model.IDs, it.ID), title
			case step == 1 && len(model.IDs) > 0:
				id := pick()
				s.send(rt, "PATCH", items+"/"+id, `[{"op":"replace","path":"/title","value":"`+title+`"}]`, its).wantOK(rt)
				model.Titles[id] = title
			case step == 2 && len(model.IDs) > 0:
				id := pick()
				s.send(rt, "DELETE", items+"/"+id, nil, its).wantStatus(rt, 204)
				delete(model.Titles, id)
				model.IDs = slices.DeleteFunc(model.IDs, func(other string) bool { return other == id })
			case step == 3:
				spec := controlapi.NewSnapshot{Account: account.ID, Name: strconv.Itoa(len(saved))}
				_, err := s.Mock.SaveSnapshot(t.Context(), spec)
				must(rt, err)
				saved = append(saved, model.clone())
			case step == 4 && len(saved) > 0:
				i := rapid.IntRange(0, len(saved)-1).Draw(rt, "snapshot")
				must(rt, s.Mock.RestoreSnapshot(t.Context(), account.ID, strconv.Itoa(i)))
				model = saved[i].clone()
			case step == 5:
				must(rt, s.Mock.Reset(t.Context(), controlapi.Reset{Account: account.ID}))
				model = seed.clone()
			}
			wantEqual(rt, model, read(rt, its), "the items")
			for range 2 { // from the store and from the cache
				if len(model.IDs) > 0 {
					id := pick()
					if it := decode[connect.Item](rt, s.get(rt, items+"/"+id, its)); it.Title != model.Titles[id] {
						rt.Fatalf("item %s has the title %q, want %q", id, it.Title, model.Titles[id])
					}
				}
			}
			for id := range seed.Titles {
				if _, there := model.Titles[id]; !there {
					s.get(rt, items+"/"+id, its).wantStatus(rt, 404)
				}
			}
			v := decode[connect.Vault](rt, s.get(rt, "/v1/vaults/"+d.vault("Office"), its))
			if v.Items != len(model.IDs) {
				rt.Fatalf("the vault says %d items, want %d", v.Items, len(model.IDs))
			}
		}
	})
}
