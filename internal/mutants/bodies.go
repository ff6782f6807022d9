package mutants

import (
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// bodyMutants returns servers with mistakes in the bodies of responses.
func bodyMutants() []Mutant {
	addField := func(m map[string]any) {
		m["fields"] = []any{map[string]any{"id": "password", "type": "CONCEALED", "value": "not for lists"}}
	}
	return []Mutant{
		{"list-leaks-fields", "the list of items shows their fields", Body, operations(listItems), changeObjects(addField)},
		{"list-leaks-sections", "the list of items shows their sections", Body, operations(listItems),
			changeObjects(func(m map[string]any) {
				m["sections"] = []any{map[string]any{"id": "add more"}}
			})},
		{"item-list-in-object", "the list of items is a member of an object", Body, operations(listItems),
			changeResponse(wrapListIn("items"))},
		{"vault-list-in-object", "the list of vaults is a member of an object", Body, operations(listVaults),
			changeResponse(wrapListIn("vaults"))},
		{"empty-list-is-null", "an empty list is null", Body, operations(listVaults, listItems, listFiles, getActivity),
			changeResponse(func(_ *exchange, res *response) {
				if res.isSuccess() && string(res.body) == "[]" {
					res.body = []byte("null")
				}
			})},
		{"snake-case-items", "the members of items are in snake case", Body, itemOperations(), useSnakeCase()},
		{"snake-case-vaults", "the members of vaults are in snake case", Body, operations(listVaults, getVault),
			useSnakeCase()},
		{"null-members", "members that an item does not have are null", Body, itemOperations(),
			changeObjects(func(m map[string]any) { setDefault(m, "urls", nil) })},
		{"empty-text-members", "members that a summary does not have are empty strings", Body, operations(listItems),
			changeObjects(func(m map[string]any) { setDefault(m, "additionalInformation", "") })},
		{"summary-without-vault", "the items in a list have no vault", Body, operations(listItems),
			changeObjects(removeMember("vault"))},
		{"summary-without-version", "the list of items has no versions", Body, operations(listItems),
			changeObjects(removeMember("version"))},
		{"summary-without-tags", "the list of items has no tags", Body, operations(listItems),
			changeObjects(removeMember("tags"))},
		{"summary-without-urls", "the list of items has no URLs", Body, operations(listItems),
			changeObjects(removeMember("urls"))},
		{"summary-of-another-title", "the titles in a list of items are in lower case", Body, operations(listItems),
			changeObjects(func(m map[string]any) {
				m["title"] = strings.ToLower(textMember(m, "title"))
			})},
		{"list-cut-at-ten", "the list of items ends after ten items", Body, operations(listItems),
			changeList(func(l []map[string]any) []map[string]any {
				return l[:min(len(l), 10)]
			})},
		{"list-repeats-the-first", "the list of items has its first item twice", Body, operations(listItems),
			changeList(func(l []map[string]any) []map[string]any {
				return append(l, l[:min(len(l), 1)]...)
			})},
		{"vault-list-repeats", "the list of vaults has its first vault twice", Body, operations(listVaults),
			changeList(func(l []map[string]any) []map[string]any {
				return append(l, l[:min(len(l), 1)]...)
			})},
		{"vault-list-cut", "the list of vaults has only the last", Body, operations(listVaults),
			changeList(func(l []map[string]any) []map[string]any {
				return l[max(0, len(l)-1):]
			})},
		{"get-vault-answers-first", "every vault is the first one of the list", Body, operations(getVault),
			changeResponse(func(x *exchange, res *response) {
				if v, ok := decodeJSON(x.send(http.MethodGet, "/v1/vaults", nil).body); ok && res.isSuccess() &&
					len(objects(v)) > 0 {
					res.body = encodeJSON(objects(v)[0])
				}
			})},
		{"vault-list-without-descriptions", "the list of vaults has no descriptions", Body, operations(listVaults),
			changeObjects(removeMember("description"))},
		{"vault-list-and-vault-differ", "the list of vaults shows another name than the vault itself", Body,
			operations(listVaults), changeObjects(func(m map[string]any) {
				m["name"] = textMember(m, "name") + " "
			})},
		{"vault-of-unknown-type", "the type of a vault is unknown to clients", Body, operations(listVaults, getVault),
			changeObjects(func(m map[string]any) { m["type"] = "SHARED" })},
		{"item-without-fields", "an item without values in its fields has no member fields", Body, singleItemOperations(),
			changeObjects(func(m map[string]any) {
				if !slices.ContainsFunc(memberObjects(m, "fields"),
					func(f map[string]any) bool { return textMember(f, "value") != "" }) {
					delete(m, "fields")
				}
			})},
		{"item-vault-without-name", "the vault of an item has only an id", Body, itemOperations(),
			changeObjects(func(m map[string]any) {
				for _, v := range memberObjects(m, "vault") {
					delete(v, "name")
				}
			})},
		{"item-of-another-vault", "an item has the id of another vault", Body, operations(getItem),
			changeObjects(func(m map[string]any) {
				for _, v := range memberObjects(m, "vault") {
					v["id"] = strings.Repeat("a", 26)
				}
			})},
		{"ids-upper-case", "the ids of items are in upper case", Body, itemAndDeleteOperations(),
			stateless(func(x *exchange) *response {
				if x.item != "" && x.item == strings.ToUpper(x.item) {
					x.replaceInPath("/items/"+x.item, "/items/"+strings.ToLower(x.item))
				}
				res := x.forward()
				res.changeObjects(func(m map[string]any) {
					if id := textMember(m, "id"); id != "" {
						m["id"] = strings.ToUpper(id)
					}
				})
				return res
			})},
		{"ids-are-uuids", "the ids of items are UUIDs", Body, itemOperations(), changeObjects(func(m map[string]any) {
			if id := textMember(m, "id"); connect.IsID(id) {
				m["id"] = id[:8] + "-" + id[8:12] + "-4" + id[12:15] + "-8" + id[15:18] + "-" + id[14:26]
			}
		})},
		{"undeclared-member", "an item has a member that is not documented", Body, singleItemOperations(),
			changeObjects(func(m map[string]any) { m["internalState"] = 1 })},
		{"undeclared-vault-member", "a vault has a member that is not documented", Body, operations(listVaults, getVault),
			changeObjects(func(m map[string]any) { m["permissions"] = 496 })},
		{"dates-are-numbers", "the dates of items are numbers", Body, itemOperations(),
			changeObjects(func(m map[string]any) { m["createdAt"], m["updatedAt"] = 1700000000, 1700000000 })},
		{"dates-without-zone", "the dates of items have no time zone", Body, itemOperations(),
			changeObjects(func(m map[string]any) {
				for _, name := range []string{"createdAt", "updatedAt"} {
					m[name] = strings.TrimSuffix(textMember(m, name), "Z")
				}
			})},
		{"editor-is-another", "an item has the id of another editor", Body, itemOperations(),
			changeObjects(func(m map[string]any) { m["lastEditedBy"] = strings.Repeat("A", 26) })},
		{"editor-is-missing", "an item has no lastEditedBy", Body, itemOperations(),
			changeObjects(removeMember("lastEditedBy"))},
		{"category-lower-case", "the category of an item is in lower case", Body, itemOperations(),
			changeObjects(func(m map[string]any) { m["category"] = strings.ToLower(textMember(m, "category")) })},
		{"tags-unsorted", "the tags of an item are not sorted", Body, itemOperations(), changeObjects(func(m map[string]any) {
			if tags, is := m["tags"].([]any); is {
				slices.Reverse(tags)
			}
		})},
		{"urls-lose-label", "the URLs of an item have no labels", Body, singleItemOperations(),
			changeObjects(func(m map[string]any) {
				for _, u := range memberObjects(m, "urls") {
					delete(u, "label")
				}
			})},
		{"urls-lose-primary", "no URL of an item is primary", Body, singleItemOperations(),
			changeObjects(func(m map[string]any) {
				for _, u := range memberObjects(m, "urls") {
					delete(u, "primary")
				}
			})},
		{"favorite-is-text", "favorite is a string", Body, itemOperations(), changeObjects(func(m map[string]any) {
			if m["favorite"] == true {
				m["favorite"] = "true"
			}
		})},
		{"favorite-false-is-shown", "an item that is not a favorite has favorite: null", Body, singleItemOperations(),
			changeObjects(func(m map[string]any) { setDefault(m, "favorite", nil) })},
		{"state-on-active-items", "an active item has state: ARCHIVED", Body, itemOperations(),
			changeObjects(func(m map[string]any) { m["state"] = "ARCHIVED" })},
		{"additional-information-missing", "a LOGIN has no additionalInformation", Body, itemOperations(),
			changeObjects(removeMember("additionalInformation"))},
		{"item-encoded-twice", "an item is sent as a JSON string with JSON in it", Body, operations(getItem),
			changeResponse(func(_ *exchange, res *response) {
				if res.isSuccess() {
					res.body = encodeJSON(string(res.body))
				}
			})},
	}
}

// removeMember returns a function that deletes a member.
func removeMember(name string) func(map[string]any) {
	return func(m map[string]any) { delete(m, name) }
}

// setDefault sets a member that is missing.
func setDefault(m map[string]any, name string, value any) {
	if _, has := m[name]; !has {
		m[name] = value
	}
}

// wrapListIn returns a function that makes the body a member of an object.
func wrapListIn(name string) func(*exchange, *response) {
	return func(_ *exchange, res *response) {
		if res.isSuccess() {
			res.changeBody(func(v any) any { return map[string]any{name: v} })
		}
	}
}

// changeList changes the list in responses with a 2xx status.
func changeList(f func([]map[string]any) []map[string]any) func() behaviour {
	return changeResponse(func(_ *exchange, res *response) {
		if res.isSuccess() {
			res.changeList(f)
		}
	})
}

// useSnakeCase renames all members in responses to snake case.
func useSnakeCase() func() behaviour {
	return changeResponse(func(_ *exchange, res *response) {
		if !res.isSuccess() {
			return
		}
		res.changeBody(func(v any) any {
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
