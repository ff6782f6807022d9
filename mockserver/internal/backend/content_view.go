package backend

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// People and programs that control the mock read vaults and items here. They see what is stored, without lag and
// faults, and leave no record in the activity log.

// Numbers of items on a page of a list.
const (
	defaultPage = 100
	maxPage     = 1000
)

// VaultList returns the vaults of an account.
func (b *Backend) VaultList(ctx context.Context, account string) (list []controlapi.Vault, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		all, err := tx.Vaults(a.ID)
		for _, v := range all {
			list = append(list, controlapi.Vault{
				ID: v.ID, Name: v.Name, Description: v.Description, Type: v.Type, Items: v.Items,
				CreatedAt: v.CreatedAt.Time, UpdatedAt: v.UpdatedAt.Time,
			})
		}
		return err
	})
	return list, err
}

// ItemList returns a page of the items of a vault. The error is a 404 for an unknown account or vault.
func (b *Backend) ItemList(ctx context.Context, q controlapi.ItemQuery) (list controlapi.ItemList, err error) {
	limit := q.Limit
	switch {
	case q.Offset < 0 || limit < 0 || limit > maxPage:
		return list, Errorf(400, "offset must be 0 or more, and limit from 0 to %d", maxPage)
	case limit == 0:
		limit = defaultPage
	}
	if err := checkCategory(q.Category); err != nil {
		return list, err
	}
	list.Items = []controlapi.ItemSummary{}
	selection := store.Selection{Filter: searchFilter(q.Search), Category: q.Category}
	err = b.store.View(ctx, func(tx *store.Tx) error {
		account, vault, err := findAccountVault(tx, q.Account, q.Vault)
		if err != nil {
			return err
		}
		list.Vault = controlapi.VaultRef{ID: vault.ID, Name: vault.Name}
		list.Matched = vault.Items
		if selection != (store.Selection{}) {
			matched, err := tx.CountItems(account, vault.ID, selection)
			if err != nil {
				return err
			}
			list.Matched = int(matched)
		}
		return tx.SummaryPage(account, vault.ID, selection, int64(q.Offset), int64(limit), func(summary []byte) error {
			var s connect.Summary
			err := json.Unmarshal(summary, &s)
			list.Items = append(list.Items, controlapi.ItemSummary{
				ID: s.ID, Title: s.Title, Category: s.Category, Tags: s.Tags, Favorite: s.Favorite, Version: s.Version,
				UpdatedAt: s.UpdatedAt.Time,
			})
			return err
		})
	})
	return list, err
}

// checkCategory returns an error for a text that is neither empty nor a category.
func checkCategory(category string) error {
	if category == "" || slices.Contains(connect.Categories(), category) {
		return nil
	}
	return Errorf(400, "no category %.*q%s", maxNameBytes, category, nearest.HintWithList(category, connect.Categories()))
}

// searchFilter returns a filter for a text within the title or a tag, nil for an empty text.
func searchFilter(text string) *filter.Filter {
	if text == "" {
		return nil
	}
	contains := func(a filter.Attribute) filter.Node { return filter.Compare{Attribute: a, Op: filter.Co, Value: text} }
	return &filter.Filter{Root: filter.Or{Left: contains(filter.Title), Right: contains(filter.Tag)}}
}

// ItemView returns an item as people read it, with its secrets only if they are to be revealed. The error is a 404 for
// an unknown account, vault or item, and a 409 for a title that several items have.
func (b *Backend) ItemView(ctx context.Context, account, vault, item string, reveal bool) (controlapi.Item, error) {
	id, it, err := b.findStoredItem(ctx, account, vault, item)
	if err != nil {
		return controlapi.Item{}, err
	}
	view := controlapi.Item{
		ID: it.ID, Title: it.Title, Vault: controlapi.VaultRef(it.Vault), Category: it.Category, Tags: it.Tags,
		Favorite: it.Favorite, Fields: make([]controlapi.ItemField, len(it.Fields)), Version: it.Version,
		CreatedAt: it.CreatedAt.Time, UpdatedAt: it.UpdatedAt.Time, LastEditedBy: it.LastEditedBy,
	}
	for _, u := range it.URLs {
		view.URLs = append(view.URLs, controlapi.ItemURL(u))
	}
	now := b.Clocks.Now(id)
	for i, f := range it.Fields {
		view.Fields[i] = controlapi.ItemField{
			ID: f.ID, Label: f.Label, Section: sectionName(it, f.Section), Type: f.Type, Purpose: f.Purpose, Value: f.Value,
		}
		v := &view.Fields[i]
		if d := f.PasswordDetails; d != nil {
			v.Strength, v.Former = d.Strength, len(d.History)
			if reveal {
				v.History = d.History
			}
		}
		if reveal {
			v.Code, v.CodeSeconds = items.Code(f, now)
		} else if v.Masked = items.IsSecret(f) && f.Value != ""; v.Masked {
			v.Value = ""
		}
	}
	for _, f := range it.Files {
		view.Files = append(view.Files, controlapi.ItemFile{
			ID: f.ID, Name: f.Name, Section: sectionName(it, f.Section), Size: f.Size,
		})
	}
	return view, nil
}

// ItemDocument returns an item as clients of Connect get it, with its secrets replaced unless they are to be revealed.
// The errors are those of ItemView.
func (b *Backend) ItemDocument(
	ctx context.Context, account, vault, item string, reveal bool,
) (document controlapi.ItemDocument, err error) {
	id, it, err := b.findStoredItem(ctx, account, vault, item)
	if err != nil {
		return document, err
	}
	if !reveal {
		it = items.Masked(it)
	}
	encoded, err := b.Vaults.EncodeItem(it, b.Clocks.Now(id))
	if err != nil {
		return document, err
	}
	err = json.Unmarshal(encoded, &document.Document)
	return document, err
}

// findStoredItem returns an item and the id of its account.
func (b *Backend) findStoredItem(
	ctx context.Context, account, vault, item string,
) (id string, it connect.Item, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		var v connect.Vault
		if id, v, err = findAccountVault(tx, account, vault); err != nil {
			return err
		}
		if item, err = findItem(tx, id, v, item); err != nil {
			return err
		}
		it, err = tx.Item(id, v.ID, item)
		it.Vault.Name = v.Name
		return err
	})
	return id, it, err
}

// findAccountVault returns the id of an account and a vault of it.
func findAccountVault(tx *store.Tx, account, vault string) (string, connect.Vault, error) {
	a, err := findAccount(tx, account)
	if err != nil {
		return "", connect.Vault{}, err
	}
	v, err := findVault(tx, a.ID, vault)
	return a.ID, v, err
}

// sectionName returns the label of a section of an item, or its id if it has none. It is "" for nil.
func sectionName(it connect.Item, s *connect.Section) string {
	if s == nil {
		return ""
	}
	for _, section := range it.Sections {
		if section.ID == s.ID && section.Label != "" {
			return section.Label
		}
	}
	if s.Label != "" {
		return s.Label
	}
	return s.ID
}
