package mockserver_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// passwordDetails returns the details of the password of an item.
func (r *testServer) passwordDetails(t tb, path string) *connect.PasswordDetails {
	t.Helper()
	return field(t, r.item(t, path), "PASSWORD").PasswordDetails
}

func TestPasswordHistory_SurvivesRestartsResetsAndSnapshots(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/store.db"
	onFile := withStore(file)
	first, err := connecttest.Start(onFile)
	must(t, err)
	s, d := &testServer{first, first.Client}, demo(t)
	_, path := s.create(t, d.vault("Office"),
		`{"title":"rotated","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"former-0"}]}`)
	s.send(t, "PATCH", path, `[{"op":"replace","path":"/fields/password/value","value":"former-1"}]`).wantOK(t)
	it := s.item(t, path)
	it.Fields[1].Value = "now"
	put := decode[connect.Item](t, s.send(t, "PUT", path, it))
	want := &connect.PasswordDetails{History: []string{"former-1", "former-0"}}
	wantEqual(t, want, put.Fields[1].PasswordDetails, "response to PUT")
	check := func(s *testServer, when string) {
		t.Helper()
		wantEqual(t, want, s.passwordDetails(t, path), "%s", when)
	}
	check(s, "read")
	if list := s.get(t, d.items("Office")).wantOK(t).body; bytes.Contains(list, []byte("former")) {
		t.Error("the list shows former passwords")
	}

	archive := s.export(t, "", "before")
	s.send(t, "PATCH", path, `[{"op":"replace","path":"/fields/password/value","value":"later"}]`).wantOK(t)
	changed, err := s.Mock.DiffSnapshots(t.Context(), "", "before", "")
	must(t, err)
	i := slices.IndexFunc(changed.Changes, func(c controlapi.Change) bool { return c.Kind == "item" })
	if members := changed.Changes[i].Members; !slices.Contains(members, "fields.password.passwordDetails.history") ||
		strings.Contains(strings.Join(members, " "), "former") {
		t.Errorf("the diff names %q", members)
	}
	s.restoreSnapshot(t, "", "before")
	check(s, "restored")
	must(t, first.Close())

	again := newServer(t, onFile)
	check(again, "after a restart")

	other := newServer(t)
	if _, err := other.Mock.ImportSnapshot(t.Context(), "", "moved", bytes.NewReader(archive)); err != nil {
		t.Fatal(err)
	}
	other.restoreSnapshot(t, "", "moved")
	check(other, "exported and imported")
}

func TestPasswordDetails_ComeFromTheFixture(t *testing.T) {
	t.Parallel()
	fixture, err := fixtures.Load("test.yaml", []byte(`
vaults:
  - name: Office
    items:
      - title: changed
        category: LOGIN
        fields: [{ id: password, value: now, passwordDetails: { history: [b, a] } }]
      - title: weak
        category: PASSWORD
        fields: [{ purpose: PASSWORD, value: now, passwordDetails: { strength: WEAK, entropy: 30 } }]
      - title: generated
        category: LOGIN
        fields: [{ purpose: PASSWORD, value: nowandthen, passwordDetails: { generated: true } }]
      - title: created up
        category: LOGIN
        fields: [{ purpose: PASSWORD, generate: true, recipe: { length: 10, characterSets: [DIGITS] }, passwordDetails: { history: [a] } }]
      - title: typed
        category: LOGIN
        fields: [{ purpose: PASSWORD, value: now }]
`))
	must(t, err)
	s := newServer(t, connecttest.WithFixture(fixture))
	for title, want := range map[string]*connect.PasswordDetails{
		"changed":    {History: []string{"b", "a"}},
		"weak":       {Entropy: 30, Strength: "WEAK"},
		"generated":  {Generated: true, Entropy: 47, Strength: "FAIR"},
		"created up": {Generated: true, Entropy: 28, Strength: "WEAK", History: []string{"a"}},
		"typed":      nil,
	} {
		v := &fixture.Accounts[0].Vaults[0]
		i := slices.IndexFunc(v.Items, func(it fixtures.Item) bool { return it.Title == title })
		wantEqual(t, want, s.passwordDetails(t, "/v1/vaults/"+v.ID+"/items/"+v.Items[i].ID), "%s", title)
	}
}
