package mutants

import (
	"encoding/json"
	"net/http"
)

func versionDefects() []Mutant {
	set := func(name string, value any) func() behaviour {
		return good(func(m map[string]any) {
			if _, has := m[name]; has {
				m[name] = value
			}
		})
	}
	copied := func(from, to string) func() behaviour { return good(func(m map[string]any) { m[to] = m[from] }) }
	vaults := at(listVaults, getVault)
	return []Mutant{
		{"version-stuck", "the version of an item stays 1", Version, ofItems(), set("version", 1)},
		{"version-from-zero", "versions are counted from 0", Version, ofItems(), good(func(m map[string]any) { m["version"] = number(m, "version") - 1 })},
		{"version-grows-by-two", "the version of an item grows by two", Version, ofItems(), good(func(m map[string]any) { m["version"] = 2*number(m, "version") - 1 })},
		{"create-answers-version-0", "the answer of a create has version 0", Version, at(createItem), set("version", 0)},
		{"put-answers-new-version", "the answer of a replace has the new version", Version, at(putItem), good(func(m map[string]any) { m["version"] = number(m, "version") + 1 })},
		{"put-not-counted", "a replace does not change the version that is read", Version, at(putItem, getItem, listItems), remembered(putItem)},
		{"patch-not-counted", "a patch does not change the version that is read", Version, at(patchItem, getItem, listItems), remembered(patchItem)},
		{"list-shows-version-1", "the list of items shows version 1 for each", Version, at(listItems), set("version", 1)},
		{"version-taken-from-body", "the version of a replace is the one sent", Version, at(putItem, getItem), versionSent()},
		{"empty-patch-counts", "a patch without operations makes a new version", Version, at(patchItem), always(func(x *exchange) *answer {
			if v, ok := decode(x.body); ok {
				if l, is := v.([]any); is && len(l) == 0 {
					now, _ := decode(x.ask(http.MethodGet, x.path(), nil).body)
					for _, it := range objects(now) {
						x.body = encode([]any{map[string]any{"op": "replace", "path": "/title", "value": text(it, "title")}})
					}
				}
			}
			return x.pass()
		})},
		{"content-version-stuck", "the contentVersion of a vault stays 1", Version, vaults, set("contentVersion", 1)},
		{"attribute-version-moves", "the attributeVersion of a vault grows with its items", Version, vaults, copied("contentVersion", "attributeVersion")},
		{"items-not-counted", "a vault counts no items", Version, vaults, set("items", 0)},
		{"items-count-stuck", "a vault counts the items it had at first", Version, vaults, firstSeen("items")},
		{"vault-updated-stuck", "the updatedAt of a vault is that of its making", Version, vaults, copied("createdAt", "updatedAt")},
		{"vault-created-moves", "the createdAt of a vault moves with its items", Version, vaults, copied("updatedAt", "createdAt")},
		{"item-updated-is-early", "the updatedAt of an item is before its createdAt", Version, ofItems(), set("updatedAt", "2001-01-01T00:00:00Z")},
		{"item-created-is-zero", "the createdAt of an item is the zero date sent", Version, ofItems(), set("createdAt", "0001-01-01T00:00:00Z")},
		{"editor-taken-from-body", "the editor of an item is the one sent", Version, at(putItem), always(func(x *exchange) *answer {
			v, _ := decode(x.body)
			a := x.pass()
			if a.ok() {
				a.members(func(m map[string]any) {
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

// remembered shows versions less the changes of one operation.
func remembered(operation string) func() behaviour {
	return func() behaviour {
		uncounted := map[string]int64{}
		return func(x *exchange) *answer {
			a := x.pass()
			if !a.ok() {
				return a
			}
			a.members(func(m map[string]any) { m["version"] = number(m, "version") - uncounted[text(m, "id")] })
			if x.op == operation {
				uncounted[x.item]++
			}
			return a
		}
	}
}

// versionSent shows the version a replace sent, where it sent one.
func versionSent() func() behaviour {
	return func() behaviour {
		sent := map[string]json.Number{}
		return func(x *exchange) *answer {
			if v, ok := decode(x.body); ok && x.op == putItem {
				for _, m := range objects(v) {
					if n, is := m["version"].(json.Number); is {
						sent[x.item] = n
					}
				}
			}
			a := x.pass()
			if n, has := sent[x.item]; has && a.ok() {
				a.members(func(m map[string]any) { m["version"] = n })
			}
			return a
		}
	}
}

// firstSeen answers a member as it was the first time, for each id.
func firstSeen(name string) func() behaviour {
	return func() behaviour {
		seen := map[string]any{}
		return func(x *exchange) *answer {
			a := x.pass()
			if a.ok() {
				a.members(func(m map[string]any) {
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
