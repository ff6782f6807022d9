package control

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// The secrets of the item "Mail" of secretVault.
func secrets() []string {
	return []string{"hunter2", "hunter1", "JBSWY3DPEHPK3PXP", "hidden-by-type", "282760"}
}

// secretVault is a fixture with a vault that has secrets of each kind, two items with one title, and many others.
func secretVault() string {
	text := `
vaults:
  - name: Safe
    items:
      - title: Mail
        category: LOGIN
        tags: [Work]
        fields:
          - {id: username, purpose: USERNAME, value: ada}
          - {id: password, purpose: PASSWORD, value: hunter2, passwordDetails: {history: [hunter1]}}
          - {id: code, label: one-time password, type: OTP, value: JBSWY3DPEHPK3PXP}
          - {id: pin, label: pin, type: CONCEALED, value: hidden-by-type}
          - {id: empty, label: empty, type: CONCEALED}
        files: [{name: notes.txt, text: twelve bytes}]
      - {title: Twin, category: SECURE_NOTE}
      - {title: Twin, category: SECURE_NOTE}
`
	for i := range 120 {
		text += fmt.Sprintf("      - {title: Item %d, category: SECURE_NOTE}\n", i)
	}
	return text
}

// loadSecrets creates an account with the data of secretVault, at the time of the second test vector of RFC 6238's
// appendix for 30 seconds: the code of the seed is then 282760.
func (e *environment) loadSecrets(t *testing.T, name string) controlapi.Account {
	t.Helper()
	ctx := t.Context()
	a := must[controlapi.Account](t)(e.CreateAccount(ctx, controlapi.NewAccount{Name: name}))
	must[controlapi.LoadResult](t)(e.LoadFixture(ctx, a.ID, strings.NewReader(secretVault()), true))
	stop := true
	change := controlapi.ClockChange{Set: time.Unix(20, 0), Frozen: &stop}
	must[controlapi.Clock](t)(e.SetClock(ctx, a.ID, change))
	return a
}

func (e *environment) testContent(t *testing.T) {
	ctx := t.Context()
	a := e.loadSecrets(t, "secretive")
	vaults := must[[]controlapi.Vault](t)(e.Vaults(ctx, "secretive"))
	if len(vaults) != 3 || vaults[2].Name != "Safe" || vaults[2].Items != 123 {
		t.Fatalf("%+v", vaults)
	}
	page := must[controlapi.ItemList](t)(e.Items(ctx, controlapi.ItemQuery{Account: a.ID, Vault: vaults[2].ID}))
	if len(page.Items) != 100 || page.Matched != 123 || page.Items[0].Title != "Mail" || page.Vault.Name != "Safe" {
		t.Errorf("%d items of %d in %v", len(page.Items), page.Matched, page.Vault)
	}
	page = must[controlapi.ItemList](t)(e.Items(ctx, controlapi.ItemQuery{
		Account: a.ID, Vault: "Safe", Search: "tWi", Offset: 1, Limit: 1000}))
	if len(page.Items) != 1 || page.Matched != 2 || page.Items[0].Title != "Twin" {
		t.Errorf("%+v", page)
	}
	page = must[controlapi.ItemList](t)(e.Items(ctx, controlapi.ItemQuery{Account: a.ID, Vault: "Safe", Search: "work"}))
	if len(page.Items) != 1 || page.Items[0].Title != "Mail" {
		t.Errorf("a search for a tag found %+v", page)
	}
	page = must[controlapi.ItemList](t)(e.Items(ctx, controlapi.ItemQuery{Account: a.ID, Vault: "Safe", Category: "LOGIN"}))
	if len(page.Items) != 1 || page.Matched != 1 || page.Items[0].Title != "Mail" {
		t.Errorf("a search for a category found %+v", page)
	}
	it := must[controlapi.Item](t)(e.Item(ctx, a.ID, "Safe", "Mail", true))
	if same := must[controlapi.Item](t)(e.Item(ctx, a.ID, "Safe", it.ID, true)); !cmp.Equal(it, same) {
		t.Error(cmp.Diff(it, same))
	}
	document := must[controlapi.ItemDocument](t)(e.ItemDocument(ctx, a.ID, "Safe", "Mail", false))
	if document.Document["title"] != "Mail" {
		t.Errorf("the title of the document is %v", document.Document["title"])
	}
}

func TestItem_HasSecretsOnlyIfTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	a := e.loadSecrets(t, "secretive")
	for _, path := range []string{
		"/vaults", "/vaults/Safe/items", "/vaults/Safe/items/Mail", "/vaults/Safe/items/Mail/document",
		"/vaults/Safe/items/Mail?reveal=false", "/vaults/Safe/items/Mail/document?reveal=false",
	} {
		path, query, _ := strings.Cut(path, "?")
		response, body := e.send(t, "GET", path+"?account="+a.ID+"&"+query, authorized, "")
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
		for i, secret := range secrets() {
			if strings.Contains(body, secret) {
				t.Errorf("%s?%s shows secret %d", path, query, i)
			}
		}
	}
	for _, path := range []string{"/vaults/Safe/items/Mail", "/vaults/Safe/items/Mail/document"} {
		_, body := e.send(t, "GET", path+"?reveal=true&account="+a.ID, authorized, "")
		for i, secret := range secrets() {
			if !strings.Contains(body, secret) {
				t.Errorf("%s with reveal lacks secret %d", path, i)
			}
		}
	}
}

func TestItem_IsShownAsPeopleReadIt(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	a := e.loadSecrets(t, "secretive")
	byID := func(it controlapi.Item) map[string]controlapi.ItemField {
		fields := map[string]controlapi.ItemField{}
		for _, f := range it.Fields {
			fields[f.ID] = f
		}
		return fields
	}
	masked := must[controlapi.Item](t)(e.Item(t.Context(), a.ID, "Safe", "Mail", false))
	fields := byID(masked)
	for id, want := range map[string]controlapi.ItemField{
		"username": {Value: "ada"}, "password": {Masked: true, Former: 1}, "code": {Masked: true}, "pin": {Masked: true},
		"empty": {},
	} {
		got := fields[id]
		got = controlapi.ItemField{Value: got.Value, Masked: got.Masked, Former: got.Former, Code: got.Code,
			CodeSeconds: got.CodeSeconds, History: got.History}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	if len(masked.Files) != 1 || masked.Files[0].Name != "notes.txt" || masked.Files[0].Size != 12 {
		t.Errorf("%+v", masked.Files)
	}
	code := byID(must[controlapi.Item](t)(e.Item(t.Context(), a.ID, "Safe", "Mail", true)))["code"]
	if code.Code != "282760" || code.CodeSeconds != 10 || code.Masked {
		t.Errorf("the one-time code is valid for %d s, masked %v", code.CodeSeconds, code.Masked)
	}
}

func TestContent_UnknownNamesHaveTheNearestOne(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	a := e.loadSecrets(t, "secretive")
	ctx := t.Context()
	_, err := e.Vaults(ctx, "secretiv")
	wantError(t, err, http.StatusNotFound, `did you mean "secretive"?`)
	_, err = e.Items(ctx, controlapi.ItemQuery{Account: a.ID, Vault: "Save"})
	wantError(t, err, http.StatusNotFound, `did you mean "Safe"?`)
	_, err = e.Item(ctx, a.ID, "Private", "Male", false)
	wantError(t, err, http.StatusNotFound, `no item "Male"; did you mean "Mail"?`)
	_, err = e.ItemDocument(ctx, a.ID, "Shared", "Mail", false)
	wantError(t, err, http.StatusNotFound, `no item "Mail"`)
	_, err = e.Item(ctx, a.ID, "Safe", "Twin", false)
	wantError(t, err, http.StatusConflict, `2 items of vault "Safe" have the title "Twin"; give one of their ids: `)
	_, err = e.Items(ctx, controlapi.ItemQuery{Account: a.ID, Vault: "Safe", Limit: 1001})
	wantError(t, err, http.StatusBadRequest, "limit")
}

// What control reads is not what a client has done.
func TestContent_LeavesNoTrace(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	a := e.loadSecrets(t, "secretive")
	_, before := e.callMock(t, a.Token, "GET", "/v1/activity", "")
	must[[]controlapi.Vault](t)(e.Vaults(t.Context(), a.ID))
	must[controlapi.ItemList](t)(e.Items(t.Context(), controlapi.ItemQuery{Account: a.ID, Vault: "Safe"}))
	must[controlapi.Item](t)(e.Item(t.Context(), a.ID, "Safe", "Mail", true))
	must[controlapi.ItemDocument](t)(e.ItemDocument(t.Context(), a.ID, "Safe", "Mail", true))
	_, after := e.callMock(t, a.Token, "GET", "/v1/activity", "")
	if before != after {
		t.Errorf("the activity log was %s\nand is %s", before, after)
	}
	j := must[controlapi.Journal](t)(e.Journal(t.Context(), controlapi.JournalQuery{}))
	if len(j.Entries) != 2 {
		t.Errorf("the journal has %d entries, want those of the activity log", len(j.Entries))
	}
}
