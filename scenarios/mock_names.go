package scenarios

import (
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/source"
	"github.com/connectmock/connectmock/scenarios/internal/formula"
)

// mockNames are names that steps give to things of a mock, and where other
// steps use them. A scenario's world begins without any, so a name that no step
// gives is a mistake.
type mockNames struct {
	what     string // "fault", "snapshot"
	given    []string
	computed bool // some names are only known when the scenario runs
	used     []*source.Node
}

func (m *mockNames) add(n *source.Node) {
	switch {
	case n == nil:
	case formula.Templated(n.Raw):
		m.computed = true
	default:
		m.given = append(m.given, n.Raw)
	}
}

// nameFaults collects the names of faults.
func (l *loader) nameFaults(list *source.Node) {
	for _, f := range list.List() {
		if name := f.Get("name"); name != nil {
			l.faults.add(name)
		} else {
			l.faults.computed = true // the mock makes one up
		}
	}
}

// refer notes that a step uses a name; whether there is such a name is known at
// the end.
func (l *loader) refer(m *mockNames, n *source.Node) {
	if n != nil && n.Kind == source.Text && n.Raw != "" && !formula.Templated(n.Raw) {
		m.used = append(m.used, n)
	}
}

// journal checks what selects entries of the journal.
func (l *loader) journal(n *source.Node) {
	if op := n.Get("operation"); op != nil {
		l.operation(op)
	}
	l.refer(&l.faults, n.Get("fault"))
}

// operation checks the id of an operation.
func (l *loader) operation(n *source.Node) {
	if ids := operationIDs(l.openapi); !formula.Templated(n.Raw) && !slices.Contains(ids, n.Raw) {
		l.fail(n.At, source.DidYouMean(n.Raw, ids), "unknown operation %q", n.Raw)
	}
}

// unknownNames finds names of faults and snapshots that no step gives.
func (l *loader) unknownNames() {
	for _, m := range []*mockNames{&l.faults, &l.snapshots} {
		for _, n := range m.used {
			if m.computed || slices.Contains(m.given, n.Raw) {
				continue
			}
			hint := nearest.HintWithList(n.Raw, m.given)
			if hint == "" {
				hint = "; no step makes one"
			}
			l.fail(n.At, "", "unknown %s %q%s", m.what, n.Raw, hint)
		}
	}
}
