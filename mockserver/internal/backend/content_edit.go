package backend

import (
	"context"
	"errors"

	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/backend/vaults"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// People edit items here as in an app of 1Password: by the rules for clients, without permissions, faults and records in
// the activity log.

// place is where a person writes.
type place struct {
	write vaults.Write
	vault connect.VaultRef
	item  string // id; "": none was asked for
}

// findPlace finds an account, a vault and, if it is not empty, an item by their ids or names.
func (b *Backend) findPlace(ctx context.Context, account, vault, item string) (p place, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		v, err := findVault(tx, a.ID, vault)
		if err != nil {
			return err
		}
		p.vault = connect.VaultRef{ID: v.ID, Name: v.Name}
		p.write = vaults.Write{
			View:   vaults.View{Account: a.ID, Now: b.Clocks.Now(a.ID), Memory: memory.NewBudget(0).NewShare()},
			Editor: a.User, ByPerson: true,
		}
		if item != "" {
			p.item, err = findItem(tx, a.ID, v, item)
		}
		return err
	})
	return p, err
}

// CreateItem creates an item as a client's POST does, and returns its id. The error is a 404 for an unknown account or
// vault, and that of the API for an item that is not valid.
func (b *Backend) CreateItem(ctx context.Context, account, vault string, in connect.ItemInput) (string, error) {
	p, err := b.findPlace(ctx, account, vault, "")
	if err != nil {
		return "", err
	}
	written, err := b.Vaults.Create(ctx, p.write, p.vault, in)
	return written.Item, editError(err)
}

// ReplaceItem replaces an item as a client's PUT does. With a version it does so only if the item has this one; the
// error is a 409 if it has another. The other errors are those of CreateItem.
func (b *Backend) ReplaceItem(
	ctx context.Context, account, vault, item string, version int, in connect.ItemInput,
) error {
	p, err := b.findPlace(ctx, account, vault, item)
	if err != nil {
		return err
	}
	p.write.IfVersion, in.Vault = version, &p.vault
	_, err = b.Vaults.Replace(ctx, p.write, p.vault.ID, p.item, in)
	return editError(err)
}

// DeleteItem deletes an item and its files as a client's DELETE does.
func (b *Backend) DeleteItem(ctx context.Context, account, vault, item string) error {
	p, err := b.findPlace(ctx, account, vault, item)
	if err != nil {
		return err
	}
	_, err = b.Vaults.Delete(ctx, p.write, p.vault.ID, p.item)
	return editError(err)
}

// editError returns an error of the API as one of the control API: people read its message.
func editError(err error) error {
	var refused *connect.Error
	switch {
	case errors.Is(err, vaults.ErrVersion):
		return Errorf(409, "the item was changed meanwhile; read it again and repeat the change")
	case errors.As(err, &refused) && refused.Status < 500:
		return &controlapi.Error{Status: refused.Status, Message: refused.Message}
	}
	return err
}
