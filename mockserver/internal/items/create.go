package items

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Create makes version 1 of an item in a vault. Vault.Name is what the item
// will show; it may be empty. An id in the input is not used: the server gives
// it [G].
func Create(in connect.ItemInput, vault connect.VaultRef, r Options) (connect.Item, error) {
	if err := checkCategory(in.Category); err != nil {
		return connect.Item{}, err
	}
	if !slices.Contains(connect.CreatableCategories(), in.Category) {
		return connect.Item{}, connect.UncreatableCategory(in.Category)
	}
	in.ID = ""
	return firstVersion(in, vault, r)
}

// Import makes version 1 of an item for a world that is being set up. Unlike
// Create it takes any category and an id, and keeps types that clients cannot
// write.
func Import(in connect.ItemInput, vault connect.VaultRef, r Options) (connect.Item, error) {
	if err := checkCategory(in.Category); err != nil {
		return connect.Item{}, err
	}
	r.KeepSSHKeyType = true
	return firstVersion(in, vault, r)
}

func firstVersion(in connect.ItemInput, vault connect.VaultRef, r Options) (connect.Item, error) {
	if !isVault(in.Vault, vault) {
		return connect.Item{}, connect.ItemMismatch("vault.id")
	}
	base := connect.Item{ID: in.ID, Vault: vault, Version: 1, LastEditedBy: r.Editor}
	base.CreatedAt = connect.At(r.Now)
	base.UpdatedAt = base.CreatedAt
	if base.ID == "" {
		base.ID = r.NewID()
	}
	return assemble(base, in, connect.Item{}, r)
}

// isVault says whether the vault in a body is that of the path, which is the one
// that counts. Clients name it by its id [W] or its name [R external-secrets 3129
// and 3130 for a create, G for the rest and that case makes no difference, as
// where vaults are looked up by name], or not at all [W]; the id of another one
// is refused [G].
func isVault(sent *connect.VaultRef, vault connect.VaultRef) bool {
	return sent == nil || sent.ID == "" || sent.ID == vault.ID || strings.EqualFold(sent.ID, vault.Name)
}
