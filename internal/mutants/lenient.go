package mutants

import (
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

func lenientMutants() []Mutant {
	writes := at(createItem, putItem)
	items := func(f func(m map[string]any)) func() behaviour { return changeSentObjects(f) }
	return []Mutant{
		{"accepts-no-category", "an item without a category is a LOGIN", Lenient, at(createItem), items(func(m map[string]any) { setDefault(m, "category", "LOGIN") })},
		{"accepts-any-category", "an item of an unknown category is a SECURE_NOTE", Lenient, at(createItem), items(func(m map[string]any) {
			if c := text(m, "category"); c != "" && !slices.Contains(connect.Categories(), c) {
				m["category"] = "SECURE_NOTE"
			}
		})},
		{"accepts-document", "a DOCUMENT can be made", Lenient, at(createItem), items(func(m map[string]any) {
			if text(m, "category") == "DOCUMENT" {
				m["category"] = "SECURE_NOTE"
			}
		})},
		{"accepts-custom", "a CUSTOM item can be made", Lenient, at(createItem), items(func(m map[string]any) {
			if text(m, "category") == "CUSTOM" {
				m["category"] = "SECURE_NOTE"
			}
		})},
		{"accepts-two-passwords", "of two passwords the second is left out", Lenient, writes, items(func(m map[string]any) {
			var kept []any
			had := false
			for _, f := range memberObjects(m, "fields") {
				is := text(f, "purpose") == "PASSWORD"
				if !is || !had {
					kept = append(kept, f)
				}
				had = had || is
			}
			if kept != nil {
				m["fields"] = kept
			}
		})},
		{"accepts-purpose-in-database", "a purpose in a DATABASE is taken for a field of that name", Lenient, at(createItem), items(func(m map[string]any) {
			if text(m, "category") == "DATABASE" {
				for _, f := range memberObjects(m, "fields") {
					if p := text(f, "purpose"); p != "" {
						delete(f, "purpose")
						f["id"] = strings.ToLower(p)
					}
				}
			}
		})},
		{"accepts-totp", "the type TOTP is taken for OTP", Lenient, writes, changeSentFields(func(f map[string]any) {
			if strings.EqualFold(text(f, "type"), "TOTP") {
				f["type"] = "OTP"
			}
		})},
		{"accepts-any-type", "an unknown type of field is a STRING", Lenient, writes, changeSentFields(func(f map[string]any) {
			if t := strings.ToUpper(text(f, "type")); !slices.Contains(connect.FieldTypes(), t) && t != "TOTP" {
				f["type"] = "STRING"
			}
		})},
		{"accepts-bad-month-year", "a month and year of another form is left out", Lenient, writes, changeSentFields(func(f map[string]any) {
			if strings.EqualFold(text(f, "type"), "MONTH_YEAR") && !regexp.MustCompile(`^\d{4}/?\d{2}$`).MatchString(text(f, "value")) {
				delete(f, "value")
			}
		})},
		{"accepts-bad-date", "a date that is none is left out", Lenient, writes, changeSentFields(func(f map[string]any) {
			if strings.EqualFold(text(f, "type"), "DATE") && !regexp.MustCompile(`^-?\d+$|^\d{4}-\d{2}-\d{2}$`).MatchString(text(f, "value")) {
				delete(f, "value")
			}
		})},
		{"accepts-put-without-vault", "a replace without a vault is for the one of the path", Lenient, at(putItem), changeRequest(func(x *exchange) {
			x.changeSentObjects(func(m map[string]any) { setDefault(m, "vault", map[string]any{"id": x.vault}) })
		})},
		{"accepts-another-vault", "the vault in a body is ignored", Lenient, writes, changeRequest(func(x *exchange) {
			x.changeSentObjects(func(m map[string]any) { m["vault"] = map[string]any{"id": x.vault} })
		})},
		{"put-follows-the-body", "a replace goes to the item whose id is in the body", Lenient, at(putItem, getItem), changeRequest(func(x *exchange) {
			v, _ := decode(x.body)
			for _, m := range objects(v) {
				if id := text(m, "id"); x.op == putItem && connect.IsID(id) && id != x.item {
					x.replaceInPath("/items/"+x.item, "/items/"+id)
				}
			}
		})},
		{"accepts-what-follows", "what follows a document in a body is ignored", Lenient, at(createItem, putItem, patchItem), changeRequest(func(x *exchange) {
			if v, ok := decode(x.body); ok {
				x.body = encode(v)
			}
		})},
		{"accepts-broken-json", "a body that breaks off is closed", Lenient, at(createItem, putItem), changeRequest(func(x *exchange) {
			if _, ok := decode(x.body); !ok && strings.HasPrefix(string(x.body), "{") {
				x.body = []byte(`{"title":"half","category":"SECURE_NOTE","vault":{"id":"` + x.vault + `"}}`)
			}
		})},
		{"accepts-no-body", "a create without a body makes an empty note", Lenient, at(createItem), changeRequest(func(x *exchange) {
			if len(x.body) == 0 {
				x.body = []byte(`{"title":"empty","category":"SECURE_NOTE"}`)
				x.r.Header.Set("Content-Type", "application/json")
			}
		})},
		{"accepts-text-for-members", "a member of another kind is left out", Lenient, writes, items(func(m map[string]any) {
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
