package items

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Create returns version 1 of an item in a vault. The item has vault.Name, which
// may be empty. An id in the input is ignored: the server chooses it [G].
func Create(in connect.ItemInput, vault connect.VaultRef, o Options) (connect.Item, error) {
	if err := checkCategory(in.Category); err != nil {
		return connect.Item{}, err
	}
	if !slices.Contains(connect.CreatableCategories(), in.Category) {
		return connect.Item{}, connect.UncreatableCategory(in.Category)
	}
	in.ID = ""
	return firstVersion(in, vault, o)
}

// Import returns version 1 of an item of a fixture. Unlike Create it accepts any
// category and an id, and keeps types that clients cannot write.
func Import(in connect.ItemInput, vault connect.VaultRef, o Options) (connect.Item, error) {
	if err := checkCategory(in.Category); err != nil {
		return connect.Item{}, err
	}
	o.KeepSSHKeyType = true
	return firstVersion(in, vault, o)
}

func firstVersion(in connect.ItemInput, vault connect.VaultRef, o Options) (connect.Item, error) {
	if !isSameVault(in.Vault, vault) {
		return connect.Item{}, connect.ItemMismatch("vault.id")
	}
	base := connect.Item{ID: in.ID, Vault: vault, Version: 1, LastEditedBy: o.Editor}
	base.CreatedAt = connect.At(o.Now)
	base.UpdatedAt = base.CreatedAt
	if base.ID == "" {
		base.ID = o.NewID()
	}
	return assemble(base, in, connect.Item{}, o)
}

// isSameVault reports whether the vault in a body is that of the path, which is
// the one that is used. Clients send its id [W], its name [R external-secrets
// 3129 and 3130 for a create; G for the rest, and that case does not matter, as
// where vaults are looked up by name], or nothing [W]. The id of another vault is
// refused [G].
func isSameVault(sent *connect.VaultRef, vault connect.VaultRef) bool {
	return sent == nil || sent.ID == "" || sent.ID == vault.ID || strings.EqualFold(sent.ID, vault.Name)
}
