package backend

import (
	"context"
	"io"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// CopyItem creates a copy of an item with its files in the same vault, and returns its id. Former passwords are not
// copied. A category that clients can't create is refused.
func (b *Backend) CopyItem(ctx context.Context, account, vault, item string) (string, error) {
	id, it, err := b.findStoredItem(ctx, account, vault, item)
	if err != nil {
		return "", err
	}
	in := connect.ItemInput{
		Category: it.Category, Favorite: it.Favorite, Title: it.Title + " (copy)",
		Sections: it.Sections, Tags: it.Tags, URLs: it.URLs,
	}
	for _, f := range it.Fields {
		in.Fields = append(in.Fields, connect.FieldInput{
			ID: f.ID, Label: f.Label, Purpose: f.Purpose, Section: f.Section, Type: f.Type, Value: f.Value,
		})
	}
	created, err := b.CreateItem(ctx, id, it.Vault.ID, in)
	for _, f := range it.Files {
		if err == nil {
			err = b.copyFile(ctx, id, it, f, created)
		}
	}
	return created, err
}

// copyFile adds a file of an item to another.
func (b *Backend) copyFile(ctx context.Context, account string, it connect.Item, f connect.File, to string) error {
	content, _, err := b.store.OpenFile(ctx, account, it.ID, f.ID)
	if err != nil {
		return err
	}
	defer content.Close()
	if f.Size > MaxFileBytes {
		return Errorf(413, "file %q was not copied, nor any after it: a file can have %d MiB", f.Name, MaxFileBytes>>20)
	}
	data, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	section := ""
	if f.Section != nil {
		section = f.Section.ID
	}
	_, err = b.AddFile(ctx, account, it.Vault.ID, to, controlapi.ItemFile{Name: f.Name, Section: section}, data)
	return err
}
