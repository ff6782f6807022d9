package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Replace makes the next version of an item, with everything as the input says
// and nothing left of what it does not mention, files apart [T]: standard
// fields that were not sent come back empty [T].
func Replace(old connect.Item, in connect.ItemInput, r Options) (connect.Item, error) {
	if in.Vault == nil || in.Vault.ID == "" {
		return connect.Item{}, connect.InvalidBody("vault.id", "is required") // [R that it fails, G how]
	}
	if err := checkAgainst(old, in); err != nil {
		return connect.Item{}, err
	}
	return nextVersion(old, in, r)
}

// checkAgainst refuses an input that is not about this item. Members the
// client left empty are not held against it.
func checkAgainst(old connect.Item, in connect.ItemInput) error {
	if !isVault(in.Vault, old.Vault) {
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

// nextVersion assembles the version after old.
func nextVersion(old connect.Item, in connect.ItemInput, r Options) (connect.Item, error) {
	base := old
	base.Version++
	base.UpdatedAt = connect.At(r.Now)
	base.LastEditedBy = r.Editor
	return assemble(base, in, old, r)
}

// input is what a client would send to replace an item by itself. It shares
// nothing with the item.
func input(it connect.Item) connect.ItemInput {
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
