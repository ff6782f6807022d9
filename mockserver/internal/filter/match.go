package filter

import (
	"slices"
	"strings"
	"unicode"
)

// Match says whether a title (of an item, or the name of a vault) with these
// tags passes the filter.
func (f *Filter) Match(title string, tags []string) bool {
	if f == nil {
		return true
	}
	m := matcher{fold: Fold, title: title, tags: tags}
	if f.CaseSensitive {
		m.fold = func(s string) string { return s }
	}
	return m.match(f.Root)
}

type matcher struct {
	fold  func(string) string
	title string
	tags  []string
}

func (m *matcher) match(n Node) bool {
	switch n := n.(type) {
	case And:
		return m.match(n.Left) && m.match(n.Right)
	case Or:
		return m.match(n.Left) || m.match(n.Right)
	case Not:
		return !m.match(n.X)
	case Compare:
		if n.Attribute == Tag {
			return slices.ContainsFunc(m.tags, func(tag string) bool { return m.compare(n, tag) })
		}
		return m.compare(n, m.title)
	}
	return false // the interface is sealed: only a nil node comes here
}

func (m *matcher) compare(c Compare, s string) bool {
	if c.Op == Pr {
		return s != ""
	}
	s, value := m.fold(s), m.fold(c.Value)
	switch c.Op {
	case Eq:
		return s == value
	case Co:
		return strings.Contains(s, value)
	case Sw:
		return strings.HasPrefix(s, value)
	case Ew:
		return strings.HasSuffix(s, value)
	}
	return false
}

// Fold is the one case folding of the project: two strings fold to the same
// text exactly if strings.EqualFold calls them equal, which is how the clients
// check the answers again [C]. It works rune by rune, so a part of a string
// folds to that part of the folded string; it does not normalise (é in one rune
// and in two stay different). Bytes that are not UTF-8 become U+FFFD.
func Fold(s string) string { return strings.Map(foldRune, s) }

// foldRune is the smallest rune of those that fold into each other, in lower
// case if that one is an ASCII letter.
func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if 'A' <= least && least <= 'Z' {
		return least + 'a' - 'A'
	}
	return least
}
