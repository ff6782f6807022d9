package backend

import (
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
)

// A fixture and a token name vaults in the same way: a name comes before an id, whatever the order of the vaults.
func TestSetPermissions_FindsVaultsAsFixturesDo(t *testing.T) {
	t.Parallel()
	const first, second = "aaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbb"
	vaults := []fixtures.Vault{{ID: first, Name: "Office"}, {ID: second, Name: first}}
	for vault, want := range map[string]string{"Office": first, first: second, second: second} {
		token := auth.Token{Name: "t"}
		if err := setPermissions(&token, "", map[string]string{vault: "read"}, vaults); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(map[string]connect.Permission{want: connect.Read}, token.Vaults); d != "" {
			t.Errorf("%s: %s", vault, d)
		}
	}
	if err := setPermissions(&auth.Token{}, "", map[string]string{"Ofice": "read"}, vaults); err == nil {
		t.Error("an unknown vault was accepted")
	}
}
