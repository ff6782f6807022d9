package rule

// Touches says what checking a rule reads and changes, and so beside which other rules it may run: its verdict must
// not depend on what they do, nor theirs on what it does. The zero value means the same as WholeState.
type Touches int

// What rules touch.
const (
	WholeState  Touches = iota + 1 // anything, as the counters of requests: runs alone
	ReadOnly                       // sends only reads, of what no other rule changes
	OwnItems                       // writes, but only to items that the check created, or to ids that do not exist
	VaultState                     // the vault as a whole, as its counters: no other rule writes meanwhile
	ActivityLog                    // reads the activity log and nothing else, while no other rule adds records to it
)

// String returns the words for it.
func (t Touches) String() string {
	switch t {
	case ReadOnly:
		return "read only"
	case OwnItems:
		return "own items"
	case VaultState:
		return "the vault"
	case ActivityLog:
		return "the activity log"
	}
	return "the whole state"
}
