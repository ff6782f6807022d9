package api

import (
	"errors"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// trashOf returns the vault under which the store keeps what was moved to the
// trash of a vault. No list, count or export looks there.
func trashOf(vault string) string { return "trash of " + vault }

// removeItem takes an item out of its vault: for good or, with the switch
// delete=trash, to the trash, where it keeps its files.
func (s *Handler) removeItem(tx *store.Tx, x *exchange, it connect.Item) error {
	if !s.quirks.DeleteToTrash {
		return tx.DeleteItem(x.account(), it.ID)
	}
	it.Vault.ID, it.Trashed = trashOf(x.vault()), true
	return tx.PutItem(x.account(), it)
}

// readableItem returns the item of the path for a GET, which finds trashed items
// too [G].
func (s *Handler) readableItem(tx *store.Tx, x *exchange) (connect.Item, error) {
	it, err := s.storedItem(tx, x)
	if err == nil || !s.quirks.DeleteToTrash {
		return it, err
	}
	trashed, failed := tx.Item(x.account(), trashOf(x.vault()), x.item())
	if errors.Is(failed, store.ErrNotFound) {
		return it, err
	}
	trashed.Vault.ID = x.vault()
	return trashed, failed
}
