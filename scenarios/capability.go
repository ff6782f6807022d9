package scenarios

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
)

// The capabilities that a target may have.
const (
	canRead      = "read"
	canWrite     = "write"
	canReader    = "reader"
	canFiles     = "files"
	canControl   = "control"
	canFaults    = "mock.faults"
	canClock     = "mock.clock"
	canTokens    = "mock.tokens"
	canSnapshots = "mock.snapshots"
	canJournal   = "mock.journal"
)

// capabilityTable returns all capabilities with their descriptions.
func capabilityTable() []member {
	return []member{
		{name: canRead, about: "The token sees a vault."},
		{name: canWrite, about: "Items may be created, changed and deleted in a vault."},
		{name: canReader, about: "There is a token that can read and not write."},
		{name: canFiles, about: "There is an item with a file."},
		{name: canControl, about: "The control API of a mock: accounts, fixtures, reset."},
		{name: canFaults, about: "Faults of a mock."},
		{name: canClock, about: "The clock of a mock can be changed."},
		{name: canTokens, about: "Tokens can be created, changed and revoked."},
		{name: canSnapshots, about: "Snapshots can be saved, restored and compared."},
		{name: canJournal, about: "The journal of a mock can be read and verified."},
	}
}

// Capabilities returns the capabilities that a scenario may require and a step may need.
func Capabilities() []string { return memberNames(capabilityTable()) }

// checkCapability reports whether a capability exists.
func (l *loader) checkCapability(w word) bool {
	if slices.Contains(Capabilities(), w.Text) {
		return true
	}
	hint := nearest.Hint(w.Text, Capabilities())
	if slices.Contains(Capabilities(), "mock."+strings.TrimPrefix(w.Text, "mock.")) {
		hint = nearest.Hint("mock."+w.Text, Capabilities())
	}
	l.fail(w.at(), hint, "unknown capability %q", w.Text)
	return false
}
