// Package faults decides which requests fail on purpose, and how.
//
// A fault is a document of the control API. The package checks it, counts the
// requests that match it, and returns for each request the Effects of all
// faults. It does not know servers or the store: the owner of a Set carries the
// Effects out. A Set without faults changes nothing.
package faults

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Set holds the faults of a server. It is safe for concurrent use. The zero value
// is empty and accepts any word as an operation.
//
// When no fault is configured, Effects costs one atomic load. Otherwise it
// looks at the faults of the request's account and at those for every account.
type Set struct {
	operations []string // the operationIds that faults may name
	size       atomic.Int64

	mu        sync.RWMutex
	byAccount map[string][]*fault // in the order they were added; "": those for every account
	added     int
}

// New returns an empty Set that refuses faults for other operations than these.
func New(operations []string) *Set { return &Set{operations: slices.Clone(operations)} }

// IsEmpty reports whether there are no faults.
func (s *Set) IsEmpty() bool { return s.size.Load() == 0 }

// Len returns the number of faults.
func (s *Set) Len() int { return int(s.size.Load()) }

// Add checks a fault, adds it after the others and returns it as it is stored:
// with a name, its operations in one list and the members of its preset. The
// error is a *controlapi.Error that names the invalid member.
func (s *Set) Add(document controlapi.Fault) (controlapi.Fault, error) {
	f, err := compile(document, s.operations)
	if err != nil {
		return controlapi.Fault{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.document.Name == "" {
		f.document.Name = s.unusedName(f.defaultName())
	} else if s.find(f.document.Name) != nil {
		return controlapi.Fault{}, &controlapi.Error{Status: 409,
			Message: "name: there is a fault " + strconv.Quote(f.document.Name) +
				" already; remove it first or choose another name"}
	}
	s.added++
	f.order = s.added
	if s.byAccount == nil {
		s.byAccount = map[string][]*fault{}
	}
	s.byAccount[f.document.Account] = append(s.byAccount[f.document.Account], f)
	s.size.Add(1)
	return f.report(), nil
}

// List returns the faults of an account (its id) with their counts, in the order
// they were added. "" lists all faults; those for every account are only there.
func (s *Set) List(account string) []controlapi.Fault {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := s.byAccount[account]
	if account == "" {
		list = s.all()
	}
	documents := make([]controlapi.Fault, len(list))
	for i, f := range list {
		documents[i] = f.report()
	}
	return documents
}

// Remove removes the fault of that name. The error is a *controlapi.Error if
// there is none.
func (s *Set) Remove(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.find(name)
	if f == nil {
		var names []string
		for _, other := range s.all() {
			names = append(names, other.document.Name)
		}
		return &controlapi.Error{Status: 404,
			Message: "there is no fault " + strconv.Quote(name) + nearest.HintWithList(name, names)}
	}
	account := f.document.Account
	left := slices.DeleteFunc(slices.Clone(s.byAccount[account]), func(o *fault) bool { return o == f })
	s.put(account, left)
	s.size.Add(-1)
	return nil
}

// Reset removes the faults of an account (its id), and drops the counts that
// faults for every account have for its tokens. "" removes all faults.
func (s *Set) Reset(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if account == "" {
		s.byAccount = nil
		s.size.Store(0)
		return
	}
	s.size.Add(-int64(len(s.byAccount[account])))
	s.put(account, nil)
	for _, f := range s.byAccount[""] {
		f.dropCounts(account)
	}
}

// Effects returns what the faults do to a request, nil for nothing, and counts
// the request. Call it once for each request.
//
// All matching faults apply together: delays of the same phase add up, headers
// are merged, and of effects that exclude each other, aborts for example, the
// first is used, at the phase of its fault. A request that one fault ends before
// it is handled is not done, whatever the phase of the others. After a fault with
// an abort, of either phase, the later ones with an abort neither apply nor count
// the request, so that "twice 429" and "then once 503" happen in this order.
func (s *Set) Effects(r Request) *Effects {
	if s.IsEmpty() {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var effects *Effects
	shared, own := s.byAccount[""], []*fault(nil)
	if r.Account != "" {
		own = s.byAccount[r.Account]
	}
	for len(shared)+len(own) > 0 {
		var f *fault
		if len(own) == 0 || len(shared) > 0 && shared[0].order < own[0].order {
			f, shared = shared[0], shared[1:]
		} else {
			f, own = own[0], own[1:]
		}
		if f.document.Abort != nil && effects != nil && effects.hasAbort() || !f.matches(r) {
			continue
		}
		n, applies := f.count(r)
		if !applies {
			continue
		}
		if effects == nil {
			effects = &Effects{}
		}
		f.apply(effects, r, n)
	}
	return effects
}

// all returns every fault in the order they were added.
func (s *Set) all() []*fault {
	var list []*fault
	for _, faults := range s.byAccount {
		list = append(list, faults...)
	}
	slices.SortFunc(list, func(a, b *fault) int { return cmp.Compare(a.order, b.order) })
	return list
}

// put replaces the faults of an account.
func (s *Set) put(account string, list []*fault) {
	if len(list) == 0 {
		delete(s.byAccount, account)
		return
	}
	s.byAccount[account] = list
}

// find returns the fault of that name, or nil.
func (s *Set) find(name string) *fault {
	for _, list := range s.byAccount {
		for _, f := range list {
			if f.document.Name == name {
				return f
			}
		}
	}
	return nil
}

// unusedName returns the kind as a name, with a number if the name is taken.
func (s *Set) unusedName(kind string) string {
	taken := map[string]bool{}
	for _, list := range s.byAccount {
		for _, f := range list {
			if strings.HasPrefix(f.document.Name, kind) {
				taken[f.document.Name] = true
			}
		}
	}
	name := kind
	for n := 2; taken[name]; n++ {
		name = kind + "-" + strconv.Itoa(n)
	}
	return name
}
