package mutants

import (
	"net/http"
	"strings"
)

// scopeMutants returns servers with mistakes in what a token may do.
func scopeMutants() []Mutant {
	// acceptIf sends a refused request again with the token that sees the most vaults, if
	// the request and the message meet a condition.
	acceptIf := func(accepts func(x *exchange, message string) bool) func() behaviour {
		return rememberTokens(func(k *validTokens, x *exchange) *response {
			res := x.forward()
			if res.status == 403 && accepts(x, string(res.body)) {
				return k.retryAs(x, res, k.widest)
			}
			return res
		})
	}
	read := func(x *exchange) bool { return x.r.Method == http.MethodGet }
	denied := func(message string) bool { return strings.Contains(message, "does not have access") }
	permission := func(message string) bool { return strings.Contains(message, "permission to perform") }
	vaults := append(vaultOperations(), listVaults)
	return []Mutant{
		{"scope-ignored-by-reads", "a token may read vaults that it does not see", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return read(x) && denied(m) })},
		{"scope-ignored-by-writes", "a token may write to vaults that it does not see", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return !read(x) && denied(m) })},
		{"scope-ignored-by-files", "a token may read files in vaults that it does not see", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool {
				return denied(m) && (x.op == listFiles || x.op == getFile || x.op == getContent)
			})},
		{"scope-ignored-by-vault-list", "every token lists every vault", Scope, operations(listVaults),
			rememberTokens(func(k *validTokens, x *exchange) *response {
				res := x.forward()
				if res.isSuccess() {
					return k.retryAs(x, res, k.widest)
				}
				return res
			})},
		{"reader-may-write", "a read-only token may write", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return !read(x) && permission(m) })},
		{"reader-may-create", "a read-only token may create items", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return x.op == createItem && permission(m) })},
		{"reader-may-delete", "a read-only token may delete items", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return x.op == deleteItem && permission(m) })},
		{"writer-may-read", "a write-only token may read", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return read(x) && permission(m) })},
		{"writer-may-read-vaults", "a write-only token may read vaults", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return x.op == getVault && permission(m) })},
		{"writer-may-list", "a write-only token may list items", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return x.op == listItems && permission(m) })},
		{"writer-may-download", "a write-only token may download files", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return x.op == getContent && permission(m) })},
		{"writer-may-read-file-details", "a write-only token may read the details of files", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return x.op == getFile && permission(m) })},
		{"writer-may-list-files", "a write-only token may list files", Scope, vaults,
			acceptIf(func(x *exchange, m string) bool { return x.op == listFiles && permission(m) })},
		{"writer-reads-by-patch", "a write-only token can read items with an empty PATCH", Scope, vaults,
			acceptIf(func(x *exchange, _ string) bool { return x.op == patchItem })},
		{"denied-is-401", "a vault out of scope returns 401", Scope, vaultOperations(), replaceStatus(403, 401)},
		{"denied-is-404", "a write that is not permitted returns 404", Scope,
			operations(createItem, putItem, patchItem, deleteItem), replaceStatus(403, 404)},
		{"item-through-any-vault", "an item can be read in the path of every vault", Scope, itemOperations(),
			findItemInAnyVault(getItem)},
		{"item-replaced-through-any-vault", "an item can be replaced in the path of every vault", Scope, itemOperations(),
			findItemInAnyVault(putItem)},
		{"item-patched-through-any-vault", "an item can be patched in the path of every vault", Scope, itemOperations(),
			findItemInAnyVault(patchItem)},
		{"item-deleted-through-any-vault", "an item can be deleted in the path of every vault", Scope,
			itemAndDeleteOperations(), findItemInAnyVault(deleteItem)},
		{"list-shows-other-vaults", "the list of items has items of another vault", Scope, operations(listItems),
			func() behaviour {
				others := map[string][]map[string]any{}
				return func(x *exchange) *response {
					res := x.forward()
					if res.isSuccess() {
						res.changeList(func(list []map[string]any) (all []map[string]any) {
							all = list
							for vault, items := range others {
								if vault != x.vault && len(items) > 0 {
									all = append(all, items[0])
									break
								}
							}
							others[x.vault] = list
							return all
						})
					}
					return res
				}
			}},
	}
}

// findItemInAnyVault returns a behaviour that ignores the vault in the path of an
// operation and uses the vault of the item.
func findItemInAnyVault(operation string) func() behaviour {
	return func() behaviour {
		vaultOf := map[string]string{}
		return func(x *exchange) *response {
			res := x.forward()
			if v, ok := decodeJSON(res.body); ok && res.isSuccess() {
				for _, m := range objects(v) {
					vaultOf[textMember(m, "id")] = x.vault
				}
			}
			if vault, seen := vaultOf[x.item]; seen && x.op == operation && res.status == 404 && vault != x.vault {
				x.replaceInPath("/vaults/"+x.vault, "/vaults/"+vault)
				x.changeSentObjects(func(m map[string]any) {
					if _, has := m["vault"]; has {
						m["vault"] = map[string]any{"id": vault}
					}
				})
				return x.forward()
			}
			return res
		}
	}
}
