package api

import (
	"encoding/json"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// heldItem is an item ready to be answered, as the cache keeps it.
type heldItem struct {
	version int
	files   []connect.File
	body    []byte    // encoded
	from    time.Time // one with one-time codes: when the codes in body become good; zero: body always is
	until   time.Time // when they are no longer
}

func (h heldItem) Size() int64 { return int64(len(h.body)+256*len(h.files)) + 512 }

// good says that the item looks like this at that moment.
func (h heldItem) IsValidAt(now time.Time) bool {
	return h.from.IsZero() || !now.Before(h.from) && now.Before(h.until)
}

// hold encodes an item as it is at that moment.
func (s *Handler) hold(it connect.Item, now time.Time) (heldItem, error) {
	held := heldItem{version: it.Version, files: it.Files}
	held.from, held.until = items.CodePeriod(it, now)
	var err error
	held.body, err = s.encodeItem(items.WithCodes(it, now))
	return held, err
}

// heldItem is the item of the path as the exchange sees it.
func (s *Handler) heldItem(x *exchange) (heldItem, error) {
	held, err := s.storedHeld(x)
	return s.itemBefore(x, held, err)
}

// storedHeld finds the item of the path, in the cache or in the store.
func (s *Handler) storedHeld(x *exchange) (heldItem, error) {
	k := cache.Key{Account: x.account(), Vault: x.vault(), Item: x.item()}
	held, generation, ok := s.items.Get(k, x.now)
	if ok {
		return held, nil
	}
	var it connect.Item
	err := s.whenMemory(x, func() error {
		return s.backend.Store.View(x.context(), func(tx *store.Tx) (err error) {
			it, err = s.readableItem(tx, x)
			return err
		})
	})
	if err != nil {
		return held, err
	}
	if held, err = s.hold(it, x.now); err != nil {
		return held, err
	}
	s.items.Put(k, held, generation)
	return held, nil
}

// encodeItem writes an item as clients get it, the switches applied.
func (s *Handler) encodeItem(it connect.Item) ([]byte, error) {
	body, err := s.marshalItem(it)
	return s.withKeyCase(body), err
}

// marshalItem is encodeItem before keys get their case.
func (s *Handler) marshalItem(it connect.Item) ([]byte, error) {
	it = s.olderItem(it)
	it.Files = s.shownFiles(it.Files)
	switch {
	case s.quirks.NoPasswordDetails:
		it.Fields = items.WithoutPasswordDetails(it.Fields)
	case s.quirks.AllPasswordDetails:
		it.Fields = items.WithPasswordDetails(it.Fields)
	}
	body, err := json.Marshal(it)
	if err != nil || !s.quirks.EmptyArrays {
		return body, err
	}
	return edit(body, func(m map[string]any) { fill(m, "files", "sections", "tags", "urls") })
}

// encodeWritten is encodeItem for the answer of a write.
func (s *Handler) encodeWritten(it connect.Item, now time.Time) ([]byte, error) {
	body, err := s.marshalItem(it)
	if err != nil || !s.quirks.Nanoseconds {
		return s.withKeyCase(body), err
	}
	body, err = edit(body, func(m map[string]any) {
		written := m["updatedAt"]
		for _, name := range []string{"createdAt", "updatedAt"} {
			if m[name] == written {
				m[name] = now.UTC().Format(time.RFC3339Nano)
			}
		}
	})
	return s.withKeyCase(body), err
}

// encodeSummary is encodeItem for a stored summary.
func (s *Handler) encodeSummary(stored []byte) ([]byte, error) {
	stored = s.olderSummary(stored)
	var err error
	if s.quirks.EmptyArrays {
		stored, err = edit(stored, func(m map[string]any) { fill(m, "tags", "urls") })
	}
	return s.withKeyCase(stored), err
}

// shownFiles are files with the content path clients get.
func (s *Handler) shownFiles(files []connect.File) []connect.File {
	if s.quirks.WrongFileIDs {
		files = fieldIDs(files)
	}
	if !s.quirks.ContentPathBare {
		return files
	}
	bare := make([]connect.File, len(files))
	for i, f := range files {
		bare[i] = f
		bare[i].ContentPath = f.ContentPath[1:]
	}
	return bare
}

// edit changes an encoded object; its keys come out in alphabetical order.
func edit(body []byte, change func(map[string]any)) ([]byte, error) {
	var m map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, err
	}
	change(m)
	return json.Marshal(m)
}

func fill(m map[string]any, names ...string) {
	for _, name := range names {
		if m[name] == nil {
			m[name] = []any{}
		}
	}
}
