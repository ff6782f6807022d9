package contract

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// itemBodyRules returns the rules about bodies that a create accepts or refuses.
func itemBodyRules() []rule {
	return []rule{
		{Rule{ID: "items/accepts-go-sdk", Tag: "Items", Level: Must, Evidence: "[W] Go SDK 1.5.3",
			Text:    "A create with empty ids and types, an empty vault id and dates in the year 1 is accepted",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.createFromJSON(`"id":"","vault":{"id":""},"category":"LOGIN","fields":[
					{"id":"","type":"","purpose":"USERNAME","value":"u"},
					{"id":"","type":"","purpose":"PASSWORD","value":"p"}],
					"createdAt":"0001-01-01T00:00:00Z","updatedAt":"0001-01-01T00:00:00Z"`)
				s.Expect(s.field(it, "username").Value).To(gomega.Equal("u"), "value of the field username")
				s.Expect(s.field(it, "password").Value).To(gomega.Equal("p"), "value of the field password")
				s.Expect(it.CreatedAt.Year()).To(gomega.BeNumerically(">", 2000), "year of createdAt")
			}},
		{Rule{ID: "items/accepts-js-sdk", Tag: "Items", Level: Must, Evidence: "[W] JS SDK 1.4.2",
			Text:    "A create with an empty purpose, generate false and excludeCharacters, and no field ids is accepted",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.createFromJSON(
					`"vault":{"id":` + encodeJSON(s.vault()) + `},"category":"LOGIN","urls":[{"primary":true,"href":"example.com"}],
					"sections":[{"id":"Section_78f13ad938a248779fe4e80279","label":"Demo"}],"fields":[
					{"section":{"id":"Section_78f13ad938a248779fe4e80279"},"type":"STRING","purpose":"","label":"Example","value":"MySecret","generate":false},
					{"type":"STRING","purpose":"PASSWORD","generate":true,"recipe":{"length":20,"characterSets":["LETTERS","DIGITS"],"excludeCharacters":""}}]`)
				s.Expect(s.fieldWithLabel(it, "Example").Value).To(gomega.Equal("MySecret"), "value of the field labelled Example")
				s.Expect(s.field(it, "password").Value).To(gomega.MatchRegexp(`^[A-Za-z0-9]{20}$`), "value of the field password")
				s.Expect(it.URLs).To(gomega.Equal([]connect.URL{{Href: "example.com", Primary: true}}), "urls")
			}},
		{Rule{ID: "items/accepts-empty-url", Tag: "Items", Level: Should,
			Evidence: "[W] captured clients send urls whose href is empty",
			Text:     "A create with a URL that has no address is accepted",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				s.createFromJSON(`"vault":{"id":""},"category":"LOGIN","urls":[{"primary":true,"href":""}]`)
			}},
		{Rule{ID: "items/accepts-client-headers", Tag: "Items", Level: Must,
			Evidence: "[W] Go SDK: Content-Type on every request, tracing headers; JS SDK: a list in Accept; [C] Java client: " +
				"a charset",
			Text: "Reads with Content-Type, several types in Accept and tracing headers are accepted, and bodies with " +
				"a charset",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				headers := []option{
					header("Accept", "application/json, text/plain, */*"), header("X-B3-Sampled", "0"),
					header("X-B3-Traceid", "68f16a62c9a517ab"), header("X-B3-Spanid", "68f16a62c9a517ab"),
				}
				text := s.itemJSON(`"category":"LOGIN","vault":{"id":` + encodeJSON(s.vault()) + `}`)
				it := s.do("CreateVaultItem", append(headers, rawBody(text, "application/json; charset=UTF-8"))...).
					expectStatus(200).item()
				s.waitForNewItem(it.ID)
				headers = append(headers, header("Content-Type", "application/json"))
				s.do("GetVaults", headers...).expectStatus(200)
				s.do("GetVaultItemById", append(headers, item(it.ID))...).expectStatus(200)
				s.do("DeleteVaultItem", append(headers, item(it.ID))...).expectStatus(204)
			}},
		{Rule{ID: "items/accepts-nulls", Tag: "Items", Level: Must, Evidence: "[C] Ansible collection 2.4.0",
			Text:    "A create with null for members without a value is accepted",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.createFromJSON(
					`"vault":{"id":` + encodeJSON(s.vault()) +
						`},"category":"API_CREDENTIAL","favorite":null,"urls":null,"sections":null,"fields":[
					{"id":null,"label":"key","type":"CONCEALED","purpose":null,"section":null,"value":"v","generate":null,"recipe":null},
					{"label":"no value","type":"STRING","value":null}]`)
				s.Expect(s.fieldWithLabel(it, "key").Value).To(gomega.Equal("v"), "value of the field labelled key")
				s.Expect(s.fieldWithLabel(it, "no value").Value).To(gomega.BeEmpty(), "value of the field labelled no value")
			}},
		{Rule{ID: "items/accepts-read-only-members", Tag: "Items", Level: Must,
			Evidence: "[W] Go and JS SDK send back what they received; [C] terraform: a new item has version 1",
			Text:     "Version, dates and editor in a create are accepted and ignored",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.createFromJSON(
					`"category":"SECURE_NOTE","vault":{"id":` + encodeJSON(s.vault()) +
						`},"version":41,"lastEditedBy":"AAAAAAAAAAAAAAAAAAAAAAAAAA",
					"createdAt":"2001-02-03T04:05:06.007Z","updatedAt":"2001-02-03T04:05:06.007Z"`)
				s.Expect(it.Version).To(gomega.Equal(1), "version")
				s.Expect(it.CreatedAt.Year()).NotTo(gomega.Equal(2001), "year of createdAt")
				s.Expect(it.LastEditedBy).NotTo(gomega.Equal("AAAAAAAAAAAAAAAAAAAAAAAAAA"), "lastEditedBy")
			}},
		{Rule{ID: "items/refuses-unknown-category", Tag: "Items", Level: Must, Evidence: "[D] published document",
			Text:    "A create without a category, or with an unknown one, returns 400 Invalid item category",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: []string{"CreateVaultItem"}},
			func(s *session) {
				for _, category := range []string{"", "SHOPPING_LIST"} {
					s.tryCreate(connect.ItemInput{Category: category}).expectError(400, `(?i)invalid item category`)
				}
				s.do("CreateVaultItem", rawBody(s.itemJSON(`"vault":{"id":`+encodeJSON(s.vault())+`}`), "application/json")).
					expectError(400, `(?i)invalid item category`)
			}},
		{Rule{ID: "items/refuses-document", Tag: "Items", Level: Must, Evidence: "[D] API reference, changelog 1.2.0",
			Text:    "An item of category DOCUMENT can't be created",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: []string{"CreateVaultItem"}},
			func(s *session) { s.tryCreate(connect.ItemInput{Category: "DOCUMENT"}).expectClientError() }},
		{Rule{ID: "items/refuses-custom", Tag: "Items", Level: Must, Evidence: "[D] API reference, changelog 1.7.0",
			Text:    "An item of category CUSTOM can't be created",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: []string{"CreateVaultItem"}},
			func(s *session) { s.tryCreate(connect.ItemInput{Category: "CUSTOM"}).expectClientError() }},
		{Rule{ID: "items/refuses-two-passwords", Tag: "Items", Level: Observed, Evidence: "[R] python SDK issue 71, of 1.6.1",
			Text:    "An item with two fields of purpose PASSWORD is refused: You can only use one \"password\" field",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: []string{"CreateVaultItem"}},
			func(s *session) {
				in := loginInput()
				in.Fields = append(in.Fields, connect.FieldInput{Purpose: "PASSWORD", Value: "second"})
				s.tryCreate(in).expectError(400, `only use one "password" field`)
			}},
		{Rule{ID: "items/refuses-purpose-in-database", Tag: "Items", Level: Observed,
			Evidence: "[R] vault plugin, pull request 23, the status only",
			Text:     "A create of a DATABASE with the purposes USERNAME and PASSWORD returns 406",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: []string{"CreateVaultItem"}},
			func(s *session) {
				in := loginInput()
				in.Category = "DATABASE"
				s.tryCreate(in).expectError(406, "")
			}},
		{Rule{ID: "items/refused-names-no-value", Tag: "Items", Level: Should,
			Evidence: "[R] every recorded error message names the place, none has the value",
			Text:     "The error of a refused create has no value of the request",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: []string{"CreateVaultItem"}},
			func(s *session) {
				secret := "hidden-" + strings.ReplaceAll(s.uniqueName("value"), " ", "-")
				for _, refused := range []connect.FieldInput{{Type: "TOTP", Value: secret}, {Type: "MONTH_YEAR", Value: secret}} {
					refused.Label = "wrong"
					res := s.tryCreate(noteWith(connect.FieldInput{Label: "key", Type: "CONCEALED", Value: secret}, refused))
					res.expectClientError()
					s.Expect(string(res.Body)).NotTo(gomega.ContainSubstring(secret), "the body")
				}
			}},
	}
}

// createFromJSON creates an item with these members of the body, as JSON without the
// braces. It adds the title and the tags of the suite.
func (s *session) createFromJSON(members string) connect.Item {
	it := s.do("CreateVaultItem", rawJSON(s.itemJSON(members))).expectStatus(200).item()
	return s.waitForNewItem(it.ID)
}

// itemJSON returns the body of an item with these members, a title and the tags of
// the suite.
func (s *session) itemJSON(members string) string {
	return fmt.Sprintf(`{"title":%s,"tags":[%s,%s],%s}`, encodeJSON(s.uniqueName("raw")), encodeJSON(tag),
		encodeJSON(runPrefix(s.id)), members)
}
