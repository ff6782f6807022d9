package vaults

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// hiddenWrites returns the writes to a vault that the caller must not see yet. Call it after reading the store.
func (vs *Vaults) hiddenWrites(view View, vault string) []*visibility.Write {
	return vs.Pending.HiddenFrom(view.Account, vault, view.Now, view.SyncFault)
}

// itemBefore returns an item as the caller sees it. found and err are what the store returned.
func (vs *Vaults) itemBefore(view View, vault, item string, found cachedItem, err error) (cachedItem, error) {
	if vs.Pending.IsEmpty() {
		return found, err
	}
	hidden := vs.hiddenWrites(view, vault)
	i := slices.IndexFunc(hidden, func(w *visibility.Write) bool { return w.Item == item })
	if i < 0 {
		return found, err
	}
	if hidden[i].Before == nil {
		return cachedItem{}, connect.ItemNotFound(item)
	}
	it, err := decodeBefore(hidden[i])
	if err != nil {
		return cachedItem{}, err
	}
	return vs.encodeItem(it, view.Now)
}

// decodeBefore returns the item as it was before a write. The error quotes nothing of the item.
func decodeBefore(w *visibility.Write) (it connect.Item, err error) {
	if json.Unmarshal(w.Before, &it) != nil {
		return it, errors.New("an item that was kept from before a write can't be decoded")
	}
	return it, nil
}

// summary is an item of a list in which writes are undone.
type summary struct {
	id, title string
	tags      []string
	stored    []byte
}

// itemsBefore returns the list of the items of a vault as the caller sees it.
func (vs *Vaults) itemsBefore(ctx context.Context, view View, vault, filter string) ([]byte, error) {
	selected, err := vs.parseItemFilter(filter)
	if err != nil {
		return nil, err
	}
	var list []summary
	err = vs.store.View(ctx, func(tx *store.Tx) error {
		return tx.Summaries(view.Account, vault, nil, func(stored []byte) error {
			var one connect.Summary
			err := json.Unmarshal(stored, &one)
			list = append(list, summary{one.ID, one.Title, one.Tags, bytes.Clone(stored)})
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	for _, w := range slices.Backward(vs.hiddenWrites(view, vault)) {
		if list, err = undoWrite(w, list); err != nil {
			return nil, err
		}
	}
	body := []byte{'['}
	for _, one := range list {
		if selected != nil && !selected.Match(one.title, one.tags) {
			continue
		}
		if len(body) > 1 {
			body = append(body, ',')
		}
		encoded, err := vs.encoder.Summary(one.stored)
		if err != nil {
			return nil, err
		}
		body = append(body, encoded...)
	}
	return append(body, ']'), nil
}

// undoWrite returns the list as it was before the write.
func undoWrite(w *visibility.Write, list []summary) ([]summary, error) {
	at := slices.IndexFunc(list, func(one summary) bool { return one.id == w.Item })
	if w.Before == nil {
		if at >= 0 {
			list = slices.Delete(list, at, at+1)
		}
		return list, nil
	}
	it, err := decodeBefore(w)
	if err != nil {
		return nil, err
	}
	stored, err := json.Marshal(it.Summary())
	before := summary{it.ID, it.Title, it.Tags, stored}
	switch {
	case err != nil:
		return nil, err
	case at >= 0:
		list[at] = before
	case w.Deleted:
		predecessor := slices.IndexFunc(list, func(one summary) bool { return one.id == w.After })
		list = slices.Insert(list, predecessor+1, before)
	}
	return list, nil
}

// vaultBefore returns a vault as the caller sees it: its version and number of items do not count hidden writes.
func (vs *Vaults) vaultBefore(view View, v connect.Vault) connect.Vault {
	read := v.ContentVersion
	for _, w := range slices.Backward(vs.hiddenWrites(view, v.ID)) {
		if w.Version > read {
			continue // it was added, and was not committed when the vault was read
		}
		v.ContentVersion--
		v.Items -= w.Items
		v.UpdatedAt = w.UpdatedAt
	}
	return v
}

// addPending keeps what was there before a write that is not visible to everybody at once. Call it before the vault is
// touched. old is nil where the write creates the item; deleted says that it deletes it.
func (c *change) addPending(old *connect.Item, deleted bool) error {
	pending := c.vaults.Pending
	if c.by.Lag == 0 && !pending.MustAdd(c.by.Account) {
		return nil
	}
	v, err := c.tx.Vault(c.by.Account, c.vault)
	if err != nil {
		return err
	}
	w := &visibility.Write{
		Vault: c.vault, Item: c.item, Version: v.ContentVersion + 1, UpdatedAt: v.UpdatedAt, Files: c.files,
	}
	if c.by.Lag > 0 {
		w.Until, w.Faults = c.now.Add(c.by.Lag), c.by.Faults
	}
	switch {
	case old == nil:
		w.Items = 1
	case deleted:
		w.Items, w.Deleted = -1, true
		if w.After, err = c.predecessor(); err != nil {
			return err
		}
	}
	if old != nil {
		if w.Before, err = json.Marshal(old); err != nil {
			return err
		}
	}
	if pending.Add(c.by.Account, w) {
		c.pending = w
	}
	return nil
}

// predecessor returns the id of the item before the changed one in the vault's list, "" if it is the first.
func (c *change) predecessor() (id string, err error) {
	found := false
	err = c.tx.Summaries(c.by.Account, c.vault, nil, func(stored []byte) error {
		if found {
			return nil
		}
		var one connect.Ref
		if err := json.Unmarshal(stored, &one); err != nil {
			return err
		}
		if found = one.ID == c.item; !found {
			id = one.ID
		}
		return nil
	})
	return id, err
}
