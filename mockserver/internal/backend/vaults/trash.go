package vaults

import (
	"errors"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// trashOf returns the vault under which the store keeps what was moved to the trash of a vault. No list, count or
// export reads it.
func trashOf(vault string) string { return "trash of " + vault }

// removeItem removes an item from its vault: for good or, with the switch delete=trash, to the trash, where it keeps
// its files.
func (vs *Vaults) removeItem(tx *store.Tx, account, vault string, it connect.Item) error {
	if !vs.quirks.DeleteToTrash {
		return tx.DeleteItem(account, it.ID)
	}
	it.Vault.ID, it.Trashed = trashOf(vault), true
	return tx.PutItem(account, it)
}

// readableItem returns an item for a GET, which finds trashed items too [G].
func (vs *Vaults) readableItem(tx *store.Tx, reserve reserveFunc, account, vault, item string) (connect.Item, error) {
	it, err := storedItem(tx, reserve, account, vault, item)
	if err == nil || !vs.quirks.DeleteToTrash {
		return it, err
	}
	trashed, trashErr := tx.Item(account, trashOf(vault), item)
	if errors.Is(trashErr, store.ErrNotFound) {
		return it, err
	}
	trashed.Vault.ID = vault
	return trashed, trashErr
}
