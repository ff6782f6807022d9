package store

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
)

// Summaries yields the encoded summary of each item in the vault that passes
// the filter (nil: each item), in the order they were added. The bytes are only
// good until yield returns, and yield must not use the Tx. An error of yield
// ends it.
//
// Comparing for equality uses an index, alone and within "and" and "or"; what
// else a filter can say looks at each item of the vault.
func (tx *Tx) Summaries(account, vault string, f *filter.Filter, yield func(summary []byte) error) error {
	query, args := summariesQuery(account, vault, f)
	st, err := tx.session.shaped(query)
	if err != nil {
		return err
	}
	return visitAll(tx.ctx, st, args, func(scan func(...any) error) error {
		var summary sql.RawBytes
		if err := scan(&summary); err != nil {
			return err
		}
		return yield(summary)
	})
}

func summariesQuery(account, vault string, f *filter.Filter) (string, []any) {
	c := compiler{args: []any{account, vault}}
	condition := ""
	if f != nil {
		c.exact = f.CaseSensitive
		condition = " AND " + c.compile(f.Root)
	}
	return `SELECT summary FROM items WHERE account = $1 AND vault = $2` + condition + ` ORDER BY seq`, c.args
}

// compiler makes a condition on a row of items from a filter. It says what
// filter.Match says.
type compiler struct {
	exact bool
	args  []any
}

// arg is the placeholder of one more argument.
func (c *compiler) arg(value any) string {
	c.args = append(c.args, value)
	return fmt.Sprintf("$%d", len(c.args))
}

func (c *compiler) compile(n filter.Node) string {
	switch n := n.(type) {
	case filter.And:
		return "(" + c.compile(n.Left) + " AND " + c.compile(n.Right) + ")"
	case filter.Or:
		if indexed(n) { // the planner would look at each item
			const rows = "SELECT seq FROM items WHERE account = $1 AND vault = $2 AND "
			return "seq IN (" + rows + c.compile(n.Left) + " UNION " + rows + c.compile(n.Right) + ")"
		}
		return "(" + c.compile(n.Left) + " OR " + c.compile(n.Right) + ")"
	case filter.Not:
		return "NOT " + c.compile(n.X)
	case filter.Compare:
		if n.Attribute == filter.Tag {
			return "seq IN (SELECT seq FROM item_tags WHERE account = $1 AND vault = $2 AND " + c.compare(n, "tag") + ")"
		}
		return c.compare(n, "title")
	}
	return "FALSE" // the interface is sealed: only a nil node comes here
}

// indexed says whether the items a node lets through are found without looking
// at the others.
func indexed(n filter.Node) bool {
	switch n := n.(type) {
	case filter.And:
		return indexed(n.Left) || indexed(n.Right)
	case filter.Or:
		return indexed(n.Left) && indexed(n.Right)
	case filter.Compare:
		return n.Op == filter.Eq
	}
	return false
}

// compare compares a column that has a folded twin beside it.
func (c *compiler) compare(n filter.Compare, column string) string {
	if n.Op == filter.Pr {
		return "length(" + column + ") > 0"
	}
	folded := []byte(filter.Fold(n.Value))
	if n.Op == filter.Eq && c.exact {
		// Equal texts fold to equal texts, and the index has the folded ones.
		return "(folded = " + c.arg(folded) + " AND " + column + " = " + c.arg([]byte(n.Value)) + ")"
	}
	value := folded
	if c.exact {
		value = []byte(n.Value)
	} else {
		column = "folded"
	}
	if n.Op != filter.Eq && len(value) == 0 {
		return "TRUE" // every text has the empty one in it
	}
	form := ""
	switch {
	case n.Op == filter.Eq:
		form = "COLUMN = VALUE"
	case n.Op == filter.Co:
		form = "instr(COLUMN, VALUE) > 0"
	case n.Op == filter.Sw:
		form = "substr(COLUMN, 1, length(VALUE)) = VALUE"
	case n.Op == filter.Ew:
		form = "substr(COLUMN, length(COLUMN) - length(VALUE) + 1) = VALUE"
	default:
		return "FALSE"
	}
	if n.Op != filter.Eq {
		// Of an empty column the functions make NULL, which NOT leaves NULL.
		form = "(length(COLUMN) >= length(VALUE) AND " + form + ")"
	}
	return strings.NewReplacer("COLUMN", column, "VALUE", c.arg(value)).Replace(form)
}
