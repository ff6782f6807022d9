package vaults

import "github.com/connectmock/connectmock/openapi/connect"

const (
	apiCredential = "API_CREDENTIAL"
	custom        = "CUSTOM"
)

// checkCreatable refuses to create what older versions of Connect did not create, in their words [G].
func (vs *Vaults) checkCreatable(category string) error {
	switch {
	case category == apiCredential && vs.quirks.NoAPICredential,
		category == custom && vs.quirks.PlainCustom,
		category == "DOCUMENT" && vs.quirks.PlainDocument:
		return connect.InvalidCategory()
	}
	return nil
}

// checkUpdatable refuses to update what older versions of Connect could not update. It returns the category that the
// new one means: an item that reads as CUSTOM may be sent back as CUSTOM.
func (vs *Vaults) checkUpdatable(old connect.Item, category string) (string, error) {
	switch {
	case old.Category == "DOCUMENT" && vs.quirks.NoDocumentUpdate,
		len(old.Files) > 0 && vs.quirks.NoFileItemUpdate:
		return category, connect.DocumentNotUpdatable()
	case old.Category == apiCredential && vs.quirks.NoAPICredential && category == apiCredential:
		return category, connect.InvalidCategory()
	case old.Category == apiCredential && vs.quirks.NoAPICredential && category == custom:
		return apiCredential, nil
	}
	return category, nil
}
