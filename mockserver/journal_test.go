package mockserver_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

func TestJournal_RecordsEveryExchange(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, d := newServer(t, connecttest.WithClock(c.Now)), demo(t)
	path := d.path("Deployments", "Orders Database")
	account := d.fixture.Accounts[0].ID
	agent := header("User-Agent", "tester/1.0")
	s.get(t, path, agent).wantOK(t)
	s.get(t, d.items("Deployments")+"?filter=title+eq+%22x%22", agent).wantOK(t)
	s.get(t, d.items("Deployments")+"/"+noItem, agent).wantStatus(t, 404)
	s.get(t, "/v1/vaults", agent, token(s.demoToken(t, "expired"))).wantStatus(t, 401)
	s.get(t, "/v1/vaults", agent, noHeader("Authorization")).wantStatus(t, 401)
	s.get(t, "/v1/vault", agent).wantStatus(t, 404)
	s.get(t, "/heartbeat", agent, noHeader("Authorization")).wantStatus(t, 200)
	s.get(t, "/health", agent).wantStatus(t, 200) // needs no token, and gets one
	s.get(t, "/health", agent, token(s.demoToken(t, "expired"))).wantStatus(t, 200)
	s.send(t, "DELETE", d.path("Deployments", "Web Shop Admin"), nil, agent).wantStatus(t, 204)

	caller := s.journal(t, controlapi.JournalQuery{})[0].Caller
	mine := controlapi.Entry{Account: account, Caller: caller}
	want := []controlapi.Entry{mine, mine, mine, {Account: account}, {}, mine, {}, mine, {}, mine}
	for i, e := range []controlapi.Entry{
		{Method: "GET", Path: path, Operation: "GetVaultItemById", Status: 200},
		{Method: "GET", Path: d.items("Deployments"), Query: "filter=title+eq+%22x%22", Operation: "GetVaultItems", Status: 200, Bytes: 2},
		{Method: "GET", Path: d.items("Deployments") + "/" + noItem, Operation: "GetVaultItemById", Status: 404, Message: connect.ItemNotFound(noItem).Message},
		{Method: "GET", Path: "/v1/vaults", Operation: "GetVaults", Status: 401, Message: connect.InvalidToken().Message, Reason: "expired (token expired)"},
		{Method: "GET", Path: "/v1/vaults", Operation: "GetVaults", Status: 401, Message: connect.InvalidToken().Message, Reason: "no header"},
		{Method: "GET", Path: "/v1/vault", Status: 404, Message: connect.PageNotFound},
		{Method: "GET", Path: "/heartbeat", Operation: "GetHeartbeat", Status: 200, Bytes: 1},
		{Method: "GET", Path: "/health", Operation: "GetServerHealth", Status: 200},
		{Method: "GET", Path: "/health", Operation: "GetServerHealth", Status: 200},
		{Method: "DELETE", Path: d.path("Deployments", "Web Shop Admin"), Operation: "DeleteVaultItem", Status: 204},
	} {
		e.Account, e.Caller = want[i].Account, want[i].Caller
		e.ID, e.Time, e.UserAgent = uint64(i+1), c.Now(), "tester/1.0"
		want[i] = e
	}
	got := s.journal(t, controlapi.JournalQuery{})
	for i := range got {
		if got[i].Took <= 0 {
			t.Errorf("entry %d took %v", i, got[i].Took)
		}
		got[i].Took = 0
		if got[i].Status != 204 && want[min(i, len(want)-1)].Bytes == 0 {
			if got[i].Bytes <= 2 {
				t.Errorf("entry %d has %d bytes", i, got[i].Bytes)
			}
			got[i].Bytes = 0
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if caller == "" {
		t.Error("the caller has no name")
	}
}

func TestJournal_HoldsNoSecrets(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	const value = "sesame-open-4711"
	vault := "/v1/vaults/" + d.vault("Deployments")
	body := `{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"` + value + `"}]}`
	s.send(t, "POST", vault+"/items", body).wantOK(t)
	s.send(t, "POST", vault+"/items", body+body).wantStatus(t, 400)
	s.get(t, "/v1/vaults?token="+s.Token).wantOK(t)
	s.get(t, "/v1/vaults?access_token="+value+"&filter=title+eq+%22"+s.Token+"%22").wantOK(t)
	s.get(t, "/v1/"+s.Token).wantStatus(t, 404)
	s.get(t, "/v1/vaults/"+s.Token).wantStatus(t, 400)
	s.get(t, "/nowhere?"+value+"="+value+"&token="+s.Token)
	s.get(t, "/v1/vaults", token(s.Token+"x")).wantStatus(t, 401)
	s.get(t, vault+"/items?filter=title+eq+%22Web%20Shop%22").wantOK(t)
	list := s.journal(t, controlapi.JournalQuery{})
	everything := []any{list}
	for _, e := range list {
		explained, err := s.Mock.Explain(t.Context(), e.ID)
		must(t, err)
		everything = append(everything, explained)
	}
	text, err := json.Marshal(everything)
	must(t, err)
	for _, secret := range append(strings.Split(s.Token, "."), s.Token) {
		if strings.Contains(string(text), secret) {
			t.Errorf("the journal holds %.10s... of the token", secret)
		}
	}
	if strings.Contains(strings.ReplaceAll(string(text), value+"=[hidden]", ""), value) {
		t.Errorf("the journal holds a value:\n%s", text)
	}
	if !strings.Contains(string(text), "Web%20Shop") {
		t.Error("the text of a filter is not shown")
	}
}

func TestJournal_SelectsByAccount(t *testing.T) {
	t.Parallel()
	account := func(id, name string) fixtures.Account {
		return fixtures.Account{ID: id, Name: name, User: strings.Repeat("U", 26),
			Vaults: []fixtures.Vault{{ID: strings.Repeat(strings.ToLower(name), 26), Name: name, Type: "USER_CREATED"}}}
	}
	w := &fixtures.Fixture{Accounts: []fixtures.Account{account(strings.Repeat("A", 26), "a"),
		account(strings.Repeat("B", 26), "b")}}
	s := newServer(t, connecttest.WithFixture(w))
	other := s.NewToken(t, controlapi.Token{Account: "b", Name: "b"})
	s.get(t, "/v1/vaults").wantOK(t)
	s.get(t, "/v1/vaults", token(other)).wantOK(t)
	s.get(t, "/v1/vaults/"+noVault, token(other)).wantStatus(t, 403)
	for account, want := range map[string]int{"": 3, "b": 2, "a": 1, strings.Repeat("B", 26): 2} {
		if got := s.journal(t, controlapi.JournalQuery{Account: account}); len(got) != want {
			t.Errorf("account %q has %d entries, want %d", account, len(got), want)
		}
	}
	count := 2
	verified, err := s.Mock.VerifyJournal(t.Context(), controlapi.Verification{Account: "b", Only: true,
		Expect: []controlapi.Expectation{{Caller: "b", Count: &count}}})
	if err != nil || !verified.OK {
		t.Errorf("%+v, %v", verified, err)
	}
	if err := s.Mock.ClearJournal(t.Context(), "b"); err != nil {
		t.Error(err)
	}
	if got := s.journal(t, controlapi.JournalQuery{}); len(got) != 1 || got[0].ID != 1 {
		t.Errorf("after b was cleared: %v", got)
	}
	if err := s.Mock.ClearJournal(t.Context(), ""); err != nil {
		t.Error(err)
	}
	if got := s.journal(t, controlapi.JournalQuery{}); len(got) != 0 {
		t.Errorf("after all was cleared: %v", got)
	}
}

func TestJournal_RefusesInvalidQueries(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	_, err := s.Mock.Journal(t.Context(), controlapi.JournalQuery{Operation: "GetVaultItem"})
	wantControlError(t, err, 400, `operation "GetVaultItem" is unknown; did you mean "GetVaultItems"?`)
	_, err = s.Mock.Journal(t.Context(), controlapi.JournalQuery{Operation: "Sing"})
	wantControlError(t, err, 400, `there are: CreateVaultItem, DeleteVaultItem`)
	_, err = s.Mock.Journal(t.Context(), controlapi.JournalQuery{Status: "4x"})
	wantControlError(t, err, 400, `status "4x" is invalid`)
	_, err = s.Mock.VerifyJournal(t.Context(), controlapi.Verification{})
	wantControlError(t, err, 400, "expect is empty")
	_, err = s.Mock.VerifyJournal(t.Context(), controlapi.Verification{Expect: []controlapi.Expectation{{Operation: "getVaults"}}})
	wantControlError(t, err, 400, `did you mean "GetVaults"?`)
}

func TestJournal_SaysWhyAnExchangeIsNotKept(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.JournalSize, c.JournalBodies = 1, true }))
	check := func(id uint64, want string) {
		t.Helper()
		_, err := s.Mock.Explain(t.Context(), id)
		wantControlError(t, err, 404, want)
		_, err = s.Mock.Exchange(t.Context(), id)
		wantControlError(t, err, 404, want)
	}
	check(999, "there is no exchange 999: no request has come yet")
	s.get(t, "/v1/vaults").wantOK(t)
	s.get(t, "/v1/vaults").wantOK(t)
	check(999, "there is no exchange 999; the highest number so far is 2")
	check(0, "there is no exchange 0; the highest number so far is 2")
	check(1, "the journal keeps no exchange 1 any more; the highest number so far is 2")
}

func TestJournal_CanBeTurnedOff(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.JournalSize = -1 }))
	s.get(t, "/v1/vaults").wantOK(t)
	_, err := s.Mock.Journal(t.Context(), controlapi.JournalQuery{})
	wantControlError(t, err, 409, "keeps no journal")
	_, err = s.Mock.VerifyJournal(t.Context(), controlapi.Verification{Only: true})
	wantControlError(t, err, 409, "keeps no journal")
	_, err = s.Mock.Explain(t.Context(), 1)
	wantControlError(t, err, 409, "keeps no journal")
	if err := s.Mock.ClearJournal(t.Context(), ""); err != nil {
		t.Error(err)
	}
	if _, there := s.metrics(t)["connectmock_journal_entries"]; there {
		t.Error("no journal has metrics")
	}
}

func TestJournal_HasMetrics(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.JournalSize = 3 }))
	for range 5 {
		s.get(t, "/v1/vaults").wantOK(t)
	}
	samples := s.metrics(t)
	if samples["connectmock_journal_entries"] != 3 || samples["connectmock_journal_dropped_total"] != 2 {
		t.Errorf("%v kept, %v dropped", samples["connectmock_journal_entries"], samples["connectmock_journal_dropped_total"])
	}
	if page, err := s.Mock.Journal(t.Context(), controlapi.JournalQuery{}); err != nil || page.Dropped != 3 || len(page.Entries) != 3 {
		t.Errorf("%+v, %v", page, err)
	}
}
