package contract

import "github.com/connectmock/connectmock/openapi"

// Touches says what checking a rule reads and changes, and so beside which other rules it may run: its verdict must
// not depend on what they do, nor theirs on what it does. The zero value is WholeState.
type Touches int

// What rules touch.
const (
	WholeState  Touches = iota // what other rules change too, as the counters of a vault: runs alone
	ReadOnly                   // sends only reads, of what other rules do not change
	OwnItems                   // writes, but only to items that the check created, or to ids that do not exist
	ActivityLog                // reads the activity log and nothing else, while no other rule adds records to it
)

// String returns the words for it.
func (t Touches) String() string {
	switch t {
	case ReadOnly:
		return "read only"
	case OwnItems:
		return "own items"
	case ActivityLog:
		return "the activity log"
	}
	return "the whole state"
}

// touchedBy returns what a rule touches that sends an operation to existing objects if it reads, and to its own items or
// to unknown ids if it writes.
func touchedBy(op *openapi.Operation) Touches {
	if isWrite(op) {
		return OwnItems
	}
	return ReadOnly
}
