package language

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
)

// The capabilities that a target may have.
const (
	CanRead      = "read"
	CanWrite     = "write"
	CanReader    = "reader"
	CanFiles     = "files"
	CanControl   = "control"
	CanFaults    = "mock.faults"
	CanClock     = "mock.clock"
	CanTokens    = "mock.tokens"
	CanSnapshots = "mock.snapshots"
	CanJournal   = "mock.journal"
)

// CapabilityTable returns all capabilities with their descriptions.
func CapabilityTable() []Member {
	return []Member{
		{Name: CanRead, About: "The token sees a vault."},
		{Name: CanWrite, About: "Items may be created, changed and deleted in a vault."},
		{Name: CanReader, About: "There is a token that can read and not write."},
		{Name: CanFiles, About: "There is an item with a file."},
		{Name: CanControl, About: "The control API of a mock: accounts, fixtures, reset."},
		{Name: CanFaults, About: "Faults of a mock."},
		{Name: CanClock, About: "The clock of a mock can be changed."},
		{Name: CanTokens, About: "Tokens can be created, changed and revoked."},
		{Name: CanSnapshots, About: "Snapshots can be saved, restored and compared."},
		{Name: CanJournal, About: "The journal of a mock can be read and verified."},
	}
}

// Capabilities returns the capabilities that a scenario may require and a step may need.
func Capabilities() []string { return memberNames(CapabilityTable()) }

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
