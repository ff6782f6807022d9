// Package encode writes vaults, items, files and activity as clients get them, with the switches applied. It does not
// know where they are stored, nor HTTP.
package encode

import (
	"encoding/json"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/mockserver/internal/quirks"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Encoder encodes documents. The zero value encodes as the newest version of Connect does.
type Encoder struct{ Quirks quirks.Set }

// Vault returns an encoded vault.
func (e *Encoder) Vault(v connect.Vault) ([]byte, error) {
	body, err := json.Marshal(v)
	return e.withKeyCase(body), err
}

// Item returns an encoded item. Its one-time codes must be in it already.
func (e *Encoder) Item(it connect.Item) ([]byte, error) {
	body, err := e.marshalItem(it)
	return e.withKeyCase(body), err
}

// WrittenItem returns the encoded response to a write of an item at that moment.
func (e *Encoder) WrittenItem(it connect.Item, now time.Time) ([]byte, error) {
	body, err := e.marshalItem(it)
	if err != nil || !e.Quirks.Nanoseconds {
		return e.withKeyCase(body), err
	}
	body, err = edit(body, func(m map[string]any) {
		written := m["updatedAt"]
		for _, name := range []string{"createdAt", "updatedAt"} {
			if m[name] == written {
				m[name] = now.UTC().Format(time.RFC3339Nano)
			}
		}
	})
	return e.withKeyCase(body), err
}

// Summary returns a stored summary as clients get it.
func (e *Encoder) Summary(stored []byte) ([]byte, error) {
	stored = e.olderSummary(stored)
	var err error
	if e.Quirks.EmptyArrays {
		stored, err = edit(stored, func(m map[string]any) { addEmptyArrays(m, "tags", "urls") })
	}
	return e.withKeyCase(stored), err
}

// Files returns an encoded list of files, an empty array for none.
func (e *Encoder) Files(files []connect.File) ([]byte, error) {
	list := e.files(files)
	if list == nil {
		list = []connect.File{}
	}
	body, err := json.Marshal(list)
	return e.withKeyCase(body), err
}

// File returns an encoded file.
func (e *Encoder) File(f connect.File) ([]byte, error) {
	body, err := json.Marshal(e.files([]connect.File{f})[0])
	return e.withKeyCase(body), err
}

// marshalItem encodes an item without changing the case of its keys.
func (e *Encoder) marshalItem(it connect.Item) ([]byte, error) {
	it = e.olderItem(it)
	it.Files = e.files(it.Files)
	switch {
	case e.Quirks.NoPasswordDetails:
		it.Fields = items.WithoutPasswordDetails(it.Fields)
	case e.Quirks.AllPasswordDetails:
		it.Fields = items.WithPasswordDetails(it.Fields)
	}
	body := it.AppendJSON(make([]byte, 0, 640+160*len(it.Fields))) // the size of most items
	if !e.Quirks.EmptyArrays {
		return body, nil
	}
	return edit(body, func(m map[string]any) { addEmptyArrays(m, "files", "sections", "tags", "urls") })
}

// files returns files with the ids, names and content paths that clients get. The files given are not changed.
func (e *Encoder) files(files []connect.File) []connect.File {
	if e.Quirks.WrongFileIDs {
		files = withFieldIDs(files)
	}
	if !e.Quirks.ContentPathBare {
		return files
	}
	bare := make([]connect.File, len(files))
	for i, f := range files {
		bare[i] = f
		bare[i].ContentPath = f.ContentPath[1:]
	}
	return bare
}

// edit changes an encoded object. Its keys are in alphabetical order afterwards.
func edit(body []byte, change func(map[string]any)) ([]byte, error) {
	var m map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, err
	}
	change(m)
	return json.Marshal(m)
}

// addEmptyArrays adds an empty array for each member that is missing.
func addEmptyArrays(m map[string]any, names ...string) {
	for _, name := range names {
		if m[name] == nil {
			m[name] = []any{}
		}
	}
}
