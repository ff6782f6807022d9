package mutants

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

func activityMutants() []Mutant {
	here := at(getActivity)
	ranges := func(change func(first, last, total int) string) func() behaviour {
		return changeResponse(func(_ *exchange, a *response) {
			parts := regexp.MustCompile(`^(\d+)-(\d+)/(\d+)$`).FindStringSubmatch(a.header.Get("Content-Range"))
			if !a.isSuccess() || parts == nil {
				return
			}
			var n [3]int
			for i := range n {
				n[i], _ = strconv.Atoi(parts[i+1]) // digits, by the pattern
			}
			a.header.Set("Content-Range", change(n[0], n[1], n[2]))
		})
	}
	whole := func(name string) func(x *exchange) (int, bool) {
		return func(x *exchange) (int, bool) {
			n, err := strconv.Atoi(x.parameter(name))
			return n, err == nil
		}
	}
	limit, offset := whole("limit"), whole("offset")
	return []Mutant{
		{"log-oldest-first", "a page of the log begins with its oldest record", Activity, here, changeList(func(l []map[string]any) []map[string]any {
			slices.Reverse(l)
			return l
		})},
		{"log-unsorted", "two records of the log are in the wrong order", Activity, here, changeList(func(l []map[string]any) []map[string]any {
			if n := len(l); n > 1 {
				l[0], l[n-1] = l[n-1], l[0]
			}
			return l
		})},
		{"range-missing", "a page of the log has no Content-Range", Activity, here, changeResponse(func(_ *exchange, a *response) { a.header.Del("Content-Range") })},
		{"range-from-zero", "Content-Range counts from 0", Activity, here, ranges(func(f, l, t int) string { return fmt.Sprintf("%d-%d/%d", f-1, l-1, t) })},
		{"range-end-off-by-one", "Content-Range ends one too late", Activity, here, ranges(func(f, l, t int) string { return fmt.Sprintf("%d-%d/%d", f, l+1, t) })},
		{"range-total-is-the-page", "Content-Range counts the page, not the log", Activity, here, ranges(func(f, l, _ int) string { return fmt.Sprintf("%d-%d/%d", f, l, l-f+1) })},
		{"range-total-off-by-one", "Content-Range counts a record too many", Activity, here, ranges(func(f, l, t int) string { return fmt.Sprintf("%d-%d/%d", f, l, t+1) })},
		{"range-with-unit", "Content-Range begins with a unit", Activity, here, ranges(func(f, l, t int) string { return fmt.Sprintf("items %d-%d/%d", f, l, t) })},
		{"limit-ignored", "the limit of a page is ignored", Activity, here, changeRequest(func(x *exchange) { x.setQuery("limit", "") })},
		{"limit-off-by-one", "a page has one record more than asked for", Activity, here, changeRequest(func(x *exchange) {
			if n, ok := limit(x); ok && n > 0 {
				x.setQuery("limit", strconv.Itoa(n+1))
			}
		})},
		{"limit-default-100", "a page has 100 records unless asked otherwise", Activity, here, changeRequest(func(x *exchange) {
			if !x.r.URL.Query().Has("limit") {
				x.setQuery("limit", "100")
			}
		})},
		{"limit-at-most-50", "a page has never more than 50 records", Activity, here, changeRequest(func(x *exchange) {
			if n, ok := limit(x); ok && n > 50 {
				x.setQuery("limit", "50")
			}
		})},
		{"limit-zero-is-default", "limit 0 means the default", Activity, here, changeRequest(func(x *exchange) {
			if n, ok := limit(x); ok && n == 0 {
				x.setQuery("limit", "")
			}
		})},
		{"limit-negative-accepted", "a negative limit means the default", Activity, here, changeRequest(func(x *exchange) {
			if n, ok := limit(x); ok && n < 0 {
				x.setQuery("limit", "")
			}
		})},
		{"limit-text-accepted", "a limit that is no number means the default", Activity, here, changeRequest(func(x *exchange) {
			if _, ok := limit(x); !ok {
				x.setQuery("limit", "")
			}
		})},
		{"offset-ignored", "the offset of a page is ignored", Activity, here, changeRequest(func(x *exchange) { x.setQuery("offset", "") })},
		{"offset-off-by-one", "a page begins one record late", Activity, here, changeRequest(func(x *exchange) {
			if n, ok := offset(x); ok && n > 0 {
				x.setQuery("offset", strconv.Itoa(n+1))
			}
		})},
		{"offset-counts-pages", "the offset counts pages, not records", Activity, here, changeRequest(func(x *exchange) {
			if n, ok := offset(x); ok {
				size, given := limit(x)
				if !given {
					size = 50
				}
				x.setQuery("offset", strconv.Itoa(n*size))
			}
		})},
		{"offset-negative-accepted", "a negative offset means none", Activity, here, changeRequest(func(x *exchange) {
			if n, ok := offset(x); ok && n < 0 {
				x.setQuery("offset", "")
			}
		})},
		{"offset-text-accepted", "an offset that is no number means none", Activity, here, changeRequest(func(x *exchange) {
			if _, ok := offset(x); !ok {
				x.setQuery("offset", "")
			}
		})},
		{"offset-beyond-wraps", "an offset beyond the end shows the beginning", Activity, here, stateless(func(x *exchange) *response {
			a := x.forward()
			if n, ok := offset(x); ok && n > 0 && a.isSuccess() && string(a.body) == "[]" {
				x.setQuery("offset", "")
				return x.forward()
			}
			return a
		})},
		{"log-records-itself", "reading the log adds to it", Activity, here, stateless(func(x *exchange) *response {
			a := x.forward()
			if a.isSuccess() {
				x.send(http.MethodGet, "/v1/vaults", nil)
			}
			return a
		})},
		{"log-in-object", "the log is a member of an object", Activity, here, changeResponse(wrapListIn("activity"))},
		{"log-is-empty", "the log has no records", Activity, here, changeList(func([]map[string]any) []map[string]any { return nil })},
	}
}
