package mutants

import (
	"bytes"
	"mime"
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// requestMutants returns servers that insist on what the published document says
// of requests where real clients send something else.
func requestMutants() []Mutant {
	bodies := at(createItem, putItem, patchItem)
	writes := at(createItem, putItem)
	refuse := func(is func(m map[string]any) bool) func() behaviour {
		return refuseIf(sendsObject(is), 400, "the request does not keep to the document")
	}
	return []Mutant{
		{"refuses-upper-case-operations", "the operations of a patch are known in lower case only", Strict, at(patchItem), refuse(func(m map[string]any) bool {
			op := text(m, "op")
			return slices.Contains([]string{"add", "remove", "replace"}, strings.ToLower(op)) && op != strings.ToLower(op)
		})},
		{"refuses-other-media-types", "a body that is not said to be JSON is refused", Strict, bodies,
			refuseIf(func(x *exchange) bool { return mediaType(x) != "application/json" }, 415, "unsupported media type")},
		{"refuses-missing-media-type", "a body without a Content-Type is refused", Strict, bodies,
			refuseIf(func(x *exchange) bool { return x.r.Header.Get("Content-Type") == "" }, 415, "unsupported media type")},
		{"refuses-json-patch-type", "a patch said to be application/json-patch+json is refused", Strict, at(patchItem),
			refuseIf(func(x *exchange) bool { return mediaType(x) == "application/json-patch+json" }, 415, "unsupported media type")},
		{"reads-forms", "a form is read as an item", Lenient, at(createItem), changeRequest(func(x *exchange) {
			if mediaType(x) == "application/x-www-form-urlencoded" && bytes.Contains(x.body, []byte("title=")) {
				x.body = []byte(`{"title":"form","category":"LOGIN"}`)
			}
		})},
		{"refuses-missing-title", "an item without a title is refused", Strict, writes, refuse(func(m map[string]any) bool {
			_, titled := m["title"]
			return m["category"] != nil && m["Title"] == nil && !titled
		})},
		{"refuses-empty-title", "an item with an empty title is refused", Strict, writes, refuse(func(m map[string]any) bool { return m["title"] == "" })},
		{"names-the-untitled", "an item without a title is given one", Body, writes, changeSentObjects(func(m map[string]any) {
			if m["category"] != nil && text(m, "title") == "" {
				m["title"] = "Untitled"
			}
		})},
		{"list-without-titles", "the list of items has no titles", Body, at(listItems), changeObjects(removeMember("title"))},
		{"items-without-titles", "items have no titles", Body, singleItemOperations(), changeObjects(removeMember("title"))},
		{"refuses-vault-name", "a vault in a body must be named by its id", Strict, writes, refuse(func(m map[string]any) bool {
			return slices.ContainsFunc(memberObjects(m, "vault"), func(v map[string]any) bool {
				id := text(v, "id")
				return id != "" && !connect.IsID(id)
			})
		})},
		{"refuses-second-scheme", "an Authorization header must begin with Bearer", Auth, securedOperations(),
			refuseIf(func(x *exchange) bool {
				header := strings.ToLower(x.r.Header.Get("Authorization"))
				return header != "" && !strings.HasPrefix(header, "bearer ")
			}, 401, "Invalid bearer token")},
		{"ignores-keys-in-other-case", "a member in another case is one that is not known", Strict, bodies, stateless(func(x *exchange) *response {
			v, ok := decode(x.body)
			walkObjects(v, func(m map[string]any) {
				for name := range m {
					if isRespelled(name) {
						delete(m, name)
					}
				}
			})
			if ok && hasRespelled(x.body) {
				x.body = encode(v)
			}
			return x.forward()
		})},
		{"refuses-keys-in-other-case", "a member in another case is refused", Strict, bodies,
			refuseIf(func(x *exchange) bool { return hasRespelled(x.body) }, 400, "a member must be spelled as documented")},
		{"first-of-two-keys-counts", "of two members whose names differ in case the first counts", Strict, bodies, changeRequest(func(x *exchange) {
			x.body = regexp.MustCompile(`"value":("[^"]*"),"Value":("[^"]*")`).ReplaceAll(x.body, []byte(`"Value":$2,"value":$1`))
		})},
		{"unknown-route-is-json", "a path the API does not have is answered in JSON", Failure, at(noRoute), changeResponse(func(_ *exchange, a *response) {
			if a.status == 404 {
				a.refuse(404, "no such route")
			}
		})},
		{"unknown-route-says-more", "a path the API does not have is answered 404 with another text", Failure, at(noRoute), changeResponse(func(_ *exchange, a *response) {
			if a.status == 404 {
				a.setBody("text/plain", "not found")
			}
		})},
		{"passkey-text-without-type", "the message for a field of type passkey does not name the type", Failure, writes, changeRefusals(func(_ *exchange, a *response) {
			a.changeObjects(func(m map[string]any) { m["message"] = strings.Replace(text(m, "message"), ": passkey", "", 1) })
		})},
	}
}

func mediaType(x *exchange) string {
	kind, _, _ := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
	return kind
}

// isRespelled reports whether a name is a member of requests in another case.
func isRespelled(name string) bool {
	known := strings.Fields("id title vault category urls favorite tags sections fields label purpose value type section generate recipe op path href primary")
	return slices.Contains(known, strings.ToLower(name)) && !slices.Contains(known, name)
}

// hasRespelled reports whether a body has such a member.
func hasRespelled(body []byte) (found bool) {
	v, _ := decode(body)
	walkObjects(v, func(m map[string]any) {
		for name := range m {
			found = found || isRespelled(name)
		}
	})
	return found
}
