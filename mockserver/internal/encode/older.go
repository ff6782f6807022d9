package encode

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/openapi/connect"
)

const (
	apiCredential = "API_CREDENTIAL"
	custom        = "CUSTOM"
)

// olderItem returns an item as older versions of Connect show it, where switches say so. The item given is not changed.
func (e *Encoder) olderItem(it connect.Item) connect.Item {
	q := &e.Quirks.Older
	if q.NoAPICredential && it.Category == apiCredential {
		it.Category = custom
	}
	if q.NoFileRoutes {
		it.Files = nil
	}
	if !q.NoTOTP && !q.NoStandardLabels && !q.NoAddressType {
		return it
	}
	it.Fields = slices.Clone(it.Fields)
	for i := range it.Fields {
		f := &it.Fields[i]
		if q.NoTOTP {
			f.TOTP = ""
		}
		named := f.Purpose == "USERNAME" || f.Purpose == "PASSWORD"
		if q.NoStandardLabels && named && ascii.EqualFold(f.Label, f.Purpose) {
			f.Label = ""
		}
		if q.NoAddressType && f.Type == "ADDRESS" {
			f.Type = "UNKNOWN"
		}
	}
	return it
}

// olderSummary returns an encoded summary as older versions of Connect show it, where switches say so.
func (e *Encoder) olderSummary(stored []byte) []byte {
	if !e.Quirks.NoAPICredential {
		return stored
	}
	// Quotes in texts are escaped, so this is found as a member only.
	return bytes.Replace(stored, []byte(`"category":"`+apiCredential+`"`), []byte(`"category":"`+custom+`"`), 1)
}

// withFieldIDs returns files as 1.5.4 and 1.5.5 did: those after the first have the id of the field they are in, and
// no name [R connect 42, python 46]. The mock has no such fields, so their ids are made from those of the files [G].
func withFieldIDs(files []connect.File) []connect.File {
	files = slices.Clone(files)
	for i := 1; i < len(files); i++ {
		files[i].ID, files[i].Name = fieldID(files[i].ID), ""
	}
	return files
}

// fieldID returns an id that belongs to the file of that id and is the id of no file.
func fieldID(file string) string {
	const characters = "abcdefghijklmnopqrstuvwxyz234567"
	sum := sha256.Sum256([]byte("field of " + file))
	id := sum[:26]
	for i, b := range id {
		id[i] = characters[b%32]
	}
	return string(id)
}
