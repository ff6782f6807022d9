package mutants

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// identityMutants returns servers with mistakes in ids that clients send, and in
// places of lists.
func identityMutants() []Mutant {
	writes, patches := operations(createItem, putItem), operations(patchItem)
	return []Mutant{
		{"create-uses-sent-id", "a new item has the id that was sent", Write,
			operations(createItem, getItem, putItem, patchItem, deleteItem), useSentID()},
		{"create-overwrites-item", "a POST with the id of an item replaces that item", Write, operations(createItem),
			stateless(func(x *exchange) *response {
				v, _ := decodeJSON(x.body)
				for _, in := range objects(v) {
					path := "/v1/vaults/" + x.vault + "/items/" + textMember(in, "id")
					if connect.IsID(textMember(in, "id")) && x.send(http.MethodGet, path, nil).isSuccess() {
						in["vault"] = map[string]any{"id": x.vault}
						return x.send(http.MethodPut, path, in)
					}
				}
				return x.forward()
			})},
		{"two-sections-of-one-id", "of two sections with one id the first one is used", Lenient, writes,
			changeSentObjects(func(in map[string]any) { keepFirstOfEachID(in, "sections") })},
		{"two-fields-of-one-id", "of two fields with one id the first one is used", Lenient, writes,
			changeSentObjects(func(in map[string]any) { keepFirstOfEachID(in, "fields") })},
		{"patch-adds-a-second-field-of-one-id", "add of a field whose id exists replaces that field", Lenient, patches,
			changeRequest(func(x *exchange) {
				x.changePatchOf(func(op, it map[string]any) bool {
					for _, added := range memberObjects(op, "value") {
						for _, f := range memberObjects(it, "fields") {
							if textMember(op, "path") == "/fields" && textMember(f, "id") == textMember(added, "id") {
								op["op"], op["path"] = "replace", "/fields/"+textMember(f, "id")
							}
						}
					}
					return true
				})
			})},
		{"patch-beyond-tags-takes-the-last", "remove of a tag beyond the end removes the last one", Lenient, patches,
			changeRequest(func(x *exchange) {
				x.changePatchOf(func(op, it map[string]any) bool {
					tags, _ := it["tags"].([]any)
					if n, is := tagIndex(op); is && textMember(op, "op") == "remove" && n >= len(tags) {
						op["path"] = "/tags/" + strconv.Itoa(len(tags)-1)
					}
					return true
				})
			})},
		{"patch-beyond-tags-ignored", "an operation on a tag beyond the end is ignored", Lenient, patches,
			changeRequest(func(x *exchange) {
				x.changePatchOf(func(op, it map[string]any) bool {
					tags, _ := it["tags"].([]any)
					n, is := tagIndex(op)
					return !is || n < len(tags)
				})
			})},
		{"patch-at-the-end-of-tags-appends", "replace of the tag after the last one adds it", Lenient, patches,
			changeRequest(func(x *exchange) {
				x.changePatchOf(func(op, it map[string]any) bool {
					tags, _ := it["tags"].([]any)
					if n, is := tagIndex(op); is && textMember(op, "op") == "replace" && n == len(tags) {
						op["op"] = "add"
					}
					return true
				})
			})},
		{"patch-add-url-appends", "add of a URL at an index adds it at the end", Patch, patches,
			changeRequest(func(x *exchange) {
				x.changePatchOf(func(op, _ map[string]any) bool {
					if strings.HasPrefix(textMember(op, "path"), "/urls/") && textMember(op, "op") == "add" {
						op["path"] = "/urls/-"
					}
					return true
				})
			})},
		{"patch-section-ignored", "the section in an operation on a field is ignored", Patch, patches,
			changeRequest(func(x *exchange) {
				x.changePatchOf(func(op, _ map[string]any) bool {
					for _, f := range memberObjects(op, "value") {
						delete(f, "section")
					}
					return !strings.HasSuffix(textMember(op, "path"), "/section")
				})
			})},
		{"patch-keeps-the-last-tag", "remove of the last tag is refused", Strict, patches,
			stateless(func(x *exchange) *response {
				refused := false
				x.changePatchOf(func(op, it map[string]any) bool {
					tags, _ := it["tags"].([]any)
					n, is := tagIndex(op)
					refused = refused || is && textMember(op, "op") == "remove" && n == len(tags)-1
					return true
				})
				if refused {
					return x.send(http.MethodGet, "/heartbeat", nil).setError(400, "beyond the end of the tags")
				}
				return x.forward()
			})},
	}
}

// useSentID returns a behaviour in which a new item has the id that was sent, if no
// item has it.
func useSentID() func() behaviour {
	return func() behaviour {
		realID, sentID := map[string]string{}, map[string]string{}
		return func(x *exchange) *response {
			sent := ""
			if v, _ := decodeJSON(x.body); x.op == createItem {
				for _, in := range objects(v) {
					sent = textMember(in, "id")
				}
			}
			if id, has := realID[x.item]; has {
				x.replaceInPath(x.item, id)
				x.changeSentObjects(removeMember("id"))
			}
			unknown := connect.IsID(sent) &&
				!x.send(http.MethodGet, "/v1/vaults/"+x.vault+"/items/"+sent, nil).isSuccess()
			res := x.forward()
			if !res.isSuccess() {
				return res
			}
			res.changeObjects(func(it map[string]any) {
				id := textMember(it, "id")
				if unknown {
					realID[sent], sentID[id] = id, sent
				}
				if other, has := sentID[id]; has {
					it["id"] = other
				}
			})
			return res
		}
	}
}

// keepFirstOfEachID removes the elements of a list whose id an earlier one has.
func keepFirstOfEachID(in map[string]any, member string) {
	list, is := in[member].([]any)
	if !is {
		return
	}
	seen, remaining := map[string]bool{}, []any{}
	for _, element := range list {
		m, object := element.(map[string]any)
		if id := textMember(m, "id"); object && id != "" {
			if seen[id] {
				continue
			}
			seen[id] = true
		}
		remaining = append(remaining, element)
	}
	in[member] = remaining
}

// changePatchOf changes the operations of a PATCH, with its item at hand, and removes
// those for which change returns false.
func (x *exchange) changePatchOf(change func(op, it map[string]any) bool) {
	read := x.send(http.MethodGet, x.itemPath(), nil)
	v, _ := decodeJSON(read.body)
	if list := objects(v); read.isSuccess() && len(list) == 1 {
		x.changePatch(func(ops []any) []any {
			remaining := []any{}
			for _, op := range ops {
				if m, object := op.(map[string]any); !object || change(m, list[0]) {
					remaining = append(remaining, op)
				}
			}
			return remaining
		})
	}
}

// tagIndex returns the index of the tag that an operation of a PATCH names.
func tagIndex(op map[string]any) (n int, is bool) {
	text, found := strings.CutPrefix(textMember(op, "path"), "/tags/")
	n, err := strconv.Atoi(text)
	return n, found && err == nil
}
