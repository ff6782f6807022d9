package store

import (
	"bytes"
	"context"
	"database/sql"
	"slices"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
)

// A comparison with a part of a title is answered from the titles in memory: the titles that match are found there, and
// their items in the index as those with equal titles. With many titles that match, the statement compares.

// maxFoundTitles is how many titles are looked up for a filter.
const maxFoundTitles = 1000

// titlesPerRead is how many titles one statement reads into memory.
const titlesPerRead = 5000

// foundTitles are the folded titles that match comparisons.
type foundTitles map[filter.Compare][][]byte

// partsOfTitles appends the comparisons of a filter with parts of titles.
func partsOfTitles(parts []filter.Compare, n filter.Node) []filter.Compare {
	switch n := n.(type) {
	case filter.And:
		return partsOfTitles(partsOfTitles(parts, n.Left), n.Right)
	case filter.Or:
		return partsOfTitles(partsOfTitles(parts, n.Left), n.Right)
	case filter.Not:
		return partsOfTitles(parts, n.X)
	case filter.Compare:
		if n.Attribute == filter.Title && n.Value != "" && (n.Op == filter.Co || n.Op == filter.Sw || n.Op == filter.Ew) {
			return append(parts, n)
		}
	}
	return parts
}

// searchTitles is Summaries of a filter with comparisons with parts of titles.
func (s *Store) searchTitles(
	ctx context.Context, account, vault string, f *filter.Filter, parts []filter.Compare, yield func([]byte) error,
) error {
	for isRead := false; ; isRead = true {
		began := s.titles.now()
		var unread []titleKey
		err := s.View(ctx, func(tx *Tx) error {
			from, err := tx.sources(account, vault)
			if err != nil {
				return err
			}
			var lists [][]byte
			usable := parts
			for _, k := range from.titleKeys(vault) {
				list, canRead := s.titles.list(k, began)
				if canRead && !isRead {
					unread = append(unread, k)
				}
				if lists = append(lists, list...); list == nil {
					usable = nil // the statement compares
				}
			}
			if len(unread) > 0 {
				return nil
			}
			query, args := from.query("summary", vault, Selection{Filter: f}, findTitles(lists, usable))
			return tx.eachRow(from, query, args, yield)
		})
		if err != nil || len(unread) == 0 {
			return err
		}
		for _, k := range unread {
			if err := s.readTitles(ctx, k); err != nil {
				return err
			}
		}
	}
}

// titleKeys returns which lists have the titles of the items of a vault.
func (from sources) titleKeys(vault string) (keys []titleKey) {
	for _, account := range []string{from.own, from.base} {
		if account != "" {
			keys = append(keys, titleKey{account, vault})
		}
	}
	return keys
}

// findTitles returns the titles that match, except those of comparisons that too many titles match.
func findTitles(lists [][]byte, parts []filter.Compare) foundTitles {
	found, left := foundTitles{}, maxFoundTitles
	for _, c := range parts {
		if matching, ok := matchTitles(lists, c, left); ok {
			found[c] = matching
			left -= len(matching)
		}
	}
	return found
}

// matchTitles returns the titles in lists that match a comparison, each once. It returns false if there are too many.
func matchTitles(lists [][]byte, c filter.Compare, most int) (matching [][]byte, ok bool) {
	pattern, lead := []byte(filter.Fold(c.Value)), 0
	switch c.Op {
	case filter.Sw:
		pattern, lead = append([]byte{titleEnd}, pattern...), 1
	case filter.Ew:
		pattern = append(pattern, titleEnd)
	}
	seen := map[string]bool{}
	for _, text := range lists {
		for {
			at := bytes.Index(text, pattern)
			if at < 0 {
				break
			}
			begin := bytes.LastIndexByte(text[:at+lead], titleEnd) + 1
			title, _, _ := bytes.Cut(text[begin:], []byte{titleEnd})
			text = text[begin+len(title):] // from the titleEnd on
			if seen[string(title)] {
				continue
			}
			if len(matching) == most {
				return nil, false
			}
			seen[string(title)] = true
			matching = append(matching, title)
		}
	}
	return matching, true
}

// readTitles reads the titles of a vault into memory, unless somebody else does.
func (s *Store) readTitles(ctx context.Context, k titleKey) error {
	l := s.titles.begin(k)
	if l == nil {
		return nil
	}
	var text []byte
	err := s.View(ctx, func(tx *Tx) (err error) {
		text, err = tx.titles(k, s.titles.limit)
		return err
	})
	s.titles.finish(k, l, text, err)
	return err
}

// titles returns the folded titles of a vault as titleList has them, nil if they take more than limit bytes.
func (tx *Tx) titles(k titleKey, limit int64) ([]byte, error) {
	text := []byte{titleEnd}
	for last := []byte{}; ; {
		if err := tx.ctx.Err(); err != nil {
			return nil, err
		}
		var read, highest sql.RawBytes
		n := 0
		err := tx.session.each(`SELECT group_concat(folded, x'FF'), max(folded), count(*) FROM
			(SELECT DISTINCT folded FROM items INDEXED BY items_by_title
			WHERE account = $1 AND vault = $2 AND folded > $3 ORDER BY folded LIMIT $4)`,
			[]any{k.account, k.vault, last, titlesPerRead}, func(scan func(...any) error) error {
				err := scan(&read, &highest, &n)
				if n > 0 {
					text = append(append(text, read...), titleEnd)
					last = slices.Clone(highest)
				}
				return err
			})
		switch {
		case err != nil:
			return nil, err
		case int64(cap(text)) > limit-titleListBytes:
			return nil, nil
		case n < titlesPerRead:
			return text, nil
		}
	}
}
