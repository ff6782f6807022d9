package patch

import (
	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// FieldRules returns the rules about patches of fields.
func FieldRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Patch", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write},
		Operations: operation.OfNewItem("PatchVaultItem"),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "patch/field-value", Level: rule.Must, Evidence: "[R] connect issue 58",
			Text: "replace /fields/{id}/value changes only that value"},
			Check: func(s *check.Session) {
				it := s.Create(call.FullItem())
				s.Patch(it.ID, call.Replace("/fields/password/value", "kite-53")).ExpectStatus(200)
				want := fieldsBut(it, "password")
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(s.Field(got, "password").Value).To(gomega.Equal("kite-53"), "value of the field password")
				s.Expect(s.Field(got, "password").Purpose).To(gomega.Equal("PASSWORD"), "purpose of the field password")
				s.Expect(s.Field(got, "password").Type).To(gomega.Equal("CONCEALED"), "type of the field password")
				s.Expect(fieldsBut(got, "password")).To(gomega.Equal(want), "the fields that were not patched")
			}},
		{Rule: rule.Rule{ID: "patch/field-label", Level: rule.Must,
			Evidence: "[D] published document: PatchItemFieldAttr",
			Text:     "add /fields/{id}/label sets the label and keeps the value"},
			Check: func(s *check.Session) {
				it := s.Create(call.NoteWith(
					connect.FieldInput{ID: "custom", Label: "before", Type: "CONCEALED", Value: "v"}))
				s.Patch(it.ID, call.Add("/fields/custom/label", "after")).ExpectStatus(200)
				got := s.Field(s.WaitForVersionAfter(it.ID, it.Version), "custom")
				s.Expect(got.Label).To(gomega.Equal("after"), "label of the patched field")
				s.Expect(got.Value).To(gomega.Equal("v"), "value of the patched field")
				s.Expect(got.Type).To(gomega.Equal("CONCEALED"), "type of the patched field")
			}},
		{Rule: rule.Rule{ID: "patch/field-add-appends", Level: rule.Must,
			Evidence: "[D] published document: PatchItemField; [T] Java client",
			Text:     "add /fields adds a field with a new id and keeps the others"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				s.Patch(it.ID,
					call.Add("/fields", connect.FieldInput{Label: "New Field", Type: "string", Value: "hunter2"}),
					call.Replace("/favorite", true),
				).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)+1), "fields after one was added")
				f := s.FieldWithLabel(got, "New Field")
				s.Expect(f.ID).NotTo(gomega.BeEmpty(), "id of the added field")
				s.Expect(f.Type).To(gomega.Equal("STRING"), "type of the added field")
				s.Expect(f.Value).To(gomega.Equal("hunter2"), "value of the added field")
				s.Expect(fieldsBut(got, f.ID)).To(gomega.Equal(fieldsBut(it, "")), "the fields that were there before")
			}},
		{Rule: rule.Rule{ID: "patch/field-in-part", Level: rule.Must, Evidence: "[T] Java client",
			Text: "replace /fields/{id} with a field without an id keeps the id and the purpose"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				patched := s.Patch(it.ID, call.Replace("/fields/username", map[string]string{"value": "robin"})).
					ExpectStatus(200).
					Item()
				for _, got := range []connect.Item{patched, s.WaitForVersionAfter(it.ID, it.Version)} {
					s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)), "fields")
					f := s.Field(got, "username")
					s.Expect(f.Value).To(gomega.Equal("robin"), "value of the field username")
					s.Expect(f.Purpose).To(gomega.Equal("USERNAME"), "purpose of the field username")
					s.Expect(fieldsBut(got, "username")).To(gomega.Equal(fieldsBut(it, "username")),
						"the fields that were not patched")
				}
			}},
		{Rule: rule.Rule{ID: "patch/field-whole", Level: rule.Must,
			Evidence: "[D] published document: PatchItemFieldWithID",
			Text:     "replace /fields/{id} changes label, type and value of that field"},
			Check: func(s *check.Session) {
				it := s.Create(call.NoteWith(
					connect.FieldInput{ID: "custom", Label: "before", Type: "CONCEALED", Value: "v"}))
				s.Patch(it.ID, call.Replace("/fields/custom",
					connect.FieldInput{Label: "after", Type: "string", Value: "w"})).
					ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)), "fields")
				s.Expect(s.Field(got, "custom")).
					To(gomega.Equal(connect.Field{ID: "custom", Label: "after", Type: "STRING", Value: "w"}),
						"the replaced field")
			}},
		{Rule: rule.Rule{ID: "patch/field-remove", Level: rule.Must,
			Evidence: "[D] published document: PatchItemFieldWithID",
			Text:     "remove /fields/{id} removes that field and no other"},
			Check: func(s *check.Session) {
				it := s.Create(
					call.NoteWith(connect.FieldInput{ID: "one", Label: "1", Value: "1"},
						connect.FieldInput{ID: "two", Label: "2", Value: "2"}))
				s.Patch(it.ID, call.Remove("/fields/one")).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(fieldsBut(got, "")).To(gomega.Equal(fieldsBut(it, "one")), "the fields that were not removed")
			}},
		{Rule: rule.Rule{ID: "patch/field-value-remove", Level: rule.Must,
			Evidence: "[D] published document: PatchItemFieldAttr; [R] third-party recordings send value \"\" with it",
			Text: "remove /fields/{id}/value removes the value and keeps the field, also if " +
				"the operation has a value"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				s.Patch(it.ID, call.Remove("/fields/username/value"),
					call.Patch("remove", "/fields/password/value", "")).
					ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				for _, id := range []string{"username", "password"} {
					s.Expect(s.Field(got, id).Value).To(gomega.BeEmpty(), "value of the field %s", id)
				}
			}},
		{Rule: rule.Rule{ID: "patch/field-value-add", Level: rule.Must, Evidence: "[R] third-party recordings",
			Text: "add /fields/{id}/value sets the value of a field, whether it has one or not"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				s.Patch(it.ID, call.Add("/fields/notesPlain/value", "some notes"),
					call.Add("/fields/username/value", "robin")).
					ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(s.Field(got, "notesPlain").Value).To(gomega.Equal("some notes"),
					"value of the field notesPlain")
				s.Expect(s.Field(got, "username").Value).To(gomega.Equal("robin"), "value of the field username")
			}},
		{Rule: rule.Rule{ID: "patch/field-section", Level: rule.Observed,
			Evidence: "[D] published document: PatchItemFieldAttr; [G] that the section of a field can be patched",
			Text:     "A PATCH of the section of a field, alone or with the field, moves the field there"},
			Check: func(s *check.Session) {
				in := call.NoteWith(
					connect.FieldInput{ID: "one", Label: "1", Value: "1", Section: &connect.Section{ID: "first"}},
					connect.FieldInput{ID: "two", Label: "2", Value: "2", Section: &connect.Section{ID: "first"}})
				in.Sections = []connect.Section{{ID: "first", Label: "First"}, {ID: "second", Label: "Second"}}
				it := s.Create(in)
				second := map[string]string{"id": "second"}
				s.Patch(it.ID, call.Replace("/fields/one/section", second),
					call.Replace("/fields/two", map[string]any{"section": second})).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				for _, id := range []string{"one", "two"} {
					f := s.Field(got, id)
					s.Expect(f.Section).To(gomega.Equal(&connect.Section{ID: "second", Label: "Second"}),
						"section of the field %s", id)
					s.Expect(f.Value).NotTo(gomega.BeEmpty(), "value of the field %s", id)
				}
			}},
		{Rule: rule.Rule{ID: "patch/field-type", Level: rule.Observed,
			Evidence: "[D] published document: PatchItemFieldAttr; [G] that the type of a field can be patched",
			Text:     "replace /fields/{id}/type changes the type of a field and keeps its value"},
			Check: func(s *check.Session) {
				it := s.Create(call.NoteWith(
					connect.FieldInput{ID: "one", Label: "1", Type: "STRING", Value: "kite-lantern-51"}))
				s.Patch(it.ID, call.Replace("/fields/one/type", "CONCEALED")).ExpectStatus(200)
				f := s.Field(s.WaitForVersionAfter(it.ID, it.Version), "one")
				s.Expect(f.Type).To(gomega.Equal("CONCEALED"), "type of the field one")
				s.Expect(f.Value).To(gomega.Equal("kite-lantern-51"), "value of the field one")
			}},
		{Rule: rule.Rule{ID: "patch/field-unknown", Level: rule.Must,
			Evidence: "[D] published document: the 400 of an update",
			Text:     "A field that the item does not have returns 400, and a number is an id, not an index"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				for _, id := range []string{"0", "nosuchfieldnosuchfieldnosu", "TOTP_AZaz09-none"} {
					s.Patch(it.ID, call.Replace("/fields/"+id+"/value", "x")).ExpectError(400, `doesn't have a .*field`)
				}
				s.Patch(it.ID, call.Remove("/fields/1")).ExpectError(400, "")
				s.ExpectSame(it, "the item after the refused PATCH")
			}},
		{Rule: rule.Rule{ID: "patch/field-is-checked", Level: rule.Should,
			Evidence: "[R] terraform 311: the text; a PATCH is validated like a create",
			Text:     "A PATCH refuses the values that a create refuses"},
			Check: func(s *check.Session) {
				it := s.Create(call.NoteWith(
					connect.FieldInput{ID: "m", Label: "m", Type: "MONTH_YEAR", Value: "203107"}))
				s.Patch(it.ID, call.Replace("/fields/m/value", "soon")).
					ExpectError(400, "must be in YYYYMM or YYYY/MM format")
				s.ExpectSame(it, "the item after the refused PATCH")
			}},
	})
}

// fieldsBut returns the fields of an item except one, without what the server computes
// for each read.
func fieldsBut(it connect.Item, id string) []connect.Field {
	list := []connect.Field{}
	for _, f := range check.WithoutVolatile(it).Fields {
		if f.ID != id {
			list = append(list, f)
		}
	}
	return list
}
