// Package quirks holds the decided values of the switches that mockserver.Quirks lists. It does not know their names or
// evidence.
package quirks

import "time"

// Set is the decided values, ready for the path of a request. The zero value is the default of every switch.
type Set struct {
	PutReturnsNew      bool
	PatchReturnsNew    bool
	UnknownVault404    bool
	VaultCaseSensitive bool // filters of vaults are case-sensitive
	ItemCaseSensitive  bool // filters of items are case-sensitive
	DeleteScopeFirst   bool
	DocumentedTexts    bool
	LegacyWriteDenied  bool
	NoIP               bool
	NoRequestIP        bool
	ContentPathBare    bool
	SSHKeyKept         bool
	DateISO            bool
	EmptyArrays        bool
	Nanoseconds        bool
	NoVersionHeader    bool
	DateZone           *time.Location // nil: UTC
	NoPasswordDetails  bool
	AllPasswordDetails bool
	PasswordRequired   bool
	OnlyLoginTemplate  bool
	JSONUnknownRoute   bool
	Older
}

// Older is the decided values of the switches that exist for older versions of Connect. The zero value is what the
// newest one does.
type Older struct {
	DeleteToTrash      bool
	NoAccountData      bool
	HealthTokenIgnored bool
	NoAPICredential    bool
	HistoryUnchanged   bool
	PlainCustom        bool // creating CUSTOM is refused without an explanation
	PlainDocument      bool // creating DOCUMENT is refused without an explanation
	NoFileRoutes       bool
	NoFileItemUpdate   bool // items with files can't be updated
	NoDocumentUpdate   bool // items of category DOCUMENT can't be updated
	ExcludedIgnored    bool
	NoTOTP             bool
	NoStandardLabels   bool
	DatesUnchecked     bool
	SingleQuote500     bool
	SnakeKeys          bool
	ContentPathCamel   bool
	WrongFileIDs       bool
	PatchWithoutRead   bool
	NoAddressType      bool
}
