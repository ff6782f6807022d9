// Package faults decides which requests go wrong on purpose, and how.
//
// A fault is a document of the control API. The package checks it, counts the
// requests that match it, and says of each request what strikes it. It knows
// nothing of servers: who keeps a Set does what a Strike says. Nothing of it is
// on unless somebody adds a fault.
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

// Set is the faults of a server. It is safe for use by many goroutines. The
// zero value has none and takes any word for an operation.
//
// Asking an empty set costs one atomic load. Asking another costs a look at the
// faults of the request's account and at those of no account.
type Set struct {
	operations []string // operationIds there are
	there      atomic.Int64

	mu        sync.RWMutex
	byAccount map[string][]*fault // in the order they were added; "": those for every account
	added     int
}

// New is a Set that knows the operations of a document, and refuses faults of
// others.
func New(operations []string) *Set { return &Set{operations: slices.Clone(operations)} }

// Empty says that there are no faults.
func (s *Set) Empty() bool { return s.there.Load() == 0 }

// Len is how many faults there are.
func (s *Set) Len() int { return int(s.there.Load()) }

// Add checks a fault, adds it behind the others and answers it as it is kept:
// with its name, its operations in one list and what its preset is made of. The
// error is a *controlapi.Error that names the member that can't be used.
func (s *Set) Add(document controlapi.Fault) (controlapi.Fault, error) {
	f, err := compile(document, s.operations)
	if err != nil {
		return controlapi.Fault{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.document.Name == "" {
		f.document.Name = s.freeName(f.kindName())
	} else if s.find(f.document.Name) != nil {
		return controlapi.Fault{}, &controlapi.Error{Status: 409,
			Message: "name: there is a fault " + strconv.Quote(f.document.Name) + " already; remove it first or choose another name"}
	}
	s.added++
	f.place = s.added
	if s.byAccount == nil {
		s.byAccount = map[string][]*fault{}
	}
	s.byAccount[f.document.Account] = append(s.byAccount[f.document.Account], f)
	s.there.Add(1)
	return f.report(), nil
}

// List is the faults of an account (its id) in the order they were added, each
// with its counts. "" lists all; those for every account are in no other list.
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

// Remove takes the fault of that name away. The error is a *controlapi.Error if
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
		return &controlapi.Error{Status: 404, Message: "there is no fault " + strconv.Quote(name) + nearest.HintWithList(name, names)}
	}
	account := f.document.Account
	left := slices.DeleteFunc(slices.Clone(s.byAccount[account]), func(o *fault) bool { return o == f })
	s.put(account, left)
	s.there.Add(-1)
	return nil
}

// Reset takes the faults of an account (its id) away, and forgets what those
// for every account have counted for its tokens. "" takes all away.
func (s *Set) Reset(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if account == "" {
		s.byAccount = nil
		s.there.Store(0)
		return
	}
	s.there.Add(-int64(len(s.byAccount[account])))
	s.put(account, nil)
	for _, f := range s.byAccount[""] {
		f.forget(account)
	}
}

// Effects says what goes wrong with a request, and counts it. It is to be asked
// once for each request. Nil: nothing does.
//
// All faults that match strike at once: delays add up, headers come together,
// of what excludes each other the first counts. One that answers in the place
// of the operation hides the later ones that would, which do not count the
// request: what is added as "twice 429" and "then once 503" happens so.
func (s *Set) Effects(r Request) *Effects {
	if s.Empty() {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var strike *Effects
	everybodys, own := s.byAccount[""], []*fault(nil)
	if r.Account != "" {
		own = s.byAccount[r.Account]
	}
	for len(everybodys)+len(own) > 0 {
		var f *fault
		if len(own) == 0 || len(everybodys) > 0 && everybodys[0].place < own[0].place {
			f, everybodys = everybodys[0], everybodys[1:]
		} else {
			f, own = own[0], own[1:]
		}
		if f.document.Abort != nil && strike != nil && strike.Abort != nil || !f.matches(r) {
			continue
		}
		n, strikes := f.counted(r)
		if !strikes {
			continue
		}
		if strike == nil {
			strike = &Effects{}
		}
		f.strike(strike, r, n)
	}
	return strike
}

// all is every fault in the order they were added.
func (s *Set) all() []*fault {
	var list []*fault
	for _, faults := range s.byAccount {
		list = append(list, faults...)
	}
	slices.SortFunc(list, func(a, b *fault) int { return cmp.Compare(a.place, b.place) })
	return list
}

func (s *Set) put(account string, list []*fault) {
	if len(list) == 0 {
		delete(s.byAccount, account)
		return
	}
	s.byAccount[account] = list
}

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

// freeName is the kind, with a number where others are called so already.
func (s *Set) freeName(kind string) string {
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
