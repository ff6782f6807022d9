// Package operation selects operations of the document, for rules that are repeated for each of them. It sends nothing.
package operation

import (
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi"
)

// Where returns the operations of the embedded document that keep returns true
// for.
func Where(keep func(*openapi.Operation) bool) (list []*openapi.Operation) {
	document, err := openapi.Connect()
	if err != nil {
		return nil // a run returns the same error
	}
	for _, op := range document.Operations {
		if keep(op) {
			list = append(list, op)
		}
	}
	return list
}

// IsWrite reports whether an operation can change something.
func IsWrite(op *openapi.Operation) bool { return op.Method != http.MethodGet }

// HasParameter reports whether the path of an operation has a parameter.
func HasParameter(op *openapi.Operation, parameter string) bool {
	return strings.Contains(op.Path, "{"+parameter+"}")
}

// Needs returns what a rule needs that calls an operation with the token of
// the target. A rule about a write that must be refused needs Write, because an
// incorrect server may not refuse it.
func Needs(op *openapi.Operation, more ...rule.Capability) []rule.Capability {
	if IsWrite(op) {
		return append([]rule.Capability{rule.Write}, more...)
	}
	return append([]rule.Capability{rule.Read}, more...)
}

// OfNewItem returns the operations of a rule that creates an item: create,
// read, delete and the given ones.
func OfNewItem(operations ...string) []string {
	return append([]string{"CreateVaultItem", "GetVaultItemById", "DeleteVaultItem"}, operations...)
}

// WithBody returns the operations that have a request body.
func WithBody() []*openapi.Operation {
	return Where(func(op *openapi.Operation) bool { return op.Spec().RequestBody != nil })
}

// Touches returns what a rule touches that sends an operation to existing objects if it reads, and to its own items or
// to unknown ids if it writes.
func Touches(op *openapi.Operation) rule.Touches {
	if IsWrite(op) {
		return rule.OwnItems
	}
	return rule.ReadOnly
}
