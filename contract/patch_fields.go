package contract

import (
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

func patchFieldRules() []rule {
	return []rule{
		{Rule{ID: "patch/field-value", Tag: "Patch", Level: Must, Evidence: "[R] connect issue 58",
			Text:  "replace /fields/{id}/value changes that value and nothing else of any field",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(full())
				s.patch(it.ID, replaceOp("/fields/password/value", "kite-53")).expect(200)
				want := fieldsBut(it, "password")
				got := s.readAfter(it.ID, it.Version)
				s.Expect(s.field(got, "password").Value).To(gomega.Equal("kite-53"), "value of the field password")
				s.Expect(s.field(got, "password").Purpose).To(gomega.Equal("PASSWORD"), "purpose of the field password")
				s.Expect(s.field(got, "password").Type).To(gomega.Equal("CONCEALED"), "type of the field password")
				s.Expect(fieldsBut(got, "password")).To(gomega.Equal(want), "the fields that were not patched")
			}},
		{Rule{ID: "patch/field-label", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemFieldAttr",
			Text:  "add /fields/{id}/label sets the label and keeps the value",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(with(connect.FieldInput{ID: "own", Label: "before", Type: "CONCEALED", Value: "v"}))
				s.patch(it.ID, addOp("/fields/own/label", "after")).expect(200)
				got := s.field(s.readAfter(it.ID, it.Version), "own")
				s.Expect(got.Label).To(gomega.Equal("after"), "label of the patched field")
				s.Expect(got.Value).To(gomega.Equal("v"), "value of the patched field")
				s.Expect(got.Type).To(gomega.Equal("CONCEALED"), "type of the patched field")
			}},
		{Rule{ID: "patch/field-add-appends", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemField; [T] Java client",
			Text:  "add /fields adds one field, with an id of its own, and keeps those there are",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				s.patch(it.ID,
					addOp("/fields", connect.FieldInput{Label: "New Field", Type: "string", Value: "hunter2"}),
					replaceOp("/favorite", true),
				).expect(200)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)+1), "fields after one was added")
				f := s.labelled(got, "New Field")
				s.Expect(f.ID).NotTo(gomega.BeEmpty(), "id of the added field")
				s.Expect(f.Type).To(gomega.Equal("STRING"), "type of the added field")
				s.Expect(f.Value).To(gomega.Equal("hunter2"), "value of the added field")
				s.Expect(fieldsBut(got, f.ID)).To(gomega.Equal(fieldsBut(it, "")), "the fields that were there before")
			}},
		{Rule{ID: "patch/field-in-part", Tag: "Patch", Level: Must, Evidence: "[T] Java client",
			Text:  "replace /fields/{id} with a field that has no id keeps the id and the purpose",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				answered := s.patch(it.ID, replaceOp("/fields/username", map[string]string{"value": "robin"})).expect(200).item()
				for _, got := range []connect.Item{answered, s.readAfter(it.ID, it.Version)} {
					s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)), "fields")
					f := s.field(got, "username")
					s.Expect(f.Value).To(gomega.Equal("robin"), "value of the field username")
					s.Expect(f.Purpose).To(gomega.Equal("USERNAME"), "purpose of the field username")
					s.Expect(fieldsBut(got, "username")).To(gomega.Equal(fieldsBut(it, "username")), "the fields that were not patched")
				}
			}},
		{Rule{ID: "patch/field-whole", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemFieldWithID",
			Text:  "replace /fields/{id} changes label, type and value of that field",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(with(connect.FieldInput{ID: "own", Label: "before", Type: "CONCEALED", Value: "v"}))
				s.patch(it.ID, replaceOp("/fields/own", connect.FieldInput{Label: "after", Type: "string", Value: "w"})).expect(200)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(got.Fields).To(gomega.HaveLen(len(it.Fields)), "fields")
				s.Expect(s.field(got, "own")).To(gomega.Equal(connect.Field{ID: "own", Label: "after", Type: "STRING", Value: "w"}), "the replaced field")
			}},
		{Rule{ID: "patch/field-remove", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemFieldWithID",
			Text:  "remove /fields/{id} removes that field and no other",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(with(connect.FieldInput{ID: "one", Label: "1", Value: "1"}, connect.FieldInput{ID: "two", Label: "2", Value: "2"}))
				s.patch(it.ID, removeOp("/fields/one")).expect(200)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(fieldsBut(got, "")).To(gomega.Equal(fieldsBut(it, "one")), "the fields that were not removed")
			}},
		{Rule{ID: "patch/field-value-remove", Tag: "Patch", Level: Must, Evidence: "[D] published document: PatchItemFieldAttr; [R] third-party recordings send value \"\" with it",
			Text:  "remove /fields/{id}/value empties the field and keeps it, with a value in the operation or without",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				s.patch(it.ID, removeOp("/fields/username/value"), patchOp("remove", "/fields/password/value", "")).expect(200)
				got := s.readAfter(it.ID, it.Version)
				for _, id := range []string{"username", "password"} {
					s.Expect(s.field(got, id).Value).To(gomega.BeEmpty(), "value of the field %s", id)
				}
			}},
		{Rule{ID: "patch/field-value-add", Tag: "Patch", Level: Must, Evidence: "[R] third-party recordings",
			Text:  "add /fields/{id}/value gives a value to a field that has none, and another to one that has",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				s.patch(it.ID, addOp("/fields/notesPlain/value", "noted"), addOp("/fields/username/value", "robin")).expect(200)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(s.field(got, "notesPlain").Value).To(gomega.Equal("noted"), "value of the field notesPlain")
				s.Expect(s.field(got, "username").Value).To(gomega.Equal("robin"), "value of the field username")
			}},
		{Rule{ID: "patch/field-unknown", Tag: "Patch", Level: Must, Evidence: "[D] published document: the 400 of an update",
			Text:  "A field the item does not have is answered 400, and a number is an id, not a place",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(login())
				for _, id := range []string{"0", "nosuchfieldnosuchfieldnosu"} {
					s.patch(it.ID, replaceOp("/fields/"+id+"/value", "x")).refused(400, `doesn't have a .*field`)
				}
				s.patch(it.ID, removeOp("/fields/1")).refused(400, "")
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item after the refused PATCH")
			}},
		{Rule{ID: "patch/field-is-checked", Tag: "Patch", Level: Should, Evidence: "[R] terraform 311: the text; a PATCH is held to what a create is",
			Text:  "A value that a create refuses is refused by a PATCH too",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(with(connect.FieldInput{ID: "m", Label: "m", Type: "MONTH_YEAR", Value: "203107"}))
				s.patch(it.ID, replaceOp("/fields/m/value", "soon")).refused(400, "must be in YYYYMM or YYYY/MM format")
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item after the refused PATCH")
			}},
	}
}

// fieldsBut returns the fields of an item without one of them, and without what the
// server computes at each read.
func fieldsBut(it connect.Item, id string) []connect.Field {
	list := []connect.Field{}
	for _, f := range settled(it).Fields {
		if f.ID != id {
			list = append(list, f)
		}
	}
	return list
}
