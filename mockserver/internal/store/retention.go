package store

import (
	"fmt"
	"time"
)

// Retention says what an account's log keeps: the oldest records go. The zero
// value keeps everything. What is kept counts as the log, in totals and offsets,
// to the record; rows are dropped whole, with commits that add to the log, so a
// file has up to 256 records of each account more. Records of a base are never
// dropped, only seen no more.
type Retention struct {
	MaxRecords int64         // the newest so many; 0: any number
	MaxAge     time.Duration // those that are not older, in whole seconds; 0: of any age
	// Now is the time of an account. Nil: no record is too old.
	Now func(account string) time.Time
}

// maxTrim is how many records a commit drops of a log that has far too many,
// so that one who is waiting for it does not pay for all of them.
const maxTrim = 512 * maxSegment

// oldest is the time in Unix seconds before which a record is too old.
func (r *Retention) oldest(account string) (seconds int64, counts bool) {
	if r.MaxAge <= 0 || r.Now == nil {
		return 0, false
	}
	return r.Now(account).Add(-r.MaxAge).Unix(), true
}

// view leaves of a log what is kept. A frozen one does not grow old.
func (r *Retention) view(tx *Tx, l *accountLog) error {
	if r.MaxRecords > 0 {
		l.begin = max(l.begin, l.end-r.MaxRecords)
	}
	oldest, counts := r.oldest(l.account)
	if !counts || l.frozen {
		return nil
	}
	var err error
	if l.begin < l.border {
		if l.begin, err = tx.firstSince(l.base, l.begin, l.border, oldest); err != nil {
			return err
		}
	}
	if l.begin >= l.border {
		l.begin, err = tx.firstSince(l.account, l.begin, l.end, oldest)
	}
	return err
}

// firstSince is the number of the first record from begin up to end, all of them
// in an account's own rows, that is not older than a moment; end if all are. It
// halves its way there, for a log is in the order of time. One that is not,
// because a clock was set back, keeps some old records or loses some young ones;
// it keeps all as long as the oldest is young.
func (tx *Tx) firstSince(account string, begin, end, moment int64) (int64, error) {
	for at := begin; begin < end; at = begin + (end-begin)/2 {
		var first, count int64
		var data string
		err := tx.session.queryRow(`SELECT first, count, records FROM activity WHERE account = $1 AND first <= $2 ORDER BY first DESC LIMIT 1`,
			[]any{account, at}, &first, &count, &data)
		if err == nil && first+count <= at {
			err = errSegment
		}
		var d *decoder
		if err == nil {
			d, err = newDecoder(data, count)
		}
		if err != nil {
			return 0, fmt.Errorf("account %s, record %d: %w", account, at, err)
		}
		from, next := max(first, begin), min(first+count, end)
		d.skip(from - first)
		young := from
		for d.skip(1); d.seconds < moment && young < next; d.skip(1) {
			young++
		}
		switch {
		case young == next: // all are old
			begin = next
		case young > from, from == begin:
			return young, nil
		default: // all are young, and more may be before them
			end = from
		}
	}
	return begin, nil
}

// trim drops the rows of an account that have only records it does not keep.
// The newest row stays, whatever it has: its end is where numbers go on.
func (tx *Tx) trim(account string, newest *tail) error {
	keep := tx.group.retention
	oldest, counts := keep.oldest(account)
	if keep.MaxRecords <= 0 && !counts || tx.newSnapshots[account] {
		return nil
	}
	var begin int64
	err := tx.session.queryRow(`SELECT first FROM activity WHERE account = $1 ORDER BY first LIMIT 1`, []any{account}, &begin)
	if err != nil {
		return err
	}
	cut := begin
	if keep.MaxRecords > 0 {
		cut = max(cut, newest.first+newest.count-keep.MaxRecords)
	}
	if cut = min(cut, newest.first); counts {
		if cut, err = tx.firstSince(account, cut, newest.first, oldest); err != nil {
			return err
		}
	}
	if cut = min(cut, begin+maxTrim); cut == begin {
		return nil
	}
	_, err = tx.exec(`DELETE FROM activity WHERE account = $1 AND first < $2 AND first + count <= $2`, account, cut)
	return err
}
