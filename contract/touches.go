package contract

import (
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi"
)

// Touches says what checking a rule reads and changes, and so beside which other rules it may run: its verdict must
// not depend on what they do, nor theirs on what it does. The zero value is WholeState.
type Touches int

// What rules touch.
const (
	WholeState  Touches = iota // anything, as the counters of requests: runs alone
	ReadOnly                   // sends only reads, of what no other rule changes
	OwnItems                   // writes, but only to items that the check created, or to ids that do not exist
	VaultState                 // the vault as a whole, as its counters: no other rule writes meanwhile
	ActivityLog                // reads the activity log and nothing else, while no other rule adds records to it
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

// schedule sets when the case of a rule runs: first those with items of their own, then
// those that only read and, one at a time beside them, those about the vault, then those
// about the log, and at last the others, alone.
func (t Touches) schedule(c *suite.Case) {
	switch t {
	case OwnItems:
		c.Phase = 0
	case ReadOnly:
		c.Phase = 1
	case VaultState:
		c.Phase, c.Serial = 1, t.String()
	case ActivityLog:
		c.Phase = 2
	default:
		c.Phase, c.Serial = 3, t.String()
	}
}

// touchedBy returns what a rule touches that sends an operation to existing objects if it reads, and to its own items or
// to unknown ids if it writes.
func touchedBy(op *openapi.Operation) Touches {
	if isWrite(op) {
		return OwnItems
	}
	return ReadOnly
}
