package mutants

import (
	"regexp"
	"slices"
	"strings"
)

// filterMutants returns servers with mistakes in filters.
func filterMutants() []Mutant {
	lists := operations(listVaults, listItems)
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
		return refuseIf(func(x *exchange) bool { return strings.Contains(x.parameter("filter"), part) }, 400,
			"invalid filter")
	}
	return []Mutant{
		{"item-filter-ignored", "the filter of items is ignored", Filter, operations(listItems),
			filter(func(string) string { return "" })},
		{"vault-filter-ignored", "the filter of vaults is ignored", Filter, operations(listVaults),
			filter(func(string) string { return "" })},
		{"filter-ignored-after-slash", "a filter after a path with a trailing slash is ignored", Filter, lists,
			changeRequest(func(x *exchange) {
				if strings.HasSuffix(x.r.URL.Path, "/") {
					x.setQuery("filter", "")
				}
			})},
		{"vault-filter-with-case", "the filter of vaults is case-sensitive", Filter, operations(listVaults),
			matchCase("name")},
		{"item-filter-with-case", "the filter of items is case-sensitive", Filter, operations(listItems), matchCase("title")},
		{"vault-filter-without-name", "the filter of vaults does not support name", Filter, operations(listVaults),
			refuse("name eq")},
		{"vault-filter-without-title", "the filter of vaults does not support title", Filter, operations(listVaults),
			refuse("title eq")},
		{"item-filter-without-tag", "the filter of items does not support tag", Filter, operations(listItems),
			refuse("tag eq")},
		{"item-filter-tag-as-title", "the filter of items compares tags with titles", Filter, operations(listItems),
			replace("tag eq", "title eq")},
		{"item-filter-tag-finds-all", "the filter of items finds everything by a tag", Filter, operations(listItems),
			filter(func(f string) string {
				if strings.Contains(f, "tag eq") {
					return ""
				}
				return f
			})},
		{"filter-co-as-eq", "co compares the whole title", Filter, lists, replace(" co ", " eq ")},
		{"filter-eq-as-co", "eq compares a part of the title", Filter, lists, replace(" eq ", " co ")},
		{"filter-co-refused", "co is not supported", Filter, operations(listItems), refuse(" co ")},
		{"filter-or-as-and", "or is read as and", Filter, lists, replace(" or ", " and ")},
		{"filter-or-takes-the-first", "the part after or is ignored", Filter, lists, filter(func(f string) string {
			before, _, _ := strings.Cut(f, " or ")
			return closeParentheses(before)
		})},
		{"filter-or-refused", "or is not supported", Filter, lists, refuse(" or ")},
		{"filter-and-as-or", "and is read as or", Filter, lists, replace(" and ", " or ")},
		{"filter-sw-as-co", "sw is read as co", Filter, lists, replace(" sw ", " co ")},
		{"filter-ew-as-co", "ew is read as co", Filter, lists, replace(" ew ", " co ")},
		{"filter-ne-as-eq", "ne is read as eq", Filter, lists, replace(" ne ", " eq ")},
		{"filter-not-ignored", "not is ignored", Filter, lists, replace("not (", "(")},
		{"filter-parentheses-refused", "parentheses are not supported", Filter, lists, refuse("(")},
		{"filter-parentheses-ignored", "parentheses are ignored", Filter, lists, filter(func(f string) string {
			return strings.NewReplacer("(", "", ")", "").Replace(f)
		})},
		{"filter-plus-not-decoded", "a plus in a filter is not a space", Filter, lists, changeRequest(func(x *exchange) {
			x.r.URL.RawQuery = strings.ReplaceAll(x.r.URL.RawQuery, "+", "%2B")
		})},
		{"filter-not-decoded", "a filter is not percent-decoded", Filter, lists, changeRequest(func(x *exchange) {
			x.r.URL.RawQuery = strings.ReplaceAll(x.r.URL.RawQuery, "%", "%25")
		})},
		{"filter-raw-quotes-refused", "a filter with quotes that are not encoded is refused", Filter, lists,
			refuseIf(func(x *exchange) bool { return strings.Contains(x.r.URL.RawQuery, `"`) }, 400, "invalid URL")},
		{"filter-escapes-refused", "a filter with an escaped quote in a title is refused", Filter, operations(listItems),
			refuse(`\"`)},
		{"filter-escapes-kept", "a filter includes the backslash before a quote", Filter, operations(listItems),
			replace(`\"`, `\\\"`)},
		{"filter-single-quotes-accepted", "a filter with single quotes is accepted", Filter, lists, replace("'", `"`)},
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
		{"filter-unknown-parameter-refused", "a parameter without a name is refused", Filter, lists,
			refuseIf(func(x *exchange) bool {
				return strings.HasPrefix(x.r.URL.RawQuery, "=")
			}, 400, "unknown parameter")},
		{"filter-unknown-attribute-ignored", "a filter by an unknown attribute finds everything", Filter, lists,
			stateless(func(x *exchange) *response {
				res := x.forward()
				if res.status == 400 && x.parameter("filter") != "" && !hasKnownAttribute(x.parameter("filter")) {
					x.setQuery("filter", "")
					return x.forward()
				}
				return res
			})},
		{"filter-incomplete-ignored", "a filter that is not complete, or has an unknown operator, finds everything", Filter,
			lists, filter(func(f string) string {
				if strings.HasSuffix(f, " and") || strings.Contains(f, " is ") {
					return ""
				}
				return f
			})},
		{"filter-of-empty-title-ignored", "a comparison with the empty title finds everything", Filter, operations(listItems),
			replace(`title eq "" and `, "")},
		{"filter-not-misses-untitled", "a filter with not finds no items without a title", Filter, operations(listItems),
			changeResponse(func(x *exchange, res *response) {
				if res.isSuccess() && strings.Contains(x.parameter("filter"), "not (") {
					res.changeList(func(l []map[string]any) []map[string]any {
						return slices.DeleteFunc(l, func(it map[string]any) bool { return textMember(it, "title") == "" })
					})
				}
			})},
		{"filter-finds-one-only", "a filter finds one item of several of the same title", Filter, operations(listItems),
			changeResponse(func(x *exchange, res *response) {
				if res.isSuccess() && x.parameter("filter") != "" {
					res.changeList(func(l []map[string]any) []map[string]any { return l[:min(len(l), 1)] })
				}
			})},
	}
}

// hasKnownAttribute reports whether a filter begins with a known attribute.
func hasKnownAttribute(filter string) bool {
	return regexp.MustCompile(`^\(*(title|name|tag)s? `).MatchString(filter)
}

// closeParentheses adds the closing parentheses that a filter lacks.
func closeParentheses(filter string) string {
	return filter + strings.Repeat(")", max(0, strings.Count(filter, "(")-strings.Count(filter, ")")))
}

// matchCase removes the results of eq whose member differs in case.
func matchCase(name string) func() behaviour {
	value := regexp.MustCompile(`(?:title|name) eq "((?:[^"\\]|\\.)*)"`)
	return changeResponse(func(x *exchange, res *response) {
		wanted := value.FindAllStringSubmatch(x.parameter("filter"), -1)
		if !res.isSuccess() || len(wanted) == 0 {
			return
		}
		res.changeList(func(l []map[string]any) (remaining []map[string]any) {
			for _, m := range l {
				for _, w := range wanted {
					if textMember(m, name) == strings.ReplaceAll(w[1], `\"`, `"`) {
						remaining = append(remaining, m)
						break
					}
				}
			}
			return remaining
		})
	})
}
