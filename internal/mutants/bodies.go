package mutants

import (
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

func bodyMutants() []Mutant {
	leak := func(m map[string]any) {
		m["fields"] = []any{map[string]any{"id": "password", "type": "CONCEALED", "value": "not for lists"}}
	}
	return []Mutant{
		{"list-leaks-fields", "the list of items shows their fields", Body, at(listItems), changeObjects(leak)},
		{"list-leaks-sections", "the list of items shows their sections", Body, at(listItems), changeObjects(func(m map[string]any) {
			m["sections"] = []any{map[string]any{"id": "add more"}}
		})},
		{"item-list-in-object", "the list of items is a member of an object", Body, at(listItems), changeResponse(wrapListIn("items"))},
		{"vault-list-in-object", "the list of vaults is a member of an object", Body, at(listVaults), changeResponse(wrapListIn("vaults"))},
		{"empty-list-is-null", "an empty list is null", Body, at(listVaults, listItems, listFiles, getActivity), changeResponse(func(_ *exchange, a *response) {
			if a.isSuccess() && string(a.body) == "[]" {
				a.body = []byte("null")
			}
		})},
		{"snake-case-items", "the members of items are in snake case", Body, itemOperations(), useSnakeCase()},
		{"snake-case-vaults", "the members of vaults are in snake case", Body, at(listVaults, getVault), useSnakeCase()},
		{"null-members", "what an item does not have is null", Body, itemOperations(), changeObjects(func(m map[string]any) { setDefault(m, "urls", nil) })},
		{"empty-text-members", "what a summary does not have is an empty text", Body, at(listItems), changeObjects(func(m map[string]any) { setDefault(m, "additionalInformation", "") })},
		{"summary-without-vault", "the list of items does not say which vault they are in", Body, at(listItems), changeObjects(removeMember("vault"))},
		{"summary-without-version", "the list of items has no versions", Body, at(listItems), changeObjects(removeMember("version"))},
		{"summary-without-tags", "the list of items has no tags", Body, at(listItems), changeObjects(removeMember("tags"))},
		{"summary-without-urls", "the list of items has no URLs", Body, at(listItems), changeObjects(removeMember("urls"))},
		{"summary-of-another-title", "the list of items shows titles in lower case", Body, at(listItems), changeObjects(func(m map[string]any) {
			m["title"] = strings.ToLower(text(m, "title"))
		})},
		{"list-cut-at-ten", "the list of items ends after ten", Body, at(listItems), changeList(func(l []map[string]any) []map[string]any {
			return l[:min(len(l), 10)]
		})},
		{"list-repeats-the-first", "the list of items has its first item twice", Body, at(listItems), changeList(func(l []map[string]any) []map[string]any {
			return append(l, l[:min(len(l), 1)]...)
		})},
		{"vault-list-repeats", "the list of vaults has its first vault twice", Body, at(listVaults), changeList(func(l []map[string]any) []map[string]any {
			return append(l, l[:min(len(l), 1)]...)
		})},
		{"vault-list-cut", "the list of vaults has only the last", Body, at(listVaults), changeList(func(l []map[string]any) []map[string]any {
			return l[max(0, len(l)-1):]
		})},
		{"get-vault-answers-first", "every vault is answered by the first of the list", Body, at(getVault), changeResponse(func(x *exchange, a *response) {
			if v, ok := decode(x.send(http.MethodGet, "/v1/vaults", nil).body); ok && a.isSuccess() && len(objects(v)) > 0 {
				a.body = encode(objects(v)[0])
			}
		})},
		{"vault-list-without-descriptions", "the list of vaults leaves descriptions out", Body, at(listVaults), changeObjects(removeMember("description"))},
		{"vault-list-and-vault-differ", "the list of vaults shows another name than the vault itself", Body, at(listVaults), changeObjects(func(m map[string]any) {
			m["name"] = text(m, "name") + " "
		})},
		{"vault-of-unknown-type", "the type of a vault is one no client knows", Body, at(listVaults, getVault), changeObjects(func(m map[string]any) { m["type"] = "SHARED" })},
		{"item-without-fields", "an item without fields of its own has no member fields", Body, singleItemOperations(), changeObjects(func(m map[string]any) {
			if !slices.ContainsFunc(memberObjects(m, "fields"), func(f map[string]any) bool { return text(f, "value") != "" }) {
				delete(m, "fields")
			}
		})},
		{"item-vault-without-name", "the vault of an item is an id only", Body, itemOperations(), changeObjects(func(m map[string]any) {
			for _, v := range memberObjects(m, "vault") {
				delete(v, "name")
			}
		})},
		{"item-of-another-vault", "an item says it is in another vault", Body, at(getItem), changeObjects(func(m map[string]any) {
			for _, v := range memberObjects(m, "vault") {
				v["id"] = strings.Repeat("a", 26)
			}
		})},
		{"ids-upper-case", "the ids of items are in upper case", Body, itemAndDeleteOperations(), stateless(func(x *exchange) *response {
			if x.item != "" && x.item == strings.ToUpper(x.item) {
				x.replaceInPath("/items/"+x.item, "/items/"+strings.ToLower(x.item))
			}
			a := x.forward()
			a.changeObjects(func(m map[string]any) {
				if id := text(m, "id"); id != "" {
					m["id"] = strings.ToUpper(id)
				}
			})
			return a
		})},
		{"ids-are-uuids", "the ids of items are UUIDs", Body, itemOperations(), changeObjects(func(m map[string]any) {
			if id := text(m, "id"); connect.IsID(id) {
				m["id"] = id[:8] + "-" + id[8:12] + "-4" + id[12:15] + "-8" + id[15:18] + "-" + id[14:26]
			}
		})},
		{"undeclared-member", "an item has a member the document does not know", Body, singleItemOperations(), changeObjects(func(m map[string]any) { m["internalState"] = 1 })},
		{"undeclared-vault-member", "a vault has a member the document does not know", Body, at(listVaults, getVault), changeObjects(func(m map[string]any) { m["permissions"] = 496 })},
		{"dates-are-numbers", "the dates of items are numbers", Body, itemOperations(), changeObjects(func(m map[string]any) { m["createdAt"], m["updatedAt"] = 1700000000, 1700000000 })},
		{"dates-without-zone", "the dates of items have no time zone", Body, itemOperations(), changeObjects(func(m map[string]any) {
			for _, name := range []string{"createdAt", "updatedAt"} {
				m[name] = strings.TrimSuffix(text(m, name), "Z")
			}
		})},
		{"editor-is-another", "an item names an editor who did not edit it", Body, itemOperations(), changeObjects(func(m map[string]any) { m["lastEditedBy"] = strings.Repeat("A", 26) })},
		{"editor-is-missing", "an item does not say who edited it last", Body, itemOperations(), changeObjects(removeMember("lastEditedBy"))},
		{"category-lower-case", "the category of an item is in lower case", Body, itemOperations(), changeObjects(func(m map[string]any) { m["category"] = strings.ToLower(text(m, "category")) })},
		{"tags-unsorted", "the tags of an item are in no order", Body, itemOperations(), changeObjects(func(m map[string]any) {
			if tags, is := m["tags"].([]any); is {
				slices.Reverse(tags)
			}
		})},
		{"urls-lose-label", "the URLs of an item have no labels", Body, singleItemOperations(), changeObjects(func(m map[string]any) {
			for _, u := range memberObjects(m, "urls") {
				delete(u, "label")
			}
		})},
		{"urls-lose-primary", "no URL of an item is the primary one", Body, singleItemOperations(), changeObjects(func(m map[string]any) {
			for _, u := range memberObjects(m, "urls") {
				delete(u, "primary")
			}
		})},
		{"favorite-is-text", "favorite is a text", Body, itemOperations(), changeObjects(func(m map[string]any) {
			if m["favorite"] == true {
				m["favorite"] = "true"
			}
		})},
		{"favorite-false-is-shown", "an item that is no favorite says favorite: null", Body, singleItemOperations(), changeObjects(func(m map[string]any) { setDefault(m, "favorite", nil) })},
		{"state-on-active-items", "an active item says state: ARCHIVED", Body, itemOperations(), changeObjects(func(m map[string]any) { m["state"] = "ARCHIVED" })},
		{"additional-information-missing", "a LOGIN does not show its user name in the summary", Body, itemOperations(), changeObjects(removeMember("additionalInformation"))},
		{"item-encoded-twice", "an item is sent as a JSON text that holds JSON", Body, at(getItem), changeResponse(func(_ *exchange, a *response) {
			if a.isSuccess() {
				a.body = encode(string(a.body))
			}
		})},
	}
}

// removeMember returns a function that deletes the member.
func removeMember(name string) func(map[string]any) {
	return func(m map[string]any) { delete(m, name) }
}

// setDefault sets a member that is missing.
func setDefault(m map[string]any, name string, value any) {
	if _, has := m[name]; !has {
		m[name] = value
	}
}

// wrapListIn makes the body a member of an object.
func wrapListIn(name string) func(*exchange, *response) {
	return func(_ *exchange, a *response) {
		if a.isSuccess() {
			a.changeBody(func(v any) any { return map[string]any{name: v} })
		}
	}
}

// changeList changes the list in responses with a 2xx status.
func changeList(f func([]map[string]any) []map[string]any) func() behaviour {
	return changeResponse(func(_ *exchange, a *response) {
		if a.isSuccess() {
			a.changeList(f)
		}
	})
}

// useSnakeCase renames all members.
func useSnakeCase() func() behaviour {
	return changeResponse(func(_ *exchange, a *response) {
		if !a.isSuccess() {
			return
		}
		a.changeBody(func(v any) any {
			walkObjects(v, func(m map[string]any) {
				for name, value := range m {
					if s := snakeCase(name); s != name {
						delete(m, name)
						m[s] = value
					}
				}
			})
			return v
		})
	})
}
