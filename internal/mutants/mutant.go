// Package mutants has servers that are wrong on purpose, to test a suite that
// tests servers. Each Mutant is one mistake, wrapped around a correct server.
//
// The package knows HTTP, JSON and the paths of the Connect API. It knows
// neither the server that it wraps nor the suite that tests it.
package mutants

import (
	"net/http"
	"slices"
	"sync"
)

// Kind is the part of a server that a mutant has its mistake in.
type Kind string

// The kinds.
const (
	Status   Kind = "status"
	Body     Kind = "body"
	Failure  Kind = "error" // the form and the texts of refusals
	Filter   Kind = "filter"
	Version  Kind = "version"
	Write    Kind = "write"
	Patch    Kind = "patch"
	Lenient  Kind = "lenient" // accepts what must be refused
	Strict   Kind = "strict"  // refuses what clients send
	Auth     Kind = "auth"
	Scope    Kind = "scope"
	File     Kind = "file"
	Activity Kind = "activity"
	Header   Kind = "header"
	Health   Kind = "health"
)

// Mutant is one mistake of a server.
type Mutant struct {
	Name  string // "create-answers-201"
	About string // what the server does, one sentence without a full stop
	Kind  Kind
	// At has the operationIds whose responses may change; "" is a path that the
	// API does not have. All other responses are those of the wrapped server.
	At []string

	newBehaviour func() behaviour // called for each server: a behaviour may have state
}

// All returns all mutants, grouped by kind.
func All() (all []Mutant) {
	for _, of := range [][]Mutant{
		statusMutants(), bodyMutants(), fieldMutants(), passwordMutants(), failureMutants(), filterMutants(), versionMutants(),
		writeMutants(), memoryMutants(), generateMutants(), patchMutants(), lenientMutants(), strictMutants(), requestMutants(),
		authMutants(), scopeMutants(), fileMutants(), contentMutants(), activityMutants(), recordMutants(),
		headerMutants(), healthMutants(),
	} {
		all = append(all, of...)
	}
	return all
}

// Affects reports whether the mutant may change a response of that operation.
func (m Mutant) Affects(operation string) bool { return slices.Contains(m.At, operation) }

// Wrap returns the mutant of a server. It handles requests for the operations
// that it affects one at a time.
func Wrap(next http.Handler, m Mutant) http.Handler {
	behave := m.newBehaviour()
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !m.Affects(Operation(r)) {
			next.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		behave(newExchange(next, r)).write(w)
	})
}
