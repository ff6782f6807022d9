package items

import (
	"crypto/rand"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// IdentityRules returns the rules about ids that a client sends: of the item, and
// the same id twice.
func IdentityRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Items", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem(),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "items/create-overwrites-nothing", Level: rule.Must,
			Evidence: "[D] published document: POST creates an item; [W] clients send ids",
			Text:     "A POST with the id of an existing item does not change that item"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				in := call.Login() // of the same category, which a PUT can't change
				in.ID, in.Title = it.ID, s.UniqueName("of another")
				res := s.TryCreate(in)
				if res.Status == 200 {
					created := res.Item()
					s.Expect(created.ID).NotTo(gomega.Equal(it.ID), "id of the second item")
					s.Expect(s.WaitForNewItem(created.ID).Title).To(gomega.Equal(in.Title), "title of the second item")
				}
				s.ExpectSame(it, "the item of that id")
			}},
		{Rule: rule.Rule{ID: "items/create-chooses-id", Level: rule.Observed,
			Evidence: "[W] clients send ids; [G] that the id of a new item is always the server's",
			Text:     "A POST with an id that no item has creates an item with another id"},
			Check: func(s *check.Session) {
				in := call.Note()
				in.ID = newItemID()
				it := s.Create(in)
				s.Expect(it.ID).NotTo(gomega.Equal(in.ID), "id")
				s.Do("GetVaultItemById", call.Item(in.ID)).ExpectError(404, "not found")
			}},
		{Rule: rule.Rule{ID: "items/refuses-two-sections-of-one-id", Level: rule.Observed,
			Evidence:   "[R] connect issue 75, through the op command line; [G] that POST and PUT both refuse it",
			Text:       "An item with two sections of one id returns 400 has non-unique name, by POST and by PUT",
			Operations: operation.OfNewItem("UpdateVaultItem")},
			Check: func(s *check.Session) {
				in := call.Note()
				in.Sections = []connect.Section{{ID: "same", Label: "one"}, {ID: "other", Label: "two"},
					{ID: "same", Label: "three"}}
				expectRefusedItem(s, in, "has non-unique name")
			}},
		{Rule: rule.Rule{ID: "items/refuses-two-fields-of-one-id", Level: rule.Observed,
			Evidence: "[G] by analogy with sections, which connect issue 75 shows; " +
				"clients find fields by their ids [C]",
			Text:       "An item with two fields of one id returns 400, by POST, PUT and a PATCH that adds the second",
			Operations: operation.OfNewItem("UpdateVaultItem", "PatchVaultItem")},
			Check: func(s *check.Session) {
				one := connect.FieldInput{ID: "same", Label: "one", Value: "1"}
				two := connect.FieldInput{ID: "same", Label: "two", Value: "2"}
				expectRefusedItem(s, call.NoteWith(one, two), "")
				it := s.Create(call.NoteWith(one))
				s.Patch(it.ID, call.Add("/fields", two)).ExpectError(400, "")
				s.ExpectSame(it, "the item after the refused PATCH")
			}},
	})
}

// newItemID returns a random id that no item has.
func newItemID() string { return strings.ToLower(rand.Text()) }

// expectRefusedItem asserts that a POST and a PUT of an item return 400 with a message
// that matches, create nothing and change nothing.
func expectRefusedItem(s *check.Session, in connect.ItemInput, pattern string) {
	in.Title = s.UniqueName("refused")
	s.TryCreate(in).ExpectError(400, pattern)
	s.ExpectNoItem(in.Title)
	it := s.Create(call.Note())
	s.Replace(it, in).ExpectError(400, pattern)
	s.ExpectSame(it, "the item after the refused PUT")
}
