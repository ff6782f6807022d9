package contract

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// itemFilterRules returns the rules about filters of items.
func itemFilterRules() []rule {
	return []rule{
		{Rule{ID: "filters/title-eq", Tag: "Items", Level: Must,
			Evidence: "[W] every client; reproduced: the Go SDK never stops if the filter is ignored",
			Text:     "title eq finds the items with that title and no others",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				titles := s.createNotes("north", "south", "east")
				for _, title := range titles {
					s.expectFound("title eq "+quote(title), title)
				}
			}},
		{Rule{ID: "filters/title-eq-is-whole", Tag: "Items", Level: Must,
			Evidence: "[W] JS SDK uses eq and co for different requests",
			Text:     "title eq compares the whole title",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				title := s.createNotes("whole")[0]
				s.expectFound("title eq "+quote(title), title)
				for _, part := range []string{title[:len(title)-1], title[1:], title + "x"} {
					s.expectFound("title eq " + quote(part))
				}
			}},
		{Rule{ID: "filters/title-co", Tag: "Items", Level: Must, Evidence: "[W] JS SDK; [T] Java client",
			Text:    "title co finds the items whose title contains the text",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				titles := s.createNotes("lantern", "kite")
				s.expectFound("title co "+quote(titles[0][3:len(titles[0])-1]), titles[0])
				s.expectFound("title co "+quote(titles[0][:len(titles[0])-1]), titles[0])
				common := strings.TrimSuffix(titles[0], "lantern")
				s.expectFound("title co "+quote(common), titles...)
			}},
		{Rule{ID: "filters/tag-eq", Tag: "Items", Level: Must,
			Evidence: "[D] API reference; python SDK issue 40, a maintainer",
			Text:     "tag eq finds the items that have that tag, compared as a whole",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				tag := strings.ReplaceAll(s.uniqueName("tag"), " ", "-") + "/"
				titles := []string{s.uniqueName("both"), s.uniqueName("one"), s.uniqueName("none")}
				for i, tags := range [][]string{{tag + "red", "a", tag + "blue"}, {tag + "red"}, {tag + "redder"}} {
					in := noteInput()
					in.Title, in.Tags = titles[i], tags
					s.create(in)
				}
				s.expectFound("tag eq "+quote(tag+"red"), titles[0], titles[1])
				s.expectFound("tag eq "+quote(tag+"blue"), titles[0])
				s.expectFound("tag eq " + quote(tag+"re"))
			}},
		{Rule{ID: "filters/or", Tag: "Items", Level: Must, Evidence: "[T] Java client",
			Text:    "or finds what one of its sides finds",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				titles := s.createNotes("north", "south", "east")
				s.expectFound(fmt.Sprintf("title eq %s or title eq %s", quote(titles[0]), quote(titles[2])), titles[0], titles[2])
			}},
		{Rule{ID: "filters/parentheses", Tag: "Items", Level: Must, Evidence: "[T] Java client",
			Text:    "A filter in parentheses finds the same as without them",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				titles := s.createNotes("north", "south")
				s.expectFound(fmt.Sprintf("(title eq %s or title eq %s)", quote(titles[0]), quote(titles[1])), titles...)
			}},
		{Rule{ID: "filters/and", Tag: "Items", Level: Should, Evidence: "[C] offered by a C# client; [D] SCIM-style",
			Text:    "and finds what both sides find, and has precedence over or, unless there are parentheses",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				tag := strings.ReplaceAll(s.uniqueName("tag"), " ", "-")
				in := noteInput()
				in.Title, in.Tags = s.uniqueName("tagged"), []string{tag}
				s.create(in)
				other := s.createNotes("untagged")[0]
				both, tagged := fmt.Sprintf("title eq %s or title eq %s", quote(other), quote(in.Title)), "tag eq "+quote(tag)
				s.expectFound(tagged+" and title eq "+quote(in.Title), in.Title)
				s.expectFound(tagged + " and title eq " + quote(other))
				s.expectFound(both+" and "+tagged, other, in.Title)
				s.expectFound("("+both+") and "+tagged, in.Title)
			}},
		{Rule{ID: "filters/no-match", Tag: "Items", Level: Must, Evidence: "[T] Java client",
			Text:    "A filter for a title or a tag that no item has returns 200 and an empty array",
			Touches: ReadOnly,
			Needs:   []Capability{Read}},
			func(s *session) {
				for _, attribute := range []string{"title", "tag"} {
					res := s.do("GetVaultItems", query("filter", attribute+" eq "+quote(s.uniqueName("none")))).expectStatus(200)
					s.Expect(strings.TrimSpace(string(res.Body))).To(gomega.Equal("[]"), "the body")
				}
			}},
		{Rule{ID: "filters/encodings", Tag: "Items", Level: Must,
			Evidence: "[W] Go SDK: + and %22; JS SDK: %20 and %22; third-party clients: raw quotes",
			Text:     "A filter may be form-encoded, percent-encoded or have raw quotes, also after a trailing slash",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				title := s.createNotes("wrapped")[0]
				s.expectFound("title eq "+quote(title), title)
				for _, q := range filterEncodings("title eq " + quote(title)) {
					for _, options := range [][]option{{rawQuery("filter=" + q)}, {rawQuery("filter=" + q), trailingSlash()}} {
						s.Expect(sortedTitles(s.do("GetVaultItems", options...).expectStatus(200).items())).
							To(gomega.Equal([]string{title}), "titles of the items found by the filter sent as %s", q)
					}
				}
			}},
		{Rule{ID: "filters/special-characters", Tag: "Items", Level: Must,
			Evidence: "[C] a title is any text; [W] Go SDK sends it form-encoded",
			Text:     "eq finds exactly the titles with & + % # ? / ; =, parentheses, the word or and letters of any script",
			Touches:  OwnItems, Long: true,
			Needs: []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				for _, title := range s.createNotes(`Demo & Co`, `1+1=2`, `100% %20 #1?`, `a/b;c`, `(x or y)`, `Grüße 🔑 東京`,
					`it's _ and %`) {
					s.expectFound("title eq "+quote(title), title)
				}
			}},
		{Rule{ID: "filters/quotes-do-no-harm", Tag: "Items", Level: Should,
			Evidence: "[W] Go SDK does not escape quotes; [D] changelog 1.5.2: 400, not 500",
			Text:     "A filter for a title with double quotes, escaped or not, finds no other item and never causes a 5xx",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				title := s.createNotes(`the "best" of`, "other")[0]
				for _, value := range []string{quote(title), `"` + title + `"`, `"` + title, `x" or title co "`} {
					res := s.do("GetVaultItems", query("filter", "title eq "+value))
					switch {
					case res.Status == 200 && !strings.HasPrefix(value, "x"):
						s.Expect(sortedTitles(res.items())).To(gomega.BeElementOf([]string{title}, []string{}),
							"titles of the items found by title eq %s", value)
					case res.Status != 200:
						res.expectError(400, "")
					}
				}
			}},
		{Rule{ID: "filters/escaped-quotes", Tag: "Items", Level: Should,
			Evidence: "[D] filters are SCIM-style; the values in RFC 7644 are JSON strings",
			Text:     "Quotes and backslashes in a title are found if the filter escapes them with a backslash",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				for _, title := range s.createNotes(`the "best" of`, `C:\temp\new`) {
					s.expectFound("title eq "+quote(title), title)
				}
			}},
		{Rule{ID: "filters/unknown-attribute", Tag: "Items", Level: Should,
			Evidence: "[W] if the filter is ignored, the Go SDK never stops; the status is not recorded",
			Text:     "A filter by an attribute that items don't have returns 400 or finds nothing",
			Touches:  ReadOnly,
			Needs:    []Capability{Items}},
			func(s *session) {
				res := s.do("GetVaultItems", query("filter", "colour eq "+quote(s.uniqueName("none"))))
				if res.Status == 200 {
					s.Expect(res.items()).To(gomega.BeEmpty(), "the items found")
					return
				}
				res.expectError(400, "")
			}},
		{Rule{ID: "filters/single-quotes", Tag: "Items", Level: Should, Evidence: "[D] changelog 1.5.2",
			Text:    "A filter with single quotes returns 400",
			Touches: ReadOnly,
			Needs:   []Capability{Read}},
			func(s *session) { s.do("GetVaultItems", query("filter", "title eq 'item'")).expectError(400, "") }},
		{Rule{ID: "filters/incomplete", Tag: "Items", Level: Observed,
			Evidence: "[D] changelog 1.5.2: a filter with wrong quotes returns 400; [W] if a filter is ignored, the Go SDK " +
				"never stops; [G] the status",
			Text:    "A filter that is not complete, or has an unknown operator, returns 400",
			Touches: ReadOnly,
			Needs:   []Capability{Items}, Operations: []string{"GetVaultItems", "GetVaults"}},
			func(s *session) {
				compare := "title eq " + quote(s.uniqueName("none"))
				for _, filter := range []string{compare + " and", "(" + compare, strings.Replace(compare, " eq ", " is ", 1)} {
					for _, op := range []string{"GetVaultItems", "GetVaults"} {
						s.do(op, query("filter", filter)).expectError(400, "")
					}
				}
			}},
		{Rule{ID: "filters/are-lists", Tag: "Items", Level: Must,
			Evidence: "[W] Go SDK fetches each item it finds, by its id and vault.id",
			Text:     "A filter shows an item exactly as the list does",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.create(fullInput())
				s.expectFound("title eq "+quote(it.Title), it.Title)
				found := s.findItems("title eq " + quote(it.Title))[0]
				s.Expect(found.ID).To(gomega.Equal(it.ID), "id of the item found")
				s.Expect(found.Vault.ID).To(gomega.Equal(s.vault()), "vault.id of the item found")
				s.Expect(s.do("GetVaultItems").expectStatus(200).items()).To(gomega.ContainElement(found),
					"the list of the vault, which a filter found a part of")
			}},
		{Rule{ID: "filters/stay-in-vault", Tag: "Items", Level: Must,
			Evidence: "[D] published document: the items of a vault",
			Text:     "A filter on one vault finds no item of another, also with or and co",
			Touches:  OwnItems, Long: true,
			Needs: []Capability{Write, OtherVault}, Operations: createOperations()},
			func(s *session) {
				s.expectOnlyInVault(func(whole, part, tag, none string) []string {
					return []string{
						"title eq " + whole, "title co " + part, "tag eq " + tag,
						"title co " + part + " or title co " + whole,
						"title eq " + none + " or title co " + part,
						"(title eq " + none + " or tag eq " + tag + ")",
					}
				})
			}},
		{Rule{ID: "filters/and-stays-in-vault", Tag: "Items", Level: Should,
			Evidence: "[C] and is offered by a C# client; [D] published document: the items of a vault",
			Text:     "A filter with and beside or finds no item of another vault",
			Touches:  OwnItems,
			Needs:    []Capability{Write, OtherVault}, Operations: createOperations()},
			func(s *session) {
				s.expectOnlyInVault(func(whole, part, tag, none string) []string {
					return []string{
						"title co " + part + " and tag eq " + tag,
						"title co " + part + " and title co " + whole + " or title eq " + none,
						"title eq " + none + " or title co " + part + " and tag eq " + tag,
						"(title co " + part + " or title eq " + none + ") and tag eq " + tag,
					}
				})
			}},
		{Rule{ID: "filters/or-of-co", Tag: "Items", Level: Must,
			Evidence: "[T] Java client's or and co; [W] JS SDK",
			Text:     "co on both sides of or finds each item that contains one of the texts once, and no others",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				titles := s.createNotes("north lantern", "south kite", "east")
				part := func(title string, from int) string { return quote(title[from:]) }
				s.expectFound("title co "+part(titles[0], 3)+" or title co "+part(titles[1], 3), titles[0], titles[1])
				s.expectFound("title co "+part(titles[0], 3)+" or title co "+part(titles[0], 4), titles[0])
				s.expectFound("title co "+part(titles[2], 3)+" or title eq "+quote(titles[1]), titles[1], titles[2])
			}},
		{Rule{ID: "filters/damaged-query", Tag: "Items", Level: Observed,
			Evidence: "[W] JS SDK sends an & in a title as it is; the Go SDK never stops if a filter is ignored; [G] the status",
			Text:     "A filter with a % that encodes nothing, or cut short by an &, returns 400 or finds no other item",
			Touches:  OwnItems, Long: true,
			Needs: []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				s.createNotes("another") // the whole list is not empty
				for _, word := range []string{"100%", "100%zz", "a%2", "Demo & Co"} {
					title := s.createNotes(word)[0]
					s.expectNotIgnored(s.do("GetVaultItems", rawQuery(damagedFilter(title))), title)
				}
			}},
	}
}

// expectOnlyInVault creates an item and asserts that filters find it in its vault and
// nothing in the second vault. filters gets quoted values: the title, a part of it, the
// tag, and a title that no item has.
func (s *session) expectOnlyInVault(filters func(whole, part, tag, none string) []string) {
	in := noteInput()
	in.Title, in.Tags = s.uniqueName("here"), []string{strings.ReplaceAll(s.uniqueName("tag"), " ", "-")}
	s.create(in)
	for _, filter := range filters(quote(in.Title), quote(in.Title[3:]), quote(in.Tags[0]), quote(s.uniqueName("none"))) {
		s.expectFound(filter, in.Title)
		list := s.do("GetVaultItems", vault(s.server.otherVault.ID), query("filter", filter)).expectStatus(200).items()
		s.Expect(list).To(gomega.BeEmpty(), "the items found in the second vault by %s", filter)
	}
}

// damagedFilter returns the query of a filter by a title in which only the spaces and
// quotes are encoded.
func damagedFilter(title string) string {
	return "filter=" + strings.NewReplacer(" ", "%20", `"`, "%22").Replace(`title eq "`+title+`"`)
}

// expectNotIgnored asserts that the response to a filter by a title is an error 400 or a
// list with no other titles.
func (s *session) expectNotIgnored(res *response, title string) {
	if res.Status != 200 {
		res.expectError(400, "")
		return
	}
	for _, it := range res.objects() {
		found := it["title"]
		if found == nil {
			found = it["name"]
		}
		s.Expect(found).To(gomega.Equal(title), "title of what a damaged filter finds")
	}
}

// createNotes creates a note for each of the words and returns the titles: the word
// after a beginning that is unique to this call.
func (s *session) createNotes(words ...string) []string {
	common := s.uniqueName("title") + " "
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = common + word
		s.create(connect.ItemInput{Category: "SECURE_NOTE", Title: list[i]})
	}
	return list
}
