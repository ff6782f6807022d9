package contract

import (
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// patchFieldRules returns the rules about patches of fields.
func patchFieldRules() []rule {
	return []rule{
		{Rule{ID: "patch/field-value", Tag: "Patch", Level: Must, Evidence: "[R] connect issue 58",
			Text:    "replace /fields/{id}/value changes only that value",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(fullInput())
				s.patch(it.ID, replaceOp("/fields/password/value", "kite-53")).expectStatus(200)
				want := fieldsBut(it, "password")
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(s.field(got, "password").Value).To(gomega.Equal("kite-53"), "value of the field password")
				s.Expect(s.field(got, "password").Purpose).To(gomega.Equal("PASSWORD"), "purpose of the field password")
				s.Expect(s.field(got, "password").Type).To(gomega.Equal("CONCEALED"), "type of the field password")
				s.Expect(fieldsBut(got, "password")).To(gomega.Equal(want), "the fields that were not patched")
			}},
		{Rule{ID: "patch/field-label", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemFieldAttr",
			Text:    "add /fields/{id}/label sets the label and keeps the value",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteWith(connect.FieldInput{ID: "custom", Label: "before", Type: "CONCEALED", Value: "v"}))
				s.patch(it.ID, addOp("/fields/custom/label", "after")).expectStatus(200)
				got := s.field(s.waitForVersionAfter(it.ID, it.Version), "custom")
				s.Expect(got.Label).To(gomega.Equal("after"), "label of the patched field")
				s.Expect(got.Value).To(gomega.Equal("v"), "value of the patched field")
				s.Expect(got.Type).To(gomega.Equal("CONCEALED"), "type of the patched field")
			}},
		{Rule{ID: "patch/field-add-appends", Tag: "Patch", Level: Must,
			Evidence: "[D] published document: PatchItemField; [T] Java client",
			Text:     "add /fields adds a field with a new id and keeps the others",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				s.patch(it.ID,
					addOp("/fields", connect.FieldInput{Label: "New Field", Type: "string", Value: "hunter2"}),
					replaceOp("/favorite", true),
				).expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)+1), "fields after one was added")
				f := s.fieldWithLabel(got, "New Field")
				s.Expect(f.ID).NotTo(gomega.BeEmpty(), "id of the added field")
				s.Expect(f.Type).To(gomega.Equal("STRING"), "type of the added field")
				s.Expect(f.Value).To(gomega.Equal("hunter2"), "value of the added field")
				s.Expect(fieldsBut(got, f.ID)).To(gomega.Equal(fieldsBut(it, "")), "the fields that were there before")
			}},
		{Rule{ID: "patch/field-in-part", Tag: "Patch", Level: Must, Evidence: "[T] Java client",
			Text:    "replace /fields/{id} with a field without an id keeps the id and the purpose",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				patched := s.patch(it.ID, replaceOp("/fields/username", map[string]string{"value": "robin"})).expectStatus(200).
					item()
				for _, got := range []connect.Item{patched, s.waitForVersionAfter(it.ID, it.Version)} {
					s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)), "fields")
					f := s.field(got, "username")
					s.Expect(f.Value).To(gomega.Equal("robin"), "value of the field username")
					s.Expect(f.Purpose).To(gomega.Equal("USERNAME"), "purpose of the field username")
					s.Expect(fieldsBut(got, "username")).To(gomega.Equal(fieldsBut(it, "username")),
						"the fields that were not patched")
				}
			}},
		{Rule{ID: "patch/field-whole", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemFieldWithID",
			Text:    "replace /fields/{id} changes label, type and value of that field",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteWith(connect.FieldInput{ID: "custom", Label: "before", Type: "CONCEALED", Value: "v"}))
				s.patch(it.ID, replaceOp("/fields/custom", connect.FieldInput{Label: "after", Type: "string", Value: "w"})).
					expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)), "fields")
				s.Expect(s.field(got, "custom")).
					To(gomega.Equal(connect.Field{ID: "custom", Label: "after", Type: "STRING", Value: "w"}), "the replaced field")
			}},
		{Rule{ID: "patch/field-remove", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemFieldWithID",
			Text:    "remove /fields/{id} removes that field and no other",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(
					noteWith(connect.FieldInput{ID: "one", Label: "1", Value: "1"},
						connect.FieldInput{ID: "two", Label: "2", Value: "2"}))
				s.patch(it.ID, removeOp("/fields/one")).expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(fieldsBut(got, "")).To(gomega.Equal(fieldsBut(it, "one")), "the fields that were not removed")
			}},
		{Rule{ID: "patch/field-value-remove", Tag: "Patch", Level: Must,
			Evidence: "[D] published document: PatchItemFieldAttr; [R] third-party recordings send value \"\" with it",
			Text:     "remove /fields/{id}/value removes the value and keeps the field, also if the operation has a value",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				s.patch(it.ID, removeOp("/fields/username/value"), patchOp("remove", "/fields/password/value", "")).
					expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				for _, id := range []string{"username", "password"} {
					s.Expect(s.field(got, id).Value).To(gomega.BeEmpty(), "value of the field %s", id)
				}
			}},
		{Rule{ID: "patch/field-value-add", Tag: "Patch", Level: Must, Evidence: "[R] third-party recordings",
			Text:    "add /fields/{id}/value sets the value of a field, whether it has one or not",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				s.patch(it.ID, addOp("/fields/notesPlain/value", "some notes"), addOp("/fields/username/value", "robin")).
					expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(s.field(got, "notesPlain").Value).To(gomega.Equal("some notes"), "value of the field notesPlain")
				s.Expect(s.field(got, "username").Value).To(gomega.Equal("robin"), "value of the field username")
			}},
		{Rule{ID: "patch/field-section", Tag: "Patch", Level: Observed,
			Evidence: "[D] published document: PatchItemFieldAttr; [G] that the section of a field can be patched",
			Text:     "A PATCH of the section of a field, alone or with the field, moves the field there",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				in := noteWith(
					connect.FieldInput{ID: "one", Label: "1", Value: "1", Section: &connect.Section{ID: "first"}},
					connect.FieldInput{ID: "two", Label: "2", Value: "2", Section: &connect.Section{ID: "first"}})
				in.Sections = []connect.Section{{ID: "first", Label: "First"}, {ID: "second", Label: "Second"}}
				it := s.create(in)
				second := map[string]string{"id": "second"}
				s.patch(it.ID, replaceOp("/fields/one/section", second),
					replaceOp("/fields/two", map[string]any{"section": second})).expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				for _, id := range []string{"one", "two"} {
					f := s.field(got, id)
					s.Expect(f.Section).To(gomega.Equal(&connect.Section{ID: "second", Label: "Second"}), "section of the field %s", id)
					s.Expect(f.Value).NotTo(gomega.BeEmpty(), "value of the field %s", id)
				}
			}},
		{Rule{ID: "patch/field-type", Tag: "Patch", Level: Observed,
			Evidence: "[D] published document: PatchItemFieldAttr; [G] that the type of a field can be patched",
			Text:     "replace /fields/{id}/type changes the type of a field and keeps its value",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteWith(connect.FieldInput{ID: "one", Label: "1", Type: "STRING", Value: "kite-lantern-51"}))
				s.patch(it.ID, replaceOp("/fields/one/type", "CONCEALED")).expectStatus(200)
				f := s.field(s.waitForVersionAfter(it.ID, it.Version), "one")
				s.Expect(f.Type).To(gomega.Equal("CONCEALED"), "type of the field one")
				s.Expect(f.Value).To(gomega.Equal("kite-lantern-51"), "value of the field one")
			}},
		{Rule{ID: "patch/field-unknown", Tag: "Patch", Level: Must, Evidence: "[D] published document: the 400 of an update",
			Text:    "A field that the item does not have returns 400, and a number is an id, not an index",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				for _, id := range []string{"0", "nosuchfieldnosuchfieldnosu", "TOTP_AZaz09-none"} {
					s.patch(it.ID, replaceOp("/fields/"+id+"/value", "x")).expectError(400, `doesn't have a .*field`)
				}
				s.patch(it.ID, removeOp("/fields/1")).expectError(400, "")
				s.expectSame(it, "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/field-is-checked", Tag: "Patch", Level: Should,
			Evidence: "[R] terraform 311: the text; a PATCH is validated like a create",
			Text:     "A PATCH refuses the values that a create refuses",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteWith(connect.FieldInput{ID: "m", Label: "m", Type: "MONTH_YEAR", Value: "203107"}))
				s.patch(it.ID, replaceOp("/fields/m/value", "soon")).expectError(400, "must be in YYYYMM or YYYY/MM format")
				s.expectSame(it, "the item after the refused PATCH")
			}},
	}
}

// fieldsBut returns the fields of an item except one, without what the server computes
// for each read.
func fieldsBut(it connect.Item, id string) []connect.Field {
	list := []connect.Field{}
	for _, f := range withoutVolatile(it).Fields {
		if f.ID != id {
			list = append(list, f)
		}
	}
	return list
}
