package mockserver_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// 200 tests at once on one server: each creates, changes, deletes, lists and
// reads its log, and finds exactly what it did itself.
func TestAccounts_InParallel(t *testing.T) {
	t.Parallel()
	const accounts = 200
	s, d := newServer(t), demo(t)
	office := d.vault("Office")
	items := "/v1/vaults/" + office + "/items"
	seed := s.list(t, items)
	vaults := string(s.get(t, "/v1/vaults").wantOK(t).body)
	log := s.activity(t, "?limit=3") // two are of the requests above, the third is the seed's newest
	patched, deleted := seed[0], seed[1]

	var all sync.WaitGroup
	for n := range accounts {
		made := s.createAccount(t, controlapi.NewAccount{Name: "w" + strconv.Itoa(n)})
		all.Go(func() {
			// Errorf and a nil answer, because FailNow is not for other goroutines.
			do := func(method, path, body string, status int) response {
				a := s.trySend(t, method, path, body, token(made.Token))
				if a.status != status {
					t.Errorf("account %d: %s: status %d: %s", n, a.request, a.status, a.body)
				}
				return a
			}
			var want []string
			own := func(title string) {
				var it connect.Item
				_ = json.Unmarshal(do("POST", items, `{"title":"`+title+`","category":"LOGIN"}`, 200).body, &it)
				want = append(want, it.ID+" "+title)
			}
			tag := "world " + strconv.Itoa(n)
			own(tag + " a")
			do("PATCH", items+"/"+patched.ID, `[{"op":"replace","path":"/title","value":"`+tag+` patched"}]`, 200)
			do("DELETE", items+"/"+deleted.ID, "", 204)
			own(tag + " b")
			before := []string{patched.ID + " " + tag + " patched"}
			for _, it := range seed[2:] {
				before = append(before, it.ID+" "+it.Title)
			}
			want = append(before, want...)
			var list []connect.Summary
			_ = json.Unmarshal(do("GET", items, "", 200).body, &list)
			var got []string
			for _, it := range list {
				got = append(got, it.ID+" "+it.Title)
			}
			wantEqual(t, want, got, "account %d", n)
			do("GET", items+"/"+deleted.ID, "", 404)
			var v connect.Vault
			_ = json.Unmarshal(do("GET", "/v1/vaults/"+office, "", 200).body, &v)
			if v.Items != len(seed)+1 {
				t.Errorf("account %d: the vault says %d items, has %d", n, v.Items, len(seed)+1)
			}
			// Eight of its own, and below them the log of the seed.
			a := do("GET", "/v1/activity?limit=8", "", 200)
			var page []connect.Activity
			_ = json.Unmarshal(a.body, &page)
			if want := fmt.Sprintf("1-8/%d", log.total-2+7); a.header.Get("Content-Range") != want {
				t.Errorf("account %d: Content-Range %q, want %q", n, a.header.Get("Content-Range"), want)
			}
			said := []string{}
			if want := log.records[2]; len(page) == 8 {
				want.Actor.Account = made.ID
				wantEqual(t, want, page[7], "account %d: the newest record of the seed", n)
			} else {
				t.Errorf("account %d: %d records", n, len(page))
				return
			}
			for _, record := range page {
				if record.Actor.Account != made.ID {
					t.Errorf("account %d: a record of account %s", n, record.Actor.Account)
				}
				said = append(said, record.Action+" "+record.Result)
			}
			wantEqual(t, []string{"READ SUCCESS", "READ DENY", "READ SUCCESS", "CREATE SUCCESS", "DELETE SUCCESS", "UPDATE SUCCESS", "CREATE SUCCESS"}, said[:7], "account %d: activity", n)
		})
	}
	all.Wait()
	if got := string(s.get(t, "/v1/vaults").wantOK(t).body); got != vaults {
		t.Errorf("the first account changed: %s, was %s", got, vaults)
	}
	wantEqual(t, seed, s.list(t, items), "the first account changed")
}

func TestAccounts_CreateAndDelete(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, withoutHistory()), demo(t)
	made := s.createAccount(t, controlapi.NewAccount{})
	first := s.createAccount(t, controlapi.NewAccount{Name: "mine"})
	list, err := s.Mock.Accounts(t.Context())
	if err != nil || len(list) != 3 {
		t.Fatalf("accounts %+v, error %v", list, err)
	}
	for i, want := range []string{"demo", "world 1", "mine"} {
		if list[i].Name != want || list[i].Seeded != (i == 0) || list[i].Token != "" || list[i].CreatedAt.IsZero() {
			t.Errorf("account %d is %+v, want %s", i, list[i], want)
		}
	}
	for _, w := range []controlapi.Account{made, first} {
		if body := s.get(t, "/v1/vaults", token(w.Token)).wantOK(t).body; string(body) != string(s.get(t, "/v1/vaults").body) {
			t.Errorf("%s starts with %s", w.Name, body)
		}
	}
	for name, n := range map[string]controlapi.NewAccount{
		"no account":                 {From: "nobody"},
		"no snapshot":                {Snapshot: "none"},
		"there is an account \"mine": {Name: "mine"},
		"there is an account \"demo": {Name: "demo"},
		"can't be the name":          {Name: "a/b"},
		"not only dots":              {Name: ".."},
		"100 bytes":                  {Name: strings.Repeat("x", 101)},
	} {
		_, err := s.Mock.CreateAccount(t.Context(), n)
		var refusal *controlapi.Error
		if !errors.As(err, &refusal) || !strings.Contains(refusal.Message, name) {
			t.Errorf("%+v: error %v, must say %s", n, err, name)
		}
	}

	path := d.path("Office", "Company Card")
	s.get(t, path, token(made.Token)).wantOK(t)
	must(t, s.Mock.DeleteAccount(t.Context(), "world 1"))
	for _, p := range []string{path, "/v1/vaults", "/v1/activity"} {
		s.get(t, p, token(made.Token)).wantError(t, connect.InvalidToken())
	}
	s.get(t, path, token(first.Token)).wantOK(t)
	wantControlError(t, s.Mock.DeleteAccount(t.Context(), "world 1"), 404, "no account")
	wantControlError(t, s.Mock.DeleteAccount(t.Context(), "demo"), 409, "from the start")
	wantControlError(t, s.Mock.DeleteAccount(t.Context(), ""), 400, "which account")

	// A reset of the server leaves those of the start.
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{}))
	s.get(t, "/v1/vaults", token(first.Token)).wantError(t, connect.InvalidToken())
	s.get(t, "/v1/vaults").wantOK(t)
	if list, err = s.Mock.Accounts(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("accounts %+v, error %v", list, err)
	}
}

// A deleted world leaves nothing behind that a new one could find.
func TestDeleteAccount_RemovesClockAndFaults(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithClock(newClock().Now))
	made := s.createAccount(t, controlapi.NewAccount{Name: "w"})
	s.setClock(t, "w", advanceBy(1))
	s.addFault(t, controlapi.Fault{Account: "w", Abort: &controlapi.Abort{Status: 500}})
	s.get(t, "/v1/vaults", token(made.Token)).wantStatus(t, 500)
	must(t, s.Mock.DeleteAccount(t.Context(), made.ID))
	if left, err := s.Mock.Faults(""); err != nil || len(left) != 0 {
		t.Errorf("faults %+v are left, error %v", left, err)
	}
	if _, err := s.Mock.SetClock(t.Context(), made.ID, advanceBy(1)); err == nil {
		t.Error("the clock of a deleted account can be set")
	}
	s.get(t, "/v1/vaults").wantOK(t)
}
