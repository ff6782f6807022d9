package filter

import (
	"slices"
	"strings"
	"unicode"
)

// Match reports whether a title (of an item, or the name of a vault) and tags match
// the filter.
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
	return false // only a nil node comes here: the interface is sealed
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

// Fold is the only case folding of the project. The results for two strings are
// equal if and only if strings.EqualFold says so, which clients use to check
// responses again [C]. It folds each rune by itself, so that a part of a string
// folds to the same part of the result. It does not normalize: é in one rune and
// in two stay different. Bytes that are not UTF-8 become U+FFFD.
func Fold(s string) string { return strings.Map(foldRune, s) }

// foldRune returns the smallest of the runes that fold into each other, in lower
// case if that is an ASCII letter.
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
