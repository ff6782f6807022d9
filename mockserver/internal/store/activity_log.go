package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// The size of segments, in records. New records are added to the last segment of
// an account until it has minSegment records, so that single records do not need
// a row each. A segment never has more than maxSegment records.
const (
	minSegment = 64
	maxSegment = 128
)

// maxTails bounds the accounts whose last segment the writer caches.
const maxTails = 256

// maxTxLog is the number of records from which on a transaction writes them before its end.
const maxTxLog = 1024

// tail is the last segment of an account.
type tail struct {
	first  int64
	count  int64 // number of records in the encoder
	stored int64 // number of records in the row; 0: there is no row yet
	after  any   // the end of the account's previous segment, if this one has no row yet; nil: none
	*encoder
}

// Record adds a record to the account's log in this transaction. The record is
// dropped if there is no such account at the end of the transaction, or if it is
// a snapshot.
func (tx *Tx) Record(account string, a connect.Activity) error {
	if !tx.writable {
		return errReadOnly
	}
	tx.log = append(tx.log, entry{account, a})
	if len(tx.log) < maxTxLog {
		return nil
	}
	return tx.appendActivity()
}

// appendActivity writes queued records, then those of earlier updates of the
// group, then those of this transaction.
func (tx *Tx) appendActivity() error {
	g := tx.group
	queued := g.queue.take()
	all := queued
	if len(g.log)+len(tx.log) > 0 {
		all = slices.Concat(queued, g.log, tx.log)
		g.log, tx.log = nil, nil
	}
	if g.taken == nil {
		g.taken = queued // sorted below in place: only the order within an account matters
	} else {
		g.taken = append(g.taken, queued...)
	}
	// Records of one account go into one row. Their order stays.
	slices.SortStableFunc(all, func(a, b entry) int { return strings.Compare(a.account, b.account) })
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(e entry) bool { return e.account != all[0].account })
		if n < 0 {
			n = len(all)
		}
		if err := tx.appendLog(all[0].account, all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// appendLog appends records to one account's log. It drops records of an account
// that does not exist any more.
func (tx *Tx) appendLog(account string, entries []entry) error {
	s := tx.session
	t, cached := s.tails[account]
	for len(entries) > 0 {
		if t == nil {
			var err error
			if t, err = tx.loadTail(account); err != nil {
				return err
			}
			if t == nil {
				delete(s.tails, account)
				return nil
			}
		}
		if t.stored >= minSegment {
			end := t.first + t.count
			t = &tail{first: end, after: end, encoder: newEncoder()}
		}
		begins := t.stored == 0
		n := min(len(entries), int(maxSegment-t.count))
		for i := range entries[:n] {
			t.add(&entries[i].record)
		}
		t.count += int64(n)
		ok, err := s.writeTail(account, t)
		switch {
		case err != nil:
			return err
		case ok:
			t.stored = t.count
			entries = entries[n:]
			if begins {
				if err := tx.trim(account, t); err != nil {
					return err
				}
			}
		case cached: // another process has appended since: read the tail again, once
			t, cached = nil, false
		default:
			return errors.New("the activity log has segments that overlap")
		}
	}
	if _, ok := s.tails[account]; !ok && len(s.tails) >= maxTails {
		clear(s.tails)
	}
	s.tails[account] = t
	return nil
}

// loadTail returns the last segment of the account's log, a new one if there is
// none. It returns nil if nothing can be recorded for the account.
func (tx *Tx) loadTail(account string) (*tail, error) {
	l, err := tx.layer(account)
	if errors.Is(err, ErrNotFound) || err == nil && l.isSnapshot && !tx.newSnapshots[account] {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t := &tail{encoder: newEncoder()}
	var data string
	err = tx.session.queryRow(`SELECT first, count, records FROM activity WHERE account = $1 ORDER BY first DESC LIMIT 1`,
		[]any{account}, &t.first, &t.count, &data)
	if errors.Is(err, ErrNotFound) {
		if l.base != "" {
			log, err := tx.findLog(account)
			t.first = log.end
			return t, err
		}
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	t.stored = t.count
	if t.count >= minSegment {
		return t, nil // it is full
	}
	records, err := decodeSegment(data, t.count)
	if err != nil {
		return nil, fmt.Errorf("account %s, record %d: %w", account, t.first, err)
	}
	for i := range records {
		t.add(&records[i])
	}
	return t, nil
}

// writeTail writes the row of a tail. It returns false if the row is not the one
// that the tail was read from.
func (s *session) writeTail(account string, t *tail) (bool, error) {
	var n int64
	var err error
	if t.stored > 0 {
		n, err = s.exec(`UPDATE activity SET count = $1, records = $2 WHERE account = $3 AND first = $4 AND count = $5`,
			t.count, t.data, account, t.first, t.stored)
	} else {
		n, err = s.exec(`INSERT INTO activity (account, first, count, records) SELECT $1, $2, $3, $4
			WHERE EXISTS (SELECT 1 FROM accounts WHERE id = $1)
			AND (SELECT first + count FROM activity WHERE account = $1 ORDER BY first DESC LIMIT 1) IS $5
			ON CONFLICT (account, first) DO NOTHING`, account, t.first, t.count, t.data, t.after)
	}
	return n == 1, err
}
