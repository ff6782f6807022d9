package contract

import (
	"crypto/rand"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// itemIdentityRules returns the rules about ids that a client sends: of the item, and
// the same id twice.
func itemIdentityRules() []rule {
	return []rule{
		{Rule{ID: "items/create-overwrites-nothing", Tag: "Items", Level: Must,
			Evidence: "[D] published document: POST creates an item; [W] clients send ids",
			Text:     "A POST with the id of an existing item does not change that item",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.create(loginInput())
				in := loginInput() // of the same category, which a PUT can't change
				in.ID, in.Title = it.ID, s.uniqueName("of another")
				res := s.tryCreate(in)
				if res.Status == 200 {
					created := res.item()
					s.Expect(created.ID).NotTo(gomega.Equal(it.ID), "id of the second item")
					s.Expect(s.waitForNewItem(created.ID).Title).To(gomega.Equal(in.Title), "title of the second item")
				}
				s.expectSame(it, "the item of that id")
			}},
		{Rule{ID: "items/create-chooses-id", Tag: "Items", Level: Observed,
			Evidence: "[W] clients send ids; [G] that the id of a new item is always the server's",
			Text:     "A POST with an id that no item has creates an item with another id",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				in := noteInput()
				in.ID = newItemID()
				it := s.create(in)
				s.Expect(it.ID).NotTo(gomega.Equal(in.ID), "id")
				s.do("GetVaultItemById", item(in.ID)).expectError(404, "not found")
			}},
		{Rule{ID: "items/refuses-two-sections-of-one-id", Tag: "Items", Level: Observed,
			Evidence: "[R] connect issue 75, through the op command line; [G] that POST and PUT both refuse it",
			Text:     "An item with two sections of one id returns 400 has non-unique name, by POST and by PUT",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				in := noteInput()
				in.Sections = []connect.Section{{ID: "same", Label: "one"}, {ID: "other", Label: "two"}, {ID: "same", Label: "three"}}
				s.expectRefusedItem(in, "has non-unique name")
			}},
		{Rule{ID: "items/refuses-two-fields-of-one-id", Tag: "Items", Level: Observed,
			Evidence: "[G] by analogy with sections, which connect issue 75 shows; clients find fields by their ids [C]",
			Text:     "An item with two fields of one id returns 400, by POST, PUT and a PATCH that adds the second",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem", "PatchVaultItem")},
			func(s *session) {
				one := connect.FieldInput{ID: "same", Label: "one", Value: "1"}
				two := connect.FieldInput{ID: "same", Label: "two", Value: "2"}
				s.expectRefusedItem(noteWith(one, two), "")
				it := s.create(noteWith(one))
				s.patch(it.ID, addOp("/fields", two)).expectError(400, "")
				s.expectSame(it, "the item after the refused PATCH")
			}},
	}
}

// newItemID returns a random id that no item has.
func newItemID() string { return strings.ToLower(rand.Text()) }

// expectRefusedItem asserts that a POST and a PUT of an item return 400 with a message
// that matches, create nothing and change nothing.
func (s *session) expectRefusedItem(in connect.ItemInput, pattern string) {
	in.Title = s.uniqueName("refused")
	s.tryCreate(in).expectError(400, pattern)
	s.expectNoItem(in.Title)
	it := s.create(noteInput())
	s.replace(it, in).expectError(400, pattern)
	s.expectSame(it, "the item after the refused PUT")
}
