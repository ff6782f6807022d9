package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
)

// explainRoute explains a path or a method that the API does not have.
func (e *explainer) explainRoute() {
	segments := strings.Split(strings.Trim(e.record.Path, "/"), "/")
	type candidate struct {
		op       backend.Operation
		distance int
	}
	var near []candidate
	for _, op := range e.backend.Operations() {
		if d, ok := pathDistance(strings.Split(strings.Trim(op.Path, "/"), "/"), segments); ok {
			near = append(near, candidate{op, d})
		}
	}
	otherMethod := func(c candidate) int {
		if c.op.Method == e.record.Method {
			return 0
		}
		return 1
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), otherMethod(a)-otherMethod(b), cmp.Compare(a.op.ID, b.op.ID))
	})
	e.rule = "the path is of no operation"
	if e.record.Status == 405 {
		e.rule = "the path has no method " + e.record.Method
		near = slices.DeleteFunc(near, func(c candidate) bool { return c.distance > 0 })
	}
	if strings.Contains(e.record.Path, "//") {
		e.suggest("the path has an empty segment: the address of the server may have a slash at its end")
	}
	for _, c := range near[:min(len(near), maxSuggestions)] {
		e.suggest("%s is %s %s", c.op.ID, c.op.Method, c.op.Path)
	}
}

// pathDistance returns how far a path is from that of an operation, and whether it is near: words that are misspelt,
// and one segment too many or too few.
func pathDistance(described, given []string) (distance int, near bool) {
	if len(given) != len(described) {
		for _, pair := range [][2][]string{{described, given}, {given, described}} {
			short, long := pair[0], pair[1]
			if len(short)+1 != len(long) {
				continue
			}
			for i := range long {
				without := slices.Delete(slices.Clone(long), i, i+1)
				one, two := short, without
				if len(given) < len(described) {
					one, two = without, short
				}
				if d, ok := pathDistance(one, two); ok && (!near || d+2 < distance) {
					distance, near = d+2, true
				}
			}
		}
		return distance, near
	}
	for i, segment := range described {
		switch {
		case strings.HasPrefix(segment, "{") && given[i] != "", segment == given[i]:
		case len(nearest.FindSimilar(given[i], []string{segment})) > 0:
			distance++
		default:
			return 0, false
		}
	}
	return distance, true
}
