package contract

import (
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// itemPasswordRules returns the rules about the details of a password.
func itemPasswordRules() []rule {
	return []rule{
		{Rule{ID: "fields/password-history", Tag: "Items", Level: Should,
			Evidence: "[D] example of the API reference and changelog 1.1.0; [R] one item in a test of another project",
			Text:     "PATCH and PUT add the password they replace to passwordDetails.history, unless it is the same",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem", "UpdateVaultItem")},
			func(s *session) {
				it := s.create(loginInputWith(connect.FieldInput{Purpose: "PASSWORD", Value: "kite-lantern-51"}))
				s.Expect(s.passwordHistory(it)).To(gomega.BeEmpty(), "history of a new password")
				s.patch(it.ID, replaceOp("/fields/password/value", "kite-lantern-52")).expectStatus(200)
				it = s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(s.passwordHistory(it)).To(gomega.Equal([]string{"kite-lantern-51"}),
					"history after a PATCH of the password")
				for range 2 {
					s.replace(it, loginInputWith(connect.FieldInput{Purpose: "PASSWORD", Value: "kite-lantern-53"})).expectStatus(200)
					it = s.waitForVersionAfter(it.ID, it.Version)
					s.Expect(s.passwordHistory(it)).To(gomega.Equal([]string{"kite-lantern-52", "kite-lantern-51"}),
						"history after a PUT with the password")
				}
			}},
		{Rule{ID: "fields/password-history-of-first-field", Tag: "Items", Level: Should,
			Evidence: "[D] example of the API reference and changelog 1.1.0; [G] that the place of the field does not matter",
			Text:     "A password that is sent as the first field of its item has a history too",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(connect.ItemInput{Category: "PASSWORD",
					Fields: []connect.FieldInput{{Purpose: "PASSWORD", Value: "kite-lantern-51"}}})
				s.patch(it.ID, replaceOp("/fields/password/value", "kite-lantern-52")).expectStatus(200)
				it = s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(s.passwordHistory(it)).To(gomega.Equal([]string{"kite-lantern-51"}),
					"history after a PATCH of the password")
			}},
		{Rule{ID: "fields/password-is-generated", Tag: "Items", Level: Should, Evidence: "[D] example of the API reference",
			Text:    "passwordDetails of a generated password has generated, the entropy in whole bits and a strength",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				f := s.field(s.readItem(s.create(loginInputWith(connect.FieldInput{Purpose: "PASSWORD", Generate: true})).ID),
					"password")
				if f.PasswordDetails == nil {
					s.fail("the generated password has no passwordDetails")
				}
				s.Expect(f.PasswordDetails.Generated).To(gomega.BeTrue(), "generated of passwordDetails")
				s.Expect(f.PasswordDetails.Entropy).To(gomega.Equal(int(f.Entropy)),
					"entropy of passwordDetails, beside that of the field")
				s.Expect(f.PasswordDetails.Strength).To(gomega.BeElementOf(connect.PasswordStrengths()),
					"strength of passwordDetails")
			}},
		{Rule{ID: "fields/password-history-is-of-the-server", Tag: "Items", Level: Should,
			Evidence: "[C] clients send back what they received; [G] that it is ignored",
			Text:     "passwordDetails in a request is accepted and ignored",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.createFromJSON(`"category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"kite-lantern-51",
					"passwordDetails":{"entropy":1,"strength":"TERRIBLE","generated":true,"history":["never-a-password"]}}]`)
				s.Expect(strings.Join(s.passwordHistory(s.readItem(it.ID)), " ")).
					NotTo(gomega.ContainSubstring("never-a-password"), "history of a new password")
			}},
	}
}

// passwordHistory returns the former passwords of an item, newest first.
func (s *session) passwordHistory(it connect.Item) []string {
	if d := s.field(it, "password").PasswordDetails; d != nil {
		return d.History
	}
	return nil
}
