package grade

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/openapi/connect"
)

// effect is what a mutant does to the requests of a run on the correct server.
type effect struct {
	reached   bool   // the tests call one of its operations
	triggered bool   // the tests send a request for which it differs from the correct server
	first     string // the first such request, with what is different
}

// effectOf returns what a mutant does to the exchanges. It replays them until the mutant
// changes one, in order because mutants have a state.
func effectOf(m mutants.Mutant, all []*exchange) effect {
	p := mutants.NewReplay(m)
	e := effect{}
	for i, x := range all {
		if !m.Affects(x.Operation) {
			continue
		}
		e.reached = true
		difference := "the response could not be recorded, so it may differ"
		if x.complete {
			difference = p.Difference(&x.Exchange)
		}
		if difference != "" {
			e.triggered = true
			e.first = fmt.Sprintf("%s, request %d of %d: %s", operationText(x), i+1, len(all), difference)
			return e
		}
	}
	return e
}

// operationText returns the method and the path of the operation, with parameters in
// place of the ids.
func operationText(x *exchange) string {
	for _, o := range connect.Operations() {
		if o.ID == x.Operation {
			return x.Request.Method + " " + o.Path
		}
	}
	return "a path that the API does not have"
}

// operationsOf returns the ids of the operations of the exchanges, sorted.
func operationsOf(all []*exchange) []string {
	ids := map[string]bool{}
	for _, x := range all {
		ids[cmp.Or(x.Operation, unknownPath)] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// unknownPath stands in reports for paths that the API does not have.
const unknownPath = "(unknown path)"
