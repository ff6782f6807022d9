// Package filter parses the SCIM-style filters of the lists of vaults and items,
// and decides what they match.
//
// It does not know where titles and tags are stored: Match compares the values
// that it is given. A store that compiles a filter to its own language walks Root
// and compares values of Fold.
//
// Matching ignores case in both lists: for vault names a test against a real
// server shows it [T], for item titles and tags it is a guess [G]. CaseSensitive
// changes it.
package filter

// Filter is a parsed filter. A nil *Filter matches everything.
type Filter struct {
	Root Node
	// CaseSensitive makes comparisons exact. By default they compare the results of
	// Fold.
	CaseSensitive bool
}

// Node is one of And, Or, Not and Compare.
type Node interface{ node() }

// And matches if both sides match.
type And struct{ Left, Right Node }

// Or matches if at least one side matches.
type Or struct{ Left, Right Node }

// Not matches if X does not match.
type Not struct{ X Node }

// Compare compares an attribute with a value. With Tag it matches if one of the
// tags does. The operator "ne" is parsed as Not and Eq, so that for tags it means
// that none of them is equal [G].
type Compare struct {
	Attribute Attribute
	Op        Op
	Value     string // as sent, with escapes resolved, not folded; "" for Pr
}

func (And) node()     {}
func (Or) node()      {}
func (Not) node()     {}
func (Compare) node() {}

// Attribute is the attribute that a comparison compares.
type Attribute int

// The attributes: the title of an item or the name of a vault, and the tags of
// an item.
const (
	Title Attribute = iota
	Tag
)

// Op is the operator of a comparison.
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
