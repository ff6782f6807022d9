package mutants

import (
	"net/http"
	"strings"
)

// statusMutants returns servers that return an incorrect status.
func statusMutants() []Mutant {
	return []Mutant{
		{"create-answers-201", "a POST returns 201", Status, operations(createItem), replaceStatus(200, 201)},
		{"create-answers-no-body", "a POST returns no item", Status, operations(createItem), replaceStatus(200, 204)},
		{"put-answers-201", "a PUT returns 201", Status, operations(putItem), replaceStatus(200, 201)},
		{"put-answers-204", "a PUT returns 204 without the item", Status, operations(putItem), replaceStatus(200, 204)},
		{"patch-answers-204", "a PATCH returns 204 without the item", Status, operations(patchItem), replaceStatus(200, 204)},
		{"delete-answers-200", "a DELETE returns 200 with a body", Status, operations(deleteItem),
			changeResponse(func(_ *exchange, res *response) {
				if res.status == 204 {
					res.status = 200
					res.setBody("application/json", `{"deleted":true}`)
				}
			})},
		{"delete-answers-202", "a DELETE returns 202", Status, operations(deleteItem), replaceStatus(204, 202)},
		{"delete-twice-answers-204", "a DELETE of an item that does not exist returns 204", Status, operations(deleteItem),
			replaceStatus(404, 204)},
		{"unknown-vault-answers-404", "a vault that does not exist returns 404 instead of 403", Status, vaultOperations(),
			replaceStatus(403, 404)},
		{"unknown-vault-answers-200", "the items of a vault that does not exist return 200 and an empty list", Status,
			operations(listItems), changeResponse(func(_ *exchange, res *response) {
				if res.status == 403 {
					res.status, res.body = 200, []byte("[]")
				}
			})},
		{"unknown-item-answers-500", "an item that does not exist returns 500", Status,
			operations(getItem, putItem, patchItem, deleteItem), replaceStatus(404, 500)},
		{"unknown-item-answers-403", "an item that does not exist returns 403", Status, operations(getItem),
			replaceStatus(404, 403)},
		{"unknown-item-answers-200", "an item that does not exist returns 200 and an empty object", Status,
			operations(getItem), changeResponse(func(_ *exchange, res *response) {
				if res.status == 404 {
					res.status, res.body = 200, []byte("{}")
				}
			})},
		{"unknown-file-answers-500", "a file that does not exist returns 500", Status, operations(getFile, getContent),
			replaceStatus(404, 500)},
		{"malformed-vault-answers-404", "a malformed vault id returns 404", Status, vaultOperations(),
			replaceMalformedStatus("Vault", 404)},
		{"malformed-vault-answers-403", "a malformed vault id returns 403", Status, vaultOperations(),
			replaceMalformedStatus("Vault", 403)},
		{"malformed-item-answers-404", "a malformed item id returns 404", Status,
			operations(getItem, putItem, patchItem, deleteItem), replaceMalformedStatus("Item", 404)},
		{"malformed-item-answers-500", "a malformed item id returns 500", Status, operations(getItem),
			replaceMalformedStatus("Item", 500)},
		{"slash-redirects", "a path with a trailing slash is redirected", Status, allOperations(),
			stateless(func(x *exchange) *response {
				if !strings.HasSuffix(x.r.URL.Path, "/") {
					return x.forward()
				}
				res := x.send(http.MethodGet, "/heartbeat", nil)
				res.status, res.body = http.StatusMovedPermanently, nil
				res.header.Set("Location", strings.TrimSuffix(x.r.URL.Path, "/"))
				return res
			})},
		{"slash-answers-404", "a path with a trailing slash returns 404", Status, allOperations(),
			refuseIf(func(x *exchange) bool { return strings.HasSuffix(x.r.URL.Path, "/") }, 404, "page not found")},
		{"no-match-answers-404", "a filter that finds nothing returns 404", Status, operations(listVaults, listItems),
			changeResponse(func(x *exchange, res *response) {
				if res.isSuccess() && x.parameter("filter") != "" && string(res.body) == "[]" {
					res.setError(404, "nothing found")
				}
			})},
		{"bad-filter-answers-500", "an invalid filter returns 500", Status, operations(listVaults, listItems),
			replaceStatus(400, 500)},
		{"bad-filter-finds-nothing", "an invalid filter returns 200 and an empty list", Status,
			operations(listVaults, listItems), changeResponse(func(x *exchange, res *response) {
				if res.status == 400 && x.parameter("filter") != "" {
					res.status, res.body = 200, []byte("[]")
				}
			})},
		{"bad-body-answers-500", "an invalid body returns 500", Status, operations(createItem, putItem, patchItem),
			replaceStatus(400, 500)},
		{"bad-body-answers-422", "an invalid body returns 422", Status, operations(createItem, putItem, patchItem),
			replaceStatus(400, 422)},
		{"purpose-in-database-answers-400", "a purpose in a DATABASE returns 400 instead of 406", Status,
			operations(createItem), replaceStatus(406, 400)},
		{"large-inline-answers-500", "a file that is too large to be sent inline returns 500", Status,
			operations(listFiles, getFile), replaceStatus(413, 500)},
		{"empty-patch-answers-400", "a PATCH without operations is refused", Status, operations(patchItem),
			refuseIf(func(x *exchange) bool { v, _ := decodeJSON(x.body); l, is := v.([]any); return is && len(l) == 0 }, 400,
				"no operations")},
		{"unknown-route-answers-200", "an unknown path returns 200", Status, operations(noRoute),
			changeResponse(func(_ *exchange, res *response) {
				res.status, res.body = 200, []byte("{}")
			})},
		{"unknown-route-answers-500", "an unknown path returns 500", Status, operations(noRoute), replaceStatus(404, 500)},
		{"beyond-the-log-answers-400", "an offset beyond the end of the log is refused", Status, operations(getActivity),
			changeResponse(func(_ *exchange, res *response) {
				if res.isSuccess() && string(res.body) == "[]" {
					res.setError(400, "offset beyond the end")
				}
			})},
	}
}

// replaceMalformedStatus returns a behaviour that returns another status for a malformed
// id of that kind.
func replaceMalformedStatus(kind string, status int) func() behaviour {
	return changeRefusals(func(_ *exchange, res *response) {
		if res.status == 400 && strings.Contains(string(res.body), "Invalid "+kind+" UUID") {
			res.setError(status, strings.ToLower(kind)+" not found")
		}
	})
}
