package mutants

import "net/http"

// memoryDefects are of servers that remember too long or forget too soon.
func memoryDefects() []Mutant {
	return []Mutant{
		{"delete-does-nothing", "a delete is answered 204 and the item stays", Write, at(deleteItem), always(func(x *exchange) *answer {
			if x.ask(http.MethodGet, x.path(), nil).ok() {
				a := x.ask(http.MethodGet, "/heartbeat", nil)
				a.status, a.body = 204, nil
				a.header.Del("Content-Type")
				return a
			}
			return x.pass()
		})},
		{"deleted-item-is-read", "a deleted item can still be read", Write, at(getItem, deleteItem), afterDelete},
		{"deleted-item-is-listed", "a deleted item is still in the list", Write, at(listItems), func() behaviour {
			seen := map[string][]map[string]any{}
			return func(x *exchange) *answer {
				a := x.pass()
				if a.ok() {
					a.list(func(l []map[string]any) []map[string]any {
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
		{"reads-are-cached", "an item is answered as it was when it was first read", Write, at(getItem), cached},
		{"list-is-cached", "the list of items is answered as it was first", Write, at(listItems), cached},
		{"vault-is-cached", "a vault is answered as it was first", Write, at(getVault), cached},
		{"files-keep-after-delete", "a file of a deleted item can still be read", Write, at(listFiles, getFile, getContent), cached},
		{"created-item-not-listed", "a new item is not in the list", Write, at(createItem, listItems), func() behaviour {
			made := map[string]bool{}
			return func(x *exchange) *answer {
				a := x.pass()
				if !a.ok() {
					return a
				}
				if v, _ := decode(a.body); x.op == createItem {
					for _, m := range objects(v) {
						made[text(m, "id")] = true
					}
					return a
				}
				a.list(func(l []map[string]any) (kept []map[string]any) {
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

// cached answers a path as it was answered first.
func cached() behaviour {
	first := map[string]*answer{}
	return func(x *exchange) *answer {
		key := x.r.Header.Get("Authorization") + " " + x.r.URL.RequestURI()
		if a, has := first[key]; has && x.r.Method == http.MethodGet {
			return a
		}
		a := x.pass()
		if a.ok() {
			first[key] = a
		}
		return a
	}
}

// afterDelete shows an item as it was read before it was deleted.
func afterDelete() behaviour {
	last := map[string]*answer{}
	return func(x *exchange) *answer {
		a := x.pass()
		switch old := last[x.path()]; {
		case x.op == getItem && a.ok():
			last[x.path()] = a
		case x.op == getItem && a.status == 404 && old != nil:
			return old
		}
		return a
	}
}
