package rule

import (
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Exception is a range of versions of Connect that break a rule, because the behaviour
// is newer or was lost for a while.
type Exception struct {
	From   string // first version that breaks the rule; empty: the oldest
	Before string // first version that keeps the rule
	About  string // what the versions do instead
}

// Holds reports whether a valid version is in the range.
func (e Exception) Holds(version string) bool {
	return e.versions().Holds(version)
}

// String returns the range in words: "before 1.5.0" or "from 1.5.4, before 1.5.6".
func (e Exception) String() string { return e.versions().String() }

func (e Exception) versions() connect.VersionRange {
	return connect.VersionRange{From: e.From, Before: e.Before}
}

// Exceptions returns the versions of Connect that break the rule. It is empty if every
// version keeps it.
func (r Rule) Exceptions() (list []Exception) {
	for _, x := range VersionExceptions() {
		if slices.ContainsFunc(x.Rules, func(pattern string) bool { return Matches(pattern, r.ID) }) {
			list = append(list, x.Exception)
		}
	}
	return list
}

// NotPromised returns why a version of Connect did not promise the rule, "" if it did.
// The version must be three numbers; an empty one promises everything.
func (r Rule) NotPromised(version string) string {
	if version == "" {
		return ""
	}
	for _, e := range r.Exceptions() {
		if e.Holds(version) {
			return fmt.Sprintf("Connect %s does not promise it: %s: %s", version, e, e.About)
		}
	}
	return ""
}

// CheckVersion returns an error for a text that is not three numbers.
func CheckVersion(version string) error {
	if connect.IsVersion(version) {
		return nil
	}
	return fmt.Errorf("version %q is not three numbers, as 1.5.4", version)
}

// VersionException is an Exception of several rules.
type VersionException struct {
	Exception
	Rules []string // by id or pattern
}

// VersionExceptions returns what older versions of Connect did otherwise, in the order
// in which it ended. The evidence is beside the same changes in the mock, which a test
// compares.
func VersionExceptions() []VersionException {
	return []VersionException{
		{Exception{Before: "1.1.0", About: "DELETE moves an item to the trash, where GET by its id still finds it"},
			[]string{
				"scopes/writer-deletes", "vaults/items-counts", "items/delete-*", "isolation/use-after-delete",
				"isolation/neighbours", "model/items",
			}},
		{Exception{Before: "1.1.0",
			About: "there is no category API_CREDENTIAL: such items can't be created, and read as CUSTOM"},
			[]string{"items/accepts-nulls", "categories/api-credential", "categories/standard-fields"}},
		{Exception{Before: "1.1.0", About: "a change of a password does not add the one before to its history"},
			[]string{"fields/password-history", "fields/password-history-of-first-field"}},
		{Exception{Before: "1.1.1", About: "a vault that does not exist gets 404"},
			[]string{"scopes/unknown-vault/*", "scopes/text", "activity/denials"}},
		{Exception{Before: "1.3.0", About: "no 1Password-Connect-Version header"},
			[]string{"health/version-agrees", "health/version-header", "errors/unknown-route", "negative/method/*"}},
		{Exception{Before: "1.3.0", About: "no routes for files, and no files in items"},
			[]string{
				"*/*/GetItemFiles", "*/*/GetDetailsOfFileById", "*/*/DownloadFileByID", "auth/refused-tokens",
				"scopes/writer-cannot-read", "order/ids-before-scope", "order/scope-before-existence",
				"items/delete-is-for-good", "items/reads-change-nothing", "files/of-a-document", "files/none",
				"files/known-content", "items/updated-at-stays",
				"isolation/use-after-delete",
			}},
		{Exception{Before: "1.4.0", About: "excludeCharacters of a recipe changes nothing"},
			[]string{"fields/generate-excludes"}},
		{Exception{Before: "1.4.0", About: "OTP fields have no totp"},
			[]string{"fields/otp-*"}},
		{Exception{Before: "1.5.0", About: "fields of purpose USERNAME and PASSWORD have no label of their own"},
			[]string{"items/create-keeps-what-is-sent", "fields/login-is-completed", "categories/standard-fields"}},
		{Exception{Before: "1.5.2",
			About: "values of DATE and MONTH_YEAR fields are stored as they were sent where they make no sense"},
			[]string{
				"items/refused-names-no-value", "fields/bad-date", "fields/bad-month-year",
				"items/refused-replace-changes-nothing", "patch/field-is-checked",
			}},
		{Exception{Before: "1.5.2", About: "a filter with a value in single quotes gets 500"},
			[]string{"vault-filters/single-quotes", "filters/single-quotes"}},
		{Exception{From: "1.5.4", Before: "1.5.5", About: "files have contentPath instead of content_path"},
			[]string{
				"items/read-as-listed", "files/*", "activity/file-reads", "negative/query/GetItemFiles",
				"negative/query/GetDetailsOfFileById", "isolation/file-of-another-item",
			}},
		{Exception{From: "1.5.4", Before: "1.5.6",
			About: "files after the first have the id of their field and no name; content_path is right"},
			[]string{"files/details", "files/content*", "files/inline-*", "files/large-content",
				"files/known-content"}},
		{Exception{Before: "1.7.1", About: "PATCH returns the item to a token that may only write"},
			[]string{"scopes/writer-cannot-read-by-patch"}},
		{Exception{Before: "1.8.2",
			About: "there is no field type ADDRESS: it is refused, and such fields read as UNKNOWN"},
			[]string{"fields/address-type"}},
	}
}
