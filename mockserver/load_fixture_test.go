package mockserver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

const kitchenFixture = `
name: kitchen
history: 7
tokens:
  - name: cook
  - name: main
    permission: read
  - name: given
    value: given-value
vaults:
  - name: Kitchen
    items:
      - title: Recipe
        category: SECURE_NOTE
        fields: [{purpose: NOTES, value: salt}]
        files: [{name: r.txt, text: flour}]
      - {title: Stove, category: LOGIN}
`

func TestLoadFixture_ReplacesTheAccount(t *testing.T) {
	t.Parallel()
	shared, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t)
	s, account := shared.newAccount(t)
	vaults := func(s *testServer) string { return vaultNames(t, s.get(t, "/v1/vaults")) }
	s.changeItems(t, d, "before")
	s.accountState(t, account.ID) // into the caches
	loaded, err := s.Mock.LoadFixture(t.Context(), account.ID, parseFixture(t, kitchenFixture), false)
	must(t, err)
	wantEqual(t, controlapi.LoadResult{Account: account.ID, Vaults: 1, Items: 2}, loaded, "the result")
	// The fixture has a token of the same name: its permissions apply, the value stays.
	list := s.vaults(t)
	if len(list) != 1 || list[0].Name != "Kitchen" || list[0].Items != 2 {
		t.Fatalf("vaults %+v", list)
	}
	items := "/v1/vaults/" + list[0].ID + "/items"
	s.send(t, "POST", items, `{"title":"t","category":"LOGIN"}`).wantStatus(t, 403)
	s.send(t, "POST", items, `{"title":"t","category":"LOGIN"}`, token("given-value")).wantOK(t)
	s.get(t, d.path("Office", "Company Card")).wantStatus(t, 403)
	if total := s.activityTotal(t); total != 7+4 {
		t.Errorf("%d records, want the 7 of the fixture and 4", total)
	}
	// The account now starts with the fixture, and other accounts are unchanged.
	for range 2 {
		account.Reset(t)
		start := s.accountState(t, account.ID)
		if !strings.Contains(start, "flour") || strings.Contains(start, `"title":"t"`) ||
			!strings.HasPrefix(start, "records 7\n") {
			t.Errorf("after a reset: %s", start)
		}
		s.get(t, "/v1/vaults", token("given-value")).wantOK(t)
	}
	shared.get(t, d.path("Office", "Company Card")).wantOK(t)
	other, _ := shared.newAccount(t, connecttest.From(account.ID))
	wantEqual(t, "Kitchen", vaults(other), "an account created from it")
	// Snapshots of the account stay.
	account.Snapshot(t, "kitchen")
	_, err = s.Mock.LoadFixture(t.Context(), account.ID, parseFixture(t, "vaults: [{name: Empty}]"), false)
	must(t, err)
	wantEqual(t, "Empty", vaults(s), "vaults")
	account.Restore(t, "kitchen")
	wantEqual(t, "Kitchen", vaults(s), "vaults after a restore")
	account.Reset(t)
	wantEqual(t, "Empty", vaults(s), "vaults after a reset")
}

func TestLoadFixture_AddsToTheAccount(t *testing.T) {
	t.Parallel()
	shared, d := newServer(t, withoutHistory()), demo(t)
	s, account := shared.newAccount(t)
	vaults := func(s *testServer) string { return vaultNames(t, s.get(t, "/v1/vaults")) }
	text := strings.ReplaceAll(kitchenFixture, "name: main", "name: helper")
	loaded, err := s.Mock.LoadFixture(t.Context(), account.Name, parseFixture(t, text), true)
	if err != nil || loaded.Vaults != 1 || loaded.Items != 2 || loaded.Account != account.ID {
		t.Fatalf("loaded %+v, error %v", loaded, err)
	}
	wantEqual(t, "Deployments|Office|Ada's Own|Kitchen", vaults(s), "vaults")
	given := token("given-value")
	s.get(t, "/v1/vaults", given).wantOK(t)
	s.get(t, d.path("Office", "Company Card"), given).wantOK(t)
	wantEqual(t, "Deployments|Office|Ada's Own", vaults(shared), "vaults of the first account")
	// Another account can have the same ids.
	other, otherAccount := shared.newAccount(t)
	other.get(t, "/v1/vaults").wantOK(t)
	text = strings.ReplaceAll(text, "given-value", "another-value")
	_, err = s.Mock.LoadFixture(t.Context(), otherAccount.ID, parseFixture(t, text), true)
	must(t, err)
	s.get(t, "/v1/vaults", given).wantOK(t)
	for _, id := range []string{account.ID, otherAccount.ID} {
		list, err := s.Mock.ListTokens(t.Context(), id)
		if err != nil || len(list) != 4 {
			t.Fatalf("tokens %+v, error %v", list, err)
		}
		for _, k := range list {
			if k.Value != "" {
				s.get(t, "/v1/vaults", token(k.Value)).wantOK(t)
			}
		}
	}
	account.Reset(t)
	wantEqual(t, "Deployments|Office|Ada's Own", vaults(s), "vaults after a reset")
	s.get(t, "/v1/vaults", given).wantStatus(t, 401)
}

// A fixture that is refused changes nothing, and no error shows a token.
func TestLoadFixture_RefusesConflicts(t *testing.T) {
	t.Parallel()
	shared, d := newServer(t, withoutHistory(), connecttest.WithClock(newClock().Now)), demo(t)
	s, account := shared.newAccount(t)
	office := d.fixture.Accounts[0].Vault("Office")
	const (
		secret = "connectmock-demo-token"
		taken  = "tokens: [{name: a, value: " + secret + "}]\nvaults: [{name: New}]"
	)
	itemID := office.Items[0].ID
	item := "{title: T, category: LOGIN, id: " + itemID + "}"
	before := withoutActivity(s.accountState(t, account.ID))
	for name, test := range map[string]struct {
		account, text string
		add           bool
		status        int
		want          string
	}{
		"a vault's name":  {account.ID, "vaults: [{name: Office}]", true, 409, "Office"},
		"a vault's id":    {account.ID, "vaults: [{name: New, id: " + office.ID + "}]", true, 409, office.ID},
		"an item's id":    {account.ID, "vaults: [{name: New, items: [" + item + "]}]", true, 409, itemID},
		"a token's name":  {account.ID, "tokens: [{name: main}]\nvaults: [{name: New}]", true, 409, "main"},
		"a token's value": {account.ID, taken, true, 409, "the value of token"},
		"a value, anew":   {account.ID, taken, false, 409, "the value of token"},
		"two accounts":    {account.ID, "accounts: [{name: a}, {name: b}]", false, 400, "one account"},
		"unknown account": {"nobody", "vaults: [{name: New}]", false, 404, "nobody"},
	} {
		_, err := s.Mock.LoadFixture(t.Context(), test.account, parseFixture(t, test.text), test.add)
		wantControlError(t, err, test.status, test.want)
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error shows a value", name)
		}
		wantState(t, before, withoutActivity(s.accountState(t, account.ID)), "%s", name)
	}
	_, err := s.Mock.LoadFixture(t.Context(), "", nil, false)
	wantControlError(t, err, 400, "one account")
}

func TestControl_CountsAndShowsNoTokens(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.JournalSize = 5 }))
	_, w := s.newAccount(t)
	s.setClock(t, "", advanceBy(time.Hour))
	w.Fault(t, controlapi.Fault{Operation: "GetVaults", Abort: &controlapi.Abort{Status: 503}})
	for range 9 {
		s.get(t, "/v1/vaults").wantOK(t)
	}
	o, err := s.Mock.Status(t.Context())
	must(t, err)
	if o.Version != mockserver.DefaultConnectVersion || len(o.Operations) != 15 || o.Faults != 1 || o.Journal != 5 ||
		o.Clock.Offset == 0 {
		t.Errorf("overview %+v", o)
	}
	if len(o.Accounts) != 2 || o.Accounts[1].ID != w.ID || o.Accounts[0].Token+o.Accounts[1].Token != "" {
		t.Errorf("accounts %+v", o.Accounts)
	}
}
