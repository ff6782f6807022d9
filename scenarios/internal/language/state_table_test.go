package language

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
	for _, s := range StateTable() {
		if s.About == "" || len(s.Offers) == 0 {
			t.Errorf("state %s: a description or its members are missing", s.Name)
		}
		for _, m := range slices.Concat(s.With, s.Offers) {
			if m.About == "" {
				t.Errorf("state %s: member %s has no description", s.Name, m.Name)
			}
		}
	}
}

// The members of items and tokens are those of the types that requests and responses are decoded into.
func TestStateTable_HasTheMembersOfTheTypes(t *testing.T) {
	t.Parallel()
	item, _ := FindState(StateItem)
	token, _ := FindState(StateToken)
	for name, c := range map[string]struct {
		members []Member
		typ     reflect.Type
	}{
		"item with":   {item.With, reflect.TypeFor[connect.ItemInput]()},
		"item offers": {item.Offers, reflect.TypeFor[connect.Item]()},
		"token with":  {token.With, reflect.TypeFor[controlapi.Token]()},
	} {
		var want []string
		for key := range JSONKeys(c.typ) {
			want = append(want, key)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(memberNames(c.members)))); diff != "" {
			t.Errorf("%s (-type +table):\n%s", name, diff)
		}
	}
}
