package mutants

import (
	"net/http"
	"strings"
)

func writeMutants() []Mutant {
	writes := at(createItem, putItem)
	return []Mutant{
		{"put-merges", "a replace keeps the fields it does not name", Write, at(putItem), changeReplaceBody(func(in, old map[string]any) {
			named := map[string]bool{}
			list, _ := in["fields"].([]any)
			for _, f := range objects(list) {
				named[text(f, "id")], named[text(f, "purpose")] = true, true
			}
			for _, f := range memberObjects(old, "fields") {
				if !named[text(f, "id")] && (text(f, "purpose") == "" || !named[text(f, "purpose")]) {
					list = append(list, f)
				}
			}
			in["fields"] = list
		})},
		{"put-keeps-title", "a replace does not change the title", Write, at(putItem), changeReplaceBody(keeps("title"))},
		{"put-keeps-tags", "a replace does not change the tags", Write, at(putItem), changeReplaceBody(keeps("tags"))},
		{"put-keeps-urls", "a replace does not change the URLs", Write, at(putItem), changeReplaceBody(keeps("urls"))},
		{"put-keeps-favorite", "a replace does not change favorite", Write, at(putItem), changeReplaceBody(keeps("favorite"))},
		{"put-keeps-fields", "a replace does not change the fields", Write, at(putItem), changeReplaceBody(keeps("fields"))},
		{"put-changes-nothing", "a replace is answered 200 and does nothing", Write, at(putItem), stateless(func(x *exchange) *response {
			if x.send(http.MethodGet, x.itemPath(), nil).isSuccess() {
				return x.send(http.MethodGet, x.itemPath(), nil)
			}
			return x.forward()
		})},
		{"put-makes-items", "a replace of an item that is not there makes one", Write, at(putItem), stateless(func(x *exchange) *response {
			a := x.forward()
			if v, ok := decode(x.body); ok && a.status == 404 {
				for _, m := range objects(v) {
					delete(m, "id")
				}
				return x.send(http.MethodPost, "/v1/vaults/"+x.vault+"/items", v)
			}
			return a
		})},
		{"put-changes-category", "a replace by another category is taken for one of the same", Write, at(putItem), changeReplaceBody(keeps("category"))},
		{"create-is-lost", "an item is answered and then forgotten", Write, at(createItem), stateless(func(x *exchange) *response {
			a := x.forward()
			if v, _ := decode(a.body); a.isSuccess() {
				for _, it := range objects(v) {
					x.send(http.MethodDelete, "/v1/vaults/"+x.vault+"/items/"+text(it, "id"), nil)
				}
			}
			return a
		})},
		{"create-makes-two", "a create makes two items and answers one", Write, at(createItem), stateless(func(x *exchange) *response {
			if a := x.forward(); !a.isSuccess() {
				return a
			}
			return x.forward()
		})},
		{"refused-create-leaves-item", "a create that is refused leaves an item of its title", Write, at(createItem), stateless(func(x *exchange) *response {
			a := x.forward()
			if v, ok := decode(x.body); ok && a.status >= 400 && a.status != 401 && a.status != 403 {
				for _, in := range objects(v) {
					x.send(http.MethodPost, "/v1/vaults/"+x.vault+"/items", map[string]any{
						"category": "SECURE_NOTE", "title": in["title"], "tags": in["tags"], "vault": map[string]any{"id": x.vault},
					})
				}
			}
			return a
		})},
		{"category-is-always-login", "every item that is made is a LOGIN", Write, at(createItem), changeSentObjects(func(m map[string]any) { m["category"] = "LOGIN" })},
		{"title-trimmed", "a title is cut after twenty characters", Write, writes, changeSentObjects(func(m map[string]any) {
			if title := []rune(text(m, "title")); len(title) > 20 {
				m["title"] = string(title[:20])
			}
		})},
		{"tags-dropped", "tags are not kept", Write, writes, changeSentObjects(removeMember("tags"))},
		{"tags-lower-case", "tags are kept in lower case", Write, writes, changeSentObjects(func(m map[string]any) {
			tags, _ := m["tags"].([]any)
			for i, t := range tags {
				if s, is := t.(string); is {
					tags[i] = strings.ToLower(s)
				}
			}
		})},
		{"urls-dropped", "URLs are not kept", Write, writes, changeSentObjects(removeMember("urls"))},
		{"favorite-dropped", "favorite is not kept", Write, writes, changeSentObjects(removeMember("favorite"))},
		{"sections-dropped", "sections are not kept", Write, writes, changeSentObjects(func(m map[string]any) {
			delete(m, "sections")
			for _, f := range memberObjects(m, "fields") {
				delete(f, "section")
			}
		})},
		{"section-ids-replaced", "sections get ids of the server's", Write, writes, changeSentObjects(func(m map[string]any) {
			for i, s := range memberObjects(m, "sections") {
				was := text(s, "id")
				s["id"] = "section" + strings.Repeat("x", i)
				for _, f := range memberObjects(m, "fields") {
					for _, in := range memberObjects(f, "section") {
						if text(in, "id") == was {
							in["id"] = s["id"]
						}
					}
				}
			}
		})},
		{"field-ids-replaced", "fields get ids of the server's", Write, writes, changeSentFields(func(f map[string]any) {
			if text(f, "purpose") == "" {
				delete(f, "id")
			}
		})},
		{"field-labels-dropped", "labels are not kept", Write, writes, changeSentFields(removeMember("label"))},
		{"concealed-becomes-string", "a concealed field becomes a STRING", Write, writes, changeSentFields(func(f map[string]any) {
			if strings.EqualFold(text(f, "type"), "CONCEALED") {
				f["type"] = "STRING"
			}
		})},
		{"last-field-dropped", "the last of the fields is not kept", Write, writes, changeSentObjects(func(m map[string]any) {
			if all, is := m["fields"].([]any); is && len(all) > 0 {
				m["fields"] = all[:len(all)-1]
			}
		})},
		{"label-makes-a-password", "a field labelled password is taken for the password", Write, writes, changeSentFields(func(f map[string]any) {
			if text(f, "label") == "password" && text(f, "purpose") == "" {
				f["purpose"] = "PASSWORD"
				delete(f, "id")
			}
		})},
		{"template-missing", "fields of the category that were not sent are not there", Write, singleItemOperations(), changeObjects(func(m map[string]any) {
			var kept []any
			for _, f := range memberObjects(m, "fields") {
				if text(f, "value") != "" {
					kept = append(kept, f)
				}
			}
			m["fields"] = kept
		})},
		{"notes-missing", "an item has no field for notes unless they were sent", Write, singleItemOperations(), changeObjects(func(m map[string]any) {
			var kept []any
			for _, f := range memberObjects(m, "fields") {
				if text(f, "id") != "notesPlain" || text(f, "value") != "" {
					kept = append(kept, f)
				}
			}
			m["fields"] = kept
		})},
	}
}

// changeReplaceBody changes the body of a replace; old is the item before it.
func changeReplaceBody(change func(in, old map[string]any)) func() behaviour {
	return stateless(func(x *exchange) *response {
		before := x.send(http.MethodGet, x.itemPath(), nil)
		old, _ := decode(before.body)
		if was := objects(old); before.isSuccess() && len(was) > 0 {
			x.changeSentObjects(func(in map[string]any) { change(in, was[0]) })
		}
		return x.forward()
	})
}

// keeps returns a change that keeps a member as it was.
func keeps(name string) func(in, old map[string]any) {
	return func(in, old map[string]any) {
		delete(in, name)
		if value, has := old[name]; has {
			in[name] = value
		}
	}
}
