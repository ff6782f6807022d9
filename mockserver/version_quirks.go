package mockserver

import "github.com/connectmock/connectmock/mockserver/internal/quirks"

// versionSwitches returns the switches that exist for older versions of Connect;
// see VersionChanges for which version turned what on.
func versionSwitches() []Quirk {
	return []Quirk{
		{
			Name: "delete", Values: []string{"permanent", "trash"},
			About:    "what DELETE of an item does; a trashed item is in no list, and GET by its id returns it with trashed set",
			Evidence: "permanent: since 1.1.0, changelog [D]; trash: before [D]; that it can be read, and not changed: [G]",
			set:      func(q *quirks.Set, v string) { q.DeleteToTrash = v == "trash" },
		},
		{
			Name: "health-account-data", Values: []string{"listed", "absent"},
			About:    "whether /health lists account_data",
			Evidence: "listed: connect issue 93 [R]; absent: before 1.1.0, changelog [D]",
			set:      func(q *quirks.Set, v string) { q.NoAccountData = v == "absent" },
		},
		{
			Name: "health-token", Values: []string{"initializes", "ignored"},
			About:    "what a good bearer token on /health does to a server that waits for one",
			Evidence: "initializes: since 1.1.0, changelog [D]; ignored: before [D]",
			set:      func(q *quirks.Set, v string) { q.HealthTokenIgnored = v == "ignored" },
		},
		{
			Name: "api-credential", Values: []string{"known", "unknown"},
			About: "whether there is a category API_CREDENTIAL; where not, it is refused, and such items read as CUSTOM",
			Evidence: "known: since 1.1.0, changelog [D]; unknown: before [D]; CUSTOM: the Python SDK of the time refuses " +
				"others [C], [G]",
			set: func(q *quirks.Set, v string) { q.NoAPICredential = v == "unknown" },
		},
		{
			Name: "password-history", Values: []string{"updated", "unchanged"},
			About:    "whether a change of a password adds the one before to its history",
			Evidence: "updated: since 1.1.0, changelog [D]; unchanged: before [D]",
			set:      func(q *quirks.Set, v string) { q.HistoryUnchanged = v == "unchanged" },
		},
		{
			Name: "uncreatable-text", Values: []string{"all", "custom-only", "none"},
			About:    "for which of the categories CUSTOM and DOCUMENT a refused create says why",
			Evidence: "all: since 1.7.0, changelog [D]; custom-only: since 1.2.0 [D]; none: before [D]; all texts: [G]",
			set: func(q *quirks.Set, v string) {
				q.PlainCustom, q.PlainDocument = v == "none", v == "none" || v == "custom-only"
			},
		},
		{
			Name: "file-routes", Values: []string{"served", "absent"},
			About:    "whether the routes of files exist and items list their files",
			Evidence: "served: since 1.3.0, changelog [D]; absent: before [D]; that items leave them out: [G]",
			set:      func(q *quirks.Set, v string) { q.NoFileRoutes = v == "absent" },
		},
		{
			Name: "file-item-update", Values: []string{"accepted", "document-refused", "refused"},
			About: "whether items with files can be changed by PUT and PATCH",
			Evidence: "accepted: since 1.7.2, changelog [D]; document-refused: python issue 57, with 1.5.7 [R]; " +
				"refused: before 1.3.0, changelog [D]; PATCH: [G]",
			set: func(q *quirks.Set, v string) {
				q.NoFileItemUpdate, q.NoDocumentUpdate = v == "refused", v == "refused" || v == "document-refused"
			},
		},
		{
			Name: "exclude-characters", Values: []string{"honoured", "ignored"},
			About:    "what excludeCharacters of a recipe does",
			Evidence: "honoured: since 1.4.0, changelog [D]; ignored: before [G]",
			set:      func(q *quirks.Set, v string) { q.ExcludedIgnored = v == "ignored" },
		},
		{
			Name: "totp-code", Values: []string{"sent", "absent"},
			About:    "whether OTP fields have the code of the moment",
			Evidence: "sent: since 1.4.0, changelog [D]; absent: before [D]",
			set:      func(q *quirks.Set, v string) { q.NoTOTP = v == "absent" },
		},
		{
			Name: "standard-labels", Values: []string{"set", "empty"},
			About:    "whether fields of purpose USERNAME and PASSWORD have their standard label",
			Evidence: "set: since 1.5.0, changelog [D]; empty: before [D]; that a label of the client's stays: [G]",
			set:      func(q *quirks.Set, v string) { q.NoStandardLabels = v == "empty" },
		},
		{
			Name: "date-validation", Values: []string{"checked", "unchecked"},
			About:    "what becomes of DATE and MONTH_YEAR values that make no sense: a 400, or stored as sent",
			Evidence: "checked: since 1.5.2, changelog [D], terraform 311 [R]; unchecked: before [D]; stored as sent: [G]",
			set:      func(q *quirks.Set, v string) { q.DatesUnchecked = v == "unchecked" },
		},
		{
			Name: "single-quote", Values: []string{"400", "500"},
			About:    "the status for a filter with a value in single quotes",
			Evidence: "400: since 1.5.2, changelog [D]; 500: before [D]",
			set:      func(q *quirks.Set, v string) { q.SingleQuote500 = v == "500" },
		},
		{
			Name: "key-case", Values: []string{"camel", "snake"}, Undocumented: []string{"snake"},
			About: "how keys of more than one word are written, in responses and in bodies of requests",
			Evidence: "camel: recordings [R]; snake: 1.5.1 to 1.5.3, Java client, commit c4793d0 [R], " +
				"changelog 1.5.4 for bodies [D]",
			set: func(q *quirks.Set, v string) { q.SnakeKeys = v == "snake" },
		},
		{
			Name: "file-id", Values: []string{"file", "field"},
			About:    "what files after the first have as id and name: their own, or that of their field and none",
			Evidence: "file: since 1.5.6, changelog [D]; field: 1.5.4 and 1.5.5, connect issue 42, python issue 46 [R]",
			set:      func(q *quirks.Set, v string) { q.WrongFileIDs = v == "field" },
		},
		{
			Name: "patch-write-only", Values: []string{"refused", "answered"},
			About:    "what PATCH says to a token that may write a vault but not read it: 403, or the item",
			Evidence: "refused: since 1.7.1, changelog [D]; answered: before [D]",
			set:      func(q *quirks.Set, v string) { q.PatchWithoutRead = v == "answered" },
		},
		{
			Name: "address-type", Values: []string{"known", "unknown"},
			About:    "whether there is a field type ADDRESS; where not, it is refused, and such fields read as UNKNOWN",
			Evidence: "known: since 1.8.2, connect issue 112 [R]; unknown: before [R]; refused, and UNKNOWN: [G]",
			set:      func(q *quirks.Set, v string) { q.NoAddressType = v == "unknown" },
		},
	}
}
