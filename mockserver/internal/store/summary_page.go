package store

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
)

// Selection selects items of a vault. The zero value selects every item.
type Selection struct {
	Filter   *filter.Filter
	Category string // "": any
}

// SummaryPage calls yield as Summaries does, for at most limit of the selected
// items after the first offset. The other summaries are not read.
func (tx *Tx) SummaryPage(
	account, vault string, s Selection, offset, limit int64, yield func(summary []byte) error,
) error {
	from, err := tx.sources(account, vault)
	if err != nil {
		return err
	}
	query, args := from.query("summary", vault, s, nil)
	query += fmt.Sprintf(" LIMIT $%d OFFSET $%d", len(args)+1, len(args)+2)
	return tx.eachRow(from, query, append(args, limit, offset), yield)
}

// CountItems returns how many items of a vault are selected.
func (tx *Tx) CountItems(account, vault string, s Selection) (n int64, err error) {
	from, err := tx.sources(account, vault)
	if err != nil {
		return 0, err
	}
	query, args := from.query("seq", vault, s, nil)
	rows, _, _ := strings.Cut(query, " ORDER BY ") // values are arguments: there is no other
	st, err := tx.session.filterStatement("SELECT count(*) FROM (" + rows + ")")
	if err != nil {
		return 0, err
	}
	err = st.QueryRowContext(tx.ctx, args...).Scan(&n)
	return n, err
}

// selection returns a selection as a further condition of a statement. A summary
// has its category as the only member of this name, and a quotation mark within a
// text is escaped there.
func (c *compiler) selection(s Selection) string {
	condition := c.condition(s.Filter)
	if s.Category != "" {
		condition += " AND instr(summary, " + c.addArg([]byte(`"category":"`+s.Category+`"`)) + ") > 0"
	}
	return condition
}
