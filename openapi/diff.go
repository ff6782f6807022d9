package openapi

import (
	"maps"
	"slices"
	"strings"
)

// Difference is a difference between two documents.
type Difference struct {
	Operations []string // the operationIds it was found in, sorted
	Where      string   // as "answer 200 application/json [].vault.id"; "" for an operation as a whole
	Ours       string   // "" if ours does not have it
	Theirs     string   // "" if theirs does not have it
}

// String formats the difference on one line.
func (d Difference) String() string {
	said := func(s string) string {
		if s == "" {
			return "nothing"
		}
		return s
	}
	where := d.Where
	if where == "" {
		where = "the operation"
	}
	return strings.Join(d.Operations, ", ") + ": " + where + ": ours says " + said(d.Ours) + ", theirs says " + said(d.Theirs)
}

// Diff returns the differences between two documents: routes, parameters, statuses, headers, media types and members
// with their types. A difference that several operations share is returned once. It ignores descriptions, examples,
// the bodies of errors, and additionalProperties, which only our document forbids.
func Diff(ours, theirs *Document) []Difference {
	found := map[disagreement][]string{}
	for _, id := range operationIDs(ours, theirs) {
		a, b := ours.Operation(id), theirs.Operation(id)
		if a == nil || b == nil {
			found[disagreement{ours: routeOf(a), theirs: routeOf(b)}] = []string{id}
			continue
		}
		fa, fb := a.facts(), b.facts()
		all := maps.Clone(fa)
		maps.Copy(all, fb)
		for where := range all {
			if fa[where] != fb[where] && !follows(where, fa, fb) {
				key := disagreement{where, fa[where], fb[where]}
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

// follows says that a difference is there because something it is part of is
// missing from one side, and so reported already.
func follows(where string, a, b facts) bool {
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

// disagreement is a difference without the operations that share it.
type disagreement struct{ where, ours, theirs string }

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
