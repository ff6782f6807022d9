package api

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/openapi/connect"
)

// What items and their categories are to older versions of Connect; see
// VersionChanges.

const (
	apiCredential = "API_CREDENTIAL"
	custom        = "CUSTOM"
)

// olderItem returns an item as the switches for older versions show it. The item
// given is not changed.
func (s *Handler) olderItem(it connect.Item) connect.Item {
	q := &s.quirks.Older
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

// olderSummary returns an encoded summary as the switches for older versions
// show it.
func (s *Handler) olderSummary(stored []byte) []byte {
	if !s.quirks.NoAPICredential {
		return stored
	}
	// Quotes in texts are escaped, so this is found as a member only.
	return bytes.Replace(stored, []byte(`"category":"`+apiCredential+`"`), []byte(`"category":"`+custom+`"`), 1)
}

// checkOlderCategory refuses to create what older versions did not create, in
// their words [G].
func (s *Handler) checkOlderCategory(category string) error {
	switch {
	case category == apiCredential && s.quirks.NoAPICredential,
		category == custom && s.quirks.PlainCustom,
		category == "DOCUMENT" && s.quirks.PlainDocument:
		return connect.InvalidCategory()
	}
	return nil
}

// checkOlderUpdate refuses to update what older versions could not update, and
// returns the category that in means: what reads as CUSTOM may be sent back as
// CUSTOM.
func (s *Handler) checkOlderUpdate(old connect.Item, category string) (string, error) {
	switch {
	case old.Category == "DOCUMENT" && s.quirks.DocumentsFixed,
		len(old.Files) > 0 && s.quirks.FileItemsFixed:
		return category, connect.DocumentNotUpdatable()
	case old.Category == apiCredential && s.quirks.NoAPICredential && category == apiCredential:
		return category, connect.InvalidCategory()
	case old.Category == apiCredential && s.quirks.NoAPICredential && category == custom:
		return apiCredential, nil
	}
	return category, nil
}

// fieldIDs returns files as 1.5.4 and 1.5.5 did: those after the first have the
// id of the field they are in, and no name [R connect 42, python 46]. The mock
// has no such fields, so their ids are made of those of the files [G].
func fieldIDs(files []connect.File) []connect.File {
	files = slices.Clone(files)
	for i := 1; i < len(files); i++ {
		files[i].ID, files[i].Name = fieldID(files[i].ID), ""
	}
	return files
}

// fieldID returns an id that belongs to the file of that id and to no file.
func fieldID(file string) string {
	const characters = "abcdefghijklmnopqrstuvwxyz234567"
	sum := sha256.Sum256([]byte("field of " + file))
	id := sum[:26]
	for i, b := range id {
		id[i] = characters[b%32]
	}
	return string(id)
}
