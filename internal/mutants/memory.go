package mutants

import "net/http"

// memoryMutants returns servers with stale caches and lost writes.
func memoryMutants() []Mutant {
	return []Mutant{
		{"delete-does-nothing", "a delete is answered 204 and the item stays", Write, at(deleteItem), stateless(func(x *exchange) *response {
			if x.send(http.MethodGet, x.itemPath(), nil).isSuccess() {
				a := x.send(http.MethodGet, "/heartbeat", nil)
				a.status, a.body = 204, nil
				a.header.Del("Content-Type")
				return a
			}
			return x.forward()
		})},
		{"deleted-item-is-read", "a deleted item can still be read", Write, at(getItem, deleteItem), readDeletedItem},
		{"deleted-item-is-listed", "a deleted item is still in the list", Write, at(listItems), func() behaviour {
			seen := map[string][]map[string]any{}
			return func(x *exchange) *response {
				a := x.forward()
				if a.isSuccess() {
					a.changeList(func(l []map[string]any) []map[string]any {
						now := map[string]bool{}
						for _, m := range l {
							now[text(m, "id")] = true
						}
						key := x.vault + "?" + x.r.URL.RawQuery
						for _, m := range seen[key] {
							if !now[text(m, "id")] {
								l = append(l, m)
							}
						}
						seen[key] = l
						return l
					})
				}
				return a
			}
		}},
		{"reads-are-cached", "an item is answered as it was when it was first read", Write, at(getItem), cacheFirstResponse},
		{"list-is-cached", "the list of items is answered as it was first", Write, at(listItems), cacheFirstResponse},
		{"vault-is-cached", "a vault is answered as it was first", Write, at(getVault), cacheFirstResponse},
		{"files-keep-after-delete", "a file of a deleted item can still be read", Write, at(listFiles, getFile, getContent), cacheFirstResponse},
		{"created-item-not-listed", "a new item is not in the list", Write, at(createItem, listItems), func() behaviour {
			made := map[string]bool{}
			return func(x *exchange) *response {
				a := x.forward()
				if !a.isSuccess() {
					return a
				}
				if v, _ := decode(a.body); x.op == createItem {
					for _, m := range objects(v) {
						made[text(m, "id")] = true
					}
					return a
				}
				a.changeList(func(l []map[string]any) (kept []map[string]any) {
					for _, m := range l {
						if !made[text(m, "id")] {
							kept = append(kept, m)
						}
					}
					return kept
				})
				return a
			}
		}},
	}
}

// cacheFirstResponse sends the first successful response of a path for ever.
func cacheFirstResponse() behaviour {
	first := map[string]*response{}
	return func(x *exchange) *response {
		key := x.r.Header.Get("Authorization") + " " + x.r.URL.RequestURI()
		if a, has := first[key]; has && x.r.Method == http.MethodGet {
			return a
		}
		a := x.forward()
		if a.isSuccess() {
			first[key] = a
		}
		return a
	}
}

// readDeletedItem sends a deleted item as it was last read.
func readDeletedItem() behaviour {
	last := map[string]*response{}
	return func(x *exchange) *response {
		a := x.forward()
		switch old := last[x.itemPath()]; {
		case x.op == getItem && a.isSuccess():
			last[x.itemPath()] = a
		case x.op == getItem && a.status == 404 && old != nil:
			return old
		}
		return a
	}
}
