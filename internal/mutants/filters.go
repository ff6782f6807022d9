package mutants

import (
	"regexp"
	"strings"
)

func filterMutants() []Mutant {
	lists := at(listVaults, listItems)
	filter := func(change func(string) string) func() behaviour {
		return changeRequest(func(x *exchange) {
			if f := x.parameter("filter"); f != "" {
				x.setQuery("filter", change(f))
			}
		})
	}
	replace := func(old, new string) func() behaviour {
		return filter(func(f string) string { return strings.ReplaceAll(f, old, new) })
	}
	refuse := func(part string) func() behaviour {
		return refuseIf(func(x *exchange) bool { return strings.Contains(x.parameter("filter"), part) }, 400, "invalid filter")
	}
	return []Mutant{
		{"item-filter-ignored", "the filter of items is ignored", Filter, at(listItems), filter(func(string) string { return "" })},
		{"vault-filter-ignored", "the filter of vaults is ignored", Filter, at(listVaults), filter(func(string) string { return "" })},
		{"filter-ignored-after-slash", "a filter is ignored on a path with a slash at its end", Filter, lists, changeRequest(func(x *exchange) {
			if strings.HasSuffix(x.r.URL.Path, "/") {
				x.setQuery("filter", "")
			}
		})},
		{"vault-filter-with-case", "the filter of vaults heeds case", Filter, at(listVaults), matchCase("name")},
		{"item-filter-with-case", "the filter of items heeds case", Filter, at(listItems), matchCase("title")},
		{"vault-filter-without-name", "the filter of vaults does not know name", Filter, at(listVaults), refuse("name eq")},
		{"vault-filter-without-title", "the filter of vaults does not know title", Filter, at(listVaults), refuse("title eq")},
		{"item-filter-without-tag", "the filter of items does not know tag", Filter, at(listItems), refuse("tag eq")},
		{"item-filter-tag-as-title", "the filter of items looks for tags among titles", Filter, at(listItems), replace("tag eq", "title eq")},
		{"item-filter-tag-finds-all", "the filter of items finds everything by a tag", Filter, at(listItems), filter(func(f string) string {
			if strings.Contains(f, "tag eq") {
				return ""
			}
			return f
		})},
		{"filter-co-as-eq", "co wants the whole title", Filter, lists, replace(" co ", " eq ")},
		{"filter-eq-as-co", "eq is content with a part of the title", Filter, lists, replace(" eq ", " co ")},
		{"filter-co-refused", "co is not known", Filter, at(listItems), refuse(" co ")},
		{"filter-or-as-and", "or is read as and", Filter, lists, replace(" or ", " and ")},
		{"filter-or-takes-the-first", "only what stands before or is read", Filter, lists, filter(func(f string) string {
			before, _, _ := strings.Cut(f, " or ")
			return closeParentheses(before)
		})},
		{"filter-or-refused", "or is not known", Filter, lists, refuse(" or ")},
		{"filter-and-as-or", "and is read as or", Filter, lists, replace(" and ", " or ")},
		{"filter-parentheses-refused", "parentheses are not known", Filter, lists, refuse("(")},
		{"filter-parentheses-ignored", "parentheses group nothing", Filter, lists, filter(func(f string) string {
			return strings.NewReplacer("(", "", ")", "").Replace(f)
		})},
		{"filter-plus-not-decoded", "a plus in a filter is no space", Filter, lists, changeRequest(func(x *exchange) {
			x.r.URL.RawQuery = strings.ReplaceAll(x.r.URL.RawQuery, "+", "%2B")
		})},
		{"filter-not-decoded", "a filter is not percent-decoded", Filter, lists, changeRequest(func(x *exchange) {
			x.r.URL.RawQuery = strings.ReplaceAll(x.r.URL.RawQuery, "%", "%25")
		})},
		{"filter-raw-quotes-refused", "a filter with quotes that are not encoded is refused", Filter, lists,
			refuseIf(func(x *exchange) bool { return strings.Contains(x.r.URL.RawQuery, `"`) }, 400, "invalid URL")},
		{"filter-escapes-refused", "a filter with an escaped quote in a title is refused", Filter, at(listItems), refuse(`\"`)},
		{"filter-escapes-kept", "a filter looks for the backslash before a quote", Filter, at(listItems), replace(`\"`, `\\\"`)},
		{"filter-single-quotes-accepted", "a filter may have single quotes", Filter, lists, replace("'", `"`)},
		{"filter-loses-non-ascii", "a filter finds no title outside ASCII", Filter, lists, filter(func(f string) string {
			return strings.Map(func(r rune) rune {
				if r > 127 {
					return '?'
				}
				return r
			}, f)
		})},
		{"filter-empty-refused", "an empty filter is refused", Filter, lists, refuseIf(func(x *exchange) bool {
			return x.r.URL.Query().Has("filter") && x.parameter("filter") == ""
		}, 400, "invalid filter")},
		{"filter-unknown-parameter-refused", "a parameter without a name is refused", Filter, lists, refuseIf(func(x *exchange) bool {
			return strings.HasPrefix(x.r.URL.RawQuery, "=")
		}, 400, "unknown parameter")},
		{"filter-unknown-attribute-ignored", "a filter on an attribute that does not exist finds everything", Filter, lists, stateless(func(x *exchange) *response {
			a := x.forward()
			if a.status == 400 && x.parameter("filter") != "" && !hasKnownAttribute(x.parameter("filter")) {
				x.setQuery("filter", "")
				return x.forward()
			}
			return a
		})},
		{"filter-finds-one-only", "a filter finds one item of several of the same title", Filter, at(listItems), changeResponse(func(x *exchange, a *response) {
			if a.isSuccess() && x.parameter("filter") != "" {
				a.changeList(func(l []map[string]any) []map[string]any { return l[:min(len(l), 1)] })
			}
		})},
	}
}

// hasKnownAttribute reports whether a filter begins with an attribute that exists.
func hasKnownAttribute(filter string) bool {
	return regexp.MustCompile(`^\(*(title|name|tag)s? `).MatchString(filter)
}

// closeParentheses closes the parentheses of a filter that was cut.
func closeParentheses(filter string) string {
	return filter + strings.Repeat(")", max(0, strings.Count(filter, "(")-strings.Count(filter, ")")))
}

// matchCase removes from what eq found the objects whose member differs in case.
func matchCase(name string) func() behaviour {
	value := regexp.MustCompile(`(?:title|name) eq "((?:[^"\\]|\\.)*)"`)
	return changeResponse(func(x *exchange, a *response) {
		wanted := value.FindAllStringSubmatch(x.parameter("filter"), -1)
		if !a.isSuccess() || len(wanted) == 0 {
			return
		}
		a.changeList(func(l []map[string]any) (kept []map[string]any) {
			for _, m := range l {
				for _, w := range wanted {
					if text(m, name) == strings.ReplaceAll(w[1], `\"`, `"`) {
						kept = append(kept, m)
						break
					}
				}
			}
			return kept
		})
	})
}
