package rule

// Capability is something that a rule needs from the target.
type Capability string

// The capabilities.
const (
	Read       Capability = "read"        // the token sees a vault
	Items      Capability = "items"       // the vault has an item
	Documents  Capability = "documents"   // a vault lists an item of category DOCUMENT
	Files      Capability = "files"       // an item has files
	SmallFiles Capability = "small-files" // an item has only files that can be sent inline
	LargeFile  Capability = "large-file"  // an item has a file that can't be sent inline
	Write      Capability = "write"       // the suite may write to the vault
	OtherVault Capability = "other-vault" // the token sees a second vault
	Reader     Capability = "reader"      // a token that may only read the vault
	Writer     Capability = "writer"      // a token that may only write the vault
	Other      Capability = "other"       // a token that does not see the vault
	Refused    Capability = "refused"     // a token that is no longer valid
	Log        Capability = "log"         // the token may read the activity log
	Control    Capability = "control"     // the control API of a mock
)

// AllCapabilities returns the capabilities in the order of reports.
func AllCapabilities() []Capability {
	return []Capability{
		Read, Items, Documents, Files, SmallFiles, LargeFile, Write, OtherVault, Reader, Writer, Other, Refused,
		Log, Control}
}
