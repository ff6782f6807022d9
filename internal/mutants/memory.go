package mutants

import (
	"net/http"
	"slices"
	"strings"
)

// memoryMutants returns servers with stale caches and lost writes.
func memoryMutants() []Mutant {
	return []Mutant{
		{"delete-does-nothing", "a DELETE returns 204, but the item is not deleted", Write, operations(deleteItem),
			stateless(func(x *exchange) *response {
				if x.send(http.MethodGet, x.itemPath(), nil).isSuccess() {
					res := x.send(http.MethodGet, "/heartbeat", nil)
					res.status, res.body = 204, nil
					res.header.Del("Content-Type")
					return res
				}
				return x.forward()
			})},
		{"deleted-item-is-read", "a deleted item can still be read", Write, operations(getItem, deleteItem), readDeletedItem},
		{"deleted-item-is-listed", "a deleted item is still in the list", Write, operations(listItems), func() behaviour {
			seen := map[string][]map[string]any{}
			return func(x *exchange) *response {
				res := x.forward()
				if res.isSuccess() {
					res.changeList(func(l []map[string]any) []map[string]any {
						now := map[string]bool{}
						for _, m := range l {
							now[textMember(m, "id")] = true
						}
						key := x.vault + "?" + x.r.URL.RawQuery
						for _, m := range seen[key] {
							if !now[textMember(m, "id")] {
								l = append(l, m)
							}
						}
						seen[key] = l
						return l
					})
				}
				return res
			}
		}},
		{"reads-are-cached", "an item is cached when it is first read", Write, operations(getItem), cacheFirstResponse},
		{"list-is-cached", "the list of items is cached when it is first read", Write, operations(listItems),
			cacheFirstResponse},
		{"vault-is-cached", "a vault is cached when it is first read", Write, operations(getVault), cacheFirstResponse},
		{"files-keep-after-delete", "a file of a deleted item can still be read", Write,
			operations(listFiles, getFile, getContent), cacheFirstResponse},
		{"created-item-not-listed", "a new item is not in the list", Write, operations(createItem, listItems),
			func() behaviour {
				created := map[string]bool{}
				return func(x *exchange) *response {
					res := x.forward()
					if !res.isSuccess() {
						return res
					}
					if v, _ := decodeJSON(res.body); x.op == createItem {
						for _, m := range objects(v) {
							created[textMember(m, "id")] = true
						}
						return res
					}
					res.changeList(func(l []map[string]any) (remaining []map[string]any) {
						for _, m := range l {
							if !created[textMember(m, "id")] {
								remaining = append(remaining, m)
							}
						}
						return remaining
					})
					return res
				}
			}},
		{"tag-filter-finds-new-items-only", "a filter by a tag finds no item from before the server was started", Filter,
			operations(createItem, listItems),
			func() behaviour {
				created := map[string]bool{}
				return func(x *exchange) *response {
					res := x.forward()
					v, _ := decodeJSON(res.body)
					switch {
					case !res.isSuccess():
					case x.op == createItem:
						for _, m := range objects(v) {
							created[textMember(m, "id")] = true
						}
					case strings.Contains(x.parameter("filter"), "tag "):
						res.changeList(func(l []map[string]any) []map[string]any {
							return slices.DeleteFunc(l, func(m map[string]any) bool { return !created[textMember(m, "id")] })
						})
					}
					return res
				}
			}},
	}
}

// cacheFirstResponse returns a behaviour that always sends the first successful
// response of a path.
func cacheFirstResponse() behaviour {
	first := map[string]*response{}
	return func(x *exchange) *response {
		key := x.r.Header.Get("Authorization") + " " + x.r.URL.RequestURI()
		if res, has := first[key]; has && x.r.Method == http.MethodGet {
			return res
		}
		res := x.forward()
		if res.isSuccess() {
			first[key] = res
		}
		return res
	}
}

// readDeletedItem returns a behaviour that sends a deleted item as it was last read.
func readDeletedItem() behaviour {
	last := map[string]*response{}
	return func(x *exchange) *response {
		res := x.forward()
		switch old := last[x.itemPath()]; {
		case x.op == getItem && res.isSuccess():
			last[x.itemPath()] = res
		case x.op == getItem && res.status == 404 && old != nil:
			return old
		}
		return res
	}
}
