package mockserver

// VersionChanges returns what changed on the wire from version to version, in
// the order in which it ended. It is the one table that --connect-version,
// connectmock quirks --versions and the contract's test of versions go by.
func VersionChanges() []VersionChange {
	return []VersionChange{
		{
			Before: "1.1.0", Quirk: "delete", Value: "trash",
			About:    "DELETE moves an item to the trash: it is in no list any more, and GET by its id still finds it",
			Evidence: "changelog 1.1.0: deletes items instead of trashing them [D]; that trashed items can be read: [G]",
			Breaks: []string{
				"scopes/writer-deletes", "vaults/items-counts", "items/delete-*", "isolation/use-after-delete",
				"isolation/neighbours", "model/items",
			},
		},
		{
			Before: "1.1.0", Quirk: "health-account-data", Value: "absent",
			About:    "/health does not list account_data",
			Evidence: "changelog 1.1.0 [D]",
		},
		{
			Before: "1.1.0", Quirk: "health-token", Value: "ignored",
			About:    "a bearer token on /health does not initialize the server",
			Evidence: "changelog 1.1.0: can now also be unlocked so [D]",
		},
		{
			Before: "1.1.0", Quirk: "api-credential", Value: "unknown",
			About:    "there is no category API_CREDENTIAL: such items can't be created, and read as CUSTOM",
			Evidence: "changelog 1.1.0: added support [D]; CUSTOM: the Python SDK of the time refuses others [C], [G]",
			Breaks:   []string{"items/accepts-nulls", "categories/api-credential", "categories/standard-fields"},
		},
		{
			Before: "1.1.0", Quirk: "password-history", Value: "unchanged",
			About:    "a change of a password does not add the one before to its history",
			Evidence: "changelog 1.1.0: updating the password correctly updates the history [D]",
			Breaks:   []string{"fields/password-history", "fields/password-history-of-first-field"},
		},
		{
			Before: "1.1.1", Quirk: "unknown-vault", Value: "404",
			About:    "a vault that does not exist gets 404",
			Evidence: "Java client's integration test, changed about then [T]",
			Breaks:   []string{"scopes/unknown-vault/*", "scopes/text", "activity/denials"},
		},
		{
			Before: "1.2.0", Quirk: "write-denied", Value: "401",
			About:    "a token that may not write gets 401",
			Evidence: "terraform 24, with 1.1.1 [R]; that 1.2.0 ended it: [G]",
		},
		{
			Before: "1.2.0", Quirk: "uncreatable-text", Value: "none",
			About:    "creating a CUSTOM or a DOCUMENT item is refused without an explanation",
			Evidence: "changelog 1.2.0: a more user-friendly error for CUSTOM [D]; the text before: [G]",
		},
		{
			Before:   "1.2.0",
			About:    "fields of one-time passwords do not work well",
			NotShown: "what was wrong with them is not told",
			Evidence: "changelog 1.2.0, python pull request 21 [D]",
		},
		{
			Before:   "1.2.0",
			About:    "a deletion that failed may get the response of one that succeeded",
			NotShown: "when that happened is not told",
			Evidence: "changelog 1.2.0 [D]",
		},
		{
			Before:   "1.2.0",
			About:    "no TLS",
			NotShown: "it is up to the --tls flags, not to the version",
			Evidence: "changelog 1.2.0 [D]",
		},
		{
			Before: "1.3.0", Quirk: "version-header", Value: "absent",
			About:    "no 1Password-Connect-Version header",
			Evidence: "changelog 1.3.0 [D]",
			Breaks:   []string{"health/version-agrees", "health/version-header", "errors/unknown-route", "negative/method/*"},
		},
		{
			Before: "1.3.0", Quirk: "file-routes", Value: "absent",
			About:    "no routes for files, and no files in items",
			Evidence: "changelog 1.3.0: added support for getting files [D]; that items leave them out: [G]",
			Breaks: []string{
				"*/*/GetItemFiles", "*/*/GetDetailsOfFileById", "*/*/DownloadFileByID", "auth/refused-tokens",
				"scopes/writer-cannot-read", "order/ids-before-scope", "order/scope-before-existence",
				"items/delete-is-for-good", "items/reads-change-nothing", "files/of-a-document", "files/none",
				"files/known-content", "items/updated-at-stays",
				"isolation/use-after-delete",
			},
		},
		{
			Before: "1.3.0", Quirk: "file-item-update", Value: "refused",
			About:    "PUT and PATCH of an item with files get 400",
			Evidence: "changelog 1.3.0: items with file fields can now be updated [D]; the text, and PATCH: [G]",
		},
		{
			Before:   "1.3.0",
			About:    "an account that is frozen for its bills takes writes",
			NotShown: "accounts of the mock are never frozen",
			Evidence: "changelog 1.3.0: such writes are now rejected [D]",
		},
		{
			Before: "1.4.0", Quirk: "exclude-characters", Value: "ignored",
			About:    "excludeCharacters of a recipe changes nothing",
			Evidence: "changelog 1.4.0: new [D]; that it was ignored before: [G]",
			Breaks:   []string{"fields/generate-excludes"},
		},
		{
			Before: "1.4.0", Quirk: "totp-code", Value: "absent",
			About:    "OTP fields have no totp",
			Evidence: "changelog 1.4.0 [D]",
			Breaks:   []string{"fields/otp-*"},
		},
		{
			Before: "1.5.0", Quirk: "standard-labels", Value: "empty",
			About:    "fields of purpose USERNAME and PASSWORD have no label of their own",
			Evidence: "changelog 1.5.0: now always set instead of being empty [D]; that a label of the client's stays: [G]",
			Breaks:   []string{"items/create-keeps-what-is-sent", "fields/login-is-completed", "categories/standard-fields"},
		},
		{
			Before: "1.5.2", Quirk: "date-validation", Value: "unchecked",
			About:    "values of DATE and MONTH_YEAR fields are stored as they were sent where they make no sense",
			Evidence: "changelog 1.5.2: now validates [D]; what became of them before: [G]",
			Breaks: []string{
				"items/refused-names-no-value", "fields/bad-date", "fields/bad-month-year",
				"items/refused-replace-changes-nothing", "patch/field-is-checked",
			},
		},
		{
			Before: "1.5.2", Quirk: "single-quote", Value: "500",
			About:    "a filter with a value in single quotes gets 500",
			Evidence: "changelog 1.5.2: no longer throws a stack trace and now returns a 400 [D]",
			Breaks:   []string{"vault-filters/single-quotes", "filters/single-quotes"},
		},
		{
			From: "1.5.1", Before: "1.5.4", Quirk: "key-case", Value: "snake",
			About:    "keys of responses are snake_case, and camelCase keys of bodies are not read",
			Evidence: "Java client, commit c4793d0 [R]; changelog 1.5.4: accepts camelCase keys again [D]",
		},
		{
			Before:   "1.5.4",
			About:    "the published document does not name MEDICAL_RECORD, SSH_KEY and the label of a URL",
			NotShown: "only the document changed: \"the API spec now mentions\" them",
			Evidence: "changelog 1.5.4 [D]",
		},
		{
			From: "1.5.4", Before: "1.5.5", Quirk: "content-path", Value: "camel",
			About:    "files have contentPath instead of content_path",
			Evidence: "connect issue 43, with 1.5.4 [R]; changelog 1.5.5: now properly returns content_path [D]",
			Breaks: []string{
				"items/read-as-listed", "files/*", "activity/file-reads", "negative/query/GetItemFiles",
				"negative/query/GetDetailsOfFileById", "isolation/file-of-another-item",
			},
		},
		{
			From: "1.5.4", Before: "1.5.6", Quirk: "file-id", Value: "field",
			About:    "files after the first have the id of their field and no name; content_path is right",
			Evidence: "connect issue 42, python issue 46 [R]; changelog 1.5.6 [D]",
			Breaks:   []string{"files/details", "files/content*", "files/inline-*", "files/large-content", "files/known-content"},
		},
		{
			Before:   "1.5.6",
			About:    "the route of categories gets 500",
			NotShown: "no document describes the route",
			Evidence: "changelog 1.5.6 [D]",
		},
		{
			From: "1.2.0", Before: "1.7.0", Quirk: "uncreatable-text", Value: "custom-only",
			About:    "creating a DOCUMENT item is refused without an explanation",
			Evidence: "changelog 1.7.0: now returns an error message that this is not supported [D]; the text before: [G]",
		},
		{
			Before: "1.7.1", Quirk: "patch-write-only", Value: "answered",
			About:    "PATCH returns the item to a token that may only write",
			Evidence: "changelog 1.7.1: PATCH could be abused to read items [D]",
			Breaks:   []string{"scopes/writer-cannot-read-by-patch"},
		},
		{
			From: "1.3.0", Before: "1.7.2", Quirk: "file-item-update", Value: "document-refused",
			About:    "PUT and PATCH of a DOCUMENT item get 400",
			Evidence: "python issue 57, with 1.5.7, fixed in 1.7.2 [R]; changelog 1.7.2 [D]; PATCH: [G]",
		},
		{
			Before: "1.7.2", Preset: "first-request-401",
			About:    "the first request to a new server gets 401",
			NotShown: "it comes and goes, and would fail any test that starts a server: a preset",
			Evidence: "changelog 1.7.2 [D]",
		},
		{
			From: "1.7.3", Before: "1.8.0", Preset: "update-refused-400",
			About:    "some PUTs get 400, until a restart",
			NotShown: "it comes and goes, and which items it meets is not told: a preset",
			Evidence: "external-secrets issues 3631 and 4680 [R]; that 1.8.0 ended it: [G]",
		},
		{
			Before: "1.8.0", Preset: "file-not-synced-500",
			About:    "the content of a file that is not synced yet gets a bare 500",
			NotShown: "files of the mock are always synced, and the better text is not known: a preset, in every version",
			Evidence: "changelog 1.8.0: an improved error response [D]; operator retries on 500 [C]",
		},
		{
			Before:   "1.8.0",
			About:    "a file that several items share is not found in all of them",
			NotShown: "a file of the mock belongs to one item",
			Evidence: "changelog 1.8.0 [D]",
		},
		{
			Before: "1.8.1", Preset: "intermittent-403",
			About:    "a request gets 403 now and then, under load",
			NotShown: "it comes and goes: a preset",
			Evidence: "connect issue 82, external-secrets issue 4205, with 1.7.1 [R]",
		},
		{
			Before: "1.8.2", Quirk: "address-type", Value: "unknown",
			About:    "there is no field type ADDRESS: it is refused, and such fields read as UNKNOWN",
			Evidence: "connect issue 112: new between 1.8.1 and 1.8.2 [R]; refused, and UNKNOWN: [G]",
			Breaks:   []string{"fields/address-type"},
		},
	}
}
