package mutants

import (
	"net/url"
	"strings"
)

// queryMutants returns servers with mistakes in damaged filters, and in filters that
// find what is not in the vault or the scope.
func queryMutants() []Mutant {
	lists := operations(listVaults, listItems)
	ignoreIf := func(is func(x *exchange) bool) func() behaviour {
		return changeRequest(func(x *exchange) {
			if is(x) {
				x.setQuery("filter", "")
			}
		})
	}
	has := func(parts ...string) func(filter string) bool {
		return func(filter string) bool {
			for _, part := range parts {
				if !strings.Contains(filter, part) {
					return false
				}
			}
			return true
		}
	}
	hidden := func(parts ...string) func() behaviour {
		return rememberTokens(func(k *validTokens, x *exchange) *response {
			res := x.forward()
			if res.isSuccess() && has(parts...)(x.parameter("filter")) {
				return k.retryAs(x, res, k.widest)
			}
			return res
		})
	}
	return []Mutant{
		{"filter-with-stray-percent-ignored", "a filter with a % that encodes nothing is ignored", Filter, lists,
			ignoreIf(func(x *exchange) bool {
				_, err := url.ParseQuery(x.r.URL.RawQuery)
				return err != nil
			})},
		{"filter-cut-by-ampersand-ignored", "a filter that an & cuts short is ignored", Filter, lists,
			ignoreIf(func(x *exchange) bool { return strings.Count(x.parameter("filter"), `"`)%2 == 1 })},
		{"filter-co-or-co-in-every-vault", "a filter with or and co finds items of other vaults", Filter,
			operations(listVaults, listItems), findInEveryVault(has(" or ", " co "))},
		{"filter-or-tag-in-every-vault", "a filter with or and tag finds items of other vaults", Filter,
			operations(listVaults, listItems), findInEveryVault(has(" or ", "tag eq"))},
		{"filter-and-or-in-every-vault", "a filter with and beside or finds items of other vaults", Filter,
			operations(listVaults, listItems), findInEveryVault(has(" or ", " and "))},
		{"filter-or-finds-twice", "a filter with or finds an item once for each side", Filter, operations(listItems),
			changeResponse(func(x *exchange, res *response) {
				if filter := x.parameter("filter"); res.isSuccess() && strings.Count(filter, " co ") == 2 {
					res.changeList(func(l []map[string]any) []map[string]any { return append(l, l[:min(1, len(l))]...) })
				}
			})},
		{"vault-filter-or-finds-hidden", "a filter of vaults with or finds those that the token does not see", Filter,
			operations(listVaults), hidden(" eq ", " or ")},
		{"vault-filter-co-finds-hidden", "a filter of vaults with co finds those that the token does not see", Filter,
			operations(listVaults), hidden(" co ")},
	}
}

// findInEveryVault returns a behaviour in which a list with such a filter also has the
// items that it finds in other vaults.
func findInEveryVault(is func(filter string) bool) func() behaviour {
	return func() behaviour {
		vaults := map[string]bool{}
		return func(x *exchange) *response {
			if x.op == listItems {
				vaults[x.vault] = true
			}
			res := x.forward()
			if x.op != listItems || !res.isSuccess() || !is(x.parameter("filter")) {
				return res
			}
			for vault := range vaults {
				if vault == x.vault {
					continue
				}
				other := *x
				other.r = x.r.Clone(x.r.Context())
				other.replaceInPath("/vaults/"+x.vault, "/vaults/"+vault)
				found, ok := decodeJSON(other.forward().body)
				if _, list := found.([]any); ok && list {
					res.changeList(func(l []map[string]any) []map[string]any { return append(l, objects(found)...) })
				}
			}
			return res
		}
	}
}
