package scenarios

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/yamlsource"
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

// Capabilities returns the capabilities that a scenario may require and a step may need.
func Capabilities() []string {
	return []string{canRead, canWrite, canReader, canFiles, canControl, canFaults, canClock, canTokens, canSnapshots,
		canJournal}
}

// checkCapability reports whether a capability exists.
func (l *loader) checkCapability(w word) bool {
	if slices.Contains(Capabilities(), w.Text) {
		return true
	}
	hint := yamlsource.DidYouMean(w.Text, Capabilities())
	if slices.Contains(Capabilities(), "mock."+strings.TrimPrefix(w.Text, "mock.")) {
		hint = yamlsource.DidYouMean("mock."+w.Text, Capabilities())
	}
	l.fail(w.at(), hint, "unknown capability %q", w.Text)
	return false
}
