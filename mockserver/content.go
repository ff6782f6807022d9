package mockserver

import (
	"context"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Vaults returns the vaults of an account, which is given by its id or name; "" is
// the first. Like the other methods here it returns what is stored, whatever lag
// and faults hide from clients, and leaves no record in the activity log. The
// errors are *controlapi.Error: 404 for an unknown account.
func (s *Server) Vaults(ctx context.Context, account string) ([]controlapi.Vault, error) {
	return s.backend.VaultList(ctx, account)
}

// Items returns a page of the items of a vault, in the order in which they were
// created. The error is a 404 for an unknown account or vault.
func (s *Server) Items(ctx context.Context, q controlapi.ItemQuery) (controlapi.ItemList, error) {
	return s.backend.ItemList(ctx, q)
}

// Item returns an item as people read it. The vault is given by its id or name,
// the item by its id or title. Secrets are absent without reveal. The error is a
// 404 for an unknown account, vault or item, and a 409 if several items have the
// title.
func (s *Server) Item(ctx context.Context, account, vault, item string, reveal bool) (controlapi.Item, error) {
	return s.backend.ItemView(ctx, account, vault, item, reveal)
}

// ItemDocument returns an item as clients of Connect get it. Secrets are replaced
// without reveal. Its errors are those of Item.
func (s *Server) ItemDocument(
	ctx context.Context, account, vault, item string, reveal bool,
) (controlapi.ItemDocument, error) {
	return s.backend.ItemDocument(ctx, account, vault, item, reveal)
}
