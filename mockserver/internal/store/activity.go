package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/connect"
)

// flushDelay is how long to wait for further records before a commit.
const flushDelay = 20 * time.Millisecond

// initialPage is the largest number of records that a page is allocated for in
// advance.
const initialPage = 1024

// retryDelay is how long to wait after a commit has failed.
const retryDelay = 250 * time.Millisecond

// Record adds a record to the account's log. It queues the record, which is
// committed some milliseconds later, with the next Update or by Close. It waits
// while the queue is full. A record is lost, and logged as lost, only if the
// queue is full and the database cannot be written (a full disk), or after
// Close.
func (s *Store) Record(account string, a connect.Activity) {
	if !s.queue.add(entry{account, a}) {
		s.log.Error("activity record lost", "store", s.path, "request", a.RequestID)
	}
}

// Activity returns a page of the account's log, newest first, and the number of
// records in the log. The log has all records that Record accepted before the
// call, without those that Retention excludes. A negative offset or limit counts
// as zero; the caller bounds limit.
func (s *Store) Activity(ctx context.Context, account string, offset, limit int64) ([]connect.Activity, int64, error) {
	if err := s.flushPending(ctx); err != nil {
		return nil, 0, err
	}
	offset, limit = max(offset, 0), max(limit, 0)
	var page []connect.Activity
	var total int64
	err := s.View(ctx, func(tx *Tx) error {
		log, err := tx.findLog(account)
		if err == nil {
			err = s.retention.limit(tx, &log)
		}
		if err != nil {
			return err
		}
		total = log.end - log.begin
		if offset >= total || limit == 0 {
			return nil
		}
		newest := log.end - 1 - offset
		oldest := log.begin
		if limit < total-offset {
			oldest = newest - limit + 1
		}
		page, err = tx.logPage(log, newest, oldest)
		return err
	})
	return page, total, err
}

// ActivityCount returns the number of records ever accepted for the account's
// log, including the base's and those that Retention excludes.
func (s *Store) ActivityCount(ctx context.Context, account string) (n int64, err error) {
	if err := s.flushPending(ctx); err != nil {
		return 0, err
	}
	err = s.View(ctx, func(tx *Tx) error {
		log, err := tx.findLog(account)
		n = log.end
		return err
	})
	return n, err
}

// flushPending commits records that were accepted before the call.
func (s *Store) flushPending(ctx context.Context) error {
	if s.queue.empty() {
		return nil
	}
	return explain(s.path, s.flush(ctx))
}

// accountLog are the bounds of an account's log. Its records have the numbers from
// begin to end, without end. Those before border are in the base; there are none
// if the account has dropped records of its own.
type accountLog struct {
	account, base      string
	begin, border, end int64
	isSnapshot         bool
}

// findLog returns the bounds of an account's log.
func (tx *Tx) findLog(account string) (accountLog, error) {
	l := accountLog{account: account}
	var own, base logBounds
	err := tx.session.queryRow(`SELECT b.base, coalesce((SELECT kind <> 'served' FROM accounts WHERE id = $1), false),
		coalesce((SELECT first FROM activity WHERE account = $1 ORDER BY first LIMIT 1), 0),
		coalesce((SELECT first + count FROM activity WHERE account = $1 ORDER BY first DESC LIMIT 1), 0),
		coalesce((SELECT first FROM activity WHERE account = b.base ORDER BY first LIMIT 1), 0),
		coalesce((SELECT first + count FROM activity WHERE account = b.base ORDER BY first DESC LIMIT 1), 0)
		FROM (SELECT coalesce((SELECT base FROM accounts WHERE id = $1), '') AS base) b`,
		[]any{account}, &l.base, &l.isSnapshot, &own.begin, &own.end, &base.begin, &base.end)
	l.begin, l.border, l.end = own.begin, own.begin, own.end
	if base.begin < base.end && (own.begin == own.end || own.begin <= base.end) {
		l.begin, l.border, l.end = base.begin, base.end, max(own.end, base.end)
	}
	return l, err
}

// logBounds are the number of the oldest record in the rows of an account, and
// the number after that of the newest.
type logBounds struct{ begin, end int64 }

// show changes a record to what its log shows of it: in a layer the account is that of the layer.
func (l *accountLog) show(a *connect.Activity) {
	if l.base != "" {
		a.Actor.Account = l.account
	}
	a.Actor.UserAgent = journal.Truncate(a.Actor.UserAgent, journal.MaxUserAgent)
}

// logPage returns the records from newest down to oldest.
func (tx *Tx) logPage(l accountLog, newest, oldest int64) ([]connect.Activity, error) {
	page := make([]connect.Activity, 0, min(newest-oldest+1, initialPage))
	err := tx.eachPart(l, oldest, newest, func(d *decoder, n int64) {
		start := len(page)
		page = d.records(page, n)
		for i := start; i < len(page); i++ {
			// Before the next segment is read: all user agents of a page may have gigabytes.
			l.show(&page[i])
		}
	})
	slices.Reverse(page)
	return page, err
}

// eachPart calls visit for each row with records from oldest to newest, which the log must have. The decoder is at the
// first of them; visit reads their number.
func (tx *Tx) eachPart(l accountLog, oldest, newest int64, visit func(d *decoder, n int64)) error {
	if oldest < l.border {
		if err := tx.eachSegment(l.base, oldest, min(newest, l.border-1), visit); err != nil {
			return err
		}
		oldest = l.border
	}
	if oldest > newest {
		return nil
	}
	return tx.eachSegment(l.account, oldest, newest, visit)
}

// eachSegment is eachPart for the rows of one account.
func (tx *Tx) eachSegment(account string, oldest, newest int64, visit func(d *decoder, n int64)) error {
	next := oldest
	err := tx.session.each(`SELECT first, count, records FROM activity WHERE account = $1 AND first <= $2
		AND first > $3 AND first + count > $4 ORDER BY first`,
		[]any{account, newest, oldest - maxSegment, oldest}, func(scan func(...any) error) error {
			var first, count int64
			var data sql.RawBytes
			if err := scan(&first, &count, &data); err != nil {
				return err
			}
			if next < first {
				return fmt.Errorf("account %s: %w: record %d is missing", account, errSegment, next)
			}
			d, err := newDecoder(string(data), count)
			if err != nil {
				return fmt.Errorf("account %s, record %d: %w", account, first, err)
			}
			end := min(first+count, newest+1)
			d.skip(next - first)
			visit(d, end-next)
			if d.bad {
				return fmt.Errorf("account %s, record %d: %w", account, first, errSegment)
			}
			next = end
			return nil
		})
	if err == nil && next <= newest {
		err = fmt.Errorf("account %s: %w: record %d is missing", account, errSegment, next)
	}
	return err
}

// flush commits queued records.
func (s *Store) flush(ctx context.Context) error {
	session, err := s.writer.take(ctx)
	if err != nil {
		return err
	}
	defer s.writer.put(session)
	if s.queue.empty() { // an update has committed them
		return nil
	}
	err = s.updateExclusive(ctx, session, func(*Tx) error { return nil })
	s.recordDiskError(err)
	return err
}

// flushLoop commits queued records until the context ends.
func (s *Store) flushLoop(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	wait := func(d time.Duration, early <-chan struct{}) {
		timer.Reset(d)
		select {
		case <-ctx.Done():
		case <-early:
		case <-timer.C:
		}
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-s.queue.wake:
		}
		wait(flushDelay, s.queue.hurry)
		if err := s.flush(ctx); err != nil && ctx.Err() == nil {
			s.queue.fail()
			s.log.Error("activity not stored yet", "store", s.path, "error", explain(s.path, err))
			wait(retryDelay, nil)
		}
	}
}
