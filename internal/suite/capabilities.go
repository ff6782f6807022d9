package suite

import (
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/internal/report"
)

// Capabilities lists what a suite looked for on the target, in the order in which
// it did. The zero value is an empty list.
type Capabilities []report.Capability

// Add appends a capability. why says what was found, or why the target does not
// have it.
func (c *Capabilities) Add(name string, have bool, why string) {
	*c = append(*c, report.Capability{Name: name, Have: have, Why: why})
}

// SkipReason returns why a case with these needs can't run, "" if it can.
func (c Capabilities) SkipReason(needs []string) string {
	for _, need := range needs {
		i := slices.IndexFunc(c, func(x report.Capability) bool { return x.Name == need })
		switch {
		case i < 0:
			return fmt.Sprintf("needs the unknown capability %s", need)
		case !c[i].Have:
			return fmt.Sprintf("needs %s: %s", need, c[i].Why)
		}
	}
	return ""
}
