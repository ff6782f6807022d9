package items

import (
	"fmt"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/onsi/gomega"
)

// DeleteRules returns the rules about deleting items.
func DeleteRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Items", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem(),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "items/delete-answers-204", Level: rule.Must,
			Evidence: "[D] published document; [C] the Go SDK takes 204 only",
			Text:     "DELETE returns 204 and no body"},
			Check: func(s *check.Session) {
				res := s.Do("DeleteVaultItem", call.Item(s.Create(call.Note()).ID)).ExpectStatus(204)
				s.Expect(res.Body).To(gomega.BeEmpty(), "the body")
			}},
		{Rule: rule.Rule{ID: "items/delete-is-for-good", Level: rule.Must,
			Evidence:   "[D] changelog 1.1.0; [T] the text not found",
			Text:       "Every operation on a deleted item returns 404 not found, and no list shows it",
			Operations: operation.OfNewItem("UpdateVaultItem", "PatchVaultItem", "GetItemFiles")},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				s.Do("GetItemFiles", call.Item(it.ID)) // a server that caches responses caches this one
				s.Do("DeleteVaultItem", call.Item(it.ID)).ExpectStatus(204)
				s.WaitForDeletion(it.ID)
				s.ExpectFound("title eq " + call.Quote(it.Title))
				for _, res := range []*check.Response{
					s.Do("GetVaultItemById", call.Item(it.ID)), s.Replace(it, call.Note()),
					s.Patch(it.ID, call.Replace("/favorite", true)), s.Do("DeleteVaultItem", call.Item(it.ID)),
					s.Do("GetItemFiles", call.Item(it.ID)),
				} {
					res.ExpectError(404, "not found")
				}
				for _, listed := range s.Do("GetVaultItems").ExpectStatus(200).Items() {
					s.Expect(listed.ID).NotTo(gomega.Equal(it.ID), "id of an item in the list, where one was deleted")
				}
			}},
		{Rule: rule.Rule{ID: "items/delete-is-of-one", Level: rule.Must, Evidence: "[D] published document",
			Text: "Deleting an item does not change another one with the same title"},
			Check: func(s *check.Session) {
				in := call.Login()
				in.Title = s.UniqueName("twin")
				first, second := s.Create(in), s.Create(in)
				s.Do("DeleteVaultItem", call.Item(first.ID)).ExpectStatus(204)
				s.WaitForDeletion(first.ID)
				s.ExpectSame(second, "the item that was not deleted")
				s.Eventually(func() error {
					list := s.FindItems("title eq " + call.Quote(in.Title))
					if len(list) != 1 || list[0].ID != second.ID {
						return fmt.Errorf("%d items are found, expected only the one that was not deleted", len(list))
					}
					return nil
				})
			}},
		{Rule: rule.Rule{ID: "items/delete-trailing-slash", Level: rule.Should,
			Evidence: "[W] JS SDK, on lists; no other client redirects",
			Text:     "DELETE with a trailing slash deletes the item"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				s.Do("DeleteVaultItem", call.Item(it.ID), call.TrailingSlash()).ExpectStatus(204)
				s.WaitForDeletion(it.ID)
			}},
	})
}

// ReadRules returns the rule about reading items.
func ReadRules() []check.Rule {
	return []check.Rule{
		{Rule: rule.Rule{ID: "items/reads-change-nothing", Tag: "Items", Level: rule.Must,
			Evidence: "[C] operator and terraform provider read to see whether something changed",
			Text:     "Reading an item, listing it and listing its files do not change it",
			Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write},
			Operations: operation.OfNewItem("GetItemFiles")},
			Check: func(s *check.Session) {
				it := s.Create(call.FullItem())
				s.Do("GetItemFiles", call.Item(it.ID))
				s.ExpectFound("title eq "+call.Quote(it.Title), it.Title)
				first := s.ReadItem(it.ID)
				s.Expect(check.WithoutVolatile(s.ReadItem(it.ID))).To(gomega.Equal(check.WithoutVolatile(first)),
					"the item read again")
				s.Expect(first.UpdatedAt.Time).To(gomega.BeTemporally("~", it.UpdatedAt.Time, time.Second), "updatedAt")
			}},
	}
}
