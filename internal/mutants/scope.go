package mutants

import (
	"net/http"
	"strings"
)

func scopeMutants() []Mutant {
	// asMostPowerful uses the token that sees the most vaults where a condition holds for a refusal.
	asMostPowerful := func(accepts func(x *exchange, message string) bool) func() behaviour {
		return rememberTokens(func(k *tokens, x *exchange) *response {
			a := x.forward()
			if a.status == 403 && accepts(x, string(a.body)) {
				return k.retryAs(x, a, k.most)
			}
			return a
		})
	}
	read := func(x *exchange) bool { return x.r.Method == http.MethodGet }
	denied := func(message string) bool { return strings.Contains(message, "does not have access") }
	permission := func(message string) bool { return strings.Contains(message, "permission to perform") }
	vaults := append(vaultOperations(), listVaults)
	return []Mutant{
		{"scope-ignored-by-reads", "a token may read vaults that are not its own", Scope, vaults, asMostPowerful(func(x *exchange, m string) bool { return read(x) && denied(m) })},
		{"scope-ignored-by-writes", "a token may write vaults that are not its own", Scope, vaults, asMostPowerful(func(x *exchange, m string) bool { return !read(x) && denied(m) })},
		{"scope-ignored-by-files", "a token may read files in vaults that are not its own", Scope, vaults, asMostPowerful(func(x *exchange, m string) bool {
			return denied(m) && (x.op == listFiles || x.op == getFile || x.op == getContent)
		})},
		{"scope-ignored-by-vault-list", "every token lists every vault", Scope, at(listVaults), rememberTokens(func(k *tokens, x *exchange) *response {
			a := x.forward()
			if a.isSuccess() {
				return k.retryAs(x, a, k.most)
			}
			return a
		})},
		{"reader-may-write", "a token that may only read may write", Scope, vaults, asMostPowerful(func(x *exchange, m string) bool { return !read(x) && permission(m) })},
		{"reader-may-create", "a token that may only read may make items", Scope, vaults, asMostPowerful(func(x *exchange, m string) bool { return x.op == createItem && permission(m) })},
		{"reader-may-delete", "a token that may only read may delete items", Scope, vaults, asMostPowerful(func(x *exchange, m string) bool { return x.op == deleteItem && permission(m) })},
		{"writer-may-read", "a token that may only write may read", Scope, vaults, asMostPowerful(func(x *exchange, m string) bool { return read(x) && permission(m) })},
		{"writer-reads-by-patch", "a token that may only write reads items by an empty patch", Scope, vaults, asMostPowerful(func(x *exchange, _ string) bool { return x.op == patchItem })},
		{"denied-is-401", "a vault out of scope is answered 401", Scope, vaultOperations(), replaceStatus(403, 401)},
		{"denied-is-404", "a write that is not permitted is answered 404", Scope, at(createItem, putItem, patchItem, deleteItem), replaceStatus(403, 404)},
		{"item-through-any-vault", "an item is read through every vault", Scope, itemOperations(), findItemInAnyVault(getItem)},
		{"item-replaced-through-any-vault", "an item is replaced through every vault", Scope, itemOperations(), findItemInAnyVault(putItem)},
		{"item-patched-through-any-vault", "an item is patched through every vault", Scope, itemOperations(), findItemInAnyVault(patchItem)},
		{"item-deleted-through-any-vault", "an item is deleted through every vault", Scope, itemAndDeleteOperations(), findItemInAnyVault(deleteItem)},
		{"list-shows-other-vaults", "the list of items shows those of another vault too", Scope, at(listItems), func() behaviour {
			others := map[string][]map[string]any{}
			return func(x *exchange) *response {
				a := x.forward()
				if a.isSuccess() {
					a.changeList(func(own []map[string]any) (all []map[string]any) {
						all = own
						for vault, of := range others {
							if vault != x.vault && len(of) > 0 {
								all = append(all, of[0])
								break
							}
						}
						others[x.vault] = own
						return all
					})
				}
				return a
			}
		}},
	}
}

// findItemInAnyVault uses the vault that the item was last seen in for an operation.
func findItemInAnyVault(operation string) func() behaviour {
	return func() behaviour {
		home := map[string]string{}
		return func(x *exchange) *response {
			a := x.forward()
			if v, ok := decode(a.body); ok && a.isSuccess() {
				for _, m := range objects(v) {
					home[text(m, "id")] = x.vault
				}
			}
			if vault, seen := home[x.item]; seen && x.op == operation && a.status == 404 && vault != x.vault {
				x.replaceInPath("/vaults/"+x.vault, "/vaults/"+vault)
				x.changeSentObjects(func(m map[string]any) {
					if _, has := m["vault"]; has {
						m["vault"] = map[string]any{"id": vault}
					}
				})
				return x.forward()
			}
			return a
		}
	}
}
