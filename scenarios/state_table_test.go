package scenarios

import (
	"reflect"
	"slices"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

func TestStateTable_DescribesEachStateAndMember(t *testing.T) {
	t.Parallel()
	for _, s := range stateTable() {
		if s.about == "" || len(s.offers) == 0 {
			t.Errorf("state %s: a description or its members are missing", s.name)
		}
		for _, m := range slices.Concat(s.with, s.offers) {
			if m.about == "" {
				t.Errorf("state %s: member %s has no description", s.name, m.name)
			}
		}
	}
}

// The members of items and tokens are those of the types that requests and responses are decoded into.
func TestStateTable_HasTheMembersOfTheTypes(t *testing.T) {
	t.Parallel()
	item, _ := findState(stateItem)
	token, _ := findState(stateToken)
	for name, c := range map[string]struct {
		members []member
		typ     reflect.Type
	}{
		"item with":   {item.with, reflect.TypeFor[connect.ItemInput]()},
		"item offers": {item.offers, reflect.TypeFor[connect.Item]()},
		"token with":  {token.with, reflect.TypeFor[controlapi.Token]()},
	} {
		var want []string
		for key := range jsonKeys(c.typ) {
			want = append(want, key)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(memberNames(c.members)))); diff != "" {
			t.Errorf("%s (-type +table):\n%s", name, diff)
		}
	}
}
