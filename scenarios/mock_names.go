package scenarios

import (
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// mockNames are names that steps give to things of a mock, and where other
// steps use them. A scenario's world begins without any, so a name that no step
// gives is a mistake.
type mockNames struct {
	what     string // "fault", "snapshot"
	given    []string
	computed bool // some names are only known when the scenario runs
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

// nameFaults collects the names of faults.
func (l *loader) nameFaults(list *yamlsource.Node) {
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
func (l *loader) refer(m *mockNames, n *yamlsource.Node) {
	if n != nil && n.Kind == yamlsource.Text && n.Raw != "" && !expression.IsTemplate(n.Raw) {
		m.used = append(m.used, n)
	}
}

// journal checks what selects entries of the journal.
func (l *loader) journal(n *yamlsource.Node) {
	if op := n.Get("operation"); op != nil {
		l.operation(op)
	}
	l.refer(&l.faults, n.Get("fault"))
}

// operation checks the id of an operation.
func (l *loader) operation(n *yamlsource.Node) {
	if ids := operationIDs(l.openapi); !expression.IsTemplate(n.Raw) && !slices.Contains(ids, n.Raw) {
		l.fail(n.At, yamlsource.DidYouMean(n.Raw, ids), "unknown operation %q", n.Raw)
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
