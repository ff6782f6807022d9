package auth

import (
	"strings"
	"testing"
)

func TestCaller(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		token  Token
		vault  string
		sees   bool
		may    []Permission
		mayNot []Permission
	}{
		{"read and write", token(), private, true, []Permission{Read, Write, ReadWrite, Reveal, View, Create, Update, Archive}, nil},
		{"read", token(), shared, true, []Permission{Read, View, Reveal}, []Permission{Write, ReadWrite, Create, Update, Archive}},
		{"write", Token{Vaults: map[string]Permission{shared: Write}}, shared, true, []Permission{Write, Create}, []Permission{Read, View, ReadWrite}},
		{"one bit", Token{Vaults: map[string]Permission{shared: View}}, shared, true, []Permission{View}, []Permission{Read, Reveal}},
		{"not in scope", token(), archived, false, nil, []Permission{Read, Write, View, 0}},
		{"in scope for nothing", Token{Vaults: map[string]Permission{shared: 0}}, shared, false, nil, []Permission{Read, 0}},
		{"no scope", Token{}, shared, false, nil, []Permission{Read, 0}},
		{"id in upper case", token(), strings.ToUpper(shared), true, []Permission{Read}, []Permission{Write}},
		{"token in upper case", Token{Vaults: map[string]Permission{strings.ToUpper(shared): Read}}, shared, true, []Permission{Read}, nil},
		{"all vaults", Token{All: Read}, archived, true, []Permission{Read}, []Permission{Write}},
		{"all vaults and more on one", Token{All: Read, Vaults: map[string]Permission{shared: Write}}, shared, true, []Permission{ReadWrite}, nil},
		{"all vaults and less on one", Token{All: ReadWrite, Vaults: map[string]Permission{shared: Read}}, shared, true, []Permission{ReadWrite}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := NewCaller(test.token)
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
