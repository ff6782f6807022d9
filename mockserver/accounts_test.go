package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// TestAccounts_InParallel gives each of many clients an account on one server. Each
// client creates, changes, deletes, lists and reads its activity, and finds exactly
// what it did itself.
func TestAccounts_InParallel(t *testing.T) {
	t.Parallel()
	const accounts = 64
	s, d := newServer(t), demo(t)
	p := accountProbe{s: s, office: d.vault("Office"), items: d.items("Office")}
	p.seed = s.list(t, p.items)
	vaults := string(s.get(t, "/v1/vaults").wantOK(t).body)
	log := s.activity(t, "?limit=3") // two are of the requests above, the third is the newest of the fixture
	p.newest, p.total = log.records[2], log.total-2

	var all sync.WaitGroup
	for n := range accounts {
		account := s.createAccount(t, controlapi.NewAccount{Name: "w" + strconv.Itoa(n)})
		all.Go(func() { p.use(t, account) })
	}
	all.Wait()
	wantEqual(t, vaults, string(s.get(t, "/v1/vaults").wantOK(t).body), "the first account changed")
	wantEqual(t, p.seed, s.list(t, p.items), "items of the first account")
}

// accountProbe is what each of the accounts of a test starts with.
type accountProbe struct {
	s             *testServer
	office, items string
	seed          []connect.Summary // of the office
	newest        connect.Activity  // of the fixture
	total         int64             // activity records of the fixture
}

// use works in an account and checks what it finds. It runs in a goroutine, so it
// reports with Errorf only.
func (p accountProbe) use(t *testing.T, account controlapi.Account) {
	do := func(method, path, body string, status int) response {
		r := p.s.trySend(t, method, path, body, token(account.Token))
		if r.status != status {
			t.Errorf("%s: %s: status %d: %s", account.Name, r.request, r.status, r.body)
		}
		return r
	}
	var created []string
	create := func(title string) {
		var it connect.Item
		_ = json.Unmarshal(do("POST", p.items, `{"title":"`+title+`","category":"LOGIN"}`, 200).body, &it)
		created = append(created, it.ID+" "+title)
	}
	patched, deleted, name := p.seed[0].ID, p.items+"/"+p.seed[1].ID, account.Name
	create(name + " a")
	do("PATCH", p.items+"/"+patched, `[{"op":"replace","path":"/title","value":"`+name+` patched"}]`, 200)
	do("DELETE", deleted, "", 204)
	create(name + " b")
	want := []string{patched + " " + name + " patched"}
	for _, it := range p.seed[2:] {
		want = append(want, it.ID+" "+it.Title)
	}
	var list []connect.Summary
	_ = json.Unmarshal(do("GET", p.items, "", 200).body, &list)
	var got []string
	for _, it := range list {
		got = append(got, it.ID+" "+it.Title)
	}
	wantEqual(t, append(want, created...), got, "%s: items", name)
	do("GET", deleted, "", 404)
	var v connect.Vault
	_ = json.Unmarshal(do("GET", "/v1/vaults/"+p.office, "", 200).body, &v)
	if v.Items != len(p.seed)+1 {
		t.Errorf("%s: the vault says %d items, has %d", name, v.Items, len(p.seed)+1)
	}
	p.checkActivity(t, account, do("GET", "/v1/activity?limit=8", "", 200))
}

// checkActivity expects the seven records of use and below them those of the
// fixture.
func (p accountProbe) checkActivity(t *testing.T, account controlapi.Account, r response) {
	if want, got := fmt.Sprintf("1-8/%d", p.total+7), r.header.Get("Content-Range"); got != want {
		t.Errorf("%s: Content-Range %q, want %q", account.Name, got, want)
	}
	var page []connect.Activity
	_ = json.Unmarshal(r.body, &page)
	if len(page) != 8 {
		t.Errorf("%s: %d records", account.Name, len(page))
		return
	}
	oldest := p.newest
	oldest.Actor.Account = account.ID
	wantEqual(t, oldest, page[7], "%s: the newest record of the fixture", account.Name)
	var got []string
	for _, record := range page {
		if record.Actor.Account != account.ID {
			t.Errorf("%s: a record of account %s", account.Name, record.Actor.Account)
		}
		got = append(got, record.Action+" "+record.Result)
	}
	want := []string{
		"READ SUCCESS", "READ DENY", "READ SUCCESS", "CREATE SUCCESS", "DELETE SUCCESS", "UPDATE SUCCESS", "CREATE SUCCESS",
	}
	wantEqual(t, want, got[:7], "%s: activity", account.Name)
}

func TestAccounts_CreateAndDelete(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, withoutHistory()), demo(t)
	unnamed := s.createAccount(t, controlapi.NewAccount{})
	named := s.createAccount(t, controlapi.NewAccount{Name: "mine"})
	list, err := s.Mock.Accounts(t.Context())
	if err != nil || len(list) != 3 {
		t.Fatalf("accounts %+v, error %v", list, err)
	}
	if !strings.HasSuffix(unnamed.Name, " 1") {
		t.Errorf("the first account without a name is called %q", unnamed.Name)
	}
	for i, want := range []string{"demo", unnamed.Name, "mine"} {
		if list[i].Name != want || list[i].Seeded != (i == 0) || list[i].Token != "" || list[i].CreatedAt.IsZero() {
			t.Errorf("account %d is %+v, want %s", i, list[i], want)
		}
	}
	for _, a := range []controlapi.Account{unnamed, named} {
		body := s.get(t, "/v1/vaults", token(a.Token)).wantOK(t).body
		if string(body) != string(s.get(t, "/v1/vaults").body) {
			t.Errorf("%s starts with %s", a.Name, body)
		}
	}
	refused := []struct {
		spec   controlapi.NewAccount
		status int
		text   string
	}{
		{controlapi.NewAccount{From: "nobody"}, 404, "no account"},
		{controlapi.NewAccount{Snapshot: "none"}, 404, "no snapshot"},
		{controlapi.NewAccount{Name: "mine"}, 409, `there is an account "mine`},
		{controlapi.NewAccount{Name: "demo"}, 409, `there is an account "demo`},
		{controlapi.NewAccount{Name: "a/b"}, 400, "can't be the name"},
		{controlapi.NewAccount{Name: ".."}, 400, "not only dots"},
		{controlapi.NewAccount{Name: strings.Repeat("x", 101)}, 400, "100 bytes"},
	}
	for _, test := range refused {
		_, err := s.Mock.CreateAccount(t.Context(), test.spec)
		wantControlError(t, err, test.status, test.text)
	}

	path := d.path("Office", "Company Card")
	s.get(t, path, token(unnamed.Token)).wantOK(t)
	must(t, s.Mock.DeleteAccount(t.Context(), unnamed.Name))
	for _, p := range []string{path, "/v1/vaults", "/v1/activity"} {
		s.get(t, p, token(unnamed.Token)).wantError(t, connect.InvalidToken())
	}
	s.get(t, path, token(named.Token)).wantOK(t)
	wantControlError(t, s.Mock.DeleteAccount(t.Context(), unnamed.Name), 404, "no account")
	wantControlError(t, s.Mock.DeleteAccount(t.Context(), "demo"), 409, "since the server started")
	wantControlError(t, s.Mock.DeleteAccount(t.Context(), ""), 400, "no account is given")

	// A reset of the server deletes the created accounts.
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{}))
	s.get(t, "/v1/vaults", token(named.Token)).wantError(t, connect.InvalidToken())
	s.get(t, "/v1/vaults").wantOK(t)
	if list, err = s.Mock.Accounts(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("accounts %+v, error %v", list, err)
	}
}

func TestDeleteAccount_RemovesClockAndFaults(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithClock(newClock().Now))
	account := s.createAccount(t, controlapi.NewAccount{Name: "w"})
	s.setClock(t, "w", advanceBy(1))
	s.addFault(t, controlapi.Fault{Account: "w", Abort: &controlapi.Abort{Status: http.StatusInternalServerError}})
	s.get(t, "/v1/vaults", token(account.Token)).wantStatus(t, 500)
	must(t, s.Mock.DeleteAccount(t.Context(), account.ID))
	if left, err := s.Mock.Faults(t.Context(), ""); err != nil || len(left) != 0 {
		t.Errorf("faults %+v are left, error %v", left, err)
	}
	if _, err := s.Mock.SetClock(t.Context(), account.ID, advanceBy(1)); err == nil {
		t.Error("the clock of a deleted account can be set")
	}
	s.get(t, "/v1/vaults").wantOK(t)
}

// TestAccounts_AreSeparate uses two accounts with the same ids throughout, so that
// code which forgets the account shows. An account that is created from one of them
// must not see what is done in the other either.
func TestAccounts_AreSeparate(t *testing.T) {
	t.Parallel()
	for name, created := range map[string]string{
		"two accounts": "", "one created": "a", "the other created": "b", "both created": "ab",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkAccountsAreSeparate(t, created)
		})
	}
}

func checkAccountsAreSeparate(t *testing.T, created string) {
	const vault, item, file = "vaultvaultvaultvaultvault1", "itemitemitemitemitemitem12", "filefilefilefilefilefile12"
	account := func(name string) fixtures.Account {
		return fixtures.Account{
			ID: strings.Repeat(strings.ToUpper(name), 26), Name: name,
			Tokens: []fixtures.Token{{Name: "main", Value: "token-of-" + name}},
			Vaults: []fixtures.Vault{{ID: vault, Name: "Vault " + name, Items: []fixtures.Item{{
				ID: item, Title: "Item " + name, Category: "LOGIN",
				Files: []fixtures.File{{ID: file, Name: name + ".txt", Text: "text of " + name}},
			}}}},
		}
	}
	f := complete(t, &fixtures.Fixture{Accounts: []fixtures.Account{account("a"), account("b")}})
	s := newServer(t, connecttest.WithFixture(f))
	tokens := map[string]requestOption{"a": token("token-of-a"), "b": token("token-of-b")}
	ids := map[string]string{"a": f.Accounts[0].ID, "b": f.Accounts[1].ID}
	for _, name := range strings.Split(created, "") {
		own := s.NewAccount(t, connecttest.From(name))
		tokens[name], ids[name] = token(own.Token), own.ID
	}
	path := "/v1/vaults/" + vault + "/items/" + item
	content := func(of requestOption) string {
		return string(s.get(t, path+"/files/"+file+"/content", of).wantOK(t).body)
	}
	for range 2 { // the second time from the caches
		for name, its := range tokens {
			wantEqual(t, "Vault "+name, vaultNames(t, s.get(t, "/v1/vaults", its)), "%s lists", name)
			it := decode[connect.Item](t, s.get(t, path, its))
			if it.Title != "Item "+name || it.Vault.Name != "Vault "+name {
				t.Errorf("%s has item %q of vault %q", name, it.Title, it.Vault.Name)
			}
			wantEqual(t, "text of "+name, content(its), "%s downloads", name)
		}
	}
	a, b := tokens["a"], tokens["b"]
	before := s.activity(t, "", b).total
	patch := s.send(t, "PATCH", path, `[{"op":"replace","path":"/title","value":"changed"}]`, a)
	if patched := decode[connect.Item](t, patch); patched.Title != "changed" {
		t.Errorf("patched to %q", patched.Title)
	}
	post := s.send(t, "POST", "/v1/vaults/"+vault+"/items", `{"title":"new","category":"LOGIN"}`, a)
	newID := decode[connect.Item](t, post).ID
	if it := decode[connect.Item](t, s.get(t, path, b)); it.Title != "Item b" || it.Version != 1 {
		t.Errorf("a's patch changed b's item: %q", it.Title)
	}
	s.get(t, "/v1/vaults/"+vault+"/items/"+newID, b).wantError(t, connect.ItemNotFound(newID))
	s.send(t, "DELETE", path, nil, a).wantStatus(t, 204)
	s.get(t, path, b).wantOK(t)
	wantEqual(t, "text of b", content(b), "after a's delete b downloads")
	if v := decode[connect.Vault](t, s.get(t, "/v1/vaults/"+vault, b)); v.ContentVersion != 2 || v.Items != 1 {
		t.Errorf("a's writes changed b's vault: %+v", v)
	}
	p := s.activity(t, "", b)
	if p.total != before+5 {
		t.Errorf("b's activity has %d records, want %d", p.total, before+5)
	}
	for _, record := range p.records {
		if record.Actor.Account != ids["b"] {
			t.Errorf("b's activity has a record of %s", record.Actor.Account)
		}
	}
}
