package faults

import (
	"slices"
	"strings"
	"sync"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// fault is a checked document with its counts.
type fault struct {
	document controlapi.Fault // not changed after compile
	effects  []kind           // the kinds that the document sets
	order    int              // position in the order of adding

	mu      sync.Mutex
	matched int // requests of all tokens
	applied int // requests of all tokens
	total   counts
	byToken map[caller]*counts // set where the fault counts for each token
}

// compile checks a document and returns it as a fault.
func compile(document controlapi.Fault, operations []string) (*fault, error) {
	f := &fault{document: cloneDocument(document)}
	d := &f.document
	d.Matched, d.Struck = 0, 0
	if err := usePreset(d, operations); err != nil {
		return nil, err
	}
	if d.Operation != "" && !slices.Contains(d.Operations, d.Operation) {
		d.Operations = append(d.Operations, d.Operation)
	}
	d.Operation = ""
	for _, check := range []func(*controlapi.Fault) error{checkName, checkCounts} {
		if err := check(d); err != nil {
			return nil, err
		}
	}
	for _, id := range d.Operations {
		if len(operations) > 0 && !slices.Contains(operations, id) {
			return nil, invalid("operations", "%q is unknown%s", id, nearest.HintWithList(id, operations))
		}
	}
	for _, k := range kinds() {
		if !k.isSet(d) {
			continue
		}
		if k.check != nil {
			if err := k.check(d); err != nil {
				return nil, err
			}
		}
		f.effects = append(f.effects, k)
	}
	if len(f.effects) == 0 {
		return nil, invalid("preset", "the fault does nothing: give a preset (%s) or one of %s",
			strings.Join(controlapi.PresetNames(), ", "), strings.Join(members(), ", "))
	}
	if err := checkPhase(d, f.effects); err != nil {
		return nil, err
	}
	if f.isLagOnly() && len(d.Operations) == 0 {
		d.Operations = knownOperations(writes(), operations) // a lag has no effect on reads: do not count them
	}
	if d.Per == perToken {
		f.byToken = map[caller]*counts{}
	}
	return f, nil
}

// cloneDocument returns a copy that shares no memory with the document.
func cloneDocument(d controlapi.Fault) controlapi.Fault {
	d.Operations = slices.Clone(d.Operations)
	for _, k := range kinds() {
		if k.clone != nil {
			k.clone(&d)
		}
	}
	return d
}

// clonePointer returns a pointer to a copy of the value, nil for nil.
func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// apply adds the effects of the fault on a request. n is the number of the
// request among those that the fault counted.
func (f *fault) apply(e *Effects, r Request, n int) {
	e.Names = append(e.Names, f.document.Name)
	random := randomSource{seed: f.document.Seed, n: uint64(n)}
	for _, k := range f.effects {
		k.apply(e, &f.document, r, random)
	}
}

// report returns the document with its counts.
func (f *fault) report() controlapi.Fault {
	d := cloneDocument(f.document)
	f.mu.Lock()
	defer f.mu.Unlock()
	d.Matched, d.Struck = f.matched, f.applied
	return d
}

// isLagOnly reports whether the fault does nothing but delay the visibility of
// writes.
func (f *fault) isLagOnly() bool { return len(f.effects) == 1 && f.effects[0].member == "lag" }

// defaultName returns the name of a fault that was given none.
func (f *fault) defaultName() string {
	if f.document.Preset != "" {
		return f.document.Preset
	}
	return f.effects[0].member
}
