package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// pendingWrites returns the writes to a vault that x must not see yet. Call it after reading the store.
func (s *Handler) pendingWrites(x *exchange, vault string) []*visibility.Write {
	return s.backend.Pending.HiddenFrom(x.account(), vault, x.now, x.heldBack())
}

// itemBefore returns the item of the path as x sees it. found and failed are what the store said.
func (s *Handler) itemBefore(x *exchange, found heldItem, failed error) (heldItem, error) {
	if s.backend.Pending.IsEmpty() {
		return found, failed
	}
	hidden := s.pendingWrites(x, x.vault())
	i := slices.IndexFunc(hidden, func(u *visibility.Write) bool { return u.Item == x.item() })
	if i < 0 {
		return found, failed
	}
	if hidden[i].Before == nil {
		return heldItem{}, connect.ItemNotFound(x.item())
	}
	var it connect.Item
	if err := json.Unmarshal(hidden[i].Before, &it); err != nil {
		return heldItem{}, errors.New("an item of before is damaged") // err may quote it
	}
	return s.hold(it, x.now)
}

// listed is a summary in a list in which writes are undone.
type listed struct {
	id, title string
	tags      []string
	stored    []byte
}

// listBefore returns the list of a vault's items as x sees it.
func (s *Handler) listBefore(x *exchange) ([]byte, error) {
	wanted, err := s.wantedItems(x)
	if err != nil {
		return nil, err
	}
	var list []listed
	err = s.backend.Store.View(x.context(), func(tx *store.Tx) error {
		return tx.Summaries(x.account(), x.vault(), nil, func(stored []byte) error {
			var summary connect.Summary
			err := json.Unmarshal(stored, &summary)
			list = append(list, listed{summary.ID, summary.Title, summary.Tags, bytes.Clone(stored)})
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	hidden := s.pendingWrites(x, x.vault())
	for _, u := range slices.Backward(hidden) {
		if list, err = undoWrite(u, list); err != nil {
			return nil, err
		}
	}
	body := []byte{'['}
	for _, l := range list {
		if wanted != nil && !wanted.Match(l.title, l.tags) {
			continue
		}
		if len(body) > 1 {
			body = append(body, ',')
		}
		summary, err := s.encodeSummary(l.stored)
		if err != nil {
			return nil, err
		}
		body = append(body, summary...)
	}
	return append(body, ']'), nil
}

// undoWrite returns the list as it was before the write.
func undoWrite(u *visibility.Write, list []listed) ([]listed, error) {
	at := slices.IndexFunc(list, func(l listed) bool { return l.id == u.Item })
	if u.Before == nil {
		if at >= 0 {
			list = slices.Delete(list, at, at+1)
		}
		return list, nil
	}
	var it connect.Item
	if err := json.Unmarshal(u.Before, &it); err != nil {
		return nil, errors.New("an item of before is damaged") // err may quote it
	}
	stored, err := json.Marshal(it.Summary())
	was := listed{it.ID, it.Title, it.Tags, stored}
	switch {
	case err != nil:
		return nil, err
	case at >= 0:
		list[at] = was
	case u.Deleted:
		behind := slices.IndexFunc(list, func(l listed) bool { return l.id == u.After })
		list = slices.Insert(list, behind+1, was)
	}
	return list, nil
}

// vaultBefore returns a vault as x sees it: its version and number of items do not count writes that x must not see.
func (s *Handler) vaultBefore(x *exchange, v connect.Vault) connect.Vault {
	written := v.ContentVersion
	for _, u := range slices.Backward(s.pendingWrites(x, v.ID)) {
		if u.Version > written {
			continue // added and not committed when the vault was read
		}
		v.ContentVersion--
		v.Items -= u.Items
		v.UpdatedAt = u.UpdatedAt
	}
	return v
}

// openFile opens the content of a file as x sees it. A file that was deleted since its item was read is not found.
func (s *Handler) openFile(x *exchange, file string) (io.ReadCloser, int64, error) {
	content, size, err := s.backend.Store.OpenFile(x.context(), x.account(), x.item(), file)
	if errors.Is(err, store.ErrNotFound) {
		if kept, ok := s.backend.Pending.FileContent(x.account(), x.item(), file); ok {
			return io.NopCloser(bytes.NewReader(kept)), int64(len(kept)), nil
		}
		return nil, 0, connect.FileNotFound(file)
	}
	if err == nil && !(s.backend.Faults.IsEmpty() && s.backend.Pending.IsEmpty()) {
		return &lateFile{ReadCloser: content, kept: func() ([]byte, bool) {
			return s.backend.Pending.FileContent(x.account(), x.item(), file)
		}}, size, nil
	}
	return content, size, err
}

// lateFile is a file that stays readable when it is deleted while it is read.
type lateFile struct {
	io.ReadCloser
	kept func() ([]byte, bool)
	read int
}

func (f *lateFile) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	f.read += n
	if !errors.Is(err, store.ErrNotFound) {
		return n, err
	}
	content, ok := f.kept()
	if !ok || f.read > len(content) {
		return n, err
	}
	if err := f.Close(); err != nil {
		return n, err
	}
	f.ReadCloser = io.NopCloser(bytes.NewReader(content[f.read:]))
	return n, nil
}

// addPendingWrite keeps what was there before a write that is not visible to everybody at once. Call it in the write's
// transaction, before the vault is touched. old is nil where the write creates the item; deleted says that it deletes
// it.
func (s *Handler) addPendingWrite(tx *store.Tx, x *exchange, old *connect.Item, deleted bool) error {
	late := x.strike != nil && x.strike.Lag > 0
	if !late && !s.backend.Pending.MustAdd(x.account()) {
		return nil
	}
	v, err := tx.Vault(x.account(), x.vault())
	if err != nil {
		return err
	}
	u := &visibility.Write{
		Vault: x.vault(), Item: x.item(), Version: v.ContentVersion + 1, UpdatedAt: v.UpdatedAt, Files: x.contents,
	}
	if late {
		u.Until, u.Faults = x.now.Add(x.strike.Lag), x.faults
	}
	switch {
	case old == nil:
		u.Items = 1
	case deleted:
		u.Items, u.Deleted = -1, true
		if u.After, err = itemBeforeInList(tx, x); err != nil {
			return err
		}
	}
	if old != nil {
		if u.Before, err = json.Marshal(old); err != nil {
			return err
		}
	}
	if s.backend.Pending.Add(x.account(), u) {
		x.pending = u
	}
	return nil
}

// itemBeforeInList returns the id of the item before that of the path in the vault's list, "" if it is the first.
func itemBeforeInList(tx *store.Tx, x *exchange) (behind string, err error) {
	found := false
	err = tx.Summaries(x.account(), x.vault(), nil, func(stored []byte) error {
		var one connect.Ref
		if found {
			return nil
		}
		if err := json.Unmarshal(stored, &one); err != nil {
			return err
		}
		if found = one.ID == x.item(); !found {
			behind = one.ID
		}
		return nil
	})
	return behind, err
}

// filesToKeep returns the files of the item that x is about to delete, where somebody must still be able to read them.
// Files that take too much memory are not kept.
func (s *Handler) filesToKeep(x *exchange) (map[string][]byte, error) {
	if (x.strike == nil || x.strike.Lag == 0) && !s.backend.Pending.MustAdd(x.account()) {
		return nil, nil
	}
	held, err := s.storedHeld(x)
	var all int64
	for _, f := range held.files {
		all += f.Size
	}
	if err != nil || len(held.files) == 0 || !s.backend.Pending.CanKeepFiles(all) {
		return nil, nil // the deletion reports what is wrong with the item
	}
	contents := make(map[string][]byte, len(held.files))
	for _, f := range held.files {
		content, size, err := s.backend.Store.OpenFile(x.context(), x.account(), x.item(), f.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		contents[f.ID] = make([]byte, size)
		_, err = io.ReadFull(content, contents[f.ID])
		content.Close()
		if err != nil {
			return nil, err
		}
	}
	return contents, nil
}
