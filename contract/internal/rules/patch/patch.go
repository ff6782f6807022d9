// Package patch has the rules about PATCH.
package patch

import (
	"fmt"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Rules returns the rules about the list of operations of a PATCH and about the
// members of an item. FieldRules returns those about fields.
func Rules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Patch", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write},
		Operations: operation.OfNewItem("PatchVaultItem"),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "patch/answers-200", Level: rule.Must, Evidence: "[D] published document",
			Text: "PATCH returns 200 and the whole changed item, and so does the next read"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				title := s.UniqueName("patched")
				patched := s.Patch(it.ID, call.Replace("/title", title)).ExpectStatus(200).Item()
				for _, got := range []connect.Item{patched, s.WaitForVersionAfter(it.ID, it.Version)} {
					s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
					s.Expect(got.Title).To(gomega.Equal(title), "title")
					s.Expect(got.Fields).To(gomega.HaveLen(3), "fields")
				}
			}},
		{Rule: rule.Rule{ID: "patch/next-version", Level: rule.Should,
			Evidence: "[C] operator and external-secrets compare versions; a write increases them, as PUT does [T]",
			Text:     "After a PATCH with any number of operations the version of the item is one higher"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				s.Patch(it.ID, call.Replace("/favorite", true), call.Replace("/title", s.UniqueName("patched"))).
					ExpectStatus(200)
				s.Expect(s.WaitForVersionAfter(it.ID, it.Version).Version).To(gomega.Equal(it.Version+1),
					"version after the PATCH")
			}},
		{Rule: rule.Rule{ID: "patch/leaves-the-rest", Level: rule.Must, Evidence: "[D] published document",
			Text: "A PATCH does not change other members: fields, sections, urls, tags, dates, category"},
			Check: func(s *check.Session) {
				before := check.WithoutVolatile(s.Create(call.FullItem()))
				title := s.UniqueName("patched")
				s.Patch(before.ID, call.Replace("/title", title)).ExpectStatus(200)
				after := check.WithoutVolatile(s.WaitForVersionAfter(before.ID, before.Version))
				s.Expect(after.Title).To(gomega.Equal(title), "title")
				after.Title, after.Version, after.UpdatedAt = before.Title, before.Version, before.UpdatedAt
				s.Expect(after).To(gomega.Equal(before), "the item, but for what was patched")
			}},
		{Rule: rule.Rule{ID: "patch/empty-list", Level: rule.Must,
			Evidence: "[D] published document: the item is unmodified",
			Text:     "An empty list of operations returns 200 and the unmodified item, with the same version"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				s.Expect(check.WithoutVolatile(s.Patch(it.ID).ExpectStatus(200).Item())).
					To(gomega.Equal(check.WithoutVolatile(it)), "the item in the response to the PATCH")
				s.ExpectSame(it, "the item after the PATCH")
			}},
		{Rule: rule.Rule{ID: "patch/wants-a-list", Level: rule.Must, Evidence: "[R] connect issue 61",
			Text: "An operation that is not in a list returns 400 and changes nothing"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				s.Do("PatchVaultItem", call.Item(it.ID), call.Body(call.Replace("/favorite", true))).
					ExpectError(400, "")
				s.ExpectSame(it, "the item after the refused PATCH")
			}},
		{Rule: rule.Rule{ID: "patch/favorite", Level: rule.Must, Evidence: "[D] published document: PatchItemAttr",
			Text: "favorite can be set to true and to false"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				for i, favorite := range []bool{true, false} {
					s.Patch(it.ID, call.Replace("/favorite", favorite)).ExpectStatus(200)
					s.Expect(s.WaitForVersionAfter(it.ID, it.Version+i).Favorite).To(gomega.Equal(favorite), "favorite")
				}
			}},
		{Rule: rule.Rule{ID: "patch/tag-by-index", Level: rule.Must,
			Evidence: "[D] published document: remove /tags/1",
			Text:     "remove /tags/1 removes the second tag, in the order in which they are read, and no other"},
			Check: func(s *check.Session) {
				in := call.Note()
				in.Tags = []string{"a3", "a1", "a2"} // before the tags of the suite in the order of the server
				it := s.ReadItem(s.Create(in).ID)
				s.Expect(len(it.Tags)).To(gomega.BeNumerically(">=", 3), "number of tags")
				want := append([]string{it.Tags[0]}, it.Tags[2:]...)
				s.Patch(it.ID, call.Remove("/tags/1")).ExpectStatus(200)
				s.Expect(s.WaitForVersionAfter(it.ID, it.Version).Tags).To(gomega.Equal(want), "tags")
			}},
		{Rule: rule.Rule{ID: "patch/tag-at-the-end", Level: rule.Should,
			Evidence: "[D] RFC 6902, section 4.2, which the published document names: what is removed must exist",
			Text:     "remove /tags/N removes the last tag, and is refused beyond it, as replace is, without a change"},
			Check: func(s *check.Session) {
				in := call.Note()
				in.Tags = []string{"a3", "a1", "a2"}
				it := s.ReadItem(s.Create(in).ID)
				n := len(it.Tags)
				for _, beyond := range []int{n, n + 1, 1000} {
					path := fmt.Sprintf("/tags/%d", beyond)
					s.Patch(it.ID, call.Remove(path)).ExpectClientError()
					s.Patch(it.ID, call.Replace(path, "never")).ExpectClientError()
				}
				s.ExpectSame(it, "the item after the refused PATCH")
				s.Patch(it.ID, call.Remove(fmt.Sprintf("/tags/%d", n-1))).ExpectStatus(200)
				s.Expect(s.WaitForVersionAfter(it.ID, it.Version).Tags).To(gomega.Equal(it.Tags[:n-1]), "tags")
			}},
		{Rule: rule.Rule{ID: "patch/tags", Level: rule.Should, Evidence: "[D] published document: an item attribute",
			Text: "replace /tags replaces all tags and sorts them"},
			Check: func(s *check.Session) {
				in := call.Note()
				in.Tags = []string{"blue"}
				it := s.Create(in)
				s.Patch(it.ID, call.Replace("/tags", []string{"zebra", "apple", call.Tag, call.RunPrefix(s.ID)})).
					ExpectStatus(200)
				s.Expect(s.WithoutSuiteTags(s.WaitForVersionAfter(it.ID, it.Version).Tags)).
					To(gomega.Equal([]string{"apple", "zebra"}), "tags")
			}},
		{Rule: rule.Rule{ID: "patch/url-by-index", Level: rule.Observed,
			Evidence: "[D] RFC 6902, section 4.1, which the published document names; [G] that it holds for URLs",
			Text:     "add /urls/0 inserts a URL before the others, remove /urls/N removes one"},
			Check: func(s *check.Session) {
				in := call.Note()
				in.URLs = []connect.URL{{Href: "https://one.example.com"}, {Href: "https://two.example.com"}}
				it := s.Create(in)
				added := connect.URL{Href: "https://new.example.com"}
				s.Patch(it.ID, call.Add("/urls/0", added)).ExpectStatus(200)
				it = s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(hrefs(it)).To(gomega.Equal([]string{added.Href, in.URLs[0].Href, in.URLs[1].Href}),
					"href of the urls")
				s.Patch(it.ID, call.Remove("/urls/1")).ExpectStatus(200)
				s.Expect(hrefs(s.WaitForVersionAfter(it.ID, it.Version))).
					To(gomega.Equal([]string{added.Href, in.URLs[1].Href}), "href of the urls")
			}},
		{Rule: rule.Rule{ID: "patch/urls", Level: rule.Should, Evidence: "[D] published document: an item attribute",
			Text: "replace /urls replaces the URLs"},
			Check: func(s *check.Session) {
				it := s.Create(call.FullItem())
				urls := []connect.URL{{Href: "https://new.example.com", Primary: true}}
				s.Patch(it.ID, call.Replace("/urls", urls)).ExpectStatus(200)
				s.Expect(s.WaitForVersionAfter(it.ID, it.Version).URLs).To(gomega.Equal(urls), "urls")
			}},
		{Rule: rule.Rule{ID: "patch/whole-item", Level: rule.Must,
			Evidence: "[D] published document: ReplaceAllAttributes, equivalent to a PUT",
			Text:     "replace / replaces the whole item, as PUT does"},
			Check: func(s *check.Session) {
				it := s.Create(call.FullItem())
				in := call.Login()
				in.ID, in.Title, in.Vault = it.ID, s.UniqueName("whole"), &it.Vault
				in.Tags = []string{call.Tag, call.RunPrefix(s.ID)}
				s.Patch(it.ID, call.Replace("/", in)).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Title).To(gomega.Equal(in.Title), "title")
				s.Expect(check.FieldIDs(got)).To(gomega.ConsistOf("username", "password", "notesPlain"),
					"ids of the fields")
				s.Expect(got.URLs).To(gomega.BeEmpty(), "urls")
				s.Expect(got.Favorite).To(gomega.BeFalse(), "favorite")
				s.Expect(s.WithoutSuiteTags(got.Tags)).To(gomega.BeEmpty(), "tags")
			}},
		{Rule: rule.Rule{ID: "patch/whole-item-of-the-document", Level: rule.Must,
			Evidence: "[D] published document: the example of ReplaceAllAttributes has neither a vault nor a category",
			Text:     "replace / without a vault and a category keeps those of the item"},
			Check: func(s *check.Session) {
				it, title := s.Create(call.Login()), s.UniqueName("whole")
				s.Patch(it.ID, call.Replace("/",
					map[string]any{"title": title, "tags": []string{call.Tag, call.RunPrefix(s.ID)}})).
					ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Title).To(gomega.Equal(title), "title")
				s.Expect(got.Category).To(gomega.Equal(it.Category), "category")
				s.Expect(got.Vault.ID).To(gomega.Equal(it.Vault.ID), "id of the vault")
			}},
		{Rule: rule.Rule{ID: "patch/in-order", Level: rule.Must,
			Evidence: "[D] RFC 6902, section 3, which the published document names",
			Text:     "Operations are applied in order, each to the result of the one before"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				s.Patch(it.ID,
					call.Replace("/fields/username/value", "first"), call.Replace("/fields/username/value", "second"),
					call.Replace("/fields/password/value", "second"), call.Replace("/fields/password/value", "first"),
				).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(s.Field(got, "username").Value).To(gomega.Equal("second"), "value of the field username")
				s.Expect(s.Field(got, "password").Value).To(gomega.Equal("first"), "value of the field password")
			}},
		{Rule: rule.Rule{ID: "patch/all-or-nothing", Level: rule.Must,
			Evidence: "[D] RFC 6902, section 5, which the published document names",
			Text: "If one operation is invalid, first or last, no operation is applied and " +
				"the version stays the same"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				valid := []connect.PatchOperation{call.Replace("/title", s.UniqueName("never")),
					call.Replace("/fields/password/value", "half-applied-value"),
					call.Add("/fields", connect.FieldInput{Label: "never", Value: "x"})}
				invalid := call.Replace("/fields/nosuchfieldnosuchfieldnos/value", "x")
				s.Patch(it.ID, append(valid, invalid)...).ExpectError(400, "")
				s.Patch(it.ID, append([]connect.PatchOperation{invalid}, valid...)...).ExpectError(400, "")
				s.ExpectSame(it, "the item after the refused PATCH")
			}},
		{Rule: rule.Rule{ID: "patch/three-operations-only", Level: rule.Must,
			Evidence: "[D] published document: only supports add, remove and replace",
			Text:     "move, copy, test and unknown operations are refused and change nothing"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				for _, op := range []string{"move", "copy", "test", "increment", ""} {
					s.Do("PatchVaultItem", call.Item(it.ID), call.Body([]map[string]any{
						{"op": op, "from": "/fields/username/value", "path": "/fields/password/value",
							"value": "kite-lantern-51"}})).ExpectClientError()
				}
				s.ExpectSame(it, "the item after the refused PATCH")
			}},
		{Rule: rule.Rule{ID: "patch/path-has-slash", Level: rule.Observed,
			Evidence: "[R] connect issue 58, a comment of 2024; the status is not recorded",
			Text:     "A path without a leading slash is refused and changes nothing"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				s.Patch(it.ID, call.Replace("title", s.UniqueName("never"))).ExpectClientError()
				s.ExpectSame(it, "the item after the refused PATCH")
			}},
		{Rule: rule.Rule{ID: "patch/is-listed", Level: rule.Must,
			Evidence: "[C] external-secrets and operator read lists after a write",
			Text:     "The list and the filters use what a PATCH changed"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				s.ExpectFound("title eq "+call.Quote(it.Title), it.Title)
				title := s.UniqueName("patched")
				s.Patch(it.ID, call.Replace("/title", title)).ExpectStatus(200)
				s.ExpectFound("title eq "+call.Quote(title), title)
				s.ExpectFound("title eq " + call.Quote(it.Title))
				s.Expect(s.FindItems("title eq " + call.Quote(title))[0].Version).
					To(gomega.Equal(s.ReadItem(it.ID).Version), "version of the listed item")
			}},
	})
}

// hrefs returns the addresses of the URLs of an item.
func hrefs(it connect.Item) (list []string) {
	for _, u := range it.URLs {
		list = append(list, u.Href)
	}
	return list
}
