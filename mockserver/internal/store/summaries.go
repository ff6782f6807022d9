package store

import (
	"database/sql"
	"errors"
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
	return tx.eachItem("summary", account, vault, f, yield)
}

// Documents yields the encoded documents of all items in the vault as Summaries
// does.
func (tx *Tx) Documents(account, vault string, yield func(document []byte) error) error {
	return tx.eachItem("document", account, vault, nil, yield)
}

func (tx *Tx) eachItem(column, account, vault string, f *filter.Filter, yield func([]byte) error) error {
	from, err := tx.sources(account, vault)
	if err != nil {
		return err
	}
	query, args := from.query(column, vault, f)
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

// sources says in which accounts the items of a vault are.
type sources struct {
	own  string // empty: none
	base string // empty: none
	// hides says that own hides items of its base. If it does not, none of its
	// rows stands for another, and they need no sorting.
	hasTombstones bool
}

// sources looks where an account's vault has its items. A vault that a layer has
// not touched is read as the base's.
func (tx *Tx) sources(account, vault string) (from sources, err error) {
	var own, base, hasTombstones bool
	err = tx.session.queryRow(`SELECT base,
		EXISTS (SELECT 1 FROM items WHERE account = $1 AND vault = $2) OR EXISTS (SELECT 1 FROM hidden WHERE account = $1 AND vault = $2),
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

// merged says that rows of two accounts are put in one order.
func (from sources) isMerged() bool { return from.own != "" && from.base != "" }

// query selects a column of the items of a vault; beside it, where two accounts
// are merged, their order.
func (from sources) query(column, vault string, f *filter.Filter) (string, []any) {
	place := "seq"
	if from.hasTombstones {
		place = "coalesce(place, seq)"
	}
	c := compiler{args: []any{vault}}
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
		query = rows(from.own) + c.condition(f)
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
			query += ` AND seq NOT IN (SELECT seq FROM hidden WHERE account = $2 AND vault = $1)`
		}
		query += c.condition(f)
	}
	return query + ` ORDER BY ` + order, c.args
}

// compiler makes a condition on a row of items from a filter. It says what
// filter.Match says.
type compiler struct {
	account string // its placeholder
	exact   bool
	args    []any
}

// condition is what goes on after other conditions.
func (c *compiler) condition(f *filter.Filter) string {
	if f == nil {
		return ""
	}
	c.exact = f.CaseSensitive
	return " AND " + c.compile(f.Root)
}

// arg is the placeholder of one more argument.
func (c *compiler) addArg(value any) string {
	c.args = append(c.args, value)
	return fmt.Sprintf("$%d", len(c.args))
}

func (c *compiler) compile(n filter.Node) string {
	switch n := n.(type) {
	case filter.And:
		return "(" + c.compile(n.Left) + " AND " + c.compile(n.Right) + ")"
	case filter.Or:
		if usesIndex(n) { // the planner would look at each item
			rows := "SELECT seq FROM items WHERE account = " + c.account + " AND vault = $1 AND "
			return "seq IN (" + rows + c.compile(n.Left) + " UNION " + rows + c.compile(n.Right) + ")"
		}
		return "(" + c.compile(n.Left) + " OR " + c.compile(n.Right) + ")"
	case filter.Not:
		return "NOT " + c.compile(n.X)
	case filter.Compare:
		if n.Attribute == filter.Tag {
			return "seq IN (SELECT seq FROM item_tags WHERE account = " + c.account + " AND vault = $1 AND " + c.compare(n, "tag") + ")"
		}
		return c.compare(n, "title")
	}
	return "FALSE" // the interface is sealed: only a nil node comes here
}

// indexed says whether the items a node lets through are found without looking
// at the others.
func usesIndex(n filter.Node) bool {
	switch n := n.(type) {
	case filter.And:
		return usesIndex(n.Left) || usesIndex(n.Right)
	case filter.Or:
		return usesIndex(n.Left) && usesIndex(n.Right)
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
		return "(folded = " + c.addArg(folded) + " AND " + column + " = " + c.addArg([]byte(n.Value)) + ")"
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
	return strings.NewReplacer("COLUMN", column, "VALUE", c.addArg(value)).Replace(form)
}
