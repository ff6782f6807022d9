package faults

import (
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The values of the member "phase".
const (
	PhaseBefore = "before" // nothing is done before the fault acts
	PhaseAfter  = "after"  // the request is done, with its activity record, and then the fault acts
)

// phase returns what the fault does at its phase. A fault without a phase acts before the request is handled.
func (e *Effects) phase(f *controlapi.Fault) *Interruption {
	if f.Phase == PhaseAfter {
		return &e.After
	}
	return &e.Before
}

// hasAbort reports whether an abort replaces the response of the request, at either phase.
func (e *Effects) hasAbort() bool { return e.Before.Abort != nil || e.After.Abort != nil }

// checkPhase checks the phase of a document that sets the effects.
func checkPhase(d *controlapi.Fault, effects []kind) error {
	switch d.Phase {
	case "":
		return nil
	case PhaseBefore, PhaseAfter:
	default:
		return invalid("phase", "%q is unknown%s", d.Phase, nearest.HintWithList(d.Phase, []string{PhaseBefore, PhaseAfter}))
	}
	hasPhase := false
	for _, k := range effects {
		hasPhase = hasPhase || k.hasPhase
	}
	switch {
	case d.Phase == PhaseAfter && d.Sync != "":
		return invalid("phase", "with sync writes fail before they are done; "+
			"leave phase out, or add another fault for what happens after")
	case d.Phase == PhaseAfter && !hasPhase:
		return invalid("phase", "%q needs one of %s; other members have no phase: leave it out",
			PhaseAfter, strings.Join(phasedMembers(), ", "))
	case d.Phase == PhaseBefore && d.Connection != "" && d.Abort == nil && d.Truncate != nil:
		return invalid("truncate", "a connection that is closed before the request is handled has no response to "+
			"truncate; use phase: %s", PhaseAfter)
	}
	return nil
}

// phasedMembers returns the JSON names of the kinds that have a phase.
func phasedMembers() []string {
	var names []string
	for _, k := range kinds() {
		if k.hasPhase {
			names = append(names, k.member)
		}
	}
	return names
}
