package mutants

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

// activityMutants returns servers with mistakes in the pages of the activity log.
func activityMutants() []Mutant {
	affected := operations(getActivity)
	ranges := func(change func(first, last, total int) string) func() behaviour {
		return changeResponse(func(_ *exchange, res *response) {
			parts := regexp.MustCompile(`^(\d+)-(\d+)/(\d+)$`).FindStringSubmatch(res.header.Get("Content-Range"))
			if !res.isSuccess() || parts == nil {
				return
			}
			var n [3]int
			for i := range n {
				n[i], _ = strconv.Atoi(parts[i+1]) // the pattern matches only digits
			}
			res.header.Set("Content-Range", change(n[0], n[1], n[2]))
		})
	}
	intParameter := func(name string) func(x *exchange) (int, bool) {
		return func(x *exchange) (int, bool) {
			n, err := strconv.Atoi(x.parameter(name))
			return n, err == nil
		}
	}
	limit, offset := intParameter("limit"), intParameter("offset")
	return []Mutant{
		{"log-oldest-first", "a page of the log begins with its oldest record", Activity, affected,
			changeList(func(l []map[string]any) []map[string]any {
				slices.Reverse(l)
				return l
			})},
		{"log-unsorted", "two records of the log are swapped", Activity, affected,
			changeList(func(l []map[string]any) []map[string]any {
				if n := len(l); n > 1 {
					l[0], l[n-1] = l[n-1], l[0]
				}
				return l
			})},
		{"range-missing", "a page of the log has no Content-Range", Activity, affected,
			changeResponse(func(_ *exchange, res *response) { res.header.Del("Content-Range") })},
		{"range-from-zero", "Content-Range counts from 0", Activity, affected,
			ranges(func(f, l, t int) string { return fmt.Sprintf("%d-%d/%d", f-1, l-1, t) })},
		{"range-end-off-by-one", "the end of Content-Range is one too high", Activity, affected,
			ranges(func(f, l, t int) string { return fmt.Sprintf("%d-%d/%d", f, l+1, t) })},
		{"range-total-is-the-page", "the total in Content-Range is that of the page", Activity, affected,
			ranges(func(f, l, _ int) string { return fmt.Sprintf("%d-%d/%d", f, l, l-f+1) })},
		{"range-total-off-by-one", "the total in Content-Range is one too high", Activity, affected,
			ranges(func(f, l, t int) string { return fmt.Sprintf("%d-%d/%d", f, l, t+1) })},
		{"range-with-unit", "Content-Range begins with a unit", Activity, affected,
			ranges(func(f, l, t int) string { return fmt.Sprintf("items %d-%d/%d", f, l, t) })},
		{"limit-ignored", "the limit of a page is ignored", Activity, affected,
			changeRequest(func(x *exchange) { x.setQuery("limit", "") })},
		{"limit-off-by-one", "a page has one record more than the limit", Activity, affected,
			changeRequest(func(x *exchange) {
				if n, ok := limit(x); ok && n > 0 {
					x.setQuery("limit", strconv.Itoa(n+1))
				}
			})},
		{"limit-default-100", "the default limit is 100", Activity, affected, changeRequest(func(x *exchange) {
			if !x.r.URL.Query().Has("limit") {
				x.setQuery("limit", "100")
			}
		})},
		{"limit-at-most-50", "a page has at most 50 records", Activity, affected, changeRequest(func(x *exchange) {
			if n, ok := limit(x); ok && n > 50 {
				x.setQuery("limit", "50")
			}
		})},
		{"limit-zero-is-default", "limit 0 means the default", Activity, affected, changeRequest(func(x *exchange) {
			if n, ok := limit(x); ok && n == 0 {
				x.setQuery("limit", "")
			}
		})},
		{"limit-negative-accepted", "a negative limit means the default", Activity, affected,
			changeRequest(func(x *exchange) {
				if n, ok := limit(x); ok && n < 0 {
					x.setQuery("limit", "")
				}
			})},
		{"limit-text-accepted", "a limit that is not a number means the default", Activity, affected,
			changeRequest(func(x *exchange) {
				if _, ok := limit(x); !ok {
					x.setQuery("limit", "")
				}
			})},
		{"offset-ignored", "the offset of a page is ignored", Activity, affected,
			changeRequest(func(x *exchange) { x.setQuery("offset", "") })},
		{"offset-off-by-one", "a page begins one record too late", Activity, affected, changeRequest(func(x *exchange) {
			if n, ok := offset(x); ok && n > 0 {
				x.setQuery("offset", strconv.Itoa(n+1))
			}
		})},
		{"offset-counts-pages", "the offset counts pages, not records", Activity, affected, changeRequest(func(x *exchange) {
			if n, ok := offset(x); ok {
				size, ok := limit(x)
				if !ok {
					size = 50
				}
				x.setQuery("offset", strconv.Itoa(n*size))
			}
		})},
		{"offset-negative-accepted", "a negative offset means 0", Activity, affected, changeRequest(func(x *exchange) {
			if n, ok := offset(x); ok && n < 0 {
				x.setQuery("offset", "")
			}
		})},
		{"offset-text-accepted", "an offset that is not a number means 0", Activity, affected,
			changeRequest(func(x *exchange) {
				if _, ok := offset(x); !ok {
					x.setQuery("offset", "")
				}
			})},
		{"offset-beyond-wraps", "an offset beyond the end returns the first page", Activity, affected,
			stateless(func(x *exchange) *response {
				res := x.forward()
				if n, ok := offset(x); ok && n > 0 && res.isSuccess() && string(res.body) == "[]" {
					x.setQuery("offset", "")
					return x.forward()
				}
				return res
			})},
		{"log-records-itself", "reading the log adds a record", Activity, affected, stateless(func(x *exchange) *response {
			res := x.forward()
			if res.isSuccess() {
				x.send(http.MethodGet, "/v1/vaults", nil)
			}
			return res
		})},
		{"log-in-object", "the log is a member of an object", Activity, affected, changeResponse(wrapListIn("activity"))},
		{"log-is-empty", "the log has no records", Activity, affected,
			changeList(func([]map[string]any) []map[string]any { return nil })},
	}
}
