package auth

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestCaller_CombinesPermissions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		token  Token
		vault  string
		sees   bool
		may    []connect.Permission
		mayNot []connect.Permission
	}{
		{"read and write", token(), private, true, []connect.Permission{connect.Read, connect.Write, connect.ReadWrite, connect.Reveal, connect.View, connect.Create, connect.Update, connect.Archive}, nil},
		{"read", token(), shared, true, []connect.Permission{connect.Read, connect.View, connect.Reveal}, []connect.Permission{connect.Write, connect.ReadWrite, connect.Create, connect.Update, connect.Archive}},
		{"write", Token{Vaults: map[string]connect.Permission{shared: connect.Write}}, shared, true, []connect.Permission{connect.Write, connect.Create}, []connect.Permission{connect.Read, connect.View, connect.ReadWrite}},
		{"one bit", Token{Vaults: map[string]connect.Permission{shared: connect.View}}, shared, true, []connect.Permission{connect.View}, []connect.Permission{connect.Read, connect.Reveal}},
		{"not in scope", token(), archived, false, nil, []connect.Permission{connect.Read, connect.Write, connect.View, 0}},
		{"in scope for nothing", Token{Vaults: map[string]connect.Permission{shared: 0}}, shared, false, nil, []connect.Permission{connect.Read, 0}},
		{"no scope", Token{}, shared, false, nil, []connect.Permission{connect.Read, 0}},
		{"id in upper case", token(), strings.ToUpper(shared), true, []connect.Permission{connect.Read}, []connect.Permission{connect.Write}},
		{"token in upper case", Token{Vaults: map[string]connect.Permission{strings.ToUpper(shared): connect.Read}}, shared, true, []connect.Permission{connect.Read}, nil},
		{"all vaults", Token{All: connect.Read}, archived, true, []connect.Permission{connect.Read}, []connect.Permission{connect.Write}},
		{"all vaults and more on one", Token{All: connect.Read, Vaults: map[string]connect.Permission{shared: connect.Write}}, shared, true, []connect.Permission{connect.ReadWrite}, nil},
		{"all vaults and less on one", Token{All: connect.ReadWrite, Vaults: map[string]connect.Permission{shared: connect.Read}}, shared, true, []connect.Permission{connect.ReadWrite}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newCaller(test.token)
			if got := c.CanSee(test.vault); got != test.sees {
				t.Errorf("sees: %t, want %t", got, test.sees)
			}
			for _, p := range test.may {
				if !c.Can(test.vault, p) {
					t.Errorf("may not %v", p)
				}
			}
			for _, p := range test.mayNot {
				if c.Can(test.vault, p) {
					t.Errorf("may %v", p)
				}
			}
		})
	}
}
