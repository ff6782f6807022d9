package items_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/connect"
)

// checkItem checks what is true of every item.
func checkItem(t testing.TB, it connect.Item) {
	t.Helper()
	if it.Fields == nil {
		t.Error("fields is nil")
	}
	if it.ID == "" || it.Vault.ID == "" || it.Version < 1 || it.LastEditedBy == "" {
		t.Errorf("an item without id, vault, version or editor: %s", asJSON(t, it))
	}
	if !slices.Contains(connect.Categories(), it.Category) {
		t.Errorf("category is %q", it.Category)
	}
	sections := map[string]connect.Section{}
	for _, s := range it.Sections {
		if _, twice := sections[s.ID]; twice || s.ID == "" {
			t.Errorf("section id %q is empty or not unique", s.ID)
		}
		sections[s.ID] = s
	}
	ids, purposes := map[string]bool{}, map[string]bool{}
	for _, f := range it.Fields {
		if f.ID == "" || ids[f.ID] {
			t.Errorf("field id %q is empty or not unique", f.ID)
		}
		ids[f.ID] = true
		if f.Purpose != "" && purposes[f.Purpose] {
			t.Errorf("two fields of purpose %s", f.Purpose)
		}
		purposes[f.Purpose] = true
		if !slices.Contains(connect.FieldTypes(), f.Type) {
			t.Errorf("type of field %q is %q", f.ID, f.Type)
		}
		if f.Section != nil && *f.Section != sections[f.Section.ID] {
			t.Errorf("section of field %q is %v, the item has %v", f.ID, *f.Section, sections[f.Section.ID])
		}
		if (f.Entropy > 0) != (f.Purpose == "PASSWORD" && f.Value != "") {
			t.Errorf("field %q of purpose %q has entropy %v", f.ID, f.Purpose, f.Entropy)
		}
		if d := f.PasswordDetails; d != nil {
			if f.Purpose != "PASSWORD" || d.Generated != (d.Strength != "") || len(d.History) > connect.MaxPasswordHistory ||
				slices.Contains(d.History, "") || cmp.Equal(*d, connect.PasswordDetails{}) {
				t.Errorf("field %q of purpose %q has the password details %+v", f.ID, f.Purpose, *d)
			}
		}
		if f.TOTP != "" {
			t.Errorf("field %q keeps a code", f.ID)
		}
	}
	if !purposes["NOTES"] {
		t.Error("no field for notes")
	}
	if !slices.IsSorted(it.Tags) || slices.Contains(it.Tags, "") || it.Tags != nil && len(it.Tags) == 0 {
		t.Errorf("tags are %q", it.Tags)
	}
	for _, u := range it.URLs {
		if u.Href == "" {
			t.Error("an address without href")
		}
	}
	if it.CreatedAt.Nanosecond() != 0 || it.UpdatedAt.Nanosecond() != 0 {
		t.Error("times are not whole seconds")
	}
}
