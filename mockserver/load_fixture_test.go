package mockserver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
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
	s, w := shared.newAccount(t)
	s.changeItems(t, d, "gone")
	s.accountState(t, w.ID) // into the caches
	loaded, err := s.Mock.LoadFixture(t.Context(), w.ID, parseFixture(t, kitchenFixture), false)
	if diff := cmp.Diff(controlapi.LoadResult{Account: w.ID, Vaults: 1, Items: 2}, loaded); err != nil || diff != "" {
		t.Fatalf("error %v (-want +got)\n%s", err, diff)
	}
	// The fixture has a token of the same name: its permissions apply, the value stays.
	vaults := s.vaults(t)
	if len(vaults) != 1 || vaults[0].Name != "Kitchen" || vaults[0].Items != 2 {
		t.Fatalf("vaults %+v", vaults)
	}
	items := "/v1/vaults/" + vaults[0].ID + "/items"
	s.send(t, "POST", items, `{"title":"t","category":"LOGIN"}`).wantStatus(t, 403)
	s.send(t, "POST", items, `{"title":"t","category":"LOGIN"}`, token("given-value")).wantOK(t)
	s.get(t, d.path("Office", "Company Card")).wantStatus(t, 403)
	if total := s.activityTotal(t); total != 7+4 {
		t.Errorf("%d records, want the 7 of the fixture and 4", total)
	}
	// The account now starts with the fixture, and other accounts are unchanged.
	for range 2 {
		w.Reset(t)
		start := s.accountState(t, w.ID)
		if !strings.Contains(start, "flour") || strings.Contains(start, `"title":"t"`) || !strings.HasPrefix(start, "records 7\n") {
			t.Errorf("after a reset: %s", start)
		}
		s.get(t, "/v1/vaults", token("given-value")).wantOK(t)
	}
	shared.get(t, d.path("Office", "Company Card")).wantOK(t)
	other, _ := shared.newAccount(t, connecttest.From(w.ID))
	wantEqual(t, "Kitchen", vaultNames(t, other.get(t, "/v1/vaults")), "an account created from it")
	// Snapshots of the account stay.
	w.Snapshot(t, "kitchen")
	if _, err := s.Mock.LoadFixture(t.Context(), w.ID, parseFixture(t, "vaults: [{name: Empty}]"), false); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "Empty", vaultNames(t, s.get(t, "/v1/vaults")), "vaults")
	w.Restore(t, "kitchen")
	wantEqual(t, "Kitchen", vaultNames(t, s.get(t, "/v1/vaults")), "vaults after a restore")
	w.Reset(t)
	wantEqual(t, "Empty", vaultNames(t, s.get(t, "/v1/vaults")), "vaults after a reset")
}

func TestLoadFixture_AddsToTheAccount(t *testing.T) {
	t.Parallel()
	shared, d := newServer(t, withoutHistory()), demo(t)
	s, w := shared.newAccount(t)
	text := strings.ReplaceAll(kitchenFixture, "name: main", "name: helper")
	loaded, err := s.Mock.LoadFixture(t.Context(), w.Name, parseFixture(t, text), true)
	if err != nil || loaded.Vaults != 1 || loaded.Items != 2 || loaded.Account != w.ID {
		t.Fatalf("loaded %+v, error %v", loaded, err)
	}
	wantEqual(t, "Deployments|Office|Ada's Own|Kitchen", vaultNames(t, s.get(t, "/v1/vaults")), "vaults")
	s.get(t, "/v1/vaults", token("given-value")).wantOK(t)
	s.get(t, d.path("Office", "Company Card"), token("given-value")).wantOK(t)
	wantEqual(t, "Deployments|Office|Ada's Own", vaultNames(t, shared.get(t, "/v1/vaults")), "the first account")
	// Another account can have the same ids.
	other, ow := shared.newAccount(t)
	other.get(t, "/v1/vaults").wantOK(t)
	if _, err := s.Mock.LoadFixture(t.Context(), ow.ID, parseFixture(t, strings.ReplaceAll(text, "given-value", "another-value")), true); err != nil {
		t.Error(err)
	}
	s.get(t, "/v1/vaults", token("given-value")).wantOK(t)
	for _, name := range []string{w.ID, ow.ID} {
		list, err := s.Mock.ListTokens(t.Context(), name)
		if err != nil || len(list) != 4 {
			t.Fatalf("tokens %+v, error %v", list, err)
		}
		for _, k := range list {
			if k.Value != "" {
				s.get(t, "/v1/vaults", token(k.Value)).wantOK(t)
			}
		}
	}
	w.Reset(t)
	wantEqual(t, "Deployments|Office|Ada's Own", vaultNames(t, s.get(t, "/v1/vaults")), "vaults after a reset")
	s.get(t, "/v1/vaults", token("given-value")).wantStatus(t, 401)
}

func TestLoadFixture_RefusesConflicts(t *testing.T) {
	t.Parallel()
	shared, d := newServer(t, withoutHistory(), connecttest.WithClock(newClock().Now)), demo(t)
	s, w := shared.newAccount(t)
	office := d.fixture.Accounts[0].Vault("Office")
	for name, test := range map[string]struct {
		account, text string
		add           bool
		status        int
		say           string
	}{
		"a vault's name":  {w.ID, "vaults: [{name: Office}]", true, 409, "Office"},
		"a vault's id":    {w.ID, "vaults: [{name: New, id: " + office.ID + "}]", true, 409, office.ID},
		"an item's id":    {w.ID, "vaults: [{name: New, items: [{title: T, category: LOGIN, id: " + office.Items[0].ID + "}]}]", true, 409, office.Items[0].ID},
		"a token's name":  {w.ID, "tokens: [{name: main}]\nvaults: [{name: New}]", true, 409, "main"},
		"a token's value": {w.ID, "tokens: [{name: a, value: connectmock-demo-token}]\nvaults: [{name: New}]", true, 409, "the value of token"},
		"a value, anew":   {w.ID, "tokens: [{name: a, value: connectmock-demo-token}]\nvaults: [{name: New}]", false, 409, "the value of token"},
		"two accounts":    {w.ID, "accounts: [{name: a}, {name: b}]", false, 400, "one account"},
		"unknown account": {"nobody", "vaults: [{name: New}]", false, 404, "nobody"},
	} {
		before := s.accountState(t, w.ID)
		_, err := s.Mock.LoadFixture(t.Context(), test.account, parseFixture(t, test.text), test.add)
		t.Log(name)
		wantControlError(t, err, test.status, test.say)
		if err != nil && strings.Contains(err.Error(), "connectmock-demo-token") {
			t.Errorf("%s: the error shows a value", name)
		}
		if after := s.accountState(t, w.ID); withoutActivity(after) != withoutActivity(before) {
			t.Errorf("%s: it was changed %s", name, excerpt(withoutActivity(after), withoutActivity(before)))
		}
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
	o, err := s.Mock.Control(t.Context())
	must(t, err)
	if o.Version != mockserver.DefaultConnectVersion || len(o.Operations) != 15 || o.Faults != 1 || o.Journal != 5 || o.Clock.Offset == 0 {
		t.Errorf("overview %+v", o)
	}
	if len(o.Accounts) != 2 || o.Accounts[1].ID != w.ID || o.Accounts[0].Token+o.Accounts[1].Token != "" {
		t.Errorf("accounts %+v", o.Accounts)
	}
}
