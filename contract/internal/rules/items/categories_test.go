package items

import (
	"slices"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

// The contract has each category and only fields that are in the table of standard
// fields.
func TestCategories_AgreeWithTheTableOfStandardFields(t *testing.T) {
	t.Parallel()
	var names []string
	for _, c := range categories() {
		names = append(names, c.name)
		for _, id := range c.fields {
			if !slices.ContainsFunc(connect.StandardFields(c.name), func(f connect.StandardField) bool { return f.ID == id }) {
				t.Errorf("%s: the table has no field %q", c.name, id)
			}
		}
	}
	creatable := connect.CreatableCategories()
	slices.Sort(names)
	slices.Sort(creatable)
	if !slices.Equal(names, creatable) {
		t.Errorf("categories are %v, want %v", names, creatable)
	}
}
