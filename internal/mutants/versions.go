package mutants

import (
	"encoding/json"
	"net/http"
)

// versionMutants returns servers with mistakes in versions and dates.
func versionMutants() []Mutant {
	set := func(name string, value any) func() behaviour {
		return changeObjects(func(m map[string]any) {
			if _, has := m[name]; has {
				m[name] = value
			}
		})
	}
	copyMember := func(from, to string) func() behaviour {
		return changeObjects(func(m map[string]any) { m[to] = m[from] })
	}
	vaults := operations(listVaults, getVault)
	return []Mutant{
		{"version-stuck", "the version of an item stays 1", Version, itemOperations(), set("version", 1)},
		{"version-from-zero", "versions begin with 0", Version, itemOperations(),
			changeObjects(func(m map[string]any) { m["version"] = intMember(m, "version") - 1 })},
		{"version-grows-by-two", "the version of an item increases by two", Version, itemOperations(),
			changeObjects(func(m map[string]any) { m["version"] = 2*intMember(m, "version") - 1 })},
		{"create-answers-version-0", "the response to a POST has version 0", Version, operations(createItem),
			set("version", 0)},
		{"put-answers-new-version", "the response to a PUT has the new version", Version, operations(putItem),
			changeObjects(func(m map[string]any) { m["version"] = intMember(m, "version") + 1 })},
		{"put-not-counted", "a PUT does not increase the version", Version, operations(putItem, getItem, listItems),
			skipVersionChanges(putItem)},
		{"patch-not-counted", "a PATCH does not increase the version", Version, operations(patchItem, getItem, listItems),
			skipVersionChanges(patchItem)},
		{"list-shows-version-1", "the list of items shows version 1 for each", Version, operations(listItems),
			set("version", 1)},
		{"version-taken-from-body", "the version after a PUT is the one that was sent", Version,
			operations(putItem, getItem), showSentVersion()},
		{"empty-patch-counts", "a PATCH without operations increases the version", Version, operations(patchItem),
			stateless(func(x *exchange) *response {
				if v, ok := decodeJSON(x.body); ok {
					if l, is := v.([]any); is && len(l) == 0 {
						now, _ := decodeJSON(x.send(http.MethodGet, x.itemPath(), nil).body)
						for _, it := range objects(now) {
							x.body = encodeJSON([]any{map[string]any{"op": "replace", "path": "/title", "value": textMember(it, "title")}})
						}
					}
				}
				return x.forward()
			})},
		{"content-version-stuck", "contentVersion of a vault stays 1", Version, vaults, set("contentVersion", 1)},
		{"attribute-version-moves", "writes to items increase attributeVersion of the vault", Version, vaults,
			copyMember("contentVersion", "attributeVersion")},
		{"items-not-counted", "items of a vault is 0", Version, vaults, set("items", 0)},
		{"items-count-stuck", "items of a vault does not change", Version, vaults, freezeMember("items")},
		{"vault-updated-stuck", "updatedAt of a vault is createdAt", Version, vaults, copyMember("createdAt", "updatedAt")},
		{"vault-created-moves", "createdAt of a vault is updatedAt", Version, vaults, copyMember("updatedAt", "createdAt")},
		{"item-updated-is-early", "updatedAt of an item is before createdAt", Version, itemOperations(),
			set("updatedAt", "2001-01-01T00:00:00Z")},
		{"item-created-is-zero", "createdAt of an item is the zero date", Version, itemOperations(),
			set("createdAt", "0001-01-01T00:00:00Z")},
		{"editor-taken-from-body", "lastEditedBy of an item is the one that was sent", Version, operations(putItem),
			stateless(func(x *exchange) *response {
				v, _ := decodeJSON(x.body)
				res := x.forward()
				if res.isSuccess() {
					res.changeObjects(func(m map[string]any) {
						for _, in := range objects(v) {
							if editor := textMember(in, "lastEditedBy"); editor != "" {
								m["lastEditedBy"] = editor
							}
						}
					})
				}
				return res
			})},
	}
}

// skipVersionChanges returns a behaviour with versions that an operation does not
// increase.
func skipVersionChanges(operation string) func() behaviour {
	return func() behaviour {
		uncounted := map[string]int64{}
		return func(x *exchange) *response {
			res := x.forward()
			if !res.isSuccess() {
				return res
			}
			res.changeObjects(func(m map[string]any) { m["version"] = intMember(m, "version") - uncounted[textMember(m, "id")] })
			if x.op == operation {
				uncounted[x.item]++
			}
			return res
		}
	}
}

// showSentVersion returns a behaviour that sends the version in the body of the last
// PUT.
func showSentVersion() func() behaviour {
	return func() behaviour {
		sent := map[string]json.Number{}
		return func(x *exchange) *response {
			if v, ok := decodeJSON(x.body); ok && x.op == putItem {
				for _, m := range objects(v) {
					if n, is := m["version"].(json.Number); is {
						sent[x.item] = n
					}
				}
			}
			res := x.forward()
			if n, has := sent[x.item]; has && res.isSuccess() {
				res.changeObjects(func(m map[string]any) { m["version"] = n })
			}
			return res
		}
	}
}

// freezeMember returns a behaviour that always sends the first value of a member.
func freezeMember(name string) func() behaviour {
	return func() behaviour {
		seen := map[string]any{}
		return func(x *exchange) *response {
			res := x.forward()
			if res.isSuccess() {
				res.changeObjects(func(m map[string]any) {
					id := textMember(m, "id")
					if _, has := seen[id]; !has {
						seen[id] = m[name]
					}
					m[name] = seen[id]
				})
			}
			return res
		}
	}
}
