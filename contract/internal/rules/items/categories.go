package items

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// category is a category of items that can be created, with the ids of the standard
// fields that clients rely on. The first field accepts any text. All categories also
// have the field notesPlain.
type category struct {
	name   string
	fields []string
}

// categories returns the categories of items that can be created.
func categories() []category {
	list := []category{
		{"LOGIN", []string{"username", "password"}},
		{"PASSWORD", []string{"password"}},
		{"SECURE_NOTE", nil},
		{"API_CREDENTIAL", []string{"username", "credential", "validFrom", "hostname"}},
		{"DATABASE", []string{"hostname", "database_type", "port", "database", "username", "password"}},
		{"CREDIT_CARD", []string{"cardholder", "type", "ccnum", "cvv", "expiry", "validFrom"}},
		{"IDENTITY",
			[]string{"firstname", "initial", "lastname", "gender", "birthdate", "occupation", "company", "department",
				"jobtitle"}},
		{"MEDICAL_RECORD",
			[]string{"location", "date", "healthcareprofessional", "patient", "reason", "medication",
				"dosage", "notes"}},
		{"SOFTWARE_LICENSE", []string{"reg_code"}},
		{"SSH_KEY", []string{"public_key", "fingerprint", "private_key", "key_type"}},
	}
	for _, name := range connect.CreatableCategories() {
		if !slices.ContainsFunc(list, func(c category) bool { return c.name == name }) {
			list = append(list, category{name, nil})
		}
	}
	return list
}

// CategoryRules returns a rule for each category, and the rules about the fields of
// categories.
func CategoryRules() []check.Rule {
	var list []check.Rule
	for _, c := range categories() {
		list = append(list, check.Rule{Rule: rule.Rule{ID: "categories/" + strings.ReplaceAll(strings.ToLower(c.name),
			"_", "-"), Tag: "Items", Level: rule.Must,
			Evidence: "[D] published document, API reference",
			Text: "An item of category " + c.name +
				" can be created with notes and a custom field, and is listed with its category",
			Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem()},
			Check: c.check})
	}
	return append(list,
		check.Rule{
			Rule: rule.Rule{ID: "categories/standard-fields", Tag: "Items", Level: rule.Should,
				Evidence: "[C] steampipe, terraform provider; [R] terraform 74 for SSH_KEY",
				Text: "Items have the standard fields of their category, with labels, and with " +
					"the values that were sent",
				Touches: rule.OwnItems, Long: true, Needs: []rule.Capability{rule.Write},
				Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				for _, c := range categories() {
					c.checkStandardFields(s)
				}
			}},
		check.Rule{Rule: rule.Rule{ID: "categories/ssh-key-is-text", Tag: "Items", Level: rule.Observed,
			Evidence: "[R] connect issues 77 and 107",
			Text:     "The private key of a new SSH_KEY is read as a STRING",
			Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				const key = "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n"
				it := s.ReadItem(s.Create(connect.ItemInput{Category: "SSH_KEY", Fields: []connect.FieldInput{
					{ID: "private_key", Label: "private key", Type: "SSHKEY", Value: key},
				}}).ID)
				s.Expect(s.Field(it, "private_key").Type).To(gomega.Equal("STRING"), "type of the field private_key")
			}},
	)
}

// check creates an item of the category and reads it.
func (c category) check(s *check.Session) {
	created := s.Create(connect.ItemInput{Category: c.name, Fields: []connect.FieldInput{
		{Purpose: "NOTES", Value: "some notes"},
		{ID: "custom", Label: "custom", Type: "CONCEALED", Value: "some value"}}})
	it := s.ReadItem(created.ID)
	s.Expect(it.Category).To(gomega.Equal(c.name), "category")
	s.Expect(s.Field(it, "notesPlain").Value).To(gomega.Equal("some notes"), "value of the field notesPlain")
	custom := s.Field(it, "custom")
	s.Expect(custom.Value).To(gomega.Equal("some value"), "value of the custom field")
	s.Expect(custom.Type).To(gomega.Equal("CONCEALED"), "type of the custom field")
	s.ExpectFound("title eq "+call.Quote(it.Title), it.Title)
	s.Expect(s.FindItems("title eq " + call.Quote(it.Title))[0].Category).To(gomega.Equal(c.name),
		"category of the listed item")
}

// checkStandardFields creates an item of the category with one standard field and
// checks all of them.
func (c category) checkStandardFields(s *check.Session) {
	if len(c.fields) == 0 {
		return
	}
	sent := c.fields[0]
	it := s.ReadItem(
		s.Create(connect.ItemInput{Category: c.name, Fields: []connect.FieldInput{{ID: sent, Value: "wendy"}}}).ID)
	s.Expect(check.FieldIDs(it)).To(gomega.ContainElements(append([]string{"notesPlain"}, c.fields...)),
		"ids of the fields of a %s", c.name)
	for _, id := range c.fields {
		f := s.Field(it, id)
		s.Expect(f.Label).NotTo(gomega.BeEmpty(), "label of the field %[2]s of a %[1]s", c.name, id)
		if id == sent {
			s.Expect(f.Value).To(gomega.Equal("wendy"), "value of the field %[2]s of a %[1]s", c.name, id)
		} else {
			s.Expect(f.Value).To(gomega.BeEmpty(),
				"value of the field %[2]s of a %[1]s, which was not sent", c.name, id)
		}
	}
}
