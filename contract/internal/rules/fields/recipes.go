package fields

import (
	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// RecipeRules returns the rules about when a value is generated and how its recipe is
// read.
func RecipeRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem("PatchVaultItem"),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "fields/generate-keeps-value", Tag: "Items", Level: rule.Should,
			Evidence:   "[D] published document: generated if no value is present",
			Text:       "A value that is sent together with generate is kept, by POST, PUT and PATCH",
			Operations: operation.OfNewItem("UpdateVaultItem", "PatchVaultItem")},
			Check: func(s *check.Session) {
				sent := func(value string) connect.FieldInput {
					return connect.FieldInput{Purpose: "PASSWORD", Value: value, Generate: true,
						Recipe: &connect.Recipe{Length: 12}}
				}
				it := s.Create(call.LoginWith(sent("kite-lantern-51")))
				s.Expect(s.Field(s.ReadItem(it.ID), "password").Value).To(gomega.Equal("kite-lantern-51"),
					"value of the field password after a POST")
				s.Replace(it, call.LoginWith(sent("kite-lantern-52"))).ExpectStatus(200)
				it = s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(s.Field(it, "password").Value).To(gomega.Equal("kite-lantern-52"),
					"value of the field password after a PUT")
				s.Patch(it.ID, call.Replace("/fields/password", sent("kite-lantern-53"))).ExpectStatus(200)
				s.Expect(s.Field(s.WaitForVersionAfter(it.ID, it.Version), "password").Value).
					To(gomega.Equal("kite-lantern-53"), "value of the field password after a PATCH")
			}},
		{Rule: rule.Rule{ID: "fields/generate-recipe-in-part", Tag: "Items", Level: rule.Should,
			Evidence: "[D] published document: the default length is 32, the sets of characters are optional",
			Text: "A recipe may have only a length, which means all sets, or only sets, " +
				"which means 32 characters",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				in := call.NoteWith(
					connect.FieldInput{Label: "length", Type: "CONCEALED", Generate: true,
						Recipe: &connect.Recipe{Length: 64}},
					connect.FieldInput{Label: "more", Type: "CONCEALED", Generate: true,
						Recipe: &connect.Recipe{Length: 64}},
					connect.FieldInput{Label: "one", Type: "CONCEALED", Generate: true,
						Recipe: &connect.Recipe{Length: 1}},
					connect.FieldInput{Label: "digits", Type: "CONCEALED", Generate: true,
						Recipe: &connect.Recipe{CharacterSets: []string{"DIGITS"}}},
					connect.FieldInput{Label: "letters", Type: "CONCEALED", Generate: true,
						Recipe: &connect.Recipe{CharacterSets: []string{"LETTERS"}}},
				)
				it := s.ReadItem(s.Create(in).ID)
				value := func(label string) string { return s.FieldWithLabel(it, label).Value }
				s.Expect(value("one")).To(gomega.MatchRegexp(`^[!-~]$`),
					"value of the field with the recipe of length 1")
				s.Expect(value("digits")).To(gomega.MatchRegexp(`^[0-9]{32}$`),
					"value of the field with the recipe DIGITS")
				s.Expect(value("letters")).To(gomega.MatchRegexp(`^[A-Za-z]{32}$`),
					"value of the field with the recipe LETTERS")
				all := value("length") + value("more")
				s.Expect(all).To(gomega.MatchRegexp(`^[!-~]{128}$`), "values of the fields with recipes of length 64")
				// 128 random characters have some of each set.
				for _, set := range []string{`[A-Za-z]`, `[0-9]`, `[^A-Za-z0-9]`} {
					s.Expect(all).To(gomega.MatchRegexp(set), "values of the fields with recipes of length 64")
				}
			}},
		{Rule: rule.Rule{ID: "patch/field-generates", Tag: "Patch", Level: rule.Should,
			Evidence: "[D] published document: the value of an operation is a field, with generate and recipe",
			Text:     "A field that a PATCH adds or replaces with generate has a new value by its recipe"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				letters := &connect.Recipe{Length: 21, CharacterSets: []string{"LETTERS"}}
				s.Patch(it.ID,
					call.Add("/fields", connect.FieldInput{Label: "pin", Type: "CONCEALED", Generate: true,
						Recipe: &connect.Recipe{Length: 9, CharacterSets: []string{"DIGITS"}}}),
					call.Replace("/fields/password", map[string]any{"generate": true, "recipe": letters}),
				).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(s.FieldWithLabel(got, "pin").Value).To(gomega.MatchRegexp(`^[0-9]{9}$`),
					"generated value of the added field")
				s.Expect(s.Field(got, "password").Value).To(gomega.MatchRegexp(`^[A-Za-z]{21}$`),
					"generated value of the field password")
				s.Expect(s.Field(got, "password").Purpose).To(gomega.Equal("PASSWORD"), "purpose of the field password")
			}},
		{Rule: rule.Rule{ID: "patch/recipe-is-checked", Tag: "Patch", Level: rule.Observed,
			Evidence: "[D] bounds of the published document; [G] that they are checked in a PATCH too",
			Text:     "A PATCH refuses a recipe whose length is out of bounds and changes nothing"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				for _, length := range []int{-1, 65} {
					f := map[string]any{"label": "never", "generate": true, "recipe": map[string]any{"length": length}}
					s.Patch(it.ID, call.Add("/fields", f)).ExpectError(400, "")
					s.Patch(it.ID, call.Replace("/fields/password", f)).ExpectError(400, "")
				}
				s.ExpectSame(it, "the item after the refused PATCH")
			}},
		{Rule: rule.Rule{ID: "fields/generated-entropy", Tag: "Items", Level: rule.Observed,
			Evidence: "[R] a recorded password of 32 characters has 189.7836 bits; " +
				"[G] that the entropy grows with the length",
			Text: "The entropy of a generated password is proportional to its length and grows " +
				"with its sets of characters",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				entropy := func(r *connect.Recipe) float64 {
					in := call.LoginWith(connect.FieldInput{Purpose: "PASSWORD", Generate: true, Recipe: r})
					return s.Field(s.ReadItem(s.Create(in).ID), "password").Entropy
				}
				usual := entropy(nil)
				s.Expect(entropy(&connect.Recipe{Length: 64})).To(gomega.BeNumerically("~", 2*usual, 1),
					"entropy of a password of 64 characters, against twice that of one of 32")
				digits := entropy(&connect.Recipe{CharacterSets: []string{"DIGITS"}})
				s.Expect(digits).To(gomega.BeNumerically("<", usual),
					"entropy of a password of digits, against that of all sets")
				s.Expect(digits).To(gomega.BeNumerically(">", 32), "entropy of a password of 32 digits")
			}},
	})
}
