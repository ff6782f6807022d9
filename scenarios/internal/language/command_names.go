package language

import (
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// mockNames are the names that steps give to faults or snapshots, and the places where other steps use them. The
// account of a scenario starts without any, so a name that no step gives is a mistake.
type mockNames struct {
	what     string // "fault", "snapshot"
	given    []string
	computed bool // whether some names are known only when the scenario runs
	used     []*yamlsource.Node
}

func (m *mockNames) add(n *yamlsource.Node) {
	switch {
	case n == nil:
	case expression.IsTemplate(n.Raw):
		m.computed = true
	default:
		m.given = append(m.given, n.Raw)
	}
}

// addFaultNames collects the names of faults.
func (l *loader) addFaultNames(list *yamlsource.Node) {
	for _, f := range list.List() {
		if name := f.Get("name"); name != nil {
			l.faults.add(name)
		} else {
			l.faults.computed = true // the mock chooses one
		}
	}
}

// addReference records that a step uses a name. reportUnknownNames checks it after the last step.
func (l *loader) addReference(m *mockNames, n *yamlsource.Node) {
	if n != nil && n.Kind == yamlsource.Text && n.Raw != "" && !expression.IsTemplate(n.Raw) {
		m.used = append(m.used, n)
	}
}

// checkJournalFilter checks a selection of journal entries.
func (l *loader) checkJournalFilter(n *yamlsource.Node) {
	if op := n.Get("operation"); op != nil {
		l.checkOperation(op)
	}
	l.addReference(&l.faults, n.Get("fault"))
}

// checkExpectedRequest checks an expectation of verify: a mapping or its short form.
func (l *loader) checkExpectedRequest(n *yamlsource.Node) {
	if n.Kind == yamlsource.Map {
		l.checkJournalFilter(n)
		return
	}
	e, err := controlapi.ParseExpectation(n.Raw)
	if n.Kind != yamlsource.Text || expression.IsTemplate(n.Raw) || err != nil || e.Operation == "" {
		return // checkType reports errors
	}
	if ids := operationIDs(l.openapi); !slices.Contains(ids, e.Operation) {
		l.fail(n.At, nearest.Hint(e.Operation, ids), "unknown operation %q", e.Operation)
	}
}

// checkOperation checks the id of an operation.
func (l *loader) checkOperation(n *yamlsource.Node) {
	if ids := operationIDs(l.openapi); !expression.IsTemplate(n.Raw) && !slices.Contains(ids, n.Raw) {
		l.fail(n.At, nearest.Hint(n.Raw, ids), "unknown operation %q", n.Raw)
	}
}

// reportUnknownNames reports names of faults and snapshots that no step gives.
func (l *loader) reportUnknownNames() {
	for _, m := range []*mockNames{&l.faults, &l.snapshots} {
		for _, n := range m.used {
			if m.computed || slices.Contains(m.given, n.Raw) {
				continue
			}
			hint := nearest.HintWithList(n.Raw, m.given)
			if hint == "" {
				hint = "; no step creates one"
			}
			l.fail(n.At, "", "unknown %s %q%s", m.what, n.Raw, hint)
		}
	}
}
