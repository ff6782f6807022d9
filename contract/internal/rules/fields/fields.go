// Package fields has the rules about the fields of items.
package fields

import (
	"regexp"
	"strings"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Rules returns the rules about the fields of a created item.
func Rules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Items", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem(),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "fields/login-is-completed", Level: rule.Must,
			Evidence: "[T] Java client; [R] changelog 1.5.0 for the labels",
			Text:     "A LOGIN created with two fields also has notesPlain; all three have ids, labels and purposes"},
			Check: func(s *check.Session) {
				it := s.ReadItem(s.Create(call.Login()).ID)
				s.Expect(check.FieldIDs(it)).To(gomega.ConsistOf("username", "password", "notesPlain"),
					"ids of the fields")
				s.Expect(it.Fields[0].Purpose).To(gomega.Equal("USERNAME"), "purpose of the first field")
				for _, want := range []connect.Field{
					{ID: "username", Label: "username", Purpose: "USERNAME", Type: "STRING", Value: "wendy"},
					{ID: "password", Label: "password", Purpose: "PASSWORD", Type: "CONCEALED",
						Value: "kite-lantern-51"},
					{ID: "notesPlain", Label: "notesPlain", Purpose: "NOTES", Type: "STRING"},
				} {
					got := s.Field(it, want.ID)
					got.Entropy = 0
					s.Expect(got).To(gomega.Equal(want), "the field %s", want.ID)
				}
			}},
		{Rule: rule.Rule{ID: "fields/ids-are-given", Level: rule.Must,
			Evidence: "[W] Go SDK sends empty ids, JS SDK none; [C] NiFi reads the id of each field",
			Text:     "Fields without an id, or with an empty one, get unique ids"},
			Check: func(s *check.Session) {
				it := s.ReadItem(s.Create(call.NoteWith(
					connect.FieldInput{Label: "one", Value: "1"}, connect.FieldInput{Label: "two", Value: "2"},
					connect.FieldInput{Label: "two", Value: "3"},
				)).ID)
				seen := map[string]bool{}
				for _, f := range it.Fields {
					s.Expect(f.ID).NotTo(gomega.BeEmpty(), "id of a field that was sent without one")
					s.Expect(seen).NotTo(gomega.HaveKey(f.ID), "ids of the fields before this one")
					seen[f.ID] = true
				}
				s.Expect(it.Fields).To(gomega.HaveLen(4), "fields, of three that were sent and the notes")
			}},
		{Rule: rule.Rule{ID: "fields/section-has-label", Level: rule.Must,
			Evidence: "[C] vals and steampipe read the label of a field's section",
			Text:     "A field's section has the id and the label of the item's section"},
			Check: func(s *check.Session) {
				in := call.FullItem()
				it := s.ReadItem(s.Create(in).ID)
				for i, id := range []string{"host.name", "4eb4c9d0-5a3d-4c4e-9d1c-0b3c5d7e9f10"} {
					got := s.Field(it, id)
					s.Expect(got.Section).NotTo(gomega.BeNil(), "section of the field %s", id)
					s.Expect(*got.Section).To(gomega.Equal(in.Sections[i]), "section of the field %s", id)
				}
				s.Expect(s.Field(it, "username").Section).To(gomega.BeNil(), "section of the field username")
			}},
		{Rule: rule.Rule{ID: "fields/section-gets-label", Level: rule.Observed,
			Evidence: "[C] vals and steampipe read the label of a field's section; [G] that a field may bring it",
			Text: "A section without a label gets that of a field's section, and one that " +
				"only a field names is added"},
			Check: func(s *check.Session) {
				in := call.NoteWith(
					connect.FieldInput{Label: "host", Value: "db.example.com",
						Section: &connect.Section{ID: "network", Label: "Network"}},
					connect.FieldInput{Label: "person", Value: "wendy", Section: &connect.Section{Label: "People"}})
				in.Sections = []connect.Section{{ID: "network"}}
				it := s.ReadItem(s.Create(in).ID)
				s.Expect(it.Sections).To(gomega.ContainElement(connect.Section{ID: "network", Label: "Network"}),
					"sections")
				section := s.FieldWithLabel(it, "person").Section
				s.Expect(section).NotTo(gomega.BeNil(), "section of the field labelled person")
				s.Expect(section.ID).NotTo(gomega.BeEmpty(), "id of the section of the field labelled person")
				s.Expect(it.Sections).To(gomega.ContainElement(*section), "sections")
			}},
		{Rule: rule.Rule{ID: "fields/standard-in-section", Level: rule.Observed,
			Evidence: "[D] API reference: a field has a section; " +
				"[G] that standard fields may have another than their own",
			Text: "A standard field that is sent with a section is in this section"},
			Check: func(s *check.Session) {
				section := connect.Section{ID: "account", Label: "Account"}
				in := connect.ItemInput{Category: "LOGIN", Sections: []connect.Section{section},
					Fields: []connect.FieldInput{
						{Purpose: "USERNAME", Value: "wendy", Section: &connect.Section{ID: "account"}},
					}}
				f := s.Field(s.ReadItem(s.Create(in).ID), "username")
				s.Expect(f.Section).To(gomega.Equal(&section), "section of the field username")
				s.Expect(f.Value).To(gomega.Equal("wendy"), "value of the field username")
			}},
		{Rule: rule.Rule{ID: "fields/documented-types", Level: rule.Must,
			Evidence: "[D] API reference, create an item",
			Text:     "STRING, EMAIL, CONCEALED, URL and MENU are kept as types, with their values"},
			Check: func(s *check.Session) { expectTypes(s, "STRING", "EMAIL", "CONCEALED", "URL", "MENU") }},
		{Rule: rule.Rule{ID: "fields/type-in-any-case", Level: rule.Must,
			Evidence: "[R] published document's own example, captured requests",
			Text:     "A type may be sent in lower case and is returned in upper case"},
			Check: func(s *check.Session) { expectTypes(s, "string", "Concealed", "url", "email") }},
		{Rule: rule.Rule{ID: "fields/client-types", Level: rule.Observed,
			Evidence: "[C] constants of the Go SDK; [W] clients send back what they read",
			Text:     "The other types that clients know are accepted, SSH_KEY among them, and the values are kept"},
			Check: func(s *check.Session) { expectValues(s, clientTypes()...) }},
		{Rule: rule.Rule{ID: "fields/address-type", Level: rule.Observed,
			Evidence: "[R] connect issue 112: new between 1.8.1 and 1.8.2; [C] a constant of the Go SDK",
			Text:     "The type ADDRESS is accepted, and the value is kept"},
			Check: func(s *check.Session) { expectValues(s, "ADDRESS") }},
		{Rule: rule.Rule{ID: "fields/totp-is-no-type", Level: rule.Must,
			Evidence:   "[R] connect pull request 26, terraform 54",
			Text:       "The type TOTP returns 400 has unsupported field type: totp, with the place of the field",
			Operations: []string{"CreateVaultItem"}},
			Check: func(s *check.Session) {
				in := call.NoteWith(connect.FieldInput{Label: "one", Type: "TOTP", Value: call.OTPURL()})
				s.TryCreate(in).ExpectError(400,
					`(?s)ItemValidator.*details\.sections\[\d+\]\.fields\[\d+\] has unsupported field type: totp`)
			}},
		{Rule: rule.Rule{ID: "fields/passkey-is-no-type", Level: rule.Observed,
			Evidence:   "[R] by analogy: the validator's text for the type totp",
			Text:       "The type passkey returns 400 has unsupported field type: passkey",
			Operations: []string{"CreateVaultItem"}},
			Check: func(s *check.Session) {
				in := call.NoteWith(connect.FieldInput{Label: "one", Type: "passkey", Value: "x"})
				s.TryCreate(in).ExpectError(400, `(?s)ItemValidator.*has unsupported field type: passkey`)
			}},
		{Rule: rule.Rule{ID: "fields/unknown-type", Level: rule.Should,
			Evidence:   "[R] connect pull request 26: the validator's text for an unknown type",
			Text:       "An unknown type returns 400",
			Operations: []string{"CreateVaultItem"}},
			Check: func(s *check.Session) {
				s.TryCreate(call.NoteWith(connect.FieldInput{Label: "one", Type: "RIDDLE", Value: "x"})).
					ExpectError(400, "")
			}},
		{Rule: rule.Rule{ID: "fields/label-password-is-nothing", Level: rule.Observed,
			Evidence: "[R] js SDK issue 108, of 1.7.2",
			Text:     "A field with the label password, but without the purpose, is an ordinary field"},
			Check: func(s *check.Session) {
				in := call.Login()
				in.Fields = append(in.Fields,
					connect.FieldInput{Label: "password", Type: "CONCEALED", Value: "kite-lantern-52"})
				it := s.ReadItem(s.Create(in).ID)
				s.Expect(s.Field(it, "password").Value).To(gomega.Equal("kite-lantern-51"),
					"value of the field password")
				other := s.FieldWhere(it, "the field that is not the password",
					func(f connect.Field) bool { return f.Value == "kite-lantern-52" })
				s.Expect(other.Purpose).To(gomega.BeEmpty(), "purpose of the second password")
				s.Expect(other.ID).NotTo(gomega.Equal("password"), "id of the second password")
			}},
		{Rule: rule.Rule{ID: "fields/date-becomes-seconds", Level: rule.Must,
			Evidence: "[C] terraform provider and steampipe read seconds since 1970; [D] YYYY-MM-DD is what is sent",
			Text:     "A DATE sent as YYYY-MM-DD is returned as seconds since 1970"},
			Check: func(s *check.Session) {
				f := createField(s, connect.FieldInput{Label: "d", Type: "DATE", Value: "2031-03-05"})
				s.Expect(f.Type).To(gomega.Equal("DATE"), "type of the field")
				s.Expect(f.Value).To(gomega.MatchRegexp(`^-?\d+$`), "value of the field")
				seconds, _ := time.ParseDuration(f.Value + "s")
				// The time of day is not known: noon is as valid as midnight.
				s.Expect(time.Unix(0, 0).Add(seconds).UTC().Format(time.DateOnly)).To(gomega.Equal("2031-03-05"),
					"day of the value of the field")
			}},
		{Rule: rule.Rule{ID: "fields/date-takes-seconds", Level: rule.Must,
			Evidence: "[C] terraform provider writes back what it read",
			Text:     "A DATE can be sent in the form in which it is read and stays the same"},
			Check: func(s *check.Session) {
				first := createField(s, connect.FieldInput{Label: "d", Type: "DATE", Value: "1969-07-20"})
				s.Expect(createField(s, connect.FieldInput{Label: "d", Type: "DATE", Value: first.Value}).Value).
					To(gomega.Equal(first.Value), "value of a DATE that was sent as it was read")
			}},
		{Rule: rule.Rule{ID: "fields/bad-date", Level: rule.Should,
			Evidence:   "[C] clients send two forms only; the text is not recorded",
			Text:       "A DATE that is not a day returns 400",
			Operations: []string{"CreateVaultItem"}},
			Check: func(s *check.Session) {
				for _, value := range []string{"tomorrow", "2031-13-05"} {
					s.TryCreate(call.NoteWith(connect.FieldInput{Label: "d", Type: "DATE", Value: value})).
						ExpectError(400, "")
				}
			}},
		{Rule: rule.Rule{ID: "fields/month-year", Level: rule.Must, Evidence: "[D] API reference; [R] terraform 311",
			Text: "A MONTH_YEAR is accepted as YYYYMM and as YYYY/MM, for the same month"},
			Check: func(s *check.Session) {
				for _, value := range []string{"203107", "2031/07"} {
					f := createField(s, connect.FieldInput{Label: "m", Type: "MONTH_YEAR", Value: value})
					s.Expect(f.Type).To(gomega.Equal("MONTH_YEAR"), "type of the field")
					s.Expect(strings.ReplaceAll(f.Value, "/", "")).To(gomega.Equal("203107"),
						"month of the value of the field")
				}
			}},
		{Rule: rule.Rule{ID: "fields/bad-month-year", Level: rule.Must, Evidence: "[R] terraform 311, of 1.7.2",
			Text:       "Any other MONTH_YEAR returns 400 must be in YYYYMM or YYYY/MM format",
			Operations: []string{"CreateVaultItem"}},
			Check: func(s *check.Session) {
				for _, value := range []string{"07/2031", "2031-07", "203113"} {
					s.TryCreate(call.NoteWith(connect.FieldInput{Label: "m", Type: "MONTH_YEAR", Value: value})).
						ExpectError(400, regexp.QuoteMeta(
							"values for field type monthYear must be in YYYYMM or YYYY/MM format"))
				}
			}},
	})
}

// expectTypes creates an item with a field of each type and asserts that the fields
// have these types, in upper case, and their values.
func expectTypes(s *check.Session, types ...string) {
	var in []connect.FieldInput
	for _, kind := range types {
		in = append(in, connect.FieldInput{Label: kind, Type: kind, Value: "wendy@example.com"})
	}
	it := s.ReadItem(s.Create(call.NoteWith(in...)).ID)
	for _, kind := range types {
		got := s.FieldWithLabel(it, kind)
		s.Expect(got.Type).To(gomega.Equal(strings.ToUpper(kind)), "type of a field sent as %s", kind)
		s.Expect(got.Value).To(gomega.Equal("wendy@example.com"), "value of a field sent as %s", kind)
	}
}

// clientTypes returns the types of fields that clients have names for and the published
// document does not list: those of the Go SDK [C], and SSHKEY, which servers return [R].
// Which type such a field has when it is read is not known. ADDRESS is newer.
func clientTypes() []string {
	return []string{
		"CREDIT_CARD_NUMBER", "CREDIT_CARD_TYPE", "FILE", "GENDER", "PHONE", "REFERENCE", "SSHKEY",
		"SSH_KEY", "UNKNOWN"}
}

// expectValues creates an item with a field of each type and asserts that the fields
// have their values.
func expectValues(s *check.Session, types ...string) {
	var in []connect.FieldInput
	for _, kind := range types {
		in = append(in, connect.FieldInput{Label: kind, Type: kind, Value: "kite-lantern-51"})
	}
	it := s.ReadItem(s.Create(call.NoteWith(in...)).ID)
	for _, kind := range types {
		value := s.FieldWithLabel(it, kind).Value
		s.Expect(value).To(gomega.Equal("kite-lantern-51"), "value of a field sent as %s", kind)
	}
}

// createField creates an item with a field and returns the field that it reads.
func createField(s *check.Session, f connect.FieldInput) connect.Field {
	return s.FieldWithLabel(s.ReadItem(s.Create(call.NoteWith(f)).ID), f.Label)
}
