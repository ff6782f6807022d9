package contract

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

func itemFilterRules() []rule {
	return []rule{
		{Rule{ID: "filters/title-eq", Tag: "Items", Level: Must, Evidence: "[W] every client; reproduced: the Go SDK never ends where it is ignored",
			Text:  "title eq finds the items of that title and no others",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				three := s.titled("north", "south", "east")
				for _, title := range three {
					s.finds("title eq "+quoted(title), title)
				}
			}},
		{Rule{ID: "filters/title-eq-is-whole", Tag: "Items", Level: Must, Evidence: "[W] JS SDK asks eq and co for two things",
			Text:  "title eq wants the whole title",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				title := s.titled("whole")[0]
				s.finds("title eq "+quoted(title), title)
				for _, part := range []string{title[:len(title)-1], title[1:], title + "x"} {
					s.finds("title eq " + quoted(part))
				}
			}},
		{Rule{ID: "filters/title-co", Tag: "Items", Level: Must, Evidence: "[W] JS SDK; [T] Java client",
			Text:  "title co finds the items whose title has that part, anywhere in it",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				two := s.titled("lantern", "kite")
				s.finds("title co "+quoted(two[0][3:len(two[0])-1]), two[0])
				s.finds("title co "+quoted(two[0][:len(two[0])-1]), two[0])
				common := strings.TrimSuffix(two[0], "lantern")
				s.finds("title co "+quoted(common), two...)
			}},
		{Rule{ID: "filters/tag-eq", Tag: "Items", Level: Must, Evidence: "[D] API reference; python SDK issue 40, a maintainer",
			Text:  "tag eq finds the items with that tag among theirs, the whole tag",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				mine := strings.ReplaceAll(s.unique("tag"), " ", "-") + "/"
				titles := []string{s.unique("both"), s.unique("one"), s.unique("none")}
				for i, tags := range [][]string{{mine + "red", "a", mine + "blue"}, {mine + "red"}, {mine + "redder"}} {
					in := note()
					in.Title, in.Tags = titles[i], tags
					s.create(in)
				}
				s.finds("tag eq "+quoted(mine+"red"), titles[0], titles[1])
				s.finds("tag eq "+quoted(mine+"blue"), titles[0])
				s.finds("tag eq " + quoted(mine+"re"))
			}},
		{Rule{ID: "filters/or", Tag: "Items", Level: Must, Evidence: "[T] Java client",
			Text:  "or finds what either side finds",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				three := s.titled("north", "south", "east")
				s.finds(fmt.Sprintf("title eq %s or title eq %s", quoted(three[0]), quoted(three[2])), three[0], three[2])
			}},
		{Rule{ID: "filters/parentheses", Tag: "Items", Level: Must, Evidence: "[T] Java client",
			Text:  "A filter in parentheses is that filter",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				two := s.titled("north", "south")
				s.finds(fmt.Sprintf("(title eq %s or title eq %s)", quoted(two[0]), quoted(two[1])), two...)
			}},
		{Rule{ID: "filters/and", Tag: "Items", Level: Should, Evidence: "[C] offered by a C# client; [D] SCIM-style",
			Text:  "and finds what both sides find, and binds closer than or unless parentheses say otherwise",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				mine := strings.ReplaceAll(s.unique("tag"), " ", "-")
				in := note()
				in.Title, in.Tags = s.unique("tagged"), []string{mine}
				s.create(in)
				other := s.titled("untagged")[0]
				both, tagged := fmt.Sprintf("title eq %s or title eq %s", quoted(other), quoted(in.Title)), "tag eq "+quoted(mine)
				s.finds(tagged+" and title eq "+quoted(in.Title), in.Title)
				s.finds(tagged + " and title eq " + quoted(other))
				s.finds(both+" and "+tagged, other, in.Title)
				s.finds("("+both+") and "+tagged, in.Title)
			}},
		{Rule{ID: "filters/no-match", Tag: "Items", Level: Must, Evidence: "[T] Java client",
			Text:  "A title no item has, or a tag, is answered 200 and an empty array",
			Needs: []Capability{Read}},
			func(s *session) {
				for _, attribute := range []string{"title", "tag"} {
					a := s.do("GetVaultItems", query("filter", attribute+" eq "+quoted(s.unique("none")))).expect(200)
					s.Expect(strings.TrimSpace(string(a.Body))).To(gomega.Equal("[]"), "the body")
				}
			}},
		{Rule{ID: "filters/encodings", Tag: "Items", Level: Must, Evidence: "[W] Go SDK: + and %22; JS SDK: %20 and %22; third-party clients: raw quotes",
			Text:  "A filter is read whether it is form-encoded, percent-encoded or has raw quotes, with a slash before the query or not",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				title := s.titled("wrapped")[0]
				s.finds("title eq "+quoted(title), title)
				for _, q := range encodings("title eq " + quoted(title)) {
					for _, options := range [][]option{{rawQuery("filter=" + q)}, {rawQuery("filter=" + q), trailingSlash()}} {
						s.Expect(titles(s.do("GetVaultItems", options...).expect(200).items())).To(gomega.Equal([]string{title}), "titles of the items found by the filter sent as %s", q)
					}
				}
			}},
		{Rule{ID: "filters/special-characters", Tag: "Items", Level: Must, Evidence: "[C] a title is any text; [W] Go SDK sends it form-encoded",
			Text:  "Titles with & + % # ? / ; =, parentheses, the word or and letters of any script are found by eq, only they",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				for _, title := range s.titled(`Demo & Co`, `1+1=2`, `100% %20 #1?`, `a/b;c`, `(x or y)`, `Grüße 🔑 東京`, `it's _ and %`) {
					s.finds("title eq "+quoted(title), title)
				}
			}},
		{Rule{ID: "filters/quotes-do-no-harm", Tag: "Items", Level: Should, Evidence: "[W] Go SDK does not escape quotes; [D] changelog 1.5.2: 400, not 500",
			Text:  "A title with double quotes in it, escaped or not, finds nothing else and is never a server's error",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				title := s.titled(`the "best" of`, "other")[0]
				for _, value := range []string{quoted(title), `"` + title + `"`, `"` + title, `x" or title co "`} {
					a := s.do("GetVaultItems", query("filter", "title eq "+value))
					switch {
					case a.Status == 200 && !strings.HasPrefix(value, "x"):
						s.Expect(titles(a.items())).To(gomega.BeElementOf([]string{title}, []string{}), "titles of the items found by title eq %s", value)
					case a.Status != 200:
						a.refused(400, "")
					}
				}
			}},
		{Rule{ID: "filters/escaped-quotes", Tag: "Items", Level: Should, Evidence: "[D] filters are SCIM-style; values of RFC 7644 are JSON strings",
			Text:  "Quotes and backslashes in a title are found where the filter escapes them with a backslash",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				for _, title := range s.titled(`the "best" of`, `C:\temp\new`) {
					s.finds("title eq "+quoted(title), title)
				}
			}},
		{Rule{ID: "filters/unknown-attribute", Tag: "Items", Level: Should, Evidence: "[W] an ignored filter drives the Go SDK into endless requests; the status is not recorded",
			Text:  "A filter by an attribute that items don't have is not ignored: it is answered 400 or finds nothing",
			Needs: []Capability{Items}},
			func(s *session) {
				a := s.do("GetVaultItems", query("filter", "colour eq "+quoted(s.unique("none"))))
				if a.Status == 200 {
					s.Expect(a.items()).To(gomega.BeEmpty(), "the items found")
					return
				}
				a.refused(400, "")
			}},
		{Rule{ID: "filters/single-quotes", Tag: "Items", Level: Should, Evidence: "[D] changelog 1.5.2",
			Text:  "A filter with single quotes is answered 400",
			Needs: []Capability{Read}},
			func(s *session) { s.do("GetVaultItems", query("filter", "title eq 'item'")).refused(400, "") }},
		{Rule{ID: "filters/are-lists", Tag: "Items", Level: Must, Evidence: "[W] Go SDK fetches each item it finds, by its id and vault.id",
			Text:  "A filter shows an item exactly as the list does",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.create(full())
				s.finds("title eq "+quoted(it.Title), it.Title)
				found := s.filtered("title eq " + quoted(it.Title))[0]
				s.Expect(found.ID).To(gomega.Equal(it.ID), "id of the item found")
				s.Expect(found.Vault.ID).To(gomega.Equal(s.vault()), "vault.id of the item found")
				s.Expect(s.do("GetVaultItems").expect(200).items()).To(gomega.ContainElement(found), "the list of the vault, which a filter found a part of")
			}},
		{Rule{ID: "filters/stay-in-vault", Tag: "Items", Level: Must, Evidence: "[D] published document: the items of a vault",
			Text:  "The filter of one vault finds nothing of another",
			Needs: []Capability{Write, OtherVault}, Operations: making()},
			func(s *session) {
				title := s.titled("here")[0]
				s.finds("title eq "+quoted(title), title)
				list := s.do("GetVaultItems", vault(s.run.found.second.ID), query("filter", "title eq "+quoted(title))).expect(200).items()
				s.Expect(list).To(gomega.BeEmpty(), "the items found in the second vault")
			}},
	}
}

// titled creates notes whose titles end in these words and returns the titles. They
// begin with the same words, which titles of other rules do not begin with.
func (s *session) titled(words ...string) []string {
	common := s.unique("title") + " "
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = common + word
		s.create(connect.ItemInput{Category: "SECURE_NOTE", Title: list[i]})
	}
	return list
}
