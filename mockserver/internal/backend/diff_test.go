package backend

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/connect"
)

// A difference is named by its path, whether one side lacks it or both have it.
func TestDifferences_NameMembersByTheirPath(t *testing.T) {
	t.Parallel()
	item := func(fields ...connect.Field) connect.Item { return connect.Item{Title: "t", Fields: fields} }
	one, section := connect.Field{ID: "one", Value: "1"}, &connect.Section{ID: "s", Label: "S"}
	inSection := connect.Field{ID: "one", Value: "1", Section: section}
	for name, c := range map[string]struct {
		before, after connect.Item
		want          []string
	}{
		"nothing":          {item(one), item(one), nil},
		"a value":          {item(one), item(connect.Field{ID: "one", Value: "2"}), []string{"fields.one.value"}},
		"a field less":     {item(one, connect.Field{ID: "two"}), item(one), []string{"fields.two"}},
		"a field more":     {item(one), item(one, connect.Field{ID: "two"}), []string{"fields.two"}},
		"a member less":    {item(inSection), item(one), []string{"fields.one.section"}},
		"a member more":    {item(one), item(inSection), []string{"fields.one.section"}},
		"at the top, less": {connect.Item{Title: "t", Tags: []string{"a"}}, item(), []string{"tags"}},
	} {
		if diff := cmp.Diff(c.want, differences(c.before, c.after)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
