package connecttest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/1Password/connect-sdk-go/onepassword"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func sdkErrors(t *testing.T, s *sdk) {
	const nobody = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	vault := must(s.GetVault("Office"))(t)
	_, err := s.GetVaultByUUID(nobody)
	wantError(t, err, 403, "Authorization: token does not have access to vault "+nobody)
	_, err = s.GetItemByUUID(nobody, vault.ID)
	wantError(t, err, 404, "item "+nobody+" not found")
	_, err = s.GetItem(nobody, vault.ID)
	if err == nil || !strings.HasPrefix(err.Error(), "Found 0 item(s)") {
		t.Errorf("GetItem takes an id that is not there for a title, and found: %v", err)
	}
	wantError(t, s.DeleteItemByID(nobody, vault.ID), 404, "not found")
	_, err = s.GetFiles(nobody, vault.ID)
	wantError(t, err, 404, "item "+nobody+" not found")
	contract := must(s.GetItem("Rental Contract", vault.ID))(t)
	_, err = s.GetFile(nobody, contract.ID, vault.ID)
	wantError(t, err, 404, "file "+nobody+" not found")
	_, err = s.GetFileContent(&onepassword.File{ContentPath: strings.Replace(contract.Files[0].ContentPath, contract.Files[0].ID, nobody, 1)})
	wantError(t, err, 404, "file "+nobody+" not found")

	_, err = s.UpdateItem(&onepassword.Item{ID: "a name", Vault: onepassword.ItemVault{ID: vault.ID}, Title: "t", Category: onepassword.Login}, vault.ID)
	wantError(t, err, 400, "Invalid Item UUID")
	_, err = s.UpdateItem(&onepassword.Item{ID: nobody, Vault: onepassword.ItemVault{ID: "Office"}, Title: "t", Category: onepassword.Login}, vault.ID)
	wantError(t, err, 400, "Invalid Vault UUID")
	for name, bad := range map[string]struct {
		item onepassword.Item
		text string
	}{
		"category": {onepassword.Item{Title: "t", Category: "NONE"}, "Invalid item category"},
		"type": {onepassword.Item{Title: "t", Category: onepassword.Login, Sections: []*onepassword.ItemSection{{ID: "s"}},
			Fields: []*onepassword.ItemField{{Label: "l", Type: "TOTP", Section: &onepassword.ItemSection{ID: "s"}}}}, "unsupported field type: totp"},
		"month": {onepassword.Item{Title: "t", Category: onepassword.Login,
			Fields: []*onepassword.ItemField{{Label: "l", Type: onepassword.FieldTypeMonthYear, Value: "soon"}}}, "must be in YYYYMM or YYYY/MM format"},
	} {
		if _, err := s.CreateItem(&bad.item, vault.ID); err == nil {
			t.Errorf("an item of bad %s was created", name)
		} else {
			wantError(t, err, 400, bad.text)
		}
	}
	_, err = s.GetVaultsByTitle(`a "quoted" title`)
	wantError(t, err, 400, "filter")
}

func sdkRefusals(t *testing.T, s *sdk) {
	office, other := must(s.GetVault("Office"))(t), must(s.GetVault("Deployments"))(t)
	note := &onepassword.Item{Title: "t", Category: onepassword.SecureNote}

	for name, token := range map[string]string{"no token": "", "not a token": "nonsense", "one character more": s.server.Token + "A"} {
		_, err := s.as(token).GetVaults()
		if !errors.Is(err, &onepassword.Error{StatusCode: 401, Message: "Invalid bearer token"}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	expired := s.as(s.server.NewToken(t, controlapi.Token{Name: "old", ExpiresAt: time.Now().Add(-time.Hour)}))
	_, err := expired.GetVaults()
	wantError(t, err, 401, "Invalid bearer token")

	reader := s.as(s.server.NewToken(t, controlapi.Token{Name: "reader", Vaults: map[string]string{"Office": "read"}}))
	if seen := must(reader.GetVaults())(t); len(seen) != 1 || seen[0].ID != office.ID {
		t.Errorf("a token of one vault lists %+v", seen)
	}
	_, err = reader.GetItems(other.ID)
	// External Secrets Operator tries again only on this text.
	if err == nil || !strings.HasPrefix(err.Error(), "status 403: Authorization") {
		t.Errorf("a vault out of scope: %v", err)
	}
	_, err = reader.CreateItem(note, office.ID)
	wantError(t, err, 403, "token does not have permission to perform create on vault")
	it := must(reader.GetItemByTitle("Guest Wi-Fi", office.ID))(t)
	_, err = reader.UpdateItem(it, office.ID)
	wantError(t, err, 403, "permission to perform update")
	wantError(t, reader.DeleteItem(it, office.ID), 403, "permission to perform delete")

	writer := s.as(s.server.NewToken(t, controlapi.Token{Name: "writer", Vaults: map[string]string{"Office": "write"}}))
	must(writer.CreateItem(note, office.ID))(t)
	_, err = writer.GetItemByUUID(it.ID, office.ID)
	wantError(t, err, 403, "permission to perform read")

	if err := s.server.Mock.RevokeToken(t.Context(), "", "reader"); err != nil {
		t.Fatal(err)
	}
	_, err = reader.GetVaults()
	wantError(t, err, 401, "Invalid bearer token")
}

// wantError holds an error to the typed error of the SDK with that status and a
// text that has part in it.
func wantError(t *testing.T, err error, status int, part string) {
	t.Helper()
	var typed *onepassword.Error
	if !errors.As(err, &typed) {
		t.Errorf("error is %T %v, want the SDK's own with status %d", err, err, status)
		return
	}
	if typed.StatusCode != status || !strings.Contains(typed.Message, part) {
		t.Errorf("error is %v, want status %d with %q", err, status, part)
	}
}
