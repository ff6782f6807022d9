package faults

import "github.com/connectmock/connectmock/openapi/controlapi"

// kind is one thing that a fault can do: one member of the document. All that
// the package knows of the member is here, so that a new kind needs a file of
// its own and a line in kinds.
type kind struct {
	member   string                                                   // its JSON name
	hasPhase bool                                                     // the member "phase" says when it acts
	isSet    func(*controlapi.Fault) bool                             // whether a document has the member
	clone    func(*controlapi.Fault)                                  // copies what it points to; nil: no pointers
	check    func(*controlapi.Fault) error                            // called where isSet; nil: every value is valid
	merge    func(d *controlapi.Fault, preset *controlapi.Fault)      // takes the preset's value where d has none
	apply    func(*Effects, *controlapi.Fault, Request, randomSource) // called where isSet
}

// kinds returns the table of all kinds, in the order of the document.
func kinds() []kind {
	return []kind{
		delayKind(), abortKind(), headersKind(), dropHeadersKind(), contentTypeKind(), connectionKind(),
		truncateKind(), throttleKind(), malformJSONKind(), lagKind(), syncKind(),
	}
}

// members returns the JSON names of all kinds.
func members() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.member)
	}
	return names
}
