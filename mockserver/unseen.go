package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// hidden are the writes to a vault that an exchange does not see. It is to be
// asked after the store was read.
func (s *Server) hidden(x *exchange, vault string) []*unseen {
	return s.lag.hidden(x.account(), vault, x.now, x.heldBack())
}

// itemBefore is an item as the exchange sees it, found or not found in the
// store.
func (s *Server) itemBefore(x *exchange, found heldItem, failed error) (heldItem, error) {
	if s.lag.idle() {
		return found, failed
	}
	hidden := s.hidden(x, x.vault())
	i := slices.IndexFunc(hidden, func(u *unseen) bool { return u.item == x.item() })
	if i < 0 {
		return found, failed
	}
	if hidden[i].before == nil {
		return heldItem{}, connect.ItemNotFound(x.item())
	}
	var it connect.Item
	if err := json.Unmarshal(hidden[i].before, &it); err != nil {
		return heldItem{}, errors.New("an item of before is damaged") // err may quote it
	}
	return s.hold(it, x.now)
}

// listed is a summary in a list that writes are undone in.
type listed struct {
	id, title string
	tags      []string
	stored    []byte
}

// listBefore is the list of a vault's items as the exchange sees it.
func (s *Server) listBefore(x *exchange) ([]byte, error) {
	wanted, err := s.wantedItems(x)
	if err != nil {
		return nil, err
	}
	var list []listed
	err = s.store.View(x.context(), func(tx *store.Tx) error {
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
	hidden := s.hidden(x, x.vault())
	for _, u := range slices.Backward(hidden) {
		if list, err = u.undo(list); err != nil {
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

// undo makes a list what it was before the write.
func (u *unseen) undo(list []listed) ([]listed, error) {
	at := slices.IndexFunc(list, func(l listed) bool { return l.id == u.item })
	if u.before == nil {
		if at >= 0 {
			list = slices.Delete(list, at, at+1)
		}
		return list, nil
	}
	var it connect.Item
	if err := json.Unmarshal(u.before, &it); err != nil {
		return nil, errors.New("an item of before is damaged") // err may quote it
	}
	stored, err := json.Marshal(it.Summary())
	was := listed{it.ID, it.Title, it.Tags, stored}
	switch {
	case err != nil:
		return nil, err
	case at >= 0:
		list[at] = was
	case u.deleted:
		behind := slices.IndexFunc(list, func(l listed) bool { return l.id == u.behind })
		list = slices.Insert(list, behind+1, was)
	}
	return list, nil
}

// vaultBefore is a vault as the exchange sees it: what counts the writes in it
// does not count those that are not seen.
func (s *Server) vaultBefore(x *exchange, v connect.Vault) connect.Vault {
	written := v.ContentVersion
	for _, u := range slices.Backward(s.hidden(x, v.ID)) {
		if u.version > written {
			continue // noted and not committed when the vault was read
		}
		v.ContentVersion--
		v.Items -= u.delta
		v.UpdatedAt = u.updated
	}
	return v
}

// openFile opens the content of a file as the exchange sees it. A file that is
// gone since its item was read is not found.
func (s *Server) openFile(x *exchange, file string) (io.ReadCloser, int64, error) {
	content, size, err := s.store.OpenFile(x.context(), x.account(), x.item(), file)
	if errors.Is(err, store.ErrNotFound) {
		if kept, ok := s.lag.content(x.account(), x.item(), file); ok {
			return io.NopCloser(bytes.NewReader(kept)), int64(len(kept)), nil
		}
		return nil, 0, connect.FileNotFound(file)
	}
	if err == nil && !(s.faults.Empty() && s.lag.idle()) {
		return &lateFile{ReadCloser: content, kept: func() ([]byte, bool) {
			return s.lag.content(x.account(), x.item(), file)
		}}, size, nil
	}
	return content, size, err
}

// lateFile is a file that may be deleted while it is read, and be seen all the
// same.
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

// noteWrite remembers how things were before a write that not everybody sees at
// once. It is called in the write's transaction, before the vault is touched.
// old is nil where the item is created; deleted says that it goes.
func (s *Server) noteWrite(tx *store.Tx, x *exchange, old *connect.Item, deleted bool) error {
	late := x.strike != nil && x.strike.Lag > 0
	if !late && !s.lag.holding(x.account()) {
		return nil
	}
	v, err := tx.Vault(x.account(), x.vault())
	if err != nil {
		return err
	}
	u := &unseen{vault: x.vault(), item: x.item(), version: v.ContentVersion + 1, updated: v.UpdatedAt, files: x.contents}
	if late {
		u.until, u.faults = x.now.Add(x.strike.Lag), x.faults
	}
	switch {
	case old == nil:
		u.delta = 1
	case deleted:
		u.delta, u.deleted = -1, true
		if u.behind, err = standsBehind(tx, x); err != nil {
			return err
		}
	}
	if old != nil {
		if u.before, err = json.Marshal(old); err != nil {
			return err
		}
	}
	if u.size() > s.lag.limit/2 { // it would push out everything else
		s.lag.show(x.account(), u.item)
		return nil
	}
	s.lag.note(x.account(), u)
	x.unseen = u
	return nil
}

// standsBehind is the item before that of the path in the vault's list, "" if it
// is the first.
func standsBehind(tx *store.Tx, x *exchange) (behind string, err error) {
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

// contentsOf are the files of the item that the exchange is going to delete,
// where somebody must still be able to read them. Files that take too much are
// gone at once.
func (s *Server) contentsOf(x *exchange) (map[string][]byte, error) {
	if (x.strike == nil || x.strike.Lag == 0) && !s.lag.holding(x.account()) {
		return nil, nil
	}
	held, err := s.storedHeld(x)
	var all int64
	for _, f := range held.files {
		all += f.Size
	}
	if err != nil || len(held.files) == 0 || all > s.lag.limit/4 {
		return nil, nil // what is wrong with the item the deletion will tell
	}
	contents := make(map[string][]byte, len(held.files))
	for _, f := range held.files {
		content, size, err := s.store.OpenFile(x.context(), x.account(), x.item(), f.ID)
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
