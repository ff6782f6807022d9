package faults

import (
	"maps"
	"slices"
	"sync"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// fault is a document made ready to strike.
type fault struct {
	document controlapi.Fault // not changed after it was compiled
	ways     []kind
	place    int // in the order of adding

	mu      sync.Mutex
	matched int
	struck  int
	whole   count
	tokens  map[caller]*count // where the fault counts for each token
}

// kind is one way in which a fault strikes: a member of the document.
type kind struct {
	member string
	given  func(*controlapi.Fault) bool
	check  func(*controlapi.Fault) error // nil: whatever is given can be used
	strike func(*Effects, *controlapi.Fault, Request, chance)
}

// kinds is every way there is, in the order of the document.
func kinds() []kind {
	return []kind{delayKind(), abortKind(), headersKind(), dropKind(), contentTypeKind(), connectionKind(),
		truncateKind(), dripKind(), malformKind(), lagKind(), syncKind()}
}

// compile checks a document and makes a fault of it.
func compile(document controlapi.Fault, operations []string) (*fault, error) {
	f := &fault{document: copied(document)}
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
			return nil, refuse("operations", "%q is no operation here%s", id, nearest.HintWithList(id, operations))
		}
	}
	for _, k := range kinds() {
		if !k.given(d) {
			continue
		}
		if k.check != nil {
			if err := k.check(d); err != nil {
				return nil, err
			}
		}
		f.ways = append(f.ways, k)
	}
	if len(f.ways) == 0 {
		return nil, refuse("preset", "the fault does nothing: give a preset (%s) or one of %s", list(controlapi.PresetNames()), list(members()))
	}
	if f.onlyLags() && len(d.Operations) == 0 {
		d.Operations = present(writes(), operations) // a lag does nothing to a read, which must not be counted
	}
	if d.Per == perToken {
		f.tokens = map[caller]*count{}
	}
	return f, nil
}

// copied shares nothing with the document it is of.
func copied(d controlapi.Fault) controlapi.Fault {
	d.Operations = slices.Clone(d.Operations)
	d.DropHeaders = slices.Clone(d.DropHeaders)
	d.Headers = maps.Clone(d.Headers)
	if d.Delay != nil {
		delay := *d.Delay
		delay.Uniform, delay.LogNormal = pointed(delay.Uniform), pointed(delay.LogNormal)
		d.Delay = &delay
	}
	if d.Abort != nil {
		abort := *d.Abort
		abort.Body = pointed(abort.Body)
		d.Abort = &abort
	}
	d.Truncate, d.Drip = pointed(d.Truncate), pointed(d.Drip)
	return d
}

// pointed is a pointer to a copy.
func pointed[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// strike adds what the fault does to a request, the nth that it counted.
func (f *fault) strike(s *Effects, r Request, n int) {
	s.Names = append(s.Names, f.document.Name)
	c := chance{seed: f.document.Seed, n: uint64(n)}
	for _, k := range f.ways {
		k.strike(s, &f.document, r, c)
	}
}

// report is the document with what became of it.
func (f *fault) report() controlapi.Fault {
	d := copied(f.document)
	f.mu.Lock()
	defer f.mu.Unlock()
	d.Matched, d.Struck = f.matched, f.struck
	return d
}

func (f *fault) onlyLags() bool { return len(f.ways) == 1 && f.ways[0].member == "lag" }

// kindName is what a fault without a name is called after.
func (f *fault) kindName() string {
	if f.document.Preset != "" {
		return f.document.Preset
	}
	return f.ways[0].member
}

func members() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.member)
	}
	return names
}
