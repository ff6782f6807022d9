package mutants

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

func activityDefects() []Mutant {
	here := at(getActivity)
	ranges := func(change func(first, last, total int) string) func() behaviour {
		return then(func(_ *exchange, a *answer) {
			parts := regexp.MustCompile(`^(\d+)-(\d+)/(\d+)$`).FindStringSubmatch(a.header.Get("Content-Range"))
			if !a.ok() || parts == nil {
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
		{"log-oldest-first", "a page of the log begins with its oldest record", Activity, here, listing(func(l []map[string]any) []map[string]any {
			slices.Reverse(l)
			return l
		})},
		{"log-unsorted", "two records of the log are in the wrong order", Activity, here, listing(func(l []map[string]any) []map[string]any {
			if n := len(l); n > 1 {
				l[0], l[n-1] = l[n-1], l[0]
			}
			return l
		})},
		{"range-missing", "a page of the log has no Content-Range", Activity, here, then(func(_ *exchange, a *answer) { a.header.Del("Content-Range") })},
		{"range-from-zero", "Content-Range counts from 0", Activity, here, ranges(func(f, l, t int) string { return fmt.Sprintf("%d-%d/%d", f-1, l-1, t) })},
		{"range-end-off-by-one", "Content-Range ends one too late", Activity, here, ranges(func(f, l, t int) string { return fmt.Sprintf("%d-%d/%d", f, l+1, t) })},
		{"range-total-is-the-page", "Content-Range counts the page, not the log", Activity, here, ranges(func(f, l, _ int) string { return fmt.Sprintf("%d-%d/%d", f, l, l-f+1) })},
		{"range-total-off-by-one", "Content-Range counts a record too many", Activity, here, ranges(func(f, l, t int) string { return fmt.Sprintf("%d-%d/%d", f, l, t+1) })},
		{"range-with-unit", "Content-Range begins with a unit", Activity, here, ranges(func(f, l, t int) string { return fmt.Sprintf("items %d-%d/%d", f, l, t) })},
		{"limit-ignored", "the limit of a page is ignored", Activity, here, first(func(x *exchange) { x.query("limit", "") })},
		{"limit-off-by-one", "a page has one record more than asked for", Activity, here, first(func(x *exchange) {
			if n, ok := limit(x); ok && n > 0 {
				x.query("limit", strconv.Itoa(n+1))
			}
		})},
		{"limit-default-100", "a page has 100 records unless asked otherwise", Activity, here, first(func(x *exchange) {
			if !x.r.URL.Query().Has("limit") {
				x.query("limit", "100")
			}
		})},
		{"limit-at-most-50", "a page has never more than 50 records", Activity, here, first(func(x *exchange) {
			if n, ok := limit(x); ok && n > 50 {
				x.query("limit", "50")
			}
		})},
		{"limit-zero-is-default", "limit 0 means the default", Activity, here, first(func(x *exchange) {
			if n, ok := limit(x); ok && n == 0 {
				x.query("limit", "")
			}
		})},
		{"limit-negative-accepted", "a negative limit means the default", Activity, here, first(func(x *exchange) {
			if n, ok := limit(x); ok && n < 0 {
				x.query("limit", "")
			}
		})},
		{"limit-text-accepted", "a limit that is no number means the default", Activity, here, first(func(x *exchange) {
			if _, ok := limit(x); !ok {
				x.query("limit", "")
			}
		})},
		{"offset-ignored", "the offset of a page is ignored", Activity, here, first(func(x *exchange) { x.query("offset", "") })},
		{"offset-off-by-one", "a page begins one record late", Activity, here, first(func(x *exchange) {
			if n, ok := offset(x); ok && n > 0 {
				x.query("offset", strconv.Itoa(n+1))
			}
		})},
		{"offset-counts-pages", "the offset counts pages, not records", Activity, here, first(func(x *exchange) {
			if n, ok := offset(x); ok {
				size, given := limit(x)
				if !given {
					size = 50
				}
				x.query("offset", strconv.Itoa(n*size))
			}
		})},
		{"offset-negative-accepted", "a negative offset means none", Activity, here, first(func(x *exchange) {
			if n, ok := offset(x); ok && n < 0 {
				x.query("offset", "")
			}
		})},
		{"offset-text-accepted", "an offset that is no number means none", Activity, here, first(func(x *exchange) {
			if _, ok := offset(x); !ok {
				x.query("offset", "")
			}
		})},
		{"offset-beyond-wraps", "an offset beyond the end shows the beginning", Activity, here, always(func(x *exchange) *answer {
			a := x.pass()
			if n, ok := offset(x); ok && n > 0 && a.ok() && string(a.body) == "[]" {
				x.query("offset", "")
				return x.pass()
			}
			return a
		})},
		{"log-records-itself", "reading the log adds to it", Activity, here, always(func(x *exchange) *answer {
			a := x.pass()
			if a.ok() {
				x.ask(http.MethodGet, "/v1/vaults", nil)
			}
			return a
		})},
		{"log-in-object", "the log is a member of an object", Activity, here, then(enclose("activity"))},
		{"log-is-empty", "the log has no records", Activity, here, listing(func([]map[string]any) []map[string]any { return nil })},
	}
}
