package mutants

import (
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// lenientMutants returns servers that accept invalid requests.
func lenientMutants() []Mutant {
	writes := operations(createItem, putItem)
	items := func(f func(m map[string]any)) func() behaviour { return changeSentObjects(f) }
	return []Mutant{
		{"accepts-no-category", "an item without a category becomes a LOGIN", Lenient, operations(createItem),
			items(func(m map[string]any) { setDefault(m, "category", "LOGIN") })},
		{"accepts-any-category", "an item of an unknown category becomes a SECURE_NOTE", Lenient, operations(createItem),
			items(func(m map[string]any) {
				if c := textMember(m, "category"); c != "" && !slices.Contains(connect.Categories(), c) {
					m["category"] = "SECURE_NOTE"
				}
			})},
		{"accepts-document", "a DOCUMENT can be created", Lenient, operations(createItem), items(func(m map[string]any) {
			if textMember(m, "category") == "DOCUMENT" {
				m["category"] = "SECURE_NOTE"
			}
		})},
		{"accepts-custom", "a CUSTOM item can be created", Lenient, operations(createItem), items(func(m map[string]any) {
			if textMember(m, "category") == "CUSTOM" {
				m["category"] = "SECURE_NOTE"
			}
		})},
		{"accepts-two-passwords", "the second of two passwords is ignored", Lenient, writes, items(func(m map[string]any) {
			var remaining []any
			had := false
			for _, f := range memberObjects(m, "fields") {
				is := textMember(f, "purpose") == "PASSWORD"
				if !is || !had {
					remaining = append(remaining, f)
				}
				had = had || is
			}
			if remaining != nil {
				m["fields"] = remaining
			}
		})},
		{"accepts-purpose-in-database", "a purpose in a DATABASE becomes the id of the field", Lenient,
			operations(createItem), items(func(m map[string]any) {
				if textMember(m, "category") == "DATABASE" {
					for _, f := range memberObjects(m, "fields") {
						if p := textMember(f, "purpose"); p != "" {
							delete(f, "purpose")
							f["id"] = strings.ToLower(p)
						}
					}
				}
			})},
		{"accepts-totp", "the type TOTP is accepted as OTP", Lenient, writes, changeSentFields(func(f map[string]any) {
			if strings.EqualFold(textMember(f, "type"), "TOTP") {
				f["type"] = "OTP"
			}
		})},
		{"accepts-any-type", "an unknown field type becomes STRING", Lenient, writes,
			changeSentFields(func(f map[string]any) {
				if t := strings.ToUpper(textMember(f, "type")); !slices.Contains(connect.FieldTypes(), t) && t != "TOTP" {
					f["type"] = "STRING"
				}
			})},
		{"accepts-bad-month-year", "an invalid month and year is ignored", Lenient, writes,
			changeSentFields(func(f map[string]any) {
				if strings.EqualFold(textMember(f, "type"), "MONTH_YEAR") &&
					!regexp.MustCompile(`^\d{4}/?\d{2}$`).MatchString(textMember(f, "value")) {
					delete(f, "value")
				}
			})},
		{"accepts-bad-date", "an invalid date is ignored", Lenient, writes, changeSentFields(func(f map[string]any) {
			if strings.EqualFold(textMember(f, "type"), "DATE") &&
				!regexp.MustCompile(`^-?\d+$|^\d{4}-\d{2}-\d{2}$`).MatchString(textMember(f, "value")) {
				delete(f, "value")
			}
		})},
		{"accepts-put-without-vault", "a PUT without a vault uses the one in the path", Lenient, operations(putItem),
			changeRequest(func(x *exchange) {
				x.changeSentObjects(func(m map[string]any) { setDefault(m, "vault", map[string]any{"id": x.vault}) })
			})},
		{"accepts-another-vault", "the vault in a body is ignored", Lenient, writes, changeRequest(func(x *exchange) {
			x.changeSentObjects(func(m map[string]any) { m["vault"] = map[string]any{"id": x.vault} })
		})},
		{"put-follows-the-body", "a PUT replaces the item whose id is in the body", Lenient, operations(putItem, getItem),
			changeRequest(func(x *exchange) {
				v, _ := decodeJSON(x.body)
				for _, m := range objects(v) {
					if id := textMember(m, "id"); x.op == putItem && connect.IsID(id) && id != x.item {
						x.replaceInPath("/items/"+x.item, "/items/"+id)
					}
				}
			})},
		{"accepts-what-follows", "text after the JSON in a body is ignored", Lenient,
			operations(createItem, putItem, patchItem), changeRequest(func(x *exchange) {
				if v, ok := decodeJSON(x.body); ok {
					x.body = encodeJSON(v)
				}
			})},
		{"accepts-broken-json", "a truncated body is completed", Lenient, operations(createItem, putItem),
			changeRequest(func(x *exchange) {
				if _, ok := decodeJSON(x.body); !ok && strings.HasPrefix(string(x.body), "{") {
					x.body = []byte(`{"title":"half","category":"SECURE_NOTE","vault":{"id":"` + x.vault + `"}}`)
				}
			})},
		{"accepts-no-body", "a POST without a body creates an empty note", Lenient, operations(createItem),
			changeRequest(func(x *exchange) {
				if len(x.body) == 0 {
					x.body = []byte(`{"title":"empty","category":"SECURE_NOTE"}`)
					x.r.Header.Set("Content-Type", "application/json")
				}
			})},
		{"accepts-text-for-members", "a member of the wrong type is ignored", Lenient, writes, items(func(m map[string]any) {
			for name, value := range m {
				_, isText := value.(string)
				if isText && slices.Contains([]string{"tags", "fields", "urls", "sections", "favorite", "vault"}, name) {
					delete(m, name)
				}
				if !isText && value != nil && (name == "title" || name == "category") {
					m[name] = "LOGIN"
				}
			}
		})},
	}
}
