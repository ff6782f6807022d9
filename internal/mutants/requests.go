package mutants

import (
	"bytes"
	"mime"
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// requestMutants returns servers that refuse or misread the requests of single real
// clients.
func requestMutants() []Mutant {
	bodies := operations(createItem, putItem, patchItem)
	writes := operations(createItem, putItem)
	refuse := func(is func(m map[string]any) bool) func() behaviour {
		return refuseIf(sendsObject(is), 400, "the request breaks the document")
	}
	return []Mutant{
		{"refuses-upper-case-operations", "the operations of a PATCH must be in lower case", Strict, operations(patchItem),
			refuse(func(m map[string]any) bool {
				op := textMember(m, "op")
				return slices.Contains([]string{"add", "remove", "replace"}, strings.ToLower(op)) && op != strings.ToLower(op)
			})},
		{"refuses-other-media-types", "a body without the type application/json is refused", Strict, bodies,
			refuseIf(func(x *exchange) bool { return mediaType(x) != "application/json" }, 415, "unsupported media type")},
		{"refuses-missing-media-type", "a body without a Content-Type is refused", Strict, bodies,
			refuseIf(func(x *exchange) bool { return x.r.Header.Get("Content-Type") == "" }, 415, "unsupported media type")},
		{"refuses-json-patch-type", "a PATCH with the type application/json-patch+json is refused", Strict,
			operations(patchItem),
			refuseIf(func(x *exchange) bool { return mediaType(x) == "application/json-patch+json" }, 415,
				"unsupported media type")},
		{"reads-forms", "a form is accepted as an item", Lenient, operations(createItem), changeRequest(func(x *exchange) {
			if mediaType(x) == "application/x-www-form-urlencoded" && bytes.Contains(x.body, []byte("title=")) {
				x.body = []byte(`{"title":"form","category":"LOGIN"}`)
			}
		})},
		{"refuses-missing-title", "an item without a title is refused", Strict, writes, refuse(func(m map[string]any) bool {
			_, hasTitle := m["title"]
			return m["category"] != nil && m["Title"] == nil && !hasTitle
		})},
		{"refuses-empty-title", "an item with an empty title is refused", Strict, writes,
			refuse(func(m map[string]any) bool { return m["title"] == "" })},
		{"names-the-untitled", "an item without a title gets one", Body, writes, changeSentObjects(func(m map[string]any) {
			if m["category"] != nil && textMember(m, "title") == "" {
				m["title"] = "Untitled"
			}
		})},
		{"list-without-titles", "the list of items has no titles", Body, operations(listItems),
			changeObjects(removeMember("title"))},
		{"items-without-titles", "items have no titles", Body, singleItemOperations(), changeObjects(removeMember("title"))},
		{"refuses-vault-name", "the name of the vault in a body is refused", Strict, writes,
			refuse(func(m map[string]any) bool {
				return slices.ContainsFunc(memberObjects(m, "vault"), func(v map[string]any) bool {
					id := textMember(v, "id")
					return id != "" && !connect.IsID(id)
				})
			})},
		{"refuses-second-scheme", "an Authorization header must begin with Bearer", Auth, securedOperations(),
			refuseIf(func(x *exchange) bool {
				header := strings.ToLower(x.r.Header.Get("Authorization"))
				return header != "" && !strings.HasPrefix(header, "bearer ")
			}, 401, "Invalid bearer token")},
		{"ignores-keys-in-other-case", "a member in another case is ignored", Strict, bodies,
			stateless(func(x *exchange) *response {
				v, ok := decodeJSON(x.body)
				walkObjects(v, func(m map[string]any) {
					for name := range m {
						if isRespelled(name) {
							delete(m, name)
						}
					}
				})
				if ok && hasRespelled(x.body) {
					x.body = encodeJSON(v)
				}
				return x.forward()
			})},
		{"refuses-keys-in-other-case", "a member in another case is refused", Strict, bodies,
			refuseIf(func(x *exchange) bool { return hasRespelled(x.body) }, 400, "a member must be spelled as documented")},
		{"first-of-two-keys-counts", "of two members whose names differ in case the first one is used", Strict, bodies,
			changeRequest(func(x *exchange) {
				x.body = regexp.MustCompile(`"value":("[^"]*"),"Value":("[^"]*")`).ReplaceAll(x.body,
					[]byte(`"Value":$2,"value":$1`))
			})},
		{"unknown-route-is-json", "an unknown path returns JSON", Failure, operations(noRoute),
			changeResponse(func(_ *exchange, res *response) {
				if res.status == 404 {
					res.setError(404, "no such route")
				}
			})},
		{"unknown-route-says-more", "an unknown path returns 404 with another text", Failure, operations(noRoute),
			changeResponse(func(_ *exchange, res *response) {
				if res.status == 404 {
					res.setBody("text/plain", "not found")
				}
			})},
		{"passkey-text-without-type", "the message for a field of type passkey does not name the type", Failure, writes,
			changeRefusals(func(_ *exchange, res *response) {
				res.changeObjects(
					func(m map[string]any) { m["message"] = strings.Replace(textMember(m, "message"), ": passkey", "", 1) })
			})},
	}
}

// mediaType returns the media type of a request, without parameters.
func mediaType(x *exchange) string {
	kind, _, _ := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
	return kind
}

// isRespelled reports whether a name is that of a request member in another case.
func isRespelled(name string) bool {
	known := strings.Fields(
		"id title vault category urls favorite tags sections fields label purpose value type section generate recipe op " +
			"path href primary")
	return slices.Contains(known, strings.ToLower(name)) && !slices.Contains(known, name)
}

// hasRespelled reports whether a body has a member with such a name.
func hasRespelled(body []byte) (found bool) {
	v, _ := decodeJSON(body)
	walkObjects(v, func(m map[string]any) {
		for name := range m {
			found = found || isRespelled(name)
		}
	})
	return found
}
