package mockserver

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// What items and their categories are to older versions of Connect; see
// VersionChanges.

const (
	apiCredential = "API_CREDENTIAL"
	custom        = "CUSTOM"
)

// fileOperations are the operations of files, by their ids.
func fileOperations() []string {
	return []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}
}

// olderItem returns an item as the switches for older versions show it. The item
// given is not changed.
func (s *Server) olderItem(it connect.Item) connect.Item {
	q := &s.quirks.versionQuirks
	if q.noAPICredential && it.Category == apiCredential {
		it.Category = custom
	}
	if q.noFileRoutes {
		it.Files = nil
	}
	if !q.noTOTP && !q.noStandardLabels && !q.noAddressType {
		return it
	}
	it.Fields = slices.Clone(it.Fields)
	for i := range it.Fields {
		f := &it.Fields[i]
		if q.noTOTP {
			f.TOTP = ""
		}
		named := f.Purpose == "USERNAME" || f.Purpose == "PASSWORD"
		if q.noStandardLabels && named && strings.EqualFold(f.Label, f.Purpose) {
			f.Label = ""
		}
		if q.noAddressType && f.Type == "ADDRESS" {
			f.Type = "UNKNOWN"
		}
	}
	return it
}

// olderSummary returns an encoded summary as the switches for older versions
// show it.
func (s *Server) olderSummary(stored []byte) []byte {
	if !s.quirks.noAPICredential {
		return stored
	}
	// Quotes in texts are escaped, so this is found as a member only.
	return bytes.Replace(stored, []byte(`"category":"`+apiCredential+`"`), []byte(`"category":"`+custom+`"`), 1)
}

// checkOlderCategory refuses to create what older versions did not create, in
// their words [G].
func (s *Server) checkOlderCategory(category string) error {
	switch {
	case category == apiCredential && s.quirks.noAPICredential,
		category == custom && s.quirks.plainCustom,
		category == "DOCUMENT" && s.quirks.plainDocument:
		return connect.InvalidCategory()
	}
	return nil
}

// checkOlderUpdate refuses to update what older versions could not update, and
// returns the category that in means: what reads as CUSTOM may be sent back as
// CUSTOM.
func (s *Server) checkOlderUpdate(old connect.Item, category string) (string, error) {
	switch {
	case old.Category == "DOCUMENT" && s.quirks.documentsFixed,
		len(old.Files) > 0 && s.quirks.fileItemsFixed:
		return category, connect.DocumentNotUpdatable()
	case old.Category == apiCredential && s.quirks.noAPICredential && category == apiCredential:
		return category, connect.InvalidCategory()
	case old.Category == apiCredential && s.quirks.noAPICredential && category == custom:
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
