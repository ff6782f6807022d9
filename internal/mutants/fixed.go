package mutants

import "net/http"

// fixedMutants returns servers in which a client can change what stays the same for the life of an item.
func fixedMutants() []Mutant {
	return []Mutant{
		{"put-takes-category", "a PUT changes the category of an item", Write, operations(putItem, getItem),
			showSent("category")},
		{"patch-takes-category", "a PATCH changes the category of an item", Patch, operations(patchItem, getItem),
			showSent("category")},
		{"patch-takes-creation", "a PATCH changes createdAt", Patch, operations(patchItem, getItem), showSent("createdAt")},
	}
}

// showSent returns a behaviour in which an item has the value of a member that was last sent for it. The wrapped server
// does not receive it.
func showSent(member string) func() behaviour {
	return func() behaviour {
		shown := map[string]string{} // by item
		return func(x *exchange) *response {
			sent := ""
			switch x.op {
			case putItem:
				v, _ := decodeJSON(x.send(http.MethodGet, x.itemPath(), nil).body)
				for _, it := range objects(v) {
					x.changeSentObjects(func(m map[string]any) {
						if _, has := m[member]; has {
							sent, m[member] = textMember(m, member), it[member]
						}
					})
				}
			case patchItem:
				x.changePatchOf(func(op, _ map[string]any) bool {
					if textMember(op, "path") != "/"+member {
						return true
					}
					sent = textMember(op, "value")
					return false
				})
			}
			res := x.forward()
			if !res.isSuccess() {
				return res
			}
			if sent != "" {
				shown[x.item] = sent
			}
			res.changeObjects(func(it map[string]any) {
				if value, has := shown[textMember(it, "id")]; has {
					it[member] = value
				}
			})
			return res
		}
	}
}
