package fields

import (
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// PasswordRules returns the rules about the details of a password.
func PasswordRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Items", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem(),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "fields/password-history", Level: rule.Should,
			Evidence: "[D] example of the API reference and changelog 1.1.0; " +
				"[R] one item in a test of another project",
			Text: "PATCH and PUT add the password they replace to " +
				"passwordDetails.history, unless it is the same",
			Operations: operation.OfNewItem("PatchVaultItem", "UpdateVaultItem")},
			Check: func(s *check.Session) {
				it := s.Create(call.LoginWith(connect.FieldInput{Purpose: "PASSWORD", Value: "kite-lantern-51"}))
				s.Expect(passwordHistory(s, it)).To(gomega.BeEmpty(), "history of a new password")
				s.Patch(it.ID, call.Replace("/fields/password/value", "kite-lantern-52")).ExpectStatus(200)
				it = s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(passwordHistory(s, it)).To(gomega.Equal([]string{"kite-lantern-51"}),
					"history after a PATCH of the password")
				for range 2 {
					s.Replace(it, call.LoginWith(connect.FieldInput{Purpose: "PASSWORD", Value: "kite-lantern-53"})).
						ExpectStatus(200)
					it = s.WaitForVersionAfter(it.ID, it.Version)
					s.Expect(passwordHistory(s, it)).To(gomega.Equal([]string{"kite-lantern-52", "kite-lantern-51"}),
						"history after a PUT with the password")
				}
			}},
		{Rule: rule.Rule{ID: "fields/password-history-of-first-field", Level: rule.Should,
			Evidence: "[D] example of the API reference and changelog 1.1.0; " +
				"[G] that the place of the field does not matter",
			Text:       "A password that is sent as the first field of its item has a history too",
			Operations: operation.OfNewItem("PatchVaultItem")},
			Check: func(s *check.Session) {
				it := s.Create(connect.ItemInput{Category: "PASSWORD",
					Fields: []connect.FieldInput{{Purpose: "PASSWORD", Value: "kite-lantern-51"}}})
				s.Patch(it.ID, call.Replace("/fields/password/value", "kite-lantern-52")).ExpectStatus(200)
				it = s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(passwordHistory(s, it)).To(gomega.Equal([]string{"kite-lantern-51"}),
					"history after a PATCH of the password")
			}},
		{Rule: rule.Rule{ID: "fields/password-is-generated", Level: rule.Should,
			Evidence: "[D] example of the API reference",
			Text: "passwordDetails of a generated password has generated, the entropy in " +
				"whole bits and a strength"},
			Check: func(s *check.Session) {
				f := s.Field(s.ReadItem(
					s.Create(call.LoginWith(connect.FieldInput{Purpose: "PASSWORD", Generate: true})).ID),
					"password")
				if f.PasswordDetails == nil {
					s.Fail("the generated password has no passwordDetails")
				}
				s.Expect(f.PasswordDetails.Generated).To(gomega.BeTrue(), "generated of passwordDetails")
				s.Expect(f.PasswordDetails.Entropy).To(gomega.Equal(int(f.Entropy)),
					"entropy of passwordDetails, beside that of the field")
				s.Expect(f.PasswordDetails.Strength).To(gomega.BeElementOf(connect.PasswordStrengths()),
					"strength of passwordDetails")
			}},
		{Rule: rule.Rule{ID: "fields/password-history-is-of-the-server", Level: rule.Should,
			Evidence: "[C] clients send back what they received; [G] that it is ignored",
			Text:     "passwordDetails in a request is accepted and ignored"},
			Check: func(s *check.Session) {
				it := s.CreateFromJSON(`"category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"kite-lantern-51",
					"passwordDetails":{"entropy":1,"strength":"TERRIBLE","generated":true,"history":["never-a-password"]}}]`)
				s.Expect(strings.Join(passwordHistory(s, s.ReadItem(it.ID)), " ")).
					NotTo(gomega.ContainSubstring("never-a-password"), "history of a new password")
			}},
	})
}

// passwordHistory returns the former passwords of an item, newest first.
func passwordHistory(s *check.Session, it connect.Item) []string {
	if d := s.Field(it, "password").PasswordDetails; d != nil {
		return d.History
	}
	return nil
}
