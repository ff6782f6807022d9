package mutants

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
)

func patchMutants() []Mutant {
	here := at(patchItem)
	ops := func(change func(ops []any) []any) func() behaviour {
		return changeRequest(func(x *exchange) { x.changePatch(change) })
	}
	drop := func(is func(op map[string]any) bool) func() behaviour {
		return ops(func(all []any) (kept []any) {
			kept = []any{}
			for _, op := range all {
				if m, object := op.(map[string]any); !object || !is(m) {
					kept = append(kept, op)
				}
			}
			return kept
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
		return func(op map[string]any) bool { return match.MatchString(text(op, "path")) }
	}
	return []Mutant{
		{"patch-applies-half", "a patch that is refused has its first operation done", Patch, here, stateless(func(x *exchange) *response {
			whole := x.body
			a := x.forward()
			if a.status < 400 {
				return a
			}
			x.changePatch(func(all []any) []any { return all[:min(1, len(all))] })
			if string(x.body) != string(whole) {
				x.forward()
			}
			return a
		})},
		{"patch-applies-the-first", "only the first operation of a patch is done", Patch, here, ops(func(all []any) []any { return all[:min(1, len(all))] })},
		{"patch-applies-the-last", "only the last operation of a patch is done", Patch, here, ops(func(all []any) []any { return all[max(0, len(all)-1):] })},
		{"patch-in-reverse", "the operations of a patch are done from the last to the first", Patch, here, ops(func(all []any) []any {
			reversed := []any{}
			for i := len(all) - 1; i >= 0; i-- {
				reversed = append(reversed, all[i])
			}
			return reversed
		})},
		{"patch-answers-old-item", "a patch is answered with the item before it", Patch, here, stateless(func(x *exchange) *response {
			before := x.send(http.MethodGet, x.itemPath(), nil)
			if a := x.forward(); !a.isSuccess() {
				return a
			}
			return before
		})},
		{"patch-changes-nothing", "a patch is answered 200 and does nothing", Patch, here, ops(func([]any) []any { return []any{} })},
		{"patch-fields-by-index", "the fields in a patch are wanted by their number", Patch, here, refuse(path(`^/fields/\D`))},
		{"patch-add-replaces-fields", "add to the fields leaves only what is added", Patch, here, dropUnpatchedFields()},
		{"patch-add-refused", "add is not known", Patch, here, refuse(func(op map[string]any) bool { return text(op, "op") == "add" })},
		{"patch-add-ignored", "add does nothing", Patch, here, drop(func(op map[string]any) bool { return text(op, "op") == "add" })},
		{"patch-remove-ignored", "remove does nothing", Patch, here, drop(func(op map[string]any) bool { return text(op, "op") == "remove" })},
		{"patch-remove-with-value-refused", "remove may have no value", Patch, here, refuse(func(op map[string]any) bool {
			_, has := op["value"]
			return text(op, "op") == "remove" && has
		})},
		{"patch-whole-refused", "replace of the whole item is not known", Patch, here, refuse(path(`^/?$`))},
		{"patch-whole-ignored", "replace of the whole item does nothing", Patch, here, drop(path(`^/?$`))},
		{"patch-title-ignored", "replace of the title does nothing", Patch, here, drop(path(`^/title$`))},
		{"patch-favorite-ignored", "replace of favorite does nothing", Patch, here, drop(path(`^/favorite$`))},
		{"patch-tags-ignored", "operations on tags do nothing", Patch, here, drop(path(`^/tags`))},
		{"patch-urls-ignored", "operations on URLs do nothing", Patch, here, drop(path(`^/urls`))},
		{"patch-one-tag-refused", "one tag can't be changed by its number", Patch, here, refuse(path(`^/tags/\d+$`))},
		{"patch-field-member-refused", "a member of a field can't be changed on its own", Patch, here, refuse(path(`^/fields/[^/]+/`))},
		{"patch-label-ignored", "replace of a field's label does nothing", Patch, here, drop(path(`^/fields/[^/]+/label$`))},
		{"patch-whole-field-refused", "a field can't be replaced", Patch, here, refuse(path(`^/fields/[^/]+$`))},
		{"patch-field-loses-purpose", "a field that is replaced becomes another one without a purpose", Patch, here, stateless(func(x *exchange) *response {
			replaced := map[string]bool{}
			x.changePatch(func(all []any) []any {
				for _, m := range objects(all) {
					if id, found := strings.CutPrefix(text(m, "path"), "/fields/"); found && text(m, "op") == "replace" {
						replaced[id] = true
					}
				}
				return all
			})
			a := x.forward()
			if a.isSuccess() {
				a.changeObjects(func(it map[string]any) {
					for _, f := range memberObjects(it, "fields") {
						if replaced[text(f, "id")] {
							delete(f, "purpose")
						}
					}
				})
			}
			return a
		})},
		{"patch-unknown-op-ignored", "an operation that does not exist is passed over", Patch, here, drop(func(op map[string]any) bool {
			kind := text(op, "op")
			return kind != "add" && kind != "remove" && kind != "replace"
		})},
		{"patch-unknown-path-ignored", "a path that does not exist is passed over", Patch, here, stateless(func(x *exchange) *response {
			a := x.forward()
			if a.status >= 400 && a.status < 500 && a.status != 401 && a.status != 403 && strings.HasPrefix(strings.TrimSpace(string(x.body)), "[") {
				if read := x.send(http.MethodGet, x.itemPath(), nil); read.isSuccess() {
					return read
				}
			}
			return a
		})},
		{"patch-path-without-slash", "a path without a slash before it is taken for one with it", Patch, here, ops(func(all []any) []any {
			for _, m := range objects(all) {
				if p := text(m, "path"); p != "" && p[0] != '/' {
					m["path"] = "/" + p
				}
			}
			return all
		})},
		{"patch-takes-an-object", "an operation that is in no list is done", Patch, here, changeRequest(func(x *exchange) {
			if v, ok := decode(x.body); ok {
				if m, is := v.(map[string]any); is {
					x.body = encode([]any{m})
				}
			}
		})},
	}
}

// changePatch changes the operations of a patch. It leaves any other body alone.
func (x *exchange) changePatch(change func([]any) []any) {
	v, _ := decode(x.body)
	if all, is := v.([]any); is {
		before := string(encode(all)) // change may work in place
		if changed := encode(change(all)); string(changed) != before {
			x.body = changed
		}
	}
}

// dropUnpatchedFields replaces an item after a patch that adds fields: only they stay.
func dropUnpatchedFields() func() behaviour {
	return stateless(func(x *exchange) *response {
		var added []any
		x.changePatch(func(all []any) []any {
			for _, m := range objects(all) {
				if text(m, "op") == "add" && strings.TrimSuffix(text(m, "path"), "/-") == "/fields" {
					for _, f := range objects(m["value"]) {
						added = append(added, maps.Clone(f))
					}
				}
			}
			return all
		})
		a := x.forward()
		if v, _ := decode(a.body); a.isSuccess() && len(added) > 0 {
			for _, it := range objects(v) {
				it["fields"] = added
				return x.send(http.MethodPut, x.itemPath(), it)
			}
		}
		return a
	})
}
