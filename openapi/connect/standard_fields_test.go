package connect_test

import (
	"slices"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestStandardFields_HaveUniqueIDsAndKnownTypes(t *testing.T) {
	t.Parallel()
	for _, category := range connect.Categories() {
		seen := map[string]bool{}
		for _, f := range connect.StandardFields(category) {
			if f.ID == "" || f.Label == "" || seen[f.ID] || !slices.Contains(connect.FieldTypes(), f.Type) ||
				f.Purpose != "" && !slices.Contains(connect.Purposes(), f.Purpose) {
				t.Errorf("%s: %+v", category, f)
			}
			seen[f.ID] = true
		}
		if !seen["notesPlain"] {
			t.Errorf("%s has no notes", category)
		}
	}
}
