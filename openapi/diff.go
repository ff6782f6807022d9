package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is a difference between two documents.
type Difference struct {
	Operations []string // the operationIds it was found in, sorted
	Where      string   // as "response 200 application/json [].vault.id"; empty: the whole operation
	Ours       string   // empty: ours does not have it
	Theirs     string   // empty: theirs does not have it
}

// String formats the difference on one line.
func (d Difference) String() string {
	return fmt.Sprintf("%s: %s: ours says %s, theirs says %s", strings.Join(d.Operations, ", "),
		cmp.Or(d.Where, "the operation"), cmp.Or(d.Ours, "nothing"), cmp.Or(d.Theirs, "nothing"))
}

// Diff returns the differences between two documents: routes, parameters, statuses, headers, media types and members
// with their types. A difference that several operations share is returned once. It ignores descriptions, examples, the
// bodies of errors, and additionalProperties, which only our document forbids.
func Diff(ours, theirs *Document) []Difference {
	found := map[differenceKey][]string{}
	for _, id := range operationIDs(ours, theirs) {
		a, b := ours.Operation(id), theirs.Operation(id)
		if a == nil || b == nil {
			found[differenceKey{ours: routeOf(a), theirs: routeOf(b)}] = []string{id}
			continue
		}
		fa, fb := a.facts(), b.facts()
		all := maps.Clone(fa)
		maps.Copy(all, fb)
		for where := range all {
			if fa[where] != fb[where] && !isPartOfMissing(where, fa, fb) {
				key := differenceKey{where, fa[where], fb[where]}
				found[key] = append(found[key], id)
			}
		}
	}
	var list []Difference
	for d, ids := range found {
		slices.Sort(ids)
		list = append(list, Difference{Operations: ids, Where: d.where, Ours: d.ours, Theirs: d.theirs})
	}
	slices.SortFunc(list, func(a, b Difference) int {
		return strings.Compare(a.Where+"\n"+a.String(), b.Where+"\n"+b.String())
	})
	return list
}

// isPartOfMissing reports whether one side lacks something that where is part of. That is reported as a difference of
// its own.
func isPartOfMissing(where string, a, b facts) bool {
	for i, r := range where {
		if r != '.' && r != '[' && r != ' ' {
			continue
		}
		_, inA := a[where[:i]]
		_, inB := b[where[:i]]
		if inA != inB {
			return true
		}
	}
	return false
}

// differenceKey is a difference without its operations.
type differenceKey struct{ where, ours, theirs string }

func routeOf(op *Operation) string {
	if op == nil {
		return ""
	}
	return op.Method + " " + op.Path
}

func operationIDs(docs ...*Document) []string {
	ids := map[string]bool{}
	for _, d := range docs {
		for _, op := range d.Operations {
			ids[op.ID] = true
		}
	}
	return sortedKeys(ids)
}
