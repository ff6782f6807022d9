package contract

import (
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// patchMemberRules returns the rules about paths to the members of an item, but for fields.
func patchMemberRules() []rule {
	const attribute = "[D] published document: a path leads to an item attribute"
	return []rule{
		{Rule{ID: "patch/tag-values", Tag: "Patch", Level: Should,
			Evidence: "[D] RFC 6902, sections 4.1 and 4.3, which the published document names",
			Text:     "add /tags/- and /tags/0 add a tag, replace /tags/N replaces one",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				in := noteInput()
				in.Tags = []string{"a1", "a2"} // before the tags of the suite in the order of the server
				it := s.create(in)
				s.patch(it.ID, addOp("/tags/-", "a4"), addOp("/tags/0", "a0")).expectStatus(200)
				it = s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(s.withoutSuiteTags(it.Tags)).To(gomega.Equal([]string{"a0", "a1", "a2", "a4"}), "tags")
				s.patch(it.ID, replaceOp("/tags/2", "a3")).expectStatus(200)
				s.Expect(s.withoutSuiteTags(s.waitForVersionAfter(it.ID, it.Version).Tags)).
					To(gomega.Equal([]string{"a0", "a1", "a3", "a4"}), "tags")
			}},
		{Rule{ID: "patch/url-members", Tag: "Patch", Level: Observed,
			Evidence: "[D] RFC 6901, which the published document names; [G] that a path may lead into a URL",
			Text:     "href, label and primary of a URL can be replaced, the others stay",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				in := noteInput()
				in.URLs = []connect.URL{
					{Href: "https://one.example.com", Label: "one"}, {Href: "https://two.example.com", Label: "two"},
				}
				it := s.create(in)
				s.patch(it.ID, replaceOp("/urls/0/href", "https://new.example.com"), replaceOp("/urls/1/label", "new"),
					replaceOp("/urls/1/primary", true)).expectStatus(200)
				s.Expect(s.waitForVersionAfter(it.ID, it.Version).URLs).To(gomega.Equal([]connect.URL{
					{Href: "https://new.example.com", Label: "one"}, {Href: "https://two.example.com", Label: "new", Primary: true},
				}), "urls")
			}},
		{Rule{ID: "patch/sections", Tag: "Patch", Level: Should, Evidence: attribute,
			Text:    "replace /sections replaces the sections of an item",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				in := noteInput()
				in.Sections = []connect.Section{{ID: "one", Label: "One"}}
				it := s.create(in)
				sections := []connect.Section{{ID: "two", Label: "Two"}, {ID: "three", Label: "Three"}}
				s.patch(it.ID, replaceOp("/sections", sections)).expectStatus(200)
				s.Expect(s.waitForVersionAfter(it.ID, it.Version).Sections).To(gomega.Equal(sections), "sections")
			}},
		{Rule{ID: "patch/section-by-id", Tag: "Patch", Level: Observed,
			Evidence: attribute + "; [G] that a section is named by its id, as a field is",
			Text: "replace /sections/{id}/label renames a section, also in its fields; replace /sections/{id} does so " +
				"with the section, and remove keeps the fields",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			checkSectionsByID},
		{Rule{ID: "patch/remove-members", Tag: "Patch", Level: Observed,
			Evidence: "[D] RFC 6902, section 4.2, which the published document names; [G] that it holds for these",
			Text:     "remove of /favorite and /urls leaves the item without them",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(fullInput())
				s.patch(it.ID, removeOp("/favorite"), removeOp("/urls")).expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Favorite).To(gomega.BeFalse(), "favorite")
				s.Expect(got.URLs).To(gomega.BeEmpty(), "urls")
				s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)), "fields")
			}},
		{Rule{ID: "patch/wrong-values", Tag: "Patch", Level: Should,
			Evidence: "[D] RFC 6902, sections 4 and 5, which the published document names; the status is not recorded",
			Text:     "A value that is missing or of the wrong type, or a path to nothing, is refused and changes nothing",
			Touches:  OwnItems, Long: true,
			Needs: []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			checkWrongValues},
		{Rule{ID: "patch/present-members", Tag: "Patch", Level: Observed,
			Evidence: "[D] published document: the value of a PATCH may be an item, which has them; [G] that each may be set alone",
			Text:     "A PATCH that sets the category or the id of the vault to what it is, is accepted and changes neither",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				s.patch(it.ID, replaceOp("/vault/id", it.Vault.ID), replaceOp("/category", it.Category)).expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Vault.ID).To(gomega.Equal(it.Vault.ID), "id of the vault")
				s.Expect(got.Category).To(gomega.Equal(it.Category), "category")
			}},
		{Rule{ID: "patch/fixed-members", Tag: "Patch", Level: Should,
			Evidence: "[D] published document: an item has one id and one vault; [C] operator and Vault plugin select by " +
				"createdAt; [G] whether the PATCH is refused or ignored",
			Text:    "A PATCH of the id, the vault, the category, the version or createdAt changes none of them",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				for path, value := range map[string]any{
					"/id": noItem, "/vault": map[string]string{"id": noVault}, "/vault/id": noVault, "/category": "LOGIN",
					"/version": 41, "/createdAt": "2001-02-03T04:05:06Z",
				} {
					if res := s.patch(it.ID, replaceOp(path, value)); res.Status != 200 {
						res.expectClientError()
					}
				}
				title := s.uniqueName("patched")
				s.patch(it.ID, replaceOp("/title", title)).expectStatus(200)
				got := s.waitForItem(it.ID, "the title of the last PATCH", func(it connect.Item) bool { return it.Title == title })
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Vault.ID).To(gomega.Equal(it.Vault.ID), "id of the vault")
				s.Expect(got.Category).To(gomega.Equal(it.Category), "category")
				s.Expect(got.Version).To(gomega.BeNumerically("<", 10), "version")
				s.Expect(got.CreatedAt.Time).To(gomega.BeTemporally("==", it.CreatedAt.Time), "createdAt")
			}},
	}
}

// checkSectionsByID patches the sections of an item with a field in each.
func checkSectionsByID(s *session) {
	in := noteWith(
		connect.FieldInput{ID: "a", Label: "a", Value: "1", Section: &connect.Section{ID: "one"}},
		connect.FieldInput{ID: "b", Label: "b", Value: "2", Section: &connect.Section{ID: "two"}},
		connect.FieldInput{ID: "c", Label: "c", Value: "3", Section: &connect.Section{ID: "three"}})
	in.Sections = []connect.Section{{ID: "one", Label: "One"}, {ID: "two", Label: "Two"}, {ID: "three", Label: "Three"}}
	it := s.create(in)
	s.patch(it.ID, replaceOp("/sections/one/label", "First"),
		replaceOp("/sections/two", connect.Section{ID: "two", Label: "Second"}), removeOp("/sections/three"),
	).expectStatus(200)
	got := s.waitForVersionAfter(it.ID, it.Version)
	sections := []connect.Section{{ID: "one", Label: "First"}, {ID: "two", Label: "Second"}}
	s.Expect(got.Sections).To(gomega.Equal(sections), "sections")
	s.Expect(s.field(got, "a").Section).To(gomega.Equal(&sections[0]), "section of the field a")
	s.Expect(s.field(got, "b").Section).To(gomega.Equal(&sections[1]), "section of the field b")
	s.Expect(s.field(got, "c").Section).To(gomega.BeNil(), "section of the field c")
	s.Expect(s.field(got, "c").Value).To(gomega.Equal("3"), "value of the field c")
}

// checkWrongValues sends operations that can't be carried out.
func checkWrongValues(s *session) {
	in := fullInput()
	it := s.create(in)
	for _, op := range []connect.PatchOperation{
		{Op: "replace", Path: "/title"}, {Op: "add", Path: "/fields"}, {Op: "replace", Path: "/fields/username/value"},
		replaceOp("/title", 5), replaceOp("/favorite", "yes"), replaceOp("/tags", "one"), replaceOp("/tags", []int{1}),
		replaceOp("/urls", "https://example.com"), replaceOp("/urls/0", 1), replaceOp("/sections", 1),
		addOp("/fields", "one"), replaceOp("/fields/username", 5), replaceOp("/fields/username/value", 5),
		replaceOp("/nosuchmember", "x"), replaceOp("/title/deeper", "x"), replaceOp("/fields/username/nosuchmember", "x"),
		replaceOp("/fields/username/value/deeper", "x"), replaceOp("/urls/one", in.URLs[0]), removeOp("/tags/-1"),
		removeOp("/"),
	} {
		s.patch(it.ID, op).expectClientError()
	}
	s.expectSame(it, "the item after the refused PATCH")
}
