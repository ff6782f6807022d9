package connecttest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/1Password/connect-sdk-go/onepassword"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func testErrors(t *testing.T, s *sdk) {
	const unknown = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	vault := must(s.GetVault("Office"))(t)
	_, err := s.GetVaultByUUID(unknown)
	wantError(t, err, 403, "Authorization: token does not have access to vault "+unknown)
	_, err = s.GetItemByUUID(unknown, vault.ID)
	wantError(t, err, 404, "item "+unknown+" not found")
	_, err = s.GetItem(unknown, vault.ID)
	if err == nil || !strings.HasPrefix(err.Error(), "Found 0 item(s)") {
		t.Errorf("GetItem treats an unknown id as a title: error %v", err)
	}
	wantError(t, s.DeleteItemByID(unknown, vault.ID), 404, "not found")
	_, err = s.GetFiles(unknown, vault.ID)
	wantError(t, err, 404, "item "+unknown+" not found")
	contract := must(s.GetItem("Rental Contract", vault.ID))(t)
	_, err = s.GetFile(unknown, contract.ID, vault.ID)
	wantError(t, err, 404, "file "+unknown+" not found")
	_, err = s.GetFileContent(&onepassword.File{ContentPath: strings.Replace(contract.Files[0].ContentPath,
		contract.Files[0].ID, unknown, 1)})
	wantError(t, err, 404, "file "+unknown+" not found")

	_, err = s.UpdateItem(&onepassword.Item{ID: "a name", Vault: onepassword.ItemVault{ID: vault.ID}, Title: "t",
		Category: onepassword.Login}, vault.ID)
	wantError(t, err, 400, "Invalid Item UUID")
	_, err = s.UpdateItem(&onepassword.Item{ID: unknown, Vault: onepassword.ItemVault{ID: "Office"}, Title: "t",
		Category: onepassword.Login}, vault.ID)
	wantError(t, err, 400, "Invalid Vault UUID")
	for name, invalid := range map[string]struct {
		item onepassword.Item
		text string
	}{
		"category": {onepassword.Item{Title: "t", Category: "NONE"}, "Invalid item category"},
		"type": {onepassword.Item{Title: "t", Category: onepassword.Login, Sections: []*onepassword.ItemSection{{ID: "s"}},
			Fields: []*onepassword.ItemField{{Label: "l", Type: "TOTP", Section: &onepassword.ItemSection{ID: "s"}}}},
			"unsupported field type: totp"},
		"month": {onepassword.Item{Title: "t", Category: onepassword.Login,
			Fields: []*onepassword.ItemField{{Label: "l", Type: onepassword.FieldTypeMonthYear, Value: "soon"}}},
			"must be in YYYYMM or YYYY/MM format"},
	} {
		if _, err := s.CreateItem(&invalid.item, vault.ID); err == nil {
			t.Errorf("an item with an invalid %s was created", name)
		} else {
			wantError(t, err, 400, invalid.text)
		}
	}
	_, err = s.GetVaultsByTitle(`a "quoted" title`)
	wantError(t, err, 400, "filter")
}

func testDeniedTokens(t *testing.T, s *sdk) {
	office, other := must(s.GetVault("Office"))(t), must(s.GetVault("Deployments"))(t)
	note := &onepassword.Item{Title: "t", Category: onepassword.SecureNote}

	for name, token := range map[string]string{"no token": "", "not a token": "nonsense",
		"one character longer": s.server.Token + "A"} {
		_, err := s.withToken(token).GetVaults()
		if !errors.Is(err, &onepassword.Error{StatusCode: 401, Message: "Invalid bearer token"}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	expired := s.withToken(s.server.NewToken(t, controlapi.Token{Name: "old", ExpiresAt: time.Now().Add(-time.Hour)}))
	_, err := expired.GetVaults()
	wantError(t, err, 401, "Invalid bearer token")

	reader := s.withToken(s.server.NewToken(t, controlapi.Token{Name: "reader",
		Vaults: map[string]string{"Office": "read"}}))
	if vaults := must(reader.GetVaults())(t); len(vaults) != 1 || vaults[0].ID != office.ID {
		t.Errorf("a token of one vault lists %+v", vaults)
	}
	_, err = reader.GetItems(other.ID)
	// External Secrets Operator tries again only after this text.
	if err == nil || !strings.HasPrefix(err.Error(), "status 403: Authorization") {
		t.Errorf("a vault out of scope: %v", err)
	}
	_, err = reader.CreateItem(note, office.ID)
	wantError(t, err, 403, "token does not have permission to perform create on vault")
	it := must(reader.GetItemByTitle("Guest Wi-Fi", office.ID))(t)
	_, err = reader.UpdateItem(it, office.ID)
	wantError(t, err, 403, "permission to perform update")
	wantError(t, reader.DeleteItem(it, office.ID), 403, "permission to perform delete")

	writer := s.withToken(s.server.NewToken(t, controlapi.Token{Name: "writer",
		Vaults: map[string]string{"Office": "write"}}))
	must(writer.CreateItem(note, office.ID))(t)
	_, err = writer.GetItemByUUID(it.ID, office.ID)
	wantError(t, err, 403, "permission to perform read")

	if err := s.server.Mock.RevokeToken(t.Context(), "", "reader"); err != nil {
		t.Fatal(err)
	}
	_, err = reader.GetVaults()
	wantError(t, err, 401, "Invalid bearer token")
}

// wantError checks that an error is one of the SDK, with that status and a message that contains part.
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
