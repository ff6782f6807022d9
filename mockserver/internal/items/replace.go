package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Replace returns the next version of an item. It has what the input has and
// nothing else of the old version except its files [T]. A standard field that was
// not sent is added, empty [T].
func Replace(old connect.Item, in connect.ItemInput, o Options) (connect.Item, error) {
	if in.Vault == nil || in.Vault.ID == "" {
		return connect.Item{}, connect.InvalidBody("vault.id", "is required") // [R that it fails, G how]
	}
	if err := checkSameItem(old, in); err != nil {
		return connect.Item{}, err
	}
	return nextVersion(old, in, o)
}

// checkSameItem returns an error for an input that names another item, vault or
// category. An empty id or vault is accepted.
func checkSameItem(old connect.Item, in connect.ItemInput) error {
	if !isSameVault(in.Vault, old.Vault) {
		return connect.ItemMismatch("vault.id")
	}
	if in.ID != "" && in.ID != old.ID {
		return connect.ItemMismatch("id")
	}
	if err := checkCategory(in.Category); err != nil {
		return err
	}
	if in.Category != old.Category {
		return connect.CategoryChanged()
	}
	return nil
}

// nextVersion returns the version of an item after old.
func nextVersion(old connect.Item, in connect.ItemInput, o Options) (connect.Item, error) {
	base := old
	base.Version++
	base.UpdatedAt = connect.At(o.Now)
	base.LastEditedBy = o.Editor
	return assemble(base, in, old, o)
}

// inputOf returns what a client would send to replace an item by itself. It shares
// no memory with the item.
func inputOf(it connect.Item) connect.ItemInput {
	in := connect.ItemInput{
		Category: it.Category, Favorite: it.Favorite, ID: it.ID, Title: it.Title,
		Sections: slices.Clone(it.Sections), Tags: slices.Clone(it.Tags), URLs: slices.Clone(it.URLs),
		Vault: &connect.VaultRef{ID: it.Vault.ID},
	}
	for _, f := range it.Fields {
		sent := connect.FieldInput{ID: f.ID, Label: f.Label, Purpose: f.Purpose, Type: f.Type, Value: f.Value}
		if f.Section != nil {
			section := *f.Section
			sent.Section = &section
		}
		in.Fields = append(in.Fields, sent)
	}
	return in
}
