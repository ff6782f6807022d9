// Package filters has the rules about filters of items.
package filters

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/onsi/gomega"
)

// Rules returns the rules about filters of items.
func Rules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Items", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem(),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "filters/title-eq", Level: rule.Must,
			Evidence: "[W] every client; reproduced: the Go SDK never stops if the filter is ignored",
			Text:     "title eq finds the items with that title and no others"},
			Check: func(s *check.Session) {
				titles := s.CreateNotes("north", "south", "east")
				for _, title := range titles {
					s.ExpectFound("title eq "+call.Quote(title), title)
				}
			}},
		{Rule: rule.Rule{ID: "filters/title-eq-is-whole", Level: rule.Must,
			Evidence: "[W] JS SDK uses eq and co for different requests",
			Text:     "title eq compares the whole title"},
			Check: func(s *check.Session) {
				title := s.CreateNotes("whole")[0]
				s.ExpectFound("title eq "+call.Quote(title), title)
				for _, part := range []string{title[:len(title)-1], title[1:], title + "x"} {
					s.ExpectFound("title eq " + call.Quote(part))
				}
			}},
		{Rule: rule.Rule{ID: "filters/title-co", Level: rule.Must, Evidence: "[W] JS SDK; [T] Java client",
			Text: "title co finds the items whose title contains the text"},
			Check: func(s *check.Session) {
				titles := s.CreateNotes("lantern", "kite")
				s.ExpectFound("title co "+call.Quote(titles[0][3:len(titles[0])-1]), titles[0])
				s.ExpectFound("title co "+call.Quote(titles[0][:len(titles[0])-1]), titles[0])
				common := strings.TrimSuffix(titles[0], "lantern")
				s.ExpectFound("title co "+call.Quote(common), titles...)
			}},
		{Rule: rule.Rule{ID: "filters/tag-eq", Level: rule.Must,
			Evidence: "[D] API reference; python SDK issue 40, a maintainer",
			Text:     "tag eq finds the items that have that tag, compared as a whole"},
			Check: func(s *check.Session) {
				tag := strings.ReplaceAll(s.UniqueName("tag"), " ", "-") + "/"
				titles := []string{s.UniqueName("both"), s.UniqueName("one"), s.UniqueName("none")}
				for i, tags := range [][]string{{tag + "red", "a", tag + "blue"}, {tag + "red"}, {tag + "redder"}} {
					in := call.Note()
					in.Title, in.Tags = titles[i], tags
					s.Create(in)
				}
				s.ExpectFound("tag eq "+call.Quote(tag+"red"), titles[0], titles[1])
				s.ExpectFound("tag eq "+call.Quote(tag+"blue"), titles[0])
				s.ExpectFound("tag eq " + call.Quote(tag+"re"))
			}},
		{Rule: rule.Rule{ID: "filters/or", Level: rule.Must, Evidence: "[T] Java client",
			Text: "or finds what one of its sides finds"},
			Check: func(s *check.Session) {
				titles := s.CreateNotes("north", "south", "east")
				s.ExpectFound(fmt.Sprintf("title eq %s or title eq %s", call.Quote(titles[0]), call.Quote(titles[2])),
					titles[0], titles[2])
			}},
		{Rule: rule.Rule{ID: "filters/parentheses", Level: rule.Must, Evidence: "[T] Java client",
			Text: "A filter in parentheses finds the same as without them"},
			Check: func(s *check.Session) {
				titles := s.CreateNotes("north", "south")
				s.ExpectFound(fmt.Sprintf("(title eq %s or title eq %s)", call.Quote(titles[0]),
					call.Quote(titles[1])), titles...)
			}},
		{Rule: rule.Rule{ID: "filters/and", Level: rule.Should,
			Evidence: "[C] offered by a C# client; [D] SCIM-style",
			Text:     "and finds what both sides find, and has precedence over or, unless there are parentheses"},
			Check: func(s *check.Session) {
				tag := strings.ReplaceAll(s.UniqueName("tag"), " ", "-")
				in := call.Note()
				in.Title, in.Tags = s.UniqueName("tagged"), []string{tag}
				s.Create(in)
				other := s.CreateNotes("untagged")[0]
				both, tagged := fmt.Sprintf("title eq %s or title eq %s", call.Quote(other), call.Quote(in.Title)),
					"tag eq "+call.Quote(tag)
				s.ExpectFound(tagged+" and title eq "+call.Quote(in.Title), in.Title)
				s.ExpectFound(tagged + " and title eq " + call.Quote(other))
				s.ExpectFound(both+" and "+tagged, other, in.Title)
				s.ExpectFound("("+both+") and "+tagged, in.Title)
			}},
		{Rule: rule.Rule{ID: "filters/no-match", Level: rule.Must, Evidence: "[T] Java client",
			Text:    "A filter for a title or a tag that no item has returns 200 and an empty array",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read}},
			Check: func(s *check.Session) {
				for _, attribute := range []string{"title", "tag"} {
					res := s.Do("GetVaultItems", call.Filter(attribute+" eq "+call.Quote(s.UniqueName("none")))).
						ExpectStatus(200)
					s.Expect(strings.TrimSpace(string(res.Body))).To(gomega.Equal("[]"), "the body")
				}
			}},
		{Rule: rule.Rule{ID: "filters/encodings", Level: rule.Must,
			Evidence: "[W] Go SDK: + and %22; JS SDK: %20 and %22; third-party clients: raw quotes",
			Text:     "A filter may be form-encoded, percent-encoded or have raw quotes, also after a trailing slash"},
			Check: func(s *check.Session) {
				title := s.CreateNotes("wrapped")[0]
				s.ExpectFound("title eq "+call.Quote(title), title)
				for _, q := range call.FilterEncodings("title eq " + call.Quote(title)) {
					for _, options := range [][]call.Option{{call.RawQuery("filter=" + q)},
						{call.RawQuery("filter=" + q), call.TrailingSlash()}} {
						s.Expect(check.SortedTitles(s.Do("GetVaultItems", options...).ExpectStatus(200).Items())).
							To(gomega.Equal([]string{title}), "titles of the items found by the filter sent as %s", q)
					}
				}
			}},
		{Rule: rule.Rule{ID: "filters/special-characters", Level: rule.Must,
			Evidence: "[C] a title is any text; [W] Go SDK sends it form-encoded",
			Text: "eq finds exactly the titles with & + % # ? / ; " +
				"=, parentheses, the word or and letters of any script",
			Long: true},
			Check: func(s *check.Session) {
				for _, title := range s.CreateNotes(`Demo & Co`, `1+1=2`, `100% %20 #1?`, `a/b;c`, `(x or y)`,
					`Grüße 🔑 東京`, `it's _ and %`) {
					s.ExpectFound("title eq "+call.Quote(title), title)
				}
			}},
		{Rule: rule.Rule{ID: "filters/quotes-do-no-harm", Level: rule.Should,
			Evidence: "[W] Go SDK does not escape quotes; [D] changelog 1.5.2: 400, not 500",
			Text: "A filter for a title with double quotes, escaped or not, finds no other " +
				"item and never causes a 5xx"},
			Check: func(s *check.Session) {
				title := s.CreateNotes(`the "best" of`, "other")[0]
				for _, value := range []string{call.Quote(title), `"` + title + `"`, `"` + title, `x" or title co "`} {
					res := s.Do("GetVaultItems", call.Filter("title eq "+value))
					switch {
					case res.Status == 200 && !strings.HasPrefix(value, "x"):
						s.Expect(check.SortedTitles(res.Items())).To(gomega.BeElementOf([]string{title}, []string{}),
							"titles of the items found by title eq %s", value)
					case res.Status != 200:
						res.ExpectError(400, "")
					}
				}
			}},
		{Rule: rule.Rule{ID: "filters/escaped-quotes", Level: rule.Should,
			Evidence: "[D] filters are SCIM-style; the values in RFC 7644 are JSON strings",
			Text:     "Quotes and backslashes in a title are found if the filter escapes them with a backslash"},
			Check: func(s *check.Session) {
				for _, title := range s.CreateNotes(`the "best" of`, `C:\temp\new`) {
					s.ExpectFound("title eq "+call.Quote(title), title)
				}
			}},
		{Rule: rule.Rule{ID: "filters/unknown-attribute", Level: rule.Should,
			Evidence: "[W] if the filter is ignored, the Go SDK never stops; the status is not recorded",
			Text:     "A filter by an attribute that items don't have returns 400 or finds nothing",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Items}},
			Check: func(s *check.Session) {
				res := s.Do("GetVaultItems", call.Filter("colour eq "+call.Quote(s.UniqueName("none"))))
				if res.Status == 200 {
					s.Expect(res.Items()).To(gomega.BeEmpty(), "the items found")
					return
				}
				res.ExpectError(400, "")
			}},
		{Rule: rule.Rule{ID: "filters/single-quotes", Level: rule.Should, Evidence: "[D] changelog 1.5.2",
			Text:    "A filter with single quotes returns 400",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read}},
			Check: func(s *check.Session) {
				s.Do("GetVaultItems", call.Filter("title eq 'item'")).ExpectError(400, "")
			}},
		{Rule: rule.Rule{ID: "filters/incomplete", Level: rule.Observed,
			Evidence: "[D] changelog 1.5.2: a filter with wrong quotes returns 400; " +
				"[W] if a filter is ignored, the Go SDK never stops; [G] the status",
			Text:    "A filter that is not complete, or has an unknown operator, returns 400",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Items},
			Operations: []string{"GetVaultItems", "GetVaults"}},
			Check: func(s *check.Session) {
				compare := "title eq " + call.Quote(s.UniqueName("none"))
				for _, filter := range []string{compare + " and",
					"(" + compare, strings.Replace(compare, " eq ", " is ", 1)} {
					for _, op := range []string{"GetVaultItems", "GetVaults"} {
						s.Do(op, call.Filter(filter)).ExpectError(400, "")
					}
				}
			}},
		{Rule: rule.Rule{ID: "filters/are-lists", Level: rule.Must,
			Evidence: "[W] Go SDK fetches each item it finds, by its id and vault.id",
			Text:     "A filter shows an item exactly as the list does"},
			Check: func(s *check.Session) {
				it := s.Create(call.FullItem())
				s.ExpectFound("title eq "+call.Quote(it.Title), it.Title)
				found := s.FindItems("title eq " + call.Quote(it.Title))[0]
				s.Expect(found.ID).To(gomega.Equal(it.ID), "id of the item found")
				s.Expect(found.Vault.ID).To(gomega.Equal(s.Vault()), "vault.id of the item found")
				s.Expect(s.Do("GetVaultItems").ExpectStatus(200).Items()).To(gomega.ContainElement(found),
					"the list of the vault, which a filter found a part of")
			}},
		{Rule: rule.Rule{ID: "filters/stay-in-vault", Level: rule.Must,
			Evidence: "[D] published document: the items of a vault",
			Text:     "A filter on one vault finds no item of another, also with or and co",
			Long:     true, Needs: []rule.Capability{rule.Write, rule.OtherVault}},
			Check: func(s *check.Session) {
				expectOnlyInVault(s, func(whole, part, tag, none string) []string {
					return []string{
						"title eq " + whole, "title co " + part, "tag eq " + tag,
						"title co " + part + " or title co " + whole,
						"title eq " + none + " or title co " + part,
						"(title eq " + none + " or tag eq " + tag + ")",
					}
				})
			}},
		{Rule: rule.Rule{ID: "filters/and-stays-in-vault", Level: rule.Should,
			Evidence: "[C] and is offered by a C# client; [D] published document: the items of a vault",
			Text:     "A filter with and beside or finds no item of another vault",
			Needs:    []rule.Capability{rule.Write, rule.OtherVault}},
			Check: func(s *check.Session) {
				expectOnlyInVault(s, func(whole, part, tag, none string) []string {
					return []string{
						"title co " + part + " and tag eq " + tag,
						"title co " + part + " and title co " + whole + " or title eq " + none,
						"title eq " + none + " or title co " + part + " and tag eq " + tag,
						"(title co " + part + " or title eq " + none + ") and tag eq " + tag,
					}
				})
			}},
		{Rule: rule.Rule{ID: "filters/or-of-co", Level: rule.Must,
			Evidence: "[T] Java client's or and co; [W] JS SDK",
			Text:     "co on both sides of or finds each item that contains one of the texts once, and no others"},
			Check: func(s *check.Session) {
				titles := s.CreateNotes("north lantern", "south kite", "east")
				part := func(title string, from int) string { return call.Quote(title[from:]) }
				s.ExpectFound("title co "+part(titles[0], 3)+" or title co "+part(titles[1], 3), titles[0], titles[1])
				s.ExpectFound("title co "+part(titles[0], 3)+" or title co "+part(titles[0], 4), titles[0])
				s.ExpectFound("title co "+part(titles[2], 3)+" or title eq "+call.Quote(titles[1]),
					titles[1], titles[2])
			}},
		{Rule: rule.Rule{ID: "filters/damaged-query", Level: rule.Observed,
			Evidence: "[W] JS SDK sends an & in a title as it is; " +
				"the Go SDK never stops if a filter is ignored; [G] the status",
			Text: "A filter with a % that encodes nothing, or cut short by an &, returns " +
				"400 or finds no other item",
			Long: true},
			Check: func(s *check.Session) {
				s.CreateNotes("another") // the whole list is not empty
				for _, word := range []string{"100%", "100%zz", "a%2", "Demo & Co"} {
					title := s.CreateNotes(word)[0]
					s.ExpectNotIgnored(s.Do("GetVaultItems", call.RawQuery(call.DamagedFilter(title))), title)
				}
			}},
	})
}

// expectOnlyInVault creates an item and asserts that filters find it in its vault and
// nothing in the second vault. filters gets quoted values: the title, a part of it, the
// tag, and a title that no item has.
func expectOnlyInVault(s *check.Session, filters func(whole, part, tag, none string) []string) {
	in := call.Note()
	in.Title, in.Tags = s.UniqueName("here"), []string{strings.ReplaceAll(s.UniqueName("tag"), " ", "-")}
	s.Create(in)
	for _, filter := range filters(call.Quote(in.Title), call.Quote(in.Title[3:]), call.Quote(in.Tags[0]),
		call.Quote(s.UniqueName("none"))) {
		s.ExpectFound(filter, in.Title)
		list := s.Do("GetVaultItems", call.Vault(s.Server.OtherVault.ID), call.Filter(filter)).ExpectStatus(200).Items()
		s.Expect(list).To(gomega.BeEmpty(), "the items found in the second vault by %s", filter)
	}
}
