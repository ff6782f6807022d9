package backend

import (
	"slices"

	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Operation is an operation that is served.
type Operation struct {
	ID         string
	Method     string
	Path       string             // with {parameters}
	Parameters []string           // names in the path, in order
	Needs      connect.Permission // in the vault of the path; 0: none
}

// SetOperations sets the ids of the operations of the document, and those that are served.
func (b *Backend) SetOperations(described []string, served []Operation) {
	b.Faults = faults.New(described)
	b.served = served
	b.operations = nil
	for _, op := range served {
		b.operations = append(b.operations, op.ID)
	}
	slices.Sort(b.operations)
}

// Operations returns the operations that are served.
func (b *Backend) Operations() []Operation { return b.served }

// Operation returns an operation that is served by its id, nil if there is none.
func (b *Backend) Operation(id string) *Operation {
	i := slices.IndexFunc(b.served, func(op Operation) bool { return op.ID == id })
	if i < 0 {
		return nil
	}
	return &b.served[i]
}
