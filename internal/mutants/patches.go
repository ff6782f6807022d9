package mutants

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// patchMutants returns servers with mistakes in PATCH.
func patchMutants() []Mutant {
	affected := operations(patchItem)
	ops := func(change func(ops []any) []any) func() behaviour {
		return changeRequest(func(x *exchange) { x.changePatch(change) })
	}
	drop := func(is func(op map[string]any) bool) func() behaviour {
		return ops(func(all []any) (remaining []any) {
			remaining = []any{}
			for _, op := range all {
				if m, object := op.(map[string]any); !object || !is(m) {
					remaining = append(remaining, op)
				}
			}
			return remaining
		})
	}
	refuse := func(is func(op map[string]any) bool) func() behaviour {
		return refuseIf(func(x *exchange) (found bool) {
			x.changePatch(func(all []any) []any {
				for _, m := range objects(all) {
					found = found || is(m)
				}
				return all
			})
			return found
		}, 400, "invalid patch")
	}
	path := func(pattern string) func(map[string]any) bool {
		match := regexp.MustCompile(pattern)
		return func(op map[string]any) bool { return match.MatchString(textMember(op, "path")) }
	}
	return []Mutant{
		{"patch-of-present-vault-refused", "a PATCH that sets the vault to what it is, is refused", Patch, affected,
			refuse(path("^/vault/id$"))},
		{"patch-applies-half", "the first operation of a refused PATCH is applied", Patch, affected,
			stateless(func(x *exchange) *response {
				whole := x.body
				res := x.forward()
				if res.status < 400 {
					return res
				}
				x.changePatch(func(all []any) []any { return all[:min(1, len(all))] })
				if string(x.body) != string(whole) {
					x.forward()
				}
				return res
			})},
		{"patch-applies-the-first", "only the first operation of a PATCH is applied", Patch, affected,
			ops(func(all []any) []any { return all[:min(1, len(all))] })},
		{"patch-applies-the-last", "only the last operation of a PATCH is applied", Patch, affected,
			ops(func(all []any) []any { return all[max(0, len(all)-1):] })},
		{"patch-in-reverse", "the operations of a PATCH are applied in reverse order", Patch, affected,
			ops(func(all []any) []any {
				reversed := []any{}
				for i := len(all) - 1; i >= 0; i-- {
					reversed = append(reversed, all[i])
				}
				return reversed
			})},
		{"patch-answers-old-item", "a PATCH returns the item before the change", Patch, affected,
			stateless(func(x *exchange) *response {
				before := x.send(http.MethodGet, x.itemPath(), nil)
				if res := x.forward(); !res.isSuccess() {
					return res
				}
				return before
			})},
		{"patch-changes-nothing", "a PATCH returns 200, but changes nothing", Patch, affected,
			ops(func([]any) []any { return []any{} })},
		{"patch-fields-by-index", "the paths of a PATCH have the indexes of fields, not their ids", Patch, affected,
			refuse(path(`^/fields/\D`))},
		{"patch-add-replaces-fields", "adding fields removes the other fields", Patch, affected, dropUnpatchedFields()},
		{"patch-add-refused", "add is not supported", Patch, affected,
			refuse(func(op map[string]any) bool { return textMember(op, "op") == "add" })},
		{"patch-add-ignored", "add is ignored", Patch, affected,
			drop(func(op map[string]any) bool { return textMember(op, "op") == "add" })},
		{"patch-remove-ignored", "remove is ignored", Patch, affected,
			drop(func(op map[string]any) bool { return textMember(op, "op") == "remove" })},
		{"patch-remove-with-value-refused", "remove with a value is refused", Patch, affected,
			refuse(func(op map[string]any) bool {
				_, has := op["value"]
				return textMember(op, "op") == "remove" && has
			})},
		{"patch-whole-refused", "replacing the whole item is not supported", Patch, affected, refuse(path(`^/?$`))},
		{"patch-whole-ignored", "replacing the whole item is ignored", Patch, affected, drop(path(`^/?$`))},
		{"patch-whole-wants-category", "replacing the whole item needs a category", Patch, affected,
			refuse(func(op map[string]any) bool {
				return path(`^/?$`)(op) && slices.ContainsFunc(memberObjects(op, "value"),
					func(in map[string]any) bool { return textMember(in, "category") == "" })
			})},
		{"patch-numbers-become-texts", "a number in a PATCH is accepted as text", Lenient, affected,
			ops(func(all []any) []any {
				for _, op := range objects(all) {
					if n, is := op["value"].(json.Number); is {
						op["value"] = n.String()
					}
				}
				return all
			})},
		{"patch-path-goes-deeper", "what follows the value of a field in a path is ignored", Lenient, affected,
			ops(func(all []any) []any {
				for _, op := range objects(all) {
					if before, _, deeper := strings.Cut(textMember(op, "path"), "/value/"); deeper {
						op["path"] = before + "/value"
					}
				}
				return all
			})},
		{"patch-title-ignored", "replacing the title is ignored", Patch, affected, drop(path(`^/title$`))},
		{"patch-favorite-ignored", "replacing favorite is ignored", Patch, affected, drop(path(`^/favorite$`))},
		{"patch-tags-ignored", "operations on tags are ignored", Patch, affected, drop(path(`^/tags`))},
		{"patch-urls-ignored", "operations on URLs are ignored", Patch, affected, drop(path(`^/urls`))},
		{"patch-one-tag-refused", "a tag can't be changed by its index", Patch, affected, refuse(path(`^/tags/\d+$`))},
		{"patch-tag-not-appended", "add /tags/- is ignored", Patch, affected, drop(path(`^/tags/-$`))},
		{"patch-tag-not-inserted", "add /tags/0 is ignored", Patch, affected, drop(path(`^/tags/0$`))},
		{"patch-tag-not-replaced", "replace /tags/N is ignored", Patch, affected, drop(func(op map[string]any) bool {
			return textMember(op, "op") == "replace" && path(`^/tags/\d+$`)(op)
		})},
		{"patch-url-members-ignored", "operations on the label of a URL are ignored", Patch, affected,
			drop(path(`^/urls/\d+/label$`))},
		{"patch-url-members-refused", "a member of a URL can't be changed", Patch, affected, refuse(path(`^/urls/\d+/`))},
		{"patch-sections-ignored", "replacing the sections is ignored", Patch, affected, drop(path(`^/sections$`))},
		{"patch-section-refused", "a section can't be changed by its id", Patch, affected, refuse(path(`^/sections/`))},
		{"patch-section-label-ignored", "replacing the label of a section is ignored", Patch, affected,
			drop(path(`^/sections/[^/]+/label$`))},
		{"patch-member-not-removed", "removing the URLs of an item is ignored", Patch, affected,
			drop(func(op map[string]any) bool { return textMember(op, "op") == "remove" && path(`^/urls$`)(op) })},
		{"patch-type-ignored", "replacing the type of a field is ignored", Patch, affected,
			drop(path(`^/fields/[^/]+/type$`))},
		{"patch-field-member-refused", "a member of a field can't be changed", Patch, affected,
			refuse(path(`^/fields/[^/]+/`))},
		{"patch-label-ignored", "replacing the label of a field is ignored", Patch, affected,
			drop(path(`^/fields/[^/]+/label$`))},
		{"patch-whole-field-refused", "a field can't be replaced", Patch, affected, refuse(path(`^/fields/[^/]+$`))},
		{"patch-field-loses-purpose", "a replaced field loses its purpose", Patch, affected,
			stateless(func(x *exchange) *response {
				replaced := map[string]bool{}
				x.changePatch(func(all []any) []any {
					for _, m := range objects(all) {
						if id, found := strings.CutPrefix(textMember(m, "path"), "/fields/"); found && textMember(m, "op") == "replace" {
							replaced[id] = true
						}
					}
					return all
				})
				res := x.forward()
				if res.isSuccess() {
					res.changeObjects(func(it map[string]any) {
						for _, f := range memberObjects(it, "fields") {
							if replaced[textMember(f, "id")] {
								delete(f, "purpose")
							}
						}
					})
				}
				return res
			})},
		{"patch-unknown-op-ignored", "an unknown operation is ignored", Patch, affected, drop(func(op map[string]any) bool {
			kind := textMember(op, "op")
			return kind != "add" && kind != "remove" && kind != "replace"
		})},
		{"patch-unknown-path-ignored", "an unknown path is ignored", Patch, affected, stateless(func(x *exchange) *response {
			res := x.forward()
			if res.status >= 400 && res.status < 500 && res.status != 401 && res.status != 403 &&
				strings.HasPrefix(strings.TrimSpace(string(x.body)), "[") {
				if read := x.send(http.MethodGet, x.itemPath(), nil); read.isSuccess() {
					return read
				}
			}
			return res
		})},
		{"patch-path-without-slash", "a path without a leading slash is accepted", Patch, affected,
			ops(func(all []any) []any {
				for _, m := range objects(all) {
					if p := textMember(m, "path"); p != "" && p[0] != '/' {
						m["path"] = "/" + p
					}
				}
				return all
			})},
		{"patch-takes-an-object", "an operation that is not in a list is applied", Patch, affected,
			changeRequest(func(x *exchange) {
				if v, ok := decodeJSON(x.body); ok {
					if m, is := v.(map[string]any); is {
						x.body = encodeJSON([]any{m})
					}
				}
			})},
	}
}

// changePatch changes the operations of a PATCH. It does not change other bodies.
func (x *exchange) changePatch(change func([]any) []any) {
	v, _ := decodeJSON(x.body)
	if all, is := v.([]any); is {
		before := string(encodeJSON(all)) // change may modify all
		if changed := encodeJSON(change(all)); string(changed) != before {
			x.body = changed
		}
	}
}

// dropUnpatchedFields returns a behaviour that removes the other fields of an item
// when a PATCH adds fields.
func dropUnpatchedFields() func() behaviour {
	return stateless(func(x *exchange) *response {
		var added []any
		x.changePatch(func(all []any) []any {
			for _, m := range objects(all) {
				if textMember(m, "op") == "add" && strings.TrimSuffix(textMember(m, "path"), "/-") == "/fields" {
					for _, f := range objects(m["value"]) {
						added = append(added, maps.Clone(f))
					}
				}
			}
			return all
		})
		res := x.forward()
		if v, _ := decodeJSON(res.body); res.isSuccess() && len(added) > 0 {
			for _, it := range objects(v) {
				it["fields"] = added
				return x.send(http.MethodPut, x.itemPath(), it)
			}
		}
		return res
	})
}
