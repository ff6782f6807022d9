package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// The categories that this package handles specially.
const (
	login    = "LOGIN"
	password = "PASSWORD"
	sshKey   = "SSH_KEY"
)

// Short names for the purposes of fields.
const (
	username = connect.PurposeUsername
	secret   = connect.PurposePassword
	notes    = connect.PurposeNotes
)

// checkCategory refuses names that are not exactly one of connect.Categories [D; that
// case matters here, though not in field types: G].
func checkCategory(category string) error {
	if !slices.Contains(connect.Categories(), category) {
		return connect.InvalidCategory()
	}
	return nil
}
