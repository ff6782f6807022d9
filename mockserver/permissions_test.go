package mockserver_test

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// TestChecks_RunInOrder sends requests that break a rule and all rules after it.
func TestChecks_RunInOrder(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	deployments, office := d.vault("Deployments"), d.vault("Office")
	reader := token(s.demoToken(t, "one-vault")) // may read Deployments
	bad := token("nonsense")
	badBody := `{"title":`
	for _, test := range []struct {
		name  string
		call  call
		token requestOption
		want  *connect.Error
	}{
		{"token before id", call{"GET", "/v1/vaults/x", ""}, bad, connect.InvalidToken()},
		{"token before parameter", call{"GET", "/v1/activity?limit=x", ""}, bad, connect.InvalidToken()},
		{"token before filter", call{"GET", "/v1/vaults?filter=x", ""}, bad, connect.InvalidToken()},
		{"token before body", call{"POST", "/v1/vaults/" + office + "/items", badBody}, bad, connect.InvalidToken()},
		{"token before existence", call{"GET", "/v1/vaults/" + noVault + "/items/" + noItem, ""}, bad, connect.InvalidToken()},
		{"vault id before scope", call{"GET", "/v1/vaults/Office", ""}, reader, connect.InvalidVaultUUID()},
		{"item id before scope", call{"GET", "/v1/vaults/" + office + "/items/x", ""}, reader, connect.InvalidItemUUID()},
		{"file id before scope", call{"GET", "/v1/vaults/" + office + "/items/" + noItem + "/files/x", ""}, reader, connect.InvalidFileUUID()},
		{"vault id before item id", call{"GET", "/v1/vaults/x/items/y", ""}, reader, connect.InvalidVaultUUID()},
		{"item id before file id", call{"GET", "/v1/vaults/" + office + "/items/x/files/y", ""}, reader, connect.InvalidItemUUID()},
		{"id before permission", call{"DELETE", "/v1/vaults/" + deployments + "/items/x", ""}, reader, connect.InvalidItemUUID()},
		{"id before body", call{"POST", "/v1/vaults/x/items", badBody}, reader, connect.InvalidVaultUUID()},
		{"scope before body", call{"POST", "/v1/vaults/" + office + "/items", badBody}, reader, connect.VaultDenied(office)},
		{"permission before body", call{"POST", "/v1/vaults/" + deployments + "/items", badBody}, reader, connect.PermissionDenied("create", deployments)},
		{"scope before existence", call{"GET", "/v1/vaults/" + office + "/items/" + noItem, ""}, reader, connect.VaultDenied(office)},
		{"permission before existence", call{"DELETE", "/v1/vaults/" + deployments + "/items/" + noItem, ""}, reader, connect.PermissionDenied("delete", deployments)},
		{"scope before media type", call{"PATCH", "/v1/vaults/" + noVault + "/items/" + noItem, badBody}, reader, connect.VaultDenied(noVault)},
	} {
		e := s.call(t, test.call, test.token).apiError(t)
		if !isSent(e, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, &e, test.want)
		}
	}
	for _, method := range []string{"PUT", "PATCH"} {
		if e := s.send(t, method, "/v1/vaults/"+office+"/items/"+noItem, badBody).apiError(t); e.Status != 400 {
			t.Errorf("%s: body before existence: got %v", method, &e)
		}
	}
}

// TestPermissions_OfEveryOperation calls each operation on a vault with tokens that
// lack a permission.
func TestPermissions_OfEveryOperation(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	vault := d.vault("Deployments")
	writeOnly := s.NewToken(t, controlapi.Token{Name: "write-only", Permission: "write"})
	onlyOffice := s.NewToken(t, controlapi.Token{Name: "only office", Vaults: map[string]string{"Office": "read-write"}})
	nowhere := s.NewToken(t, controlapi.Token{Name: "nowhere", Vaults: map[string]string{}})
	may := func(verb string) *connect.Error { return connect.PermissionDenied(verb, vault) }
	reads := []string{"GetVaultById", "GetVaultItems", "GetVaultItemById", "GetItemFiles",
		"GetDetailsOfFileById", "DownloadFileByID"}
	calls := securedCalls(d)
	for _, id := range reads {
		s.call(t, calls[id], token(s.demoToken(t, "read-only"))).wantOK(t)
		s.call(t, calls[id], token(s.demoToken(t, "one-vault"))).wantOK(t)
		s.call(t, calls[id], token(writeOnly)).wantError(t, may("read"))
	}
	for id, verb := range map[string]string{"CreateVaultItem": "create", "UpdateVaultItem": "update",
		"PatchVaultItem": "update", "DeleteVaultItem": "delete"} {
		s.call(t, calls[id], token(s.demoToken(t, "read-only"))).wantError(t, may(verb))
		s.call(t, calls[id], token(s.demoToken(t, "one-vault"))).wantError(t, may(verb))
	}
	// Changelog 1.7.1: a write-only token must not read through PATCH.
	s.call(t, calls["PatchVaultItem"], token(writeOnly)).wantError(t, may("read"))
	for id, c := range calls {
		if !strings.Contains(c.path, vault) {
			continue
		}
		for _, outside := range []string{onlyOffice, nowhere} {
			if e := s.call(t, c, token(outside)).apiError(t); !isSent(e, connect.VaultDenied(vault)) {
				t.Errorf("%s: got %v", id, &e)
			}
		}
		gone := call{c.method, strings.ReplaceAll(c.path, vault, noVault), c.body}
		if e := s.call(t, gone).apiError(t); !isSent(e, connect.VaultDenied(noVault)) {
			t.Errorf("%s in a vault that isn't there: got %v", id, &e)
		}
	}
	s.call(t, calls["CreateVaultItem"], token(writeOnly)).wantOK(t)
	s.call(t, calls["DeleteVaultItem"], token(writeOnly)).wantStatus(t, 204)
	if list := s.vaults(t, token(nowhere)); len(list) != 0 {
		t.Errorf("a token without vaults lists %v", list)
	}
}

// The response of a write shows a write-only token what it wrote. It must not show
// older values.
func TestPermissions_WriteOnlyPutHidesOldValues(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	writeOnly := token(s.NewToken(t, controlapi.Token{Name: "write-only", Permission: "write"}))
	a := s.call(t, securedCalls(d)["UpdateVaultItem"], writeOnly)
	if strings.Contains(string(a.body), "tulip-anchor-velvet-42") {
		t.Error("PUT by a write-only token responds with the old password")
	}
}

func TestPermissions_ListShowsVaultsInScope(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	names := func(value string) (names []string) {
		for _, v := range s.vaults(t, token(value)) {
			names = append(names, v.Name)
		}
		return names
	}
	for name, want := range map[string]string{
		"read-write": "Deployments,Office,Ada's Own", "read-only": "Deployments,Office,Ada's Own", "one-vault": "Deployments",
	} {
		wantEqual(t, want, strings.Join(names(s.demoToken(t, name)), ","), "%s", name)
	}
	// A filter does not add vaults.
	got := decode[[]connect.Vault](t, s.get(t, `/v1/vaults?filter=title+eq+%22Office%22`,
		token(s.demoToken(t, "one-vault"))))
	if len(got) != 0 {
		t.Errorf("found %v", got)
	}
}
