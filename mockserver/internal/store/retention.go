package store

import (
	"fmt"
	"time"
)

// Retention limits an account's log: the oldest records are dropped. The zero
// value keeps everything. Totals and offsets count exactly the records that are
// kept. The file may have up to 256 more for each account, because whole rows
// are deleted, and only by commits that add to the log. Records of a base are
// hidden, but never deleted.
type Retention struct {
	MaxRecords int64         // keep at most so many; 0: any number
	MaxAge     time.Duration // keep records up to this age, in whole seconds; 0: any age
	// Now returns the time on an account's clock. Nil: MaxAge is ignored.
	Now func(account string) time.Time
}

// maxTrim is the number of records that one commit deletes of a log that has far
// too many, so that its callers do not wait for all of them.
const maxTrim = 512 * maxSegment

// oldest returns the time in Unix seconds before which a record is too old, and
// whether there is such a time.
func (r *Retention) oldest(account string) (seconds int64, limited bool) {
	if !r.dependsOnTime() {
		return 0, false
	}
	return r.Now(account).Add(-r.MaxAge).Unix(), true
}

// dependsOnTime reports whether records are excluded because time passes.
func (r *Retention) dependsOnTime() bool { return r.MaxAge > 0 && r.Now != nil }

// limit sets the bounds of a log to the records that are kept. Records of a
// snapshot do not become too old.
func (r *Retention) limit(tx *Tx, l *accountLog) error {
	r.limitCount(l, 0)
	oldest, limited := r.oldest(l.account)
	if !limited || l.isSnapshot {
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

// limitCount sets the bounds of a log, after which so many more records come, to the records that are kept for their
// number.
func (r *Retention) limitCount(l *accountLog, more int64) {
	if r.MaxRecords > 0 {
		l.begin = max(l.begin, l.end+more-r.MaxRecords)
	}
}

// firstSince returns the number of the first record from begin to end, without
// end, that is not older than moment, or end if all are older. The records are
// in the rows of one account. It uses a binary search, because a log is in the
// order of time. If a clock was set back, a log may keep some old records or
// lose some new ones; it loses none while its oldest record is new enough.
func (tx *Tx) firstSince(account string, begin, end, moment int64) (int64, error) {
	for at := begin; begin < end; at = begin + (end-begin)/2 {
		var first, count int64
		var data string
		err := tx.session.queryRow(`SELECT first, count, records FROM activity
			WHERE account = $1 AND first <= $2 ORDER BY first DESC LIMIT 1`, []any{account, at}, &first, &count, &data)
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
		recent := from
		for d.skip(1); d.seconds < moment && recent < next; d.skip(1) {
			recent++
		}
		switch {
		case recent == next: // all are too old
			begin = next
		case recent > from, from == begin:
			return recent, nil
		default: // all are new enough, and so may earlier ones be
			end = from
		}
	}
	return begin, nil
}

// trim deletes the rows of an account that have only records to be dropped. The
// newest row always stays: the next record is numbered after it.
func (tx *Tx) trim(account string, newest *tail) error {
	keep := tx.group.retention
	oldest, limited := keep.oldest(account)
	if keep.MaxRecords <= 0 && !limited || tx.newSnapshots[account] {
		return nil
	}
	var begin int64
	err := tx.session.queryRow(`SELECT first FROM activity WHERE account = $1 ORDER BY first LIMIT 1`,
		[]any{account}, &begin)
	if err != nil {
		return err
	}
	cut := begin
	if keep.MaxRecords > 0 {
		cut = max(cut, newest.first+newest.count-keep.MaxRecords)
	}
	if cut = min(cut, newest.first); limited {
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
