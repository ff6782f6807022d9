package items

import (
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// BodyRules returns the rules about bodies that a create accepts or refuses.
func BodyRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Items", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write},
		Operations: []string{"CreateVaultItem"},
	}, []check.Rule{
		{Rule: rule.Rule{ID: "items/accepts-go-sdk", Level: rule.Must, Evidence: "[W] Go SDK 1.5.3",
			Text:       "A create with empty ids and types, an empty vault id and dates in the year 1 is accepted",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				it := s.CreateFromJSON(`"id":"","vault":{"id":""},"category":"LOGIN","fields":[
					{"id":"","type":"","purpose":"USERNAME","value":"u"},
					{"id":"","type":"","purpose":"PASSWORD","value":"p"}],
					"createdAt":"0001-01-01T00:00:00Z","updatedAt":"0001-01-01T00:00:00Z"`)
				s.Expect(s.Field(it, "username").Value).To(gomega.Equal("u"), "value of the field username")
				s.Expect(s.Field(it, "password").Value).To(gomega.Equal("p"), "value of the field password")
				s.Expect(it.CreatedAt.Year()).To(gomega.BeNumerically(">", 2000), "year of createdAt")
			}},
		{Rule: rule.Rule{ID: "items/accepts-js-sdk", Level: rule.Must, Evidence: "[W] JS SDK 1.4.2",
			Text: "A create with an empty purpose, generate false and excludeCharacters, " +
				"and no field ids is accepted",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				it := s.CreateFromJSON(
					`"vault":{"id":` + call.EncodeJSON(
						s.Vault()) + `},"category":"LOGIN","urls":[{"primary":true,"href":"example.com"}],
					"sections":[{"id":"Section_78f13ad938a248779fe4e80279","label":"Demo"}],"fields":[
					{"section":{"id":"Section_78f13ad938a248779fe4e80279"},"type":"STRING","purpose":"","label":"Example","value":"MySecret","generate":false},
					{"type":"STRING","purpose":"PASSWORD","generate":true,"recipe":{"length":20,"characterSets":["LETTERS","DIGITS"],"excludeCharacters":""}}]`)
				s.Expect(s.FieldWithLabel(it, "Example").Value).To(gomega.Equal("MySecret"),
					"value of the field labelled Example")
				s.Expect(s.Field(it, "password").Value).To(gomega.MatchRegexp(`^[A-Za-z0-9]{20}$`),
					"value of the field password")
				s.Expect(it.URLs).To(gomega.Equal([]connect.URL{{Href: "example.com", Primary: true}}), "urls")
			}},
		{Rule: rule.Rule{ID: "items/accepts-empty-url", Level: rule.Should,
			Evidence:   "[W] captured clients send urls whose href is empty",
			Text:       "A create with a URL that has no address is accepted",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				s.CreateFromJSON(`"vault":{"id":""},"category":"LOGIN","urls":[{"primary":true,"href":""}]`)
			}},
		{Rule: rule.Rule{ID: "items/accepts-client-headers", Level: rule.Must,
			Evidence: "[W] Go SDK: Content-Type on every request, tracing headers; " +
				"JS SDK: a list in Accept; [C] Java client: a charset",
			Text: "Reads with Content-Type, several types in Accept and tracing headers are " +
				"accepted, and bodies with a charset",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				headers := []call.Option{
					call.Header("Accept", "application/json, text/plain, */*"), call.Header("X-B3-Sampled", "0"),
					call.Header("X-B3-Traceid", "68f16a62c9a517ab"), call.Header("X-B3-Spanid", "68f16a62c9a517ab"),
				}
				text := s.ItemJSON(`"category":"LOGIN","vault":{"id":` + call.EncodeJSON(s.Vault()) + `}`)
				it := s.Do("CreateVaultItem",
					append(headers, call.RawBody(text, "application/json; charset=UTF-8"))...).
					ExpectStatus(200).Item()
				s.WaitForNewItem(it.ID)
				headers = append(headers, call.Header("Content-Type", "application/json"))
				s.Do("GetVaults", headers...).ExpectStatus(200)
				s.Do("GetVaultItemById", append(headers, call.Item(it.ID))...).ExpectStatus(200)
				s.Do("DeleteVaultItem", append(headers, call.Item(it.ID))...).ExpectStatus(204)
			}},
		{Rule: rule.Rule{ID: "items/accepts-nulls", Level: rule.Must, Evidence: "[C] Ansible collection 2.4.0",
			Text:       "A create with null for members without a value is accepted",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				it := s.CreateFromJSON(
					`"vault":{"id":` + call.EncodeJSON(s.Vault()) +
						`},"category":"API_CREDENTIAL","favorite":null,"urls":null,"sections":null,"fields":[
					{"id":null,"label":"key","type":"CONCEALED","purpose":null,"section":null,"value":"v","generate":null,"recipe":null},
					{"label":"no value","type":"STRING","value":null}]`)
				s.Expect(s.FieldWithLabel(it, "key").Value).To(gomega.Equal("v"), "value of the field labelled key")
				s.Expect(s.FieldWithLabel(it, "no value").Value).To(gomega.BeEmpty(),
					"value of the field labelled no value")
			}},
		{Rule: rule.Rule{ID: "items/accepts-read-only-members", Level: rule.Must,
			Evidence:   "[W] Go and JS SDK send back what they received; [C] terraform: a new item has version 1",
			Text:       "Version, dates and editor in a create are accepted and ignored",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				it := s.CreateFromJSON(
					`"category":"SECURE_NOTE","vault":{"id":` + call.EncodeJSON(s.Vault()) +
						`},"version":41,"lastEditedBy":"AAAAAAAAAAAAAAAAAAAAAAAAAA",
					"createdAt":"2001-02-03T04:05:06.007Z","updatedAt":"2001-02-03T04:05:06.007Z"`)
				s.Expect(it.Version).To(gomega.Equal(1), "version")
				s.Expect(it.CreatedAt.Year()).NotTo(gomega.Equal(2001), "year of createdAt")
				s.Expect(it.LastEditedBy).NotTo(gomega.Equal("AAAAAAAAAAAAAAAAAAAAAAAAAA"), "lastEditedBy")
			}},
		{Rule: rule.Rule{ID: "items/refuses-unknown-category", Level: rule.Must, Evidence: "[D] published document",
			Text: "A create without a category, or with an unknown one, returns 400 Invalid item category"},
			Check: func(s *check.Session) {
				for _, category := range []string{"", "SHOPPING_LIST"} {
					s.TryCreate(connect.ItemInput{Category: category}).ExpectError(400, `(?i)invalid item category`)
				}
				s.Do("CreateVaultItem",
					call.RawBody(s.ItemJSON(`"vault":{"id":`+call.EncodeJSON(s.Vault())+`}`), "application/json")).
					ExpectError(400, `(?i)invalid item category`)
			}},
		{Rule: rule.Rule{ID: "items/refuses-document", Level: rule.Must,
			Evidence: "[D] API reference, changelog 1.2.0",
			Text:     "An item of category DOCUMENT can't be created"},
			Check: func(s *check.Session) { s.TryCreate(connect.ItemInput{Category: "DOCUMENT"}).ExpectClientError() }},
		{Rule: rule.Rule{ID: "items/refuses-custom", Level: rule.Must,
			Evidence: "[D] API reference, changelog 1.7.0",
			Text:     "An item of category CUSTOM can't be created"},
			Check: func(s *check.Session) { s.TryCreate(connect.ItemInput{Category: "CUSTOM"}).ExpectClientError() }},
		{Rule: rule.Rule{ID: "items/refuses-two-passwords", Level: rule.Observed,
			Evidence: "[R] python SDK issue 71, of 1.6.1",
			Text: "An item with two fields of purpose PASSWORD is refused: You can only " +
				"use one \"password\" field"},
			Check: func(s *check.Session) {
				in := call.Login()
				in.Fields = append(in.Fields, connect.FieldInput{Purpose: "PASSWORD", Value: "second"})
				s.TryCreate(in).ExpectError(400, `only use one "password" field`)
			}},
		{Rule: rule.Rule{ID: "items/refuses-purpose-in-database", Level: rule.Observed,
			Evidence: "[R] vault plugin, pull request 23, the status only",
			Text:     "A create of a DATABASE with the purposes USERNAME and PASSWORD returns 406"},
			Check: func(s *check.Session) {
				in := call.Login()
				in.Category = "DATABASE"
				s.TryCreate(in).ExpectError(406, "")
			}},
		{Rule: rule.Rule{ID: "items/refused-names-no-value", Level: rule.Should,
			Evidence: "[R] every recorded error message names the place, none has the value",
			Text:     "The error of a refused create has no value of the request"},
			Check: func(s *check.Session) {
				secret := "hidden-" + strings.ReplaceAll(s.UniqueName("value"), " ", "-")
				for _, refused := range []connect.FieldInput{{Type: "TOTP", Value: secret},
					{Type: "MONTH_YEAR", Value: secret}} {
					refused.Label = "wrong"
					res := s.TryCreate(call.NoteWith(
						connect.FieldInput{Label: "key", Type: "CONCEALED", Value: secret}, refused))
					res.ExpectClientError()
					s.Expect(string(res.Body)).NotTo(gomega.ContainSubstring(secret), "the body")
				}
			}},
	})
}
