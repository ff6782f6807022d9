package mutants

import (
	"net/http"
	"time"
)

// timeMutants returns servers with mistakes in what changes with time.
func timeMutants() []Mutant {
	items := operations(getItem, listItems, putItem, patchItem)
	vaults := operations(getVault, listVaults, createItem, putItem, patchItem, deleteItem)
	return []Mutant{
		{"put-keeps-updated-at", "a PUT does not change updatedAt of the item", Write, items, keepItemDate(putItem)},
		{"patch-keeps-updated-at", "a PATCH does not change updatedAt of the item", Write, items, keepItemDate(patchItem)},
		{"empty-patch-moves-updated-at", "a PATCH without operations changes updatedAt of the item", Write, items,
			func() behaviour {
				moved := map[string]bool{}
				return changeResponse(func(x *exchange, res *response) {
					if v, ok := decodeJSON(x.body); ok && x.op == patchItem && res.isSuccess() && len(objects(v)) == 0 {
						moved[x.item] = true
					}
					if !res.isSuccess() {
						return
					}
					res.changeObjects(func(it map[string]any) {
						at, err := time.Parse(time.RFC3339, textMember(it, "updatedAt"))
						if err == nil && moved[textMember(it, "id")] {
							it["updatedAt"] = at.Add(time.Second).Format(time.RFC3339)
						}
					})
				})()
			}},
		{"list-keeps-updated-at", "updatedAt of an item in a list is its createdAt", Body, operations(listItems),
			changeObjects(func(m map[string]any) { m["updatedAt"] = m["createdAt"] })},
		{"vault-not-updated-by-put", "a PUT does not change updatedAt of the vault", Write, vaults, keepVaultDate(putItem)},
		{"vault-not-updated-by-patch", "a PATCH does not change updatedAt of the vault", Write, vaults,
			keepVaultDate(patchItem)},
		{"vault-updated-back-by-delete", "a DELETE sets updatedAt of the vault an hour back", Write, vaults,
			changeVaultDate(deleteItem, func(_, now string) string {
				if at, err := time.Parse(time.RFC3339, now); err == nil {
					return at.Add(-time.Hour).Format(time.RFC3339)
				}
				return now
			})},
		{"otp-code-kept", "the code of a one-time password is the one that was read first", Body, operations(getItem),
			func() behaviour {
				first := map[string]any{}
				return changeResponse(func(x *exchange, res *response) {
					if !res.isSuccess() {
						return
					}
					res.changeObjects(func(it map[string]any) {
						for _, f := range memberObjects(it, "fields") {
							code, has := f["totp"]
							key := x.item + " " + textMember(f, "id")
							if has && first[key] == nil {
								first[key] = code
							}
							if has {
								f["totp"] = first[key]
							}
						}
					})
				})()
			}},
	}
}

// keepItemDate returns a behaviour in which a write does not change updatedAt of its
// item.
func keepItemDate(operation string) func() behaviour {
	return func() behaviour {
		kept := map[string]any{} // by item
		return func(x *exchange) *response {
			var before []map[string]any
			if x.op == operation {
				v, _ := decodeJSON(x.send(http.MethodGet, x.itemPath(), nil).body)
				before = objects(v)
			}
			res := x.forward()
			if res.isSuccess() && (x.op == putItem || x.op == patchItem) {
				delete(kept, x.item)
				for _, it := range before {
					kept[x.item] = it["updatedAt"]
				}
			}
			if res.isSuccess() {
				res.changeObjects(func(it map[string]any) {
					if date, has := kept[textMember(it, "id")]; has {
						it["updatedAt"] = date
					}
				})
			}
			return res
		}
	}
}

// keepVaultDate returns a behaviour in which a write does not change updatedAt of its
// vault.
func keepVaultDate(operation string) func() behaviour {
	return changeVaultDate(operation, func(before, _ string) string { return before })
}

// changeVaultDate returns a behaviour that changes updatedAt of a vault from an
// operation until the next write of another kind.
func changeVaultDate(operation string, change func(before, now string) string) func() behaviour {
	return func() behaviour {
		before := map[string]string{} // updatedAt, by vault
		return func(x *exchange) *response {
			var dates []string
			if x.op == operation {
				v, _ := decodeJSON(x.send(http.MethodGet, "/v1/vaults/"+x.vault, nil).body)
				for _, m := range objects(v) {
					dates = append(dates, textMember(m, "updatedAt"))
				}
			}
			res := x.forward()
			switch {
			case !res.isSuccess():
			case x.op == getVault || x.op == listVaults:
				res.changeObjects(func(m map[string]any) {
					if date, has := before[textMember(m, "id")]; has {
						m["updatedAt"] = change(date, textMember(m, "updatedAt"))
					}
				})
			default:
				delete(before, x.vault)
				for _, date := range dates {
					before[x.vault] = date
				}
			}
			return res
		}
	}
}
