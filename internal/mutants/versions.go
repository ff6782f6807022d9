package mutants

import (
	"encoding/json"
	"net/http"
)

func versionMutants() []Mutant {
	set := func(name string, value any) func() behaviour {
		return changeObjects(func(m map[string]any) {
			if _, has := m[name]; has {
				m[name] = value
			}
		})
	}
	copied := func(from, to string) func() behaviour {
		return changeObjects(func(m map[string]any) { m[to] = m[from] })
	}
	vaults := at(listVaults, getVault)
	return []Mutant{
		{"version-stuck", "the version of an item stays 1", Version, itemOperations(), set("version", 1)},
		{"version-from-zero", "versions are counted from 0", Version, itemOperations(), changeObjects(func(m map[string]any) { m["version"] = number(m, "version") - 1 })},
		{"version-grows-by-two", "the version of an item grows by two", Version, itemOperations(), changeObjects(func(m map[string]any) { m["version"] = 2*number(m, "version") - 1 })},
		{"create-answers-version-0", "the answer of a create has version 0", Version, at(createItem), set("version", 0)},
		{"put-answers-new-version", "the answer of a replace has the new version", Version, at(putItem), changeObjects(func(m map[string]any) { m["version"] = number(m, "version") + 1 })},
		{"put-not-counted", "a replace does not change the version that is read", Version, at(putItem, getItem, listItems), skipVersionChanges(putItem)},
		{"patch-not-counted", "a patch does not change the version that is read", Version, at(patchItem, getItem, listItems), skipVersionChanges(patchItem)},
		{"list-shows-version-1", "the list of items shows version 1 for each", Version, at(listItems), set("version", 1)},
		{"version-taken-from-body", "the version of a replace is the one sent", Version, at(putItem, getItem), showSentVersion()},
		{"empty-patch-counts", "a patch without operations makes a new version", Version, at(patchItem), stateless(func(x *exchange) *response {
			if v, ok := decode(x.body); ok {
				if l, is := v.([]any); is && len(l) == 0 {
					now, _ := decode(x.send(http.MethodGet, x.itemPath(), nil).body)
					for _, it := range objects(now) {
						x.body = encode([]any{map[string]any{"op": "replace", "path": "/title", "value": text(it, "title")}})
					}
				}
			}
			return x.forward()
		})},
		{"content-version-stuck", "the contentVersion of a vault stays 1", Version, vaults, set("contentVersion", 1)},
		{"attribute-version-moves", "the attributeVersion of a vault grows with its items", Version, vaults, copied("contentVersion", "attributeVersion")},
		{"items-not-counted", "a vault counts no items", Version, vaults, set("items", 0)},
		{"items-count-stuck", "a vault counts the items it had at first", Version, vaults, freezeMember("items")},
		{"vault-updated-stuck", "the updatedAt of a vault is that of its making", Version, vaults, copied("createdAt", "updatedAt")},
		{"vault-created-moves", "the createdAt of a vault moves with its items", Version, vaults, copied("updatedAt", "createdAt")},
		{"item-updated-is-early", "the updatedAt of an item is before its createdAt", Version, itemOperations(), set("updatedAt", "2001-01-01T00:00:00Z")},
		{"item-created-is-zero", "the createdAt of an item is the zero date sent", Version, itemOperations(), set("createdAt", "0001-01-01T00:00:00Z")},
		{"editor-taken-from-body", "the editor of an item is the one sent", Version, at(putItem), stateless(func(x *exchange) *response {
			v, _ := decode(x.body)
			a := x.forward()
			if a.isSuccess() {
				a.changeObjects(func(m map[string]any) {
					for _, in := range objects(v) {
						if editor := text(in, "lastEditedBy"); editor != "" {
							m["lastEditedBy"] = editor
						}
					}
				})
			}
			return a
		})},
	}
}

// skipVersionChanges sends versions that one operation does not increase.
func skipVersionChanges(operation string) func() behaviour {
	return func() behaviour {
		uncounted := map[string]int64{}
		return func(x *exchange) *response {
			a := x.forward()
			if !a.isSuccess() {
				return a
			}
			a.changeObjects(func(m map[string]any) { m["version"] = number(m, "version") - uncounted[text(m, "id")] })
			if x.op == operation {
				uncounted[x.item]++
			}
			return a
		}
	}
}

// showSentVersion sends the version that the last replace had in its body.
func showSentVersion() func() behaviour {
	return func() behaviour {
		sent := map[string]json.Number{}
		return func(x *exchange) *response {
			if v, ok := decode(x.body); ok && x.op == putItem {
				for _, m := range objects(v) {
					if n, is := m["version"].(json.Number); is {
						sent[x.item] = n
					}
				}
			}
			a := x.forward()
			if n, has := sent[x.item]; has && a.isSuccess() {
				a.changeObjects(func(m map[string]any) { m["version"] = n })
			}
			return a
		}
	}
}

// freezeMember sends a member of an object as it was at first.
func freezeMember(name string) func() behaviour {
	return func() behaviour {
		seen := map[string]any{}
		return func(x *exchange) *response {
			a := x.forward()
			if a.isSuccess() {
				a.changeObjects(func(m map[string]any) {
					id := text(m, "id")
					if _, has := seen[id]; !has {
						seen[id] = m[name]
					}
					m[name] = seen[id]
				})
			}
			return a
		}
	}
}
