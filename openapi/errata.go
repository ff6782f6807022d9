package openapi

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Erratum is a correction of a published document where it differs from real servers or clients.
type Erratum struct {
	Name     string
	Side     string   // "request" or "response": what it changes the check of
	Why      string   // what would go wrong without it
	Evidence string   // how it is known, with the tag of package connect
	Proof    string   // a request that shows it
	Places   []string // where it was applied; nil in the list of all

	apply func(*openapi3.T) []string // returns the places it changed
}

// Errata returns all corrections in the order in which they are applied.
func Errata() []Erratum {
	return slices.Concat(requestErrata(), responseErrata())
}

const proofCreate = "POST /v1/vaults/{vaultUuid}/items "

// changeOperations applies a change to each operation and returns the places of those that it changed, sorted.
func changeOperations(t *openapi3.T, change func(where string, op *openapi3.Operation) bool) []string {
	var places []string
	operations := operationsByRoute(t)
	for _, where := range sortedKeys(operations) {
		if change(where, operations[where]) {
			places = append(places, where)
		}
	}
	return places
}

// operationsByRoute returns the operations by method and path.
func operationsByRoute(t *openapi3.T) map[string]*openapi3.Operation {
	all := map[string]*openapi3.Operation{}
	for path, item := range t.Paths.Map() {
		for method, op := range item.Operations() {
			all[method+" "+path] = op
		}
	}
	return all
}

func componentName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// component returns the schema with that name, or nil if there is none.
func component(t *openapi3.T, name string) *openapi3.Schema {
	if t.Components == nil || t.Components.Schemas[name] == nil {
		return nil
	}
	return t.Components.Schemas[name].Value
}

// property returns the schema that names lead to: of a component, then of its properties. The name "[]" stands for the
// elements of a list. It returns nil if there is no such schema.
func property(t *openapi3.T, names ...string) *openapi3.Schema {
	s := component(t, names[0])
	for _, name := range names[1:] {
		var next *openapi3.SchemaRef
		if s != nil && name == "[]" {
			next = s.Items
		} else if s != nil {
			next = s.Properties[name]
		}
		if next == nil {
			return nil
		}
		s = next.Value
	}
	return s
}

// place returns a place inside a component, in the form of Erratum.Places.
func place(names ...string) string {
	names = slices.Clone(names)
	names[0] = strings.TrimSuffix(names[0], requestSuffix)
	return strings.ReplaceAll(strings.Join(names, "."), ".[]", "[]")
}

// removeWords returns the list without the words, and whether it had any of them.
func removeWords(list []string, words ...string) ([]string, bool) {
	kept := slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(words, s) })
	return kept, len(kept) < len(list)
}
