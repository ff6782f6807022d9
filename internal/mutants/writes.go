package mutants

import (
	"net/http"
	"strings"
)

// writeMutants returns servers with mistakes in POST and PUT.
func writeMutants() []Mutant {
	writes := operations(createItem, putItem)
	return []Mutant{
		{"put-merges", "a PUT keeps the fields that it does not have", Write, operations(putItem),
			changeReplaceBody(func(in, old map[string]any) {
				named := map[string]bool{}
				list, _ := in["fields"].([]any)
				for _, f := range objects(list) {
					named[textMember(f, "id")], named[textMember(f, "purpose")] = true, true
				}
				for _, f := range memberObjects(old, "fields") {
					if !named[textMember(f, "id")] && (textMember(f, "purpose") == "" || !named[textMember(f, "purpose")]) {
						list = append(list, f)
					}
				}
				in["fields"] = list
			})},
		{"put-keeps-title", "a PUT does not change the title", Write, operations(putItem),
			changeReplaceBody(keepMember("title"))},
		{"put-keeps-tags", "a PUT does not change the tags", Write, operations(putItem),
			changeReplaceBody(keepMember("tags"))},
		{"put-keeps-urls", "a PUT does not change the URLs", Write, operations(putItem),
			changeReplaceBody(keepMember("urls"))},
		{"put-keeps-favorite", "a PUT does not change favorite", Write, operations(putItem),
			changeReplaceBody(keepMember("favorite"))},
		{"put-keeps-fields", "a PUT does not change the fields", Write, operations(putItem),
			changeReplaceBody(keepMember("fields"))},
		{"put-changes-nothing", "a PUT returns 200, but changes nothing", Write, operations(putItem),
			stateless(func(x *exchange) *response {
				if x.send(http.MethodGet, x.itemPath(), nil).isSuccess() {
					return x.send(http.MethodGet, x.itemPath(), nil)
				}
				return x.forward()
			})},
		{"put-makes-items", "a PUT of an item that does not exist creates one", Write, operations(putItem),
			stateless(func(x *exchange) *response {
				res := x.forward()
				if v, ok := decodeJSON(x.body); ok && res.status == 404 {
					for _, m := range objects(v) {
						delete(m, "id")
					}
					return x.send(http.MethodPost, "/v1/vaults/"+x.vault+"/items", v)
				}
				return res
			})},
		{"put-changes-category", "a PUT does not change the category", Write, operations(putItem),
			changeReplaceBody(keepMember("category"))},
		{"create-is-lost", "a POST returns an item, but does not create it", Write, operations(createItem),
			stateless(func(x *exchange) *response {
				res := x.forward()
				if v, _ := decodeJSON(res.body); res.isSuccess() {
					for _, it := range objects(v) {
						x.send(http.MethodDelete, "/v1/vaults/"+x.vault+"/items/"+textMember(it, "id"), nil)
					}
				}
				return res
			})},
		{"create-makes-two", "a POST creates two items", Write, operations(createItem),
			stateless(func(x *exchange) *response {
				if res := x.forward(); !res.isSuccess() {
					return res
				}
				return x.forward()
			})},
		{"refused-create-leaves-item", "a refused POST creates an item with its title", Write, operations(createItem),
			stateless(func(x *exchange) *response {
				res := x.forward()
				if v, ok := decodeJSON(x.body); ok && res.status >= 400 && res.status != 401 && res.status != 403 {
					for _, in := range objects(v) {
						x.send(http.MethodPost, "/v1/vaults/"+x.vault+"/items", map[string]any{
							"category": "SECURE_NOTE", "title": in["title"], "tags": in["tags"], "vault": map[string]any{"id": x.vault},
						})
					}
				}
				return res
			})},
		{"category-is-always-login", "every new item is a LOGIN", Write, operations(createItem),
			changeSentObjects(func(m map[string]any) { m["category"] = "LOGIN" })},
		{"title-trimmed", "titles are truncated after 20 characters", Write, writes,
			changeSentObjects(func(m map[string]any) {
				if title := []rune(textMember(m, "title")); len(title) > 20 {
					m["title"] = string(title[:20])
				}
			})},
		{"tags-dropped", "tags are ignored", Write, writes, changeSentObjects(removeMember("tags"))},
		{"tags-lower-case", "tags are stored in lower case", Write, writes, changeSentObjects(func(m map[string]any) {
			tags, _ := m["tags"].([]any)
			for i, t := range tags {
				if s, is := t.(string); is {
					tags[i] = strings.ToLower(s)
				}
			}
		})},
		{"urls-dropped", "URLs are ignored", Write, writes, changeSentObjects(removeMember("urls"))},
		{"favorite-dropped", "favorite is ignored", Write, writes, changeSentObjects(removeMember("favorite"))},
		{"sections-dropped", "sections are ignored", Write, writes, changeSentObjects(func(m map[string]any) {
			delete(m, "sections")
			for _, f := range memberObjects(m, "fields") {
				delete(f, "section")
			}
		})},
		{"section-ids-replaced", "sections get new ids", Write, writes, changeSentObjects(func(m map[string]any) {
			for i, s := range memberObjects(m, "sections") {
				was := textMember(s, "id")
				s["id"] = "section" + strings.Repeat("x", i)
				for _, f := range memberObjects(m, "fields") {
					for _, in := range memberObjects(f, "section") {
						if textMember(in, "id") == was {
							in["id"] = s["id"]
						}
					}
				}
			}
		})},
		{"field-ids-replaced", "fields get new ids", Write, writes, changeSentFields(func(f map[string]any) {
			if textMember(f, "purpose") == "" {
				delete(f, "id")
			}
		})},
		{"field-labels-dropped", "labels are ignored", Write, writes, changeSentFields(removeMember("label"))},
		{"concealed-becomes-string", "a CONCEALED field becomes a STRING", Write, writes,
			changeSentFields(func(f map[string]any) {
				if strings.EqualFold(textMember(f, "type"), "CONCEALED") {
					f["type"] = "STRING"
				}
			})},
		{"last-field-dropped", "the last field is ignored", Write, writes, changeSentObjects(func(m map[string]any) {
			if all, is := m["fields"].([]any); is && len(all) > 0 {
				m["fields"] = all[:len(all)-1]
			}
		})},
		{"label-makes-a-password", "a field with the label password becomes the password", Write, writes,
			changeSentFields(func(f map[string]any) {
				if textMember(f, "label") == "password" && textMember(f, "purpose") == "" {
					f["purpose"] = "PASSWORD"
					delete(f, "id")
				}
			})},
		{"template-missing", "standard fields that were not sent are missing", Write, singleItemOperations(),
			changeObjects(func(m map[string]any) {
				var remaining []any
				for _, f := range memberObjects(m, "fields") {
					if textMember(f, "value") != "" {
						remaining = append(remaining, f)
					}
				}
				m["fields"] = remaining
			})},
		{"notes-missing", "an item has no notesPlain unless it was sent", Write, singleItemOperations(),
			changeObjects(func(m map[string]any) {
				var remaining []any
				for _, f := range memberObjects(m, "fields") {
					if textMember(f, "id") != "notesPlain" || textMember(f, "value") != "" {
						remaining = append(remaining, f)
					}
				}
				m["fields"] = remaining
			})},
	}
}

// changeReplaceBody returns a behaviour that changes the body of a PUT. old is the
// current item.
func changeReplaceBody(change func(in, old map[string]any)) func() behaviour {
	return stateless(func(x *exchange) *response {
		before := x.send(http.MethodGet, x.itemPath(), nil)
		old, _ := decodeJSON(before.body)
		if was := objects(old); before.isSuccess() && len(was) > 0 {
			x.changeSentObjects(func(in map[string]any) { change(in, was[0]) })
		}
		return x.forward()
	})
}

// keepMember returns a change that keeps a member of the current item.
func keepMember(name string) func(in, old map[string]any) {
	return func(in, old map[string]any) {
		delete(in, name)
		if value, has := old[name]; has {
			in[name] = value
		}
	}
}
