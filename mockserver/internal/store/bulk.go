package store

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/openapi/connect"
)

// The number of rows that one statement of a Bulk inserts.
const (
	itemsPerInsert    = 64
	tagsPerInsert     = 64
	segmentsPerInsert = 16
)

// Bulk fills a snapshot that this transaction adds, many rows at a time. All ids
// must be new: a duplicate is an error.
type Bulk struct {
	tx      *Tx
	account string
	seq     int64 // of the last item
	first   int64 // number of the next record in the log
	args    []any
	tags    []any
}

// Bulk starts to fill a snapshot that PutSnapshot has just added.
func (tx *Tx) Bulk(account string) (*Bulk, error) {
	if !tx.newSnapshots[account] {
		return nil, fmt.Errorf("account %s: %w", account, errSnapshot)
	}
	tx.group.written.replace(account)
	b := &Bulk{tx: tx, account: account}
	return b, tx.session.queryRow(`SELECT coalesce(max(seq), 0) FROM items`, nil, &b.seq)
}

// EncodedItem is an item as it is stored.
type EncodedItem struct{ itemRow }

// EncodeItem encodes an item. It needs no transaction.
func EncodeItem(it connect.Item) (EncodedItem, error) {
	r, err := encodeItem("", it)
	return EncodedItem{r}, err
}

// AddItems adds items of one vault after all others, in this order.
func (b *Bulk) AddItems(vault string, rows []EncodedItem) error {
	if err := b.tx.ctx.Err(); err != nil {
		return err
	}
	b.tags = b.tags[:0]
	for len(rows) > 0 {
		n := batchSize(len(rows), itemsPerInsert)
		b.args = b.args[:0]
		for i := range rows[:n] {
			r := &rows[i]
			b.seq++
			b.args = append(b.args, b.seq, r.id, r.title, r.folded, r.tagsJSON, r.summary, r.document)
			for _, tag := range r.tags {
				b.tags = append(b.tags, []byte(filter.Fold(tag)), b.seq, []byte(tag))
			}
		}
		const columns = `items (account, vault, seq, id, title, folded, tags, summary, document)`
		if err := b.insert(columns, 7, n, vault); err != nil {
			return err
		}
		rows = rows[n:]
	}
	for tags := b.tags; len(tags) > 0; {
		n := batchSize(len(tags)/3, tagsPerInsert)
		b.args = append(b.args[:0], tags[:3*n]...)
		if err := b.insert(`item_tags (account, vault, folded, seq, tag)`, 3, n, vault); err != nil {
			return err
		}
		tags = tags[3*n:]
	}
	return nil
}

// Segment is an encoded part of an account's log.
type Segment struct {
	count int
	data  []byte
}

// SegmentRecords is the number of records in a segment. The last segment of a log
// may have fewer.
const SegmentRecords = maxSegment

// EncodeSegment encodes at most SegmentRecords records, oldest first. It needs no
// transaction.
func EncodeSegment(records []connect.Activity) Segment {
	e := newEncoder()
	for i := range records {
		e.add(&records[i])
	}
	return Segment{len(records), e.data}
}

// AddActivity appends segments to the account's log.
func (b *Bulk) AddActivity(segments []Segment) error {
	if err := b.tx.ctx.Err(); err != nil {
		return err
	}
	for len(segments) > 0 {
		n := batchSize(len(segments), segmentsPerInsert)
		b.args = b.args[:0]
		for _, s := range segments[:n] {
			b.args = append(b.args, b.first, s.count, s.data)
			b.first += int64(s.count)
		}
		if err := b.insert(`activity (account, first, count, records)`, 3, n); err != nil {
			return err
		}
		segments = segments[n:]
	}
	return nil
}

// batchSize returns the number of rows for the next statement. It is a power of
// two, so that few different statements are needed.
func batchSize(left, most int) int {
	for most > left {
		most /= 2
	}
	return most
}

// insert inserts the rows in args. The first columns are the account and the
// constants, which are the same in each row.
func (b *Bulk) insert(into string, columns, rows int, constants ...any) error {
	var q strings.Builder
	q.WriteString(insertBulk + into + ` SELECT ?` + strings.Repeat(`, ?`, len(constants)))
	for i := range columns {
		fmt.Fprintf(&q, ", column%d", i+1)
	}
	row := `(?` + strings.Repeat(`, ?`, columns-1) + `)`
	q.WriteString(` FROM (VALUES ` + row + strings.Repeat(`, `+row, rows-1) + `)`)
	st, err := b.tx.session.statement(q.String())
	if err != nil {
		return err
	}
	_, err = st.Exec(append(append([]any{b.account}, constants...), b.args...)...)
	return err
}
