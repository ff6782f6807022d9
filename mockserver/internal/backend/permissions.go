package backend

import (
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// setPermissions sets the permissions of a token by their names: all on every vault, the others by the name or id of a
// vault. Without any permission the token may read and write every vault.
func setPermissions(t *auth.Token, all string, byVault map[string]string, vaults []fixtures.Vault) (err error) {
	if all == "" && byVault == nil {
		all = connect.ReadWrite.String()
	}
	if all != "" {
		if t.All, err = connect.ParsePermission(all); err != nil {
			return Errorf(400, "token %s: %v", t.Name, err)
		}
	}
	account := fixtures.Account{Vaults: vaults}
	for vault, permission := range byVault {
		p, err := connect.ParsePermission(permission)
		if err != nil {
			return Errorf(400, "token %s, vault %s: %v", t.Name, vault, err)
		}
		found := account.Vault(vault)
		if found == nil {
			return Errorf(400, "token %s: no vault %q%s", t.Name, vault, nearest.HintWithList(vault, vaultNames(vaults)))
		}
		if t.Vaults == nil {
			t.Vaults = map[string]connect.Permission{}
		}
		t.Vaults[found.ID] = p
	}
	return nil
}

// permissionNames returns the permissions of a token by their names: that on every vault, "" for none, and those by the
// names of vaults.
func permissionNames(t auth.Token, name func(id string) string) (all string, byVault map[string]string) {
	if t.All != 0 {
		all = t.All.String()
	}
	for id, p := range t.Vaults {
		if byVault == nil {
			byVault = map[string]string{}
		}
		byVault[name(id)] = p.String()
	}
	return all, byVault
}

// vaultsToFixture returns the ids and names of stored vaults, for setPermissions.
func vaultsToFixture(stored []connect.Vault) []fixtures.Vault {
	vaults := make([]fixtures.Vault, len(stored))
	for i, v := range stored {
		vaults[i] = fixtures.Vault{ID: v.ID, Name: v.Name}
	}
	return vaults
}

func vaultNames(vaults []fixtures.Vault) []string {
	names := make([]string, len(vaults))
	for i, v := range vaults {
		names[i] = v.Name
	}
	return names
}
