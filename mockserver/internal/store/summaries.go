package store

import (
	"context"
	"database/sql"
	"errors"
	"math/bits"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
)

// Summaries calls yield with the encoded summary of each item in the vault that
// matches the filter (nil: every item), in the order they were added. The bytes
// are valid until yield returns. yield must not use the Tx; its first error ends
// the call.
//
// Tests for equality find their items in an index, alone and within "and" and
// "or". Other comparisons of titles read that index from end to end, which has all
// folded titles in a hundredth of the pages of the items. Only "not", and a title
// whose case matters, read all items of the vault.
func (tx *Tx) Summaries(account, vault string, f *filter.Filter, yield func(summary []byte) error) error {
	if title, ok := lookedUpTitle(f); ok {
		return tx.lookUpTitle(account, vault, title, f.CaseSensitive, yield)
	}
	return tx.eachItem("summary", account, vault, f, yield)
}

// eachItem calls yield with a column of each item in the vault that matches the filter.
func (tx *Tx) eachItem(column, account, vault string, f *filter.Filter, yield func([]byte) error) error {
	from, err := tx.sources(account, vault)
	if err != nil {
		return err
	}
	query, args := from.query(column, vault, Selection{Filter: f}, nil)
	return tx.eachRow(from, query, args, yield)
}

// Summaries is Tx.Summaries in a View of its own.
func (s *Store) Summaries(
	ctx context.Context, account, vault string, f *filter.Filter, yield func(summary []byte) error,
) error {
	if f != nil && s.titles.limit > 0 {
		if parts := partsOfTitles(nil, f.Root); len(parts) > 0 {
			return s.searchTitles(ctx, account, vault, f, parts, yield)
		}
	}
	_, isOneStatement := lookedUpTitle(f)
	return s.view(ctx, isOneStatement, func(tx *Tx) error { return tx.Summaries(account, vault, f, yield) })
}

// lookedUpTitle returns the title of a filter that only compares titles with it.
func lookedUpTitle(f *filter.Filter) (string, bool) {
	if f == nil {
		return "", false
	}
	c, ok := f.Root.(filter.Compare)
	return c.Value, ok && c.Attribute == filter.Title && c.Op == filter.Eq
}

// lookUpTitle is Summaries for a filter that only compares titles with one. It runs a single statement, which finds
// where the items are itself, and is not worth interrupting.
func (tx *Tx) lookUpTitle(account, vault, title string, exact bool, yield func(summary []byte) error) error {
	var equal any // NULL: the case does not matter
	if exact {
		equal = []byte(title)
	}
	var summary, place sql.RawBytes
	args := []any{account, vault, []byte(filter.Fold(title)), equal}
	return tx.session.each(summariesOfTitle, args, func(scan func(...any) error) error {
		if err := scan(&summary, &place); err != nil {
			return err
		}
		return yield(summary)
	})
}

const summariesOfTitle = `SELECT summary, coalesce(place, seq) FROM items
	WHERE account = $1 AND vault = $2 AND folded = $3 AND ($4 IS NULL OR title = $4)
	UNION ALL SELECT summary, seq FROM items
	WHERE account = (SELECT base FROM accounts WHERE id = $1) AND vault = $2 AND folded = $3 AND ($4 IS NULL OR title = $4)
	AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.account = $1 AND h.vault = $2 AND h.seq = items.seq)
	ORDER BY 2`

// eachRow calls yield with the first column of each row of a query that from.query has made.
func (tx *Tx) eachRow(from sources, query string, args []any, yield func([]byte) error) error {
	st, err := tx.session.filterStatement(query)
	if err != nil {
		return err
	}
	var data, place sql.RawBytes
	dest := []any{&data}
	if from.isMerged() {
		dest = append(dest, &place)
	}
	return visitAll(tx.ctx, st, args, func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		return yield(data)
	})
}

// sources are the accounts in which the items of a vault are.
type sources struct {
	own  string // empty: none
	base string // empty: none
	// hasTombstones is true if own hides items of its base. Otherwise none of its
	// rows replaces one of the base, and they need no sorting.
	hasTombstones bool
}

// sources finds the accounts in which the items of a vault are. A vault that a
// layer has not changed is read from the base alone.
func (tx *Tx) sources(account, vault string) (from sources, err error) {
	var own, base, hasTombstones bool
	err = tx.session.queryRow(`SELECT base,
		EXISTS (SELECT 1 FROM items WHERE account = $1 AND vault = $2)
			OR EXISTS (SELECT 1 FROM hidden WHERE account = $1 AND vault = $2),
		EXISTS (SELECT 1 FROM items WHERE account = base AND vault = $2),
		EXISTS (SELECT 1 FROM hidden WHERE account = $1)
		FROM accounts WHERE id = $1`, []any{account, vault}, &from.base, &own, &base, &hasTombstones)
	switch {
	case errors.Is(err, ErrNotFound):
		return sources{own: account}, nil
	case err != nil || base && !own:
		return from, err
	case !base:
		from.base = ""
	}
	from.own, from.hasTombstones = account, hasTombstones
	return from, nil
}

// isMerged reports whether rows of two accounts are sorted together.
func (from sources) isMerged() bool { return from.own != "" && from.base != "" }

// query returns the statement that reads a column of the selected items of a vault.
// Where two accounts are merged it also reads the order.
func (from sources) query(column, vault string, s Selection, found foundTitles) (string, []any) {
	place := "seq"
	if from.hasTombstones {
		place = "coalesce(place, seq)"
	}
	c := compiler{args: []any{vault}, found: found}
	rows := func(account string) string {
		c.account = c.addArg(account)
		selected := column
		if from.isMerged() {
			selected += `, ` + place + ` AS place`
		}
		return `SELECT ` + selected + ` FROM items WHERE account = ` + c.account + ` AND vault = $1`
	}
	query := ""
	if from.own != "" {
		query = rows(from.own) + c.selection(s)
	}
	order := place
	if from.isMerged() {
		query += ` UNION ALL `
		order = "2"
	}
	if from.base != "" {
		place = "seq"
		query += rows(from.base)
		if from.hasTombstones {
			query += ` AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.account = $2 AND h.vault = $1 AND h.seq = items.seq)`
		}
		query += c.selection(s)
	}
	return query + ` ORDER BY ` + order, c.args
}

// compiler turns a filter into a condition on a row of items. The result agrees
// with filter.Match.
type compiler struct {
	account string // the placeholder of the account
	exact   bool
	found   foundTitles
	args    []any
}

// condition returns the filter as a further condition of a statement.
func (c *compiler) condition(f *filter.Filter) string {
	if f == nil {
		return ""
	}
	c.exact = f.CaseSensitive
	return " AND " + c.compile(f.Root)
}

// addArg adds an argument and returns its placeholder.
func (c *compiler) addArg(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(len(c.args))
}

// compile returns the condition of one node.
func (c *compiler) compile(n filter.Node) string {
	switch n := n.(type) {
	case filter.And:
		return "(" + c.compile(n.Left) + " AND " + c.compile(n.Right) + ")"
	case filter.Or:
		if c.usesIndex(n) { // the planner would read every item
			rows := "SELECT seq FROM items WHERE account = " + c.account + " AND vault = $1 AND "
			return "seq IN (" + rows + c.compile(n.Left) + " UNION " + rows + c.compile(n.Right) + ")"
		}
		return "(" + c.compile(n.Left) + " OR " + c.compile(n.Right) + ")"
	case filter.Not:
		return "NOT " + c.compile(n.X)
	case filter.Compare:
		if n.Attribute == filter.Tag {
			return "seq IN (SELECT seq FROM item_tags WHERE account = " + c.account +
				" AND vault = $1 AND " + c.compare(n, "tag") + ")"
		}
		if titles, ok := c.found[n]; ok {
			return c.oneOf(titles, n)
		}
		if c.readsTitles(n) {
			return "seq IN (SELECT seq FROM items INDEXED BY items_by_title WHERE account = " + c.account +
				" AND vault = $1 AND " + c.compare(n, "folded") + ")"
		}
		return c.compare(n, "title")
	}
	return "FALSE" // only a nil node comes here: the interface is sealed
}

// usesIndex reports whether the items that match a node are found through an index.
func (c *compiler) usesIndex(n filter.Node) bool {
	switch n := n.(type) {
	case filter.And:
		return c.usesIndex(n.Left) || c.usesIndex(n.Right)
	case filter.Or:
		return c.usesIndex(n.Left) && c.usesIndex(n.Right)
	case filter.Compare:
		_, isFound := c.found[n]
		return isFound || n.Op == filter.Eq || n.Attribute == filter.Tag || c.readsTitles(n)
	}
	return false
}

// readsTitles reports whether a comparison reads the index of folded titles from end to end.
func (c *compiler) readsTitles(n filter.Compare) bool {
	return n.Attribute == filter.Title && n.Op != filter.Eq && (!c.exact || n.Op == filter.Pr)
}

// oneOf returns the condition that a title is one of those that match a comparison. The
// last one is repeated, so that there are few different statements.
func (c *compiler) oneOf(titles [][]byte, n filter.Compare) string {
	if len(titles) == 0 {
		return "FALSE"
	}
	places := make([]string, 1<<bits.Len(uint(len(titles)-1)))
	for i := range places {
		places[i] = c.addArg(titles[min(i, len(titles)-1)])
	}
	condition := "folded IN (" + strings.Join(places, ", ") + ")"
	if c.exact {
		condition = "(" + condition + " AND " + c.compare(n, "title") + ")"
	}
	return condition
}

// compare returns the condition of a comparison of a column. The table has the
// folded value of the column too.
func (c *compiler) compare(n filter.Compare, column string) string {
	if n.Op == filter.Pr {
		return "length(" + column + ") > 0"
	}
	folded := []byte(filter.Fold(n.Value))
	if n.Op == filter.Eq && c.exact {
		// Equal texts fold to equal texts, and the index has the folded ones.
		return "(folded = " + c.addArg(folded) + " AND " + column + " = " + c.addArg([]byte(n.Value)) + ")"
	}
	value := folded
	if c.exact {
		value = []byte(n.Value)
	} else {
		column = "folded"
	}
	if n.Op != filter.Eq && len(value) == 0 {
		return "TRUE" // every text contains the empty one
	}
	place := c.addArg(value)
	form := "FALSE"
	switch n.Op {
	case filter.Eq:
		return column + " = " + place
	case filter.Co:
		form = "instr(" + column + ", " + place + ") > 0"
	case filter.Sw:
		form = "substr(" + column + ", 1, length(" + place + ")) = " + place
	case filter.Ew:
		form = "substr(" + column + ", length(" + column + ") - length(" + place + ") + 1) = " + place
	}
	// For an empty column the functions return NULL, and NOT NULL is NULL.
	return "(length(" + column + ") >= length(" + place + ") AND " + form + ")"
}
