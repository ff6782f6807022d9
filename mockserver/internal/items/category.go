package items

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// The categories this package treats in a way of their own.
const (
	login    = "LOGIN"
	password = "PASSWORD"
	sshKey   = "SSH_KEY"
	document = "DOCUMENT"
	custom   = "CUSTOM"
)

// Categories are all categories an item can have, in the order of the
// published document [D].
func Categories() []string {
	return []string{
		login, password, "API_CREDENTIAL", "SERVER", "DATABASE", "CREDIT_CARD",
		"MEMBERSHIP", "PASSPORT", "SOFTWARE_LICENSE", "OUTDOOR_LICENSE",
		"SECURE_NOTE", "WIRELESS_ROUTER", "BANK_ACCOUNT", "DRIVER_LICENSE",
		"IDENTITY", "REWARD_PROGRAM", document, "EMAIL_ACCOUNT",
		"SOCIAL_SECURITY_NUMBER", "MEDICAL_RECORD", sshKey, custom,
	}
}

// CreatableCategories are the categories a client can create: all but CUSTOM and DOCUMENT
// [D].
func CreatableCategories() []string {
	return slices.DeleteFunc(Categories(), func(c string) bool { return c == document || c == custom })
}

// checkCategory refuses names that are not exactly one of Categories [D; that
// case matters here, though not in field types: G].
func checkCategory(category string) error {
	if !slices.Contains(Categories(), category) {
		return connect.InvalidCategory()
	}
	return nil
}
