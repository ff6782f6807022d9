package patch

import (
	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// MemberRules returns the rules about paths to the members of an item, but for fields.
func MemberRules() []check.Rule {
	const attribute = "[D] published document: a path leads to an item attribute"
	return check.WithDefaults(rule.Rule{
		Tag: "Patch", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write},
		Operations: operation.OfNewItem("PatchVaultItem"),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "patch/tag-values", Level: rule.Should,
			Evidence: "[D] RFC 6902, sections 4.1 and 4.3, which the published document names",
			Text:     "add /tags/- and /tags/0 add a tag, replace /tags/N replaces one"},
			Check: func(s *check.Session) {
				in := call.Note()
				in.Tags = []string{"a1", "a2"} // before the tags of the suite in the order of the server
				it := s.Create(in)
				s.Patch(it.ID, call.Add("/tags/-", "a4"), call.Add("/tags/0", "a0")).ExpectStatus(200)
				it = s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(s.WithoutSuiteTags(it.Tags)).To(gomega.Equal([]string{"a0", "a1", "a2", "a4"}), "tags")
				s.Patch(it.ID, call.Replace("/tags/2", "a3")).ExpectStatus(200)
				s.Expect(s.WithoutSuiteTags(s.WaitForVersionAfter(it.ID, it.Version).Tags)).
					To(gomega.Equal([]string{"a0", "a1", "a3", "a4"}), "tags")
			}},
		{Rule: rule.Rule{ID: "patch/url-members", Level: rule.Observed,
			Evidence: "[D] RFC 6901, which the published document names; [G] that a path may lead into a URL",
			Text:     "href, label and primary of a URL can be replaced, the others stay"},
			Check: func(s *check.Session) {
				in := call.Note()
				in.URLs = []connect.URL{
					{Href: "https://one.example.com", Label: "one"}, {Href: "https://two.example.com", Label: "two"},
				}
				it := s.Create(in)
				s.Patch(it.ID, call.Replace("/urls/0/href", "https://new.example.com"),
					call.Replace("/urls/1/label", "new"), call.Replace("/urls/1/primary", true)).ExpectStatus(200)
				s.Expect(s.WaitForVersionAfter(it.ID, it.Version).URLs).To(gomega.Equal([]connect.URL{
					{Href: "https://new.example.com", Label: "one"},
					{Href: "https://two.example.com", Label: "new", Primary: true}}), "urls")
			}},
		{Rule: rule.Rule{ID: "patch/sections", Level: rule.Should, Evidence: attribute,
			Text: "replace /sections replaces the sections of an item"},
			Check: func(s *check.Session) {
				in := call.Note()
				in.Sections = []connect.Section{{ID: "one", Label: "One"}}
				it := s.Create(in)
				sections := []connect.Section{{ID: "two", Label: "Two"}, {ID: "three", Label: "Three"}}
				s.Patch(it.ID, call.Replace("/sections", sections)).ExpectStatus(200)
				s.Expect(s.WaitForVersionAfter(it.ID, it.Version).Sections).To(gomega.Equal(sections), "sections")
			}},
		{Rule: rule.Rule{ID: "patch/section-by-id", Level: rule.Observed,
			Evidence: attribute + "; [G] that a section is named by its id, as a field is",
			Text: "replace /sections/{id}/label renames a section, also in its fields; " +
				"replace /sections/{id} does so with the section, and remove keeps the fields"},
			Check: checkSectionsByID},
		{Rule: rule.Rule{ID: "patch/remove-members", Level: rule.Observed,
			Evidence: "[D] RFC 6902, section 4.2, which the published document names; [G] that it holds for these",
			Text:     "remove of /favorite and /urls leaves the item without them"},
			Check: func(s *check.Session) {
				it := s.Create(call.FullItem())
				s.Patch(it.ID, call.Remove("/favorite"), call.Remove("/urls")).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Favorite).To(gomega.BeFalse(), "favorite")
				s.Expect(got.URLs).To(gomega.BeEmpty(), "urls")
				s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)), "fields")
			}},
		{Rule: rule.Rule{ID: "patch/wrong-values", Level: rule.Should,
			Evidence: "[D] RFC 6902, sections 4 and 5, which the published document names; the status is not recorded",
			Text: "A value that is missing or of the wrong type, or a path to nothing, is " +
				"refused and changes nothing",
			Long: true},
			Check: checkWrongValues},
		{Rule: rule.Rule{ID: "patch/present-members", Level: rule.Observed,
			Evidence: "[D] published document: the value of a PATCH may be an item, which has them; " +
				"[G] that each may be set alone",
			Text: "A PATCH that sets the category or the id of the vault to what it is, is " +
				"accepted and changes neither"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				s.Patch(it.ID, call.Replace("/vault/id", it.Vault.ID), call.Replace("/category", it.Category)).
					ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Vault.ID).To(gomega.Equal(it.Vault.ID), "id of the vault")
				s.Expect(got.Category).To(gomega.Equal(it.Category), "category")
			}},
		{Rule: rule.Rule{ID: "patch/fixed-members", Level: rule.Should,
			Evidence: "[D] published document: an item has one id and one vault; " +
				"[C] operator and Vault plugin select by createdAt; [G] whether the PATCH is refused or ignored",
			Text: "A PATCH of the id, the vault, the category, the version or createdAt changes none of them"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				for path, value := range map[string]any{
					"/id": call.NoItem, "/vault": map[string]string{"id": call.NoVault}, "/vault/id": call.NoVault,
					"/category": "LOGIN", "/version": 41, "/createdAt": "2001-02-03T04:05:06Z",
				} {
					if res := s.Patch(it.ID, call.Replace(path, value)); res.Status != 200 {
						res.ExpectClientError()
					}
				}
				title := s.UniqueName("patched")
				s.Patch(it.ID, call.Replace("/title", title)).ExpectStatus(200)
				got := s.WaitForItem(it.ID,
					"the title of the last PATCH", func(it connect.Item) bool { return it.Title == title })
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Vault.ID).To(gomega.Equal(it.Vault.ID), "id of the vault")
				s.Expect(got.Category).To(gomega.Equal(it.Category), "category")
				s.Expect(got.Version).To(gomega.BeNumerically("<", 10), "version")
				s.Expect(got.CreatedAt.Time).To(gomega.BeTemporally("==", it.CreatedAt.Time), "createdAt")
			}},
	})
}

// checkSectionsByID patches the sections of an item with a field in each.
func checkSectionsByID(s *check.Session) {
	in := call.NoteWith(
		connect.FieldInput{ID: "a", Label: "a", Value: "1", Section: &connect.Section{ID: "one"}},
		connect.FieldInput{ID: "b", Label: "b", Value: "2", Section: &connect.Section{ID: "two"}},
		connect.FieldInput{ID: "c", Label: "c", Value: "3", Section: &connect.Section{ID: "three"}})
	in.Sections = []connect.Section{{ID: "one", Label: "One"}, {ID: "two", Label: "Two"}, {ID: "three", Label: "Three"}}
	it := s.Create(in)
	s.Patch(it.ID, call.Replace("/sections/one/label", "First"),
		call.Replace("/sections/two", connect.Section{ID: "two", Label: "Second"}), call.Remove("/sections/three"),
	).ExpectStatus(200)
	got := s.WaitForVersionAfter(it.ID, it.Version)
	sections := []connect.Section{{ID: "one", Label: "First"}, {ID: "two", Label: "Second"}}
	s.Expect(got.Sections).To(gomega.Equal(sections), "sections")
	s.Expect(s.Field(got, "a").Section).To(gomega.Equal(&sections[0]), "section of the field a")
	s.Expect(s.Field(got, "b").Section).To(gomega.Equal(&sections[1]), "section of the field b")
	s.Expect(s.Field(got, "c").Section).To(gomega.BeNil(), "section of the field c")
	s.Expect(s.Field(got, "c").Value).To(gomega.Equal("3"), "value of the field c")
}

// checkWrongValues sends operations that can't be carried out.
func checkWrongValues(s *check.Session) {
	in := call.FullItem()
	it := s.Create(in)
	for _, op := range []connect.PatchOperation{
		{Op: "replace", Path: "/title"}, {Op: "add", Path: "/fields"}, {Op: "replace", Path: "/fields/username/value"},
		call.Replace("/title", 5), call.Replace("/favorite", "yes"), call.Replace("/tags", "one"),
		call.Replace("/tags", []int{1}),
		call.Replace("/urls", "https://example.com"), call.Replace("/urls/0", 1), call.Replace("/sections", 1),
		call.Add("/fields", "one"), call.Replace("/fields/username", 5), call.Replace("/fields/username/value", 5),
		call.Replace("/nosuchmember", "x"), call.Replace("/title/deeper", "x"),
		call.Replace("/fields/username/nosuchmember", "x"),
		call.Replace("/fields/username/value/deeper", "x"), call.Replace("/urls/one", in.URLs[0]),
		call.Remove("/tags/-1"), call.Remove("/"),
	} {
		s.Patch(it.ID, op).ExpectClientError()
	}
	s.ExpectSame(it, "the item after the refused PATCH")
}
