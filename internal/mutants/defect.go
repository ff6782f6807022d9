// Package mutants holds servers that are wrong on purpose, to find out what a
// suite that judges servers can see. Each Defect is one mistake, put in front
// of a server that is right.
//
// The package knows HTTP, JSON and the paths of the Connect API. It does not
// know the server behind it, nor the suite in front of it, and it is of no use
// to anybody who wants a good server.
package mutants

import (
	"net/http"
	"slices"
	"sync"
)

// Kind says what part of a server a defect is in.
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
	// At are the operationIds whose answers it may change, "" for a path the API
	// does not have. All other answers are those of the server behind it.
	At []string

	behave func() behaviour // with a memory of its own for each server
}

// All are all of them, in the order of their kinds.
func All() (all []Mutant) {
	for _, of := range [][]Mutant{
		statusDefects(), bodyDefects(), fieldDefects(), passwordDefects(), failureDefects(), filterDefects(), versionDefects(),
		writeDefects(), memoryDefects(), generateDefects(), patchDefects(), lenientDefects(), strictDefects(), requestDefects(),
		authDefects(), scopeDefects(), fileDefects(), contentDefects(), activityDefects(), recordDefects(),
		headerDefects(), healthDefects(),
	} {
		all = append(all, of...)
	}
	return all
}

// Affects says whether the defect may change an answer of that operation.
func (d Mutant) Affects(operation string) bool { return slices.Contains(d.At, operation) }

// Wrap puts a defect in front of a server. What it touches is answered one
// request at a time.
func Wrap(next http.Handler, d Mutant) http.Handler {
	behave := d.behave()
	var turn sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !d.Affects(Operation(r)) {
			next.ServeHTTP(w, r)
			return
		}
		turn.Lock()
		defer turn.Unlock()
		behave(receive(next, r)).write(w)
	})
}
