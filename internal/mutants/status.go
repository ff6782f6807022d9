package mutants

import (
	"net/http"
	"strings"
)

func statusMutants() []Mutant {
	return []Mutant{
		{"create-answers-201", "a create is answered 201", Status, at(createItem), replaceStatus(200, 201)},
		{"create-answers-no-body", "a create is answered without the item", Status, at(createItem), replaceStatus(200, 204)},
		{"put-answers-201", "a replace is answered 201", Status, at(putItem), replaceStatus(200, 201)},
		{"put-answers-204", "a replace is answered 204 without the item", Status, at(putItem), replaceStatus(200, 204)},
		{"patch-answers-204", "a patch is answered 204 without the item", Status, at(patchItem), replaceStatus(200, 204)},
		{"delete-answers-200", "a delete is answered 200 with a body", Status, at(deleteItem), changeResponse(func(_ *exchange, a *response) {
			if a.status == 204 {
				a.status = 200
				a.setBody("application/json", `{"deleted":true}`)
			}
		})},
		{"delete-answers-202", "a delete is answered 202, to be done later", Status, at(deleteItem), replaceStatus(204, 202)},
		{"delete-twice-answers-204", "the delete of an item that is not there is answered 204", Status, at(deleteItem), replaceStatus(404, 204)},
		{"unknown-vault-answers-404", "a vault that does not exist is answered 404 instead of 403", Status, vaultOperations(), replaceStatus(403, 404)},
		{"unknown-vault-answers-200", "the items of a vault that does not exist are answered 200 and an empty list", Status, at(listItems), changeResponse(func(_ *exchange, a *response) {
			if a.status == 403 {
				a.status, a.body = 200, []byte("[]")
			}
		})},
		{"unknown-item-answers-500", "an item that does not exist is answered 500", Status, at(getItem, putItem, patchItem, deleteItem), replaceStatus(404, 500)},
		{"unknown-item-answers-403", "an item that does not exist is answered 403", Status, at(getItem), replaceStatus(404, 403)},
		{"unknown-item-answers-200", "an item that does not exist is answered 200 and an empty object", Status, at(getItem), changeResponse(func(_ *exchange, a *response) {
			if a.status == 404 {
				a.status, a.body = 200, []byte("{}")
			}
		})},
		{"unknown-file-answers-500", "a file that does not exist is answered 500", Status, at(getFile, getContent), replaceStatus(404, 500)},
		{"malformed-vault-answers-404", "a name where the id of a vault belongs is answered 404", Status, vaultOperations(), replaceMalformedStatus("Vault", 404)},
		{"malformed-vault-answers-403", "a name where the id of a vault belongs is answered 403", Status, vaultOperations(), replaceMalformedStatus("Vault", 403)},
		{"malformed-item-answers-404", "a name where the id of an item belongs is answered 404", Status, at(getItem, putItem, patchItem, deleteItem), replaceMalformedStatus("Item", 404)},
		{"malformed-item-answers-500", "a name where the id of an item belongs is answered 500", Status, at(getItem), replaceMalformedStatus("Item", 500)},
		{"slash-redirects", "a path with a slash at its end is redirected", Status, allOperations(), stateless(func(x *exchange) *response {
			if !strings.HasSuffix(x.r.URL.Path, "/") {
				return x.forward()
			}
			a := x.send(http.MethodGet, "/heartbeat", nil)
			a.status, a.body = http.StatusMovedPermanently, nil
			a.header.Set("Location", strings.TrimSuffix(x.r.URL.Path, "/"))
			return a
		})},
		{"slash-answers-404", "a path with a slash at its end is not known", Status, allOperations(),
			refuseIf(func(x *exchange) bool { return strings.HasSuffix(x.r.URL.Path, "/") }, 404, "page not found")},
		{"no-match-answers-404", "a filter that finds nothing is answered 404", Status, at(listVaults, listItems), changeResponse(func(x *exchange, a *response) {
			if a.isSuccess() && x.parameter("filter") != "" && string(a.body) == "[]" {
				a.refuse(404, "nothing found")
			}
		})},
		{"bad-filter-answers-500", "a filter that can't be read is answered 500", Status, at(listVaults, listItems), replaceStatus(400, 500)},
		{"bad-filter-finds-nothing", "a filter that can't be read is answered 200 and an empty list", Status, at(listVaults, listItems), changeResponse(func(x *exchange, a *response) {
			if a.status == 400 && x.parameter("filter") != "" {
				a.status, a.body = 200, []byte("[]")
			}
		})},
		{"bad-body-answers-500", "a body that can't be used is answered 500", Status, at(createItem, putItem, patchItem), replaceStatus(400, 500)},
		{"bad-body-answers-422", "a body that can't be used is answered 422", Status, at(createItem, putItem, patchItem), replaceStatus(400, 422)},
		{"purpose-in-database-answers-400", "a purpose in a DATABASE is answered 400 instead of 406", Status, at(createItem), replaceStatus(406, 400)},
		{"large-inline-answers-500", "a file that is too large to be sent inline is answered 500", Status, at(listFiles, getFile), replaceStatus(413, 500)},
		{"empty-patch-answers-400", "a patch without operations is refused", Status, at(patchItem),
			refuseIf(func(x *exchange) bool { v, _ := decode(x.body); l, is := v.([]any); return is && len(l) == 0 }, 400, "no operations")},
		{"unknown-route-answers-200", "a path the API does not have is answered 200", Status, at(noRoute), changeResponse(func(_ *exchange, a *response) {
			a.status, a.body = 200, []byte("{}")
		})},
		{"unknown-route-answers-500", "a path the API does not have is answered 500", Status, at(noRoute), replaceStatus(404, 500)},
		{"beyond-the-log-answers-400", "an offset beyond the end of the log is refused", Status, at(getActivity), changeResponse(func(_ *exchange, a *response) {
			if a.isSuccess() && string(a.body) == "[]" {
				a.refuse(400, "offset beyond the end")
			}
		})},
	}
}

// replaceMalformedStatus sends another status for an id of that kind that is malformed.
func replaceMalformedStatus(kind string, status int) func() behaviour {
	return changeRefusals(func(_ *exchange, a *response) {
		if a.status == 400 && strings.Contains(string(a.body), "Invalid "+kind+" UUID") {
			a.refuse(status, strings.ToLower(kind)+" not found")
		}
	})
}
