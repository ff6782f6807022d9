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
			Evidence: "[D] example of the API reference and changelog 1.1.0; [R] one item of another project's test",
			Text:     "PATCH and PUT put the password they replace in front of passwordDetails.history; a PUT with the same password adds nothing",
			Needs:    []Capability{Write}, Operations: making("PatchVaultItem", "UpdateVaultItem")},
			func(s *session) {
				it := s.create(loginWith(connect.FieldInput{Purpose: "PASSWORD", Value: "kite-lantern-51"}))
				s.Expect(s.history(it)).To(gomega.BeEmpty(), "history of a new password")
				s.patch(it.ID, replaceOp("/fields/password/value", "kite-lantern-52")).expect(200)
				it = s.readAfter(it.ID, it.Version)
				s.Expect(s.history(it)).To(gomega.Equal([]string{"kite-lantern-51"}), "history after a PATCH of the password")
				for range 2 {
					s.replace(it, loginWith(connect.FieldInput{Purpose: "PASSWORD", Value: "kite-lantern-53"})).expect(200)
					it = s.readAfter(it.ID, it.Version)
					s.Expect(s.history(it)).To(gomega.Equal([]string{"kite-lantern-52", "kite-lantern-51"}), "history after a PUT with the password")
				}
			}},
		{Rule{ID: "fields/password-is-generated", Tag: "Items", Level: Should, Evidence: "[D] example of the API reference",
			Text:  "passwordDetails of a generated password says so, with the whole bits of its entropy and a strength",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				f := s.field(s.read(s.create(loginWith(connect.FieldInput{Purpose: "PASSWORD", Generate: true})).ID), "password")
				if f.PasswordDetails == nil {
					s.fail("the generated password has no passwordDetails")
				}
				s.Expect(f.PasswordDetails.Generated).To(gomega.BeTrue(), "generated of passwordDetails")
				s.Expect(f.PasswordDetails.Entropy).To(gomega.Equal(int(f.Entropy)), "entropy of passwordDetails, beside that of the field")
				s.Expect(f.PasswordDetails.Strength).To(gomega.BeElementOf(connect.PasswordStrengths()), "strength of passwordDetails")
			}},
		{Rule{ID: "fields/password-history-is-of-the-server", Tag: "Items", Level: Should,
			Evidence: "[C] clients send back what they were answered; [G] that it does not count",
			Text:     "passwordDetails in a request is neither refused nor kept",
			Needs:    []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.createRaw(`"category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"kite-lantern-51",
					"passwordDetails":{"entropy":1,"strength":"TERRIBLE","generated":true,"history":["never-a-password"]}}]`)
				s.Expect(strings.Join(s.history(s.read(it.ID)), " ")).NotTo(gomega.ContainSubstring("never-a-password"), "history of a new password")
			}},
	}
}

func loginWith(password connect.FieldInput) connect.ItemInput {
	return connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{{Purpose: "USERNAME", Value: "wendy"}, password}}
}

// history returns the former passwords of an item, newest first.
func (s *session) history(it connect.Item) []string {
	if d := s.field(it, "password").PasswordDetails; d != nil {
		return d.History
	}
	return nil
}
