package vaults

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"github.com/connectmock/connectmock/openapi/connect"
)

// A list in which a write is undone has the items in the places that they had before it.
func TestUndoWrite_RestoresTheList(t *testing.T) {
	t.Parallel()
	before, err := json.Marshal(connect.Item{ID: "x", Title: "before"})
	if err != nil {
		t.Fatal(err)
	}
	list := func(ids ...string) (all []summary) {
		for _, id := range ids {
			all = append(all, summary{id: id, title: "after"})
		}
		return all
	}
	for name, c := range map[string]struct {
		write visibility.Write
		list  []summary
		want  []string
	}{
		"deleted, was first":    {visibility.Write{Deleted: true, Before: before}, list("a", "b"), []string{"x before", "a after", "b after"}},
		"deleted, was second":   {visibility.Write{Deleted: true, Before: before, After: "a"}, list("a", "b"), []string{"a after", "x before", "b after"}},
		"deleted, was last":     {visibility.Write{Deleted: true, Before: before, After: "b"}, list("a", "b"), []string{"a after", "b after", "x before"}},
		"deleted, was alone":    {visibility.Write{Deleted: true, Before: before}, nil, []string{"x before"}},
		"changed":               {visibility.Write{Before: before}, list("a", "x", "b"), []string{"a after", "x before", "b after"}},
		"changed, deleted then": {visibility.Write{Before: before}, list("a", "b"), []string{"a after", "b after"}},
		"created":               {visibility.Write{}, list("a", "x"), []string{"a after"}},
		"created, deleted then": {visibility.Write{}, list("a"), []string{"a after"}},
	} {
		c.write.Item = "x"
		undone, err := undoWrite(&c.write, slices.Clone(c.list))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var got []string
		for _, one := range undone {
			got = append(got, one.id+" "+one.title)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
