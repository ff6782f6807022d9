package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
)

// strayed is about a path or a method the API does not have.
func (x *inquiry) strayed() {
	segments := strings.Split(strings.Trim(x.entry.Path, "/"), "/")
	type candidate struct {
		op  *operation
		far int
	}
	var near []candidate
	for _, op := range x.s.operations {
		if far, ok := pathDistance(strings.Split(strings.Trim(op.Path, "/"), "/"), segments); ok {
			near = append(near, candidate{op, far})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.far, b.far), differs(a.op.Method, x.entry.Method)-differs(b.op.Method, x.entry.Method), cmp.Compare(a.op.ID, b.op.ID))
	})
	x.rule = "the path is of no operation"
	if x.entry.Status == http.StatusMethodNotAllowed {
		x.rule = "the path has no method " + x.entry.Method
		near = slices.DeleteFunc(near, func(c candidate) bool { return c.far > 0 })
	}
	if strings.Contains(x.entry.Path, "//") {
		x.says("the path has an empty segment: the address of the server may have a slash at its end")
	}
	for _, c := range near[:min(len(near), 3)] {
		x.says("%s is %s %s", c.op.ID, c.op.Method, c.op.Path)
	}
}

func differs(a, b string) int {
	if a == b {
		return 0
	}
	return 1
}

// pathDistance is how far a path is from that of an operation, and whether that
// is near: words that are misspelt, and one segment too many or too few.
func pathDistance(described, given []string) (far int, near bool) {
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
				if d, ok := pathDistance(one, two); ok && (!near || d+2 < far) {
					far, near = d+2, true
				}
			}
		}
		return far, near
	}
	for i, segment := range described {
		switch {
		case strings.HasPrefix(segment, "{") && given[i] != "", segment == given[i]:
		case len(nearest.FindSimilar(given[i], []string{segment})) > 0:
			far++
		default:
			return 0, false
		}
	}
	return far, true
}
