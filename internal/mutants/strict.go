package mutants

import (
	"net/http"
	"slices"
	"strings"
)

// strictMutants returns servers that refuse requests of real clients that the
// published document does not allow.
func strictMutants() []Mutant {
	writes := operations(createItem, putItem)
	has := func(name string, is func(value any) bool) func(*exchange) bool {
		return sendsObject(func(m map[string]any) bool {
			value, exists := m[name]
			return exists && is(value)
		})
	}
	anything := func(any) bool { return true }
	empty := func(v any) bool { return v == "" }
	refuse := func(condition func(*exchange) bool) func() behaviour {
		return refuseIf(condition, 400, "the request breaks the document")
	}
	return []Mutant{
		{"refuses-empty-ids", "an empty id is refused", Strict, writes, refuse(has("id", empty))},
		{"refuses-empty-purposes", "a field with an empty purpose is refused", Strict, writes, refuse(has("purpose", empty))},
		{"refuses-empty-urls", "a URL without an address is refused", Strict, writes, refuse(has("href", empty))},
		{"refuses-null", "a member that is null is refused", Strict, writes, refuse(sendsObject(func(m map[string]any) bool {
			for _, value := range m {
				if value == nil {
					return true
				}
			}
			return false
		}))},
		{"refuses-read-only-members", "members that a client can't set are refused", Strict, writes,
			refuse(has("createdAt", anything))},
		{"refuses-version-and-editor", "a version or an editor in a body is refused", Strict, writes,
			refuse(func(x *exchange) bool {
				return has("version", anything)(x) || has("lastEditedBy", anything)(x)
			})},
		{"refuses-empty-types-and-zero-dates", "an empty field type or a zero date is refused", Strict, writes,
			refuse(func(x *exchange) bool {
				return has("type", empty)(x) || has("createdAt", func(v any) bool { return v == "0001-01-01T00:00:00Z" })(x)
			})},
		{"refuses-lower-case-types", "a type in lower case is refused", Strict, writes, refuse(has("type", func(v any) bool {
			s, _ := v.(string)
			return s != strings.ToUpper(s)
		}))},
		{"refuses-fields-without-id", "a field without an id is refused", Strict, writes,
			refuse(sendsObject(func(m map[string]any) bool {
				return slices.ContainsFunc(memberObjects(m, "fields"),
					func(f map[string]any) bool { return textMember(f, "id") == "" })
			}))},
		{"refuses-otp", "the type OTP is refused", Strict, writes,
			refuse(has("type", func(v any) bool { s, _ := v.(string); return strings.EqualFold(s, "OTP") }))},
		{"refuses-otp-secret-of-odd-length", "a one-time password is refused unless its secret has 16 or 32 characters", Strict,
			writes, refuse(has("value", func(v any) bool {
				text, _ := v.(string)
				_, secret, is := strings.Cut(text, "secret=")
				secret, _, _ = strings.Cut(secret, "&")
				return is && len(secret)%16 != 0
			}))},
		{"refuses-ssh-key-type", "the type SSH_KEY, which a client has a name for, is refused", Strict, writes,
			refuse(has("type", func(v any) bool { return v == "SSH_KEY" }))},
		{"refuses-address-type", "the type ADDRESS is refused", Strict, writes,
			refuse(has("type", func(v any) bool { return v == "ADDRESS" }))},
		{"refuses-types-of-responses", "types that only responses have in the published document are refused", Strict, writes,
			refuse(has("type", func(v any) bool {
				others := []any{"CREDIT_CARD_NUMBER", "CREDIT_CARD_TYPE", "GENDER", "PHONE", "REFERENCE"}
				return slices.Contains(others, v)
			}))},
		{"refuses-unknown-members", "a member that is not documented is refused", Strict, writes,
			refuse(sendsObject(func(m map[string]any) bool {
				_, item := m["category"]
				for name := range m {
					if item &&
						!slices.Contains(
							strings.Fields(
								"id title vault category urls favorite tags version state createdAt updatedAt lastEditedBy sections "+
									"fields files"), name) {
						return true
					}
				}
				return false
			}))},
		{"refuses-type-on-get", "a Content-Type on a request without a body is refused", Strict, securedOperations(),
			refuse(func(x *exchange) bool {
				return (x.r.Method == http.MethodGet || x.r.Method == http.MethodDelete) && x.r.Header.Get("Content-Type") != ""
			})},
		{"refuses-charset", "a charset with the media type of a body is refused", Strict,
			operations(createItem, putItem, patchItem),
			refuseIf(func(x *exchange) bool { return strings.Contains(x.r.Header.Get("Content-Type"), "charset") }, 415,
				"unsupported media type")},
		{"refuses-accept-lists", "an Accept header of several types is refused", Strict, securedOperations(),
			refuseIf(func(x *exchange) bool { return strings.Contains(x.r.Header.Get("Accept"), ",") }, 406, "not acceptable")},
		{"refuses-scalar-patches", "the value of a PATCH operation must be an object", Strict, operations(patchItem),
			refuse(sendsObject(func(m map[string]any) bool {
				value, exists := m["value"]
				_, object := value.(map[string]any)
				return exists && !object
			}))},
		{"refuses-duplicate-titles", "a second item with the same title is refused", Strict, operations(createItem),
			func() behaviour {
				titles := map[string]bool{}
				return func(x *exchange) *response {
					v, _ := decodeJSON(x.body)
					for _, m := range objects(v) {
						key := x.vault + textMember(m, "title")
						if titles[key] {
							return x.send(http.MethodGet, "/heartbeat", nil).setError(409, "there is an item of that title")
						}
						titles[key] = true
					}
					return x.forward()
				}
			}},
	}
}
