package vaults

import (
	"bytes"
	"context"
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// AddFile adds a file to an item, in a section of the item or, for nil, in none. f needs a name and, besides that, the
// server's path of its content; its size is set.
func (vs *Vaults) AddFile(
	ctx context.Context, w Write, vault, item string, f connect.File, content []byte,
) (connect.File, error) {
	_, _, err := vs.change(ctx, w, vault, item, func(c *change) (connect.Item, error) {
		old, err := c.storedItem()
		if err != nil {
			return old, err
		}
		if f.Size, err = c.tx.PutFile(w.Account, item, f.ID, bytes.NewReader(content)); err != nil {
			return old, err
		}
		it := c.nextVersion(old)
		it.Files = append(slices.Clip(old.Files), f)
		return it, c.put(&old, it)
	})
	return f, err
}

// RemoveFile removes a file from an item.
func (vs *Vaults) RemoveFile(ctx context.Context, w Write, vault, item, file string) error {
	_, _, err := vs.change(ctx, w, vault, item, func(c *change) (connect.Item, error) {
		old, err := c.storedItem()
		if err != nil {
			return old, err
		}
		i := slices.IndexFunc(old.Files, func(f connect.File) bool { return f.ID == file })
		if i < 0 {
			return old, connect.FileNotFound(file)
		}
		it := c.nextVersion(old)
		it.Files = slices.Delete(slices.Clone(old.Files), i, i+1)
		if err := c.put(&old, it); err != nil {
			return it, err
		}
		return it, c.tx.DeleteFile(w.Account, item, file)
	})
	return err
}

// nextVersion returns an item whose members a client can't set are those of the version after old.
func (c *change) nextVersion(old connect.Item) connect.Item {
	old.Version++
	old.UpdatedAt, old.LastEditedBy = connect.At(c.now), c.by.Editor
	return old
}
