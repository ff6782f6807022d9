// Package filter reads the SCIM-style filters of the vault and item lists and
// says what they match.
//
// It does not know where titles and tags are kept: Match decides on values it
// is given, and a store that would rather compile a filter to its own language
// walks Root and uses Fold for whatever it compares.
//
// Both lists are matched without regard to case: for vault names a test against
// a real server shows it [T], for item titles and tags it is a guess in line
// with the vaults [G]. CaseSensitive is the switch.
package filter

// Filter is one parsed filter. A nil *Filter is no filter: it matches all.
type Filter struct {
	Root Node
	// CaseSensitive makes the comparisons exact; false, the default, compares
	// what Fold makes of both sides.
	CaseSensitive bool
}

// Node is And, Or, Not or Compare, and nothing else.
type Node interface{ node() }

// And matches what both sides match.
type And struct{ Left, Right Node }

// Or matches what either side matches.
type Or struct{ Left, Right Node }

// Not matches what X does not match.
type Not struct{ X Node }

// Compare holds one attribute against a value. For Tag it matches if one of the
// tags does. An operator "ne" of the text is a Not around an Eq, so that on
// tags it means that none of them is equal [G].
type Compare struct {
	Attribute Attribute
	Op        Op
	Value     string // as sent, with escapes resolved and never folded; "" for Pr
}

func (And) node()     {}
func (Or) node()      {}
func (Not) node()     {}
func (Compare) node() {}

// Attribute is what a comparison looks at.
type Attribute int

// The attributes: the title of an item or the name of a vault, and the tags of
// an item.
const (
	Title Attribute = iota
	Tag
)

// Op is how a comparison compares.
type Op int

// The operators: equal, contains, starts with, ends with, present. An attribute
// is present if it is there and not empty.
const (
	Eq Op = iota
	Co
	Sw
	Ew
	Pr
)
