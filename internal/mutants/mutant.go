// Package mutants has incorrect servers, to test a suite that tests servers. Each
// Mutant is one mistake that is added to a correct server.
//
// The package uses HTTP, JSON and the paths of the Connect API. It knows neither the
// server that it wraps nor the suite that tests the mutants.
package mutants

import (
	"net/http"
	"slices"
	"sync"
)

// Kind is the part of a server in which a mutant has its mistake.
type Kind string

// The kinds.
const (
	Status   Kind = "status"
	Body     Kind = "body"
	Failure  Kind = "error" // the form and the texts of errors
	Filter   Kind = "filter"
	Version  Kind = "version"
	Write    Kind = "write"
	Patch    Kind = "patch"
	Lenient  Kind = "lenient" // accepts what must be refused
	Strict   Kind = "strict"  // refuses requests of real clients
	Auth     Kind = "auth"
	Scope    Kind = "scope"
	File     Kind = "file"
	Activity Kind = "activity"
	Header   Kind = "header"
	Health   Kind = "health"
)

// Mutant is a mistake of a server.
type Mutant struct {
	Name  string // "create-answers-201"
	About string // what the server does, a sentence without a full stop
	Kind  Kind
	// Operations has the operationIds whose responses may change; "" stands for paths
	// that the API does not have. Other responses are those of the wrapped server.
	Operations []string

	newBehaviour func() behaviour // called for each server, because a behaviour may have state
}

// All returns all mutants, grouped by kind.
func All() (all []Mutant) {
	for _, group := range [][]Mutant{
		statusMutants(), bodyMutants(), fieldMutants(), passwordMutants(), failureMutants(), filterMutants(), queryMutants(),
		versionMutants(),
		writeMutants(), memoryMutants(), timeMutants(), identityMutants(), generateMutants(), recipeMutants(),
		patchMutants(), fixedMutants(), lenientMutants(), strictMutants(),
		requestMutants(),
		authMutants(), scopeMutants(), fileMutants(), contentMutants(), activityMutants(), recordMutants(),
		headerMutants(), healthMutants(),
	} {
		all = append(all, group...)
	}
	return all
}

// Affects reports whether the mutant may change the responses of an operation.
func (m Mutant) Affects(operation string) bool { return slices.Contains(m.Operations, operation) }

// Wrap returns a server with the mistake. It handles one request at a time of the
// operations that the mutant affects.
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
