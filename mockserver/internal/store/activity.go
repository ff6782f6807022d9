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

// gather is how long records are collected before they are committed together.
const flushDelay = 20 * time.Millisecond

// initialPage is how many records a page gets room for before there are any.
const initialPage = 1024

// retry is how long to leave a database alone that did not take them.
const retryDelay = 250 * time.Millisecond

// Record adds a record to the account's log. It only queues it: it is committed
// a few milliseconds later, with the next Update, or by Close. It waits while
// the queue is full. Records are lost, and logged as lost, only when the queue
// is full and the database takes nothing (a full disk), and after Close.
func (s *Store) Record(account string, a connect.Activity) {
	if !s.queue.add(entry{account, a}) {
		s.log.Error("activity record lost", "store", s.path, "request", a.RequestID)
	}
}

// Activity is a page of the account's log, newest first, and how many records
// the log has. It has all that was accepted by Record before the call. A
// negative offset or limit is taken for zero; the caller bounds limit. What the
// store does not keep is not of the log, and counts in nothing.
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
			err = s.retention.view(tx, &log)
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

// ActivityCount is how many records were ever accepted for the account's log, with
// those it has not kept, since its first one or that of its base.
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

// flushPending commits what was accepted before now.
func (s *Store) flushPending(ctx context.Context) error {
	if s.queue.empty() {
		return nil
	}
	return explain(s.path, s.flush(ctx))
}

// accountLog says where the log of an account is. Its records have numbers from
// begin up to end; those below border are the base's, as far as there are any
// and the account has not dropped what came after them.
type accountLog struct {
	account, base      string
	begin, border, end int64
	frozen             bool
}

// findLog reads the bounds of an account's log.
func (tx *Tx) findLog(account string) (accountLog, error) {
	l := accountLog{account: account}
	var own, base logBounds
	err := tx.session.queryRow(`SELECT b.base, coalesce((SELECT kind <> 'served' FROM accounts WHERE id = $1), false),
		coalesce((SELECT first FROM activity WHERE account = $1 ORDER BY first LIMIT 1), 0),
		coalesce((SELECT first + count FROM activity WHERE account = $1 ORDER BY first DESC LIMIT 1), 0),
		coalesce((SELECT first FROM activity WHERE account = b.base ORDER BY first LIMIT 1), 0),
		coalesce((SELECT first + count FROM activity WHERE account = b.base ORDER BY first DESC LIMIT 1), 0)
		FROM (SELECT coalesce((SELECT base FROM accounts WHERE id = $1), '') AS base) b`,
		[]any{account}, &l.base, &l.frozen, &own.begin, &own.end, &base.begin, &base.end)
	l.begin, l.border, l.end = own.begin, own.begin, own.end
	if base.begin < base.end && (own.begin == own.end || own.begin <= base.end) {
		l.begin, l.border, l.end = base.begin, base.end, max(own.end, base.end)
	}
	return l, err
}

// logBounds are the number of the oldest of the records that are under an
// account itself, and that after its newest.
type logBounds struct{ begin, end int64 }

// logPage reads the segments from that of the newest record down to that of the
// oldest. A layer's records are shown as its own, whoever wrote them.
func (tx *Tx) logPage(l accountLog, newest, oldest int64) (page []connect.Activity, err error) {
	page = make([]connect.Activity, 0, min(newest-oldest+1, initialPage))
	if newest >= l.border {
		if page, err = tx.logPart(page, l.account, newest, max(oldest, l.border)); err != nil {
			return nil, err
		}
		newest = l.border - 1
	}
	if newest >= oldest {
		if page, err = tx.logPart(page, l.base, newest, oldest); err != nil {
			return nil, err
		}
	}
	if l.base != "" {
		for i := range page {
			page[i].Actor.Account = l.account
		}
	}
	return page, nil
}

// logPart appends records of one account's rows to a page.
func (tx *Tx) logPart(page []connect.Activity, account string, newest, oldest int64) ([]connect.Activity, error) {
	next := newest
	err := tx.session.each(`SELECT first, count, records FROM activity WHERE account = $1 AND first <= $2
		AND first > $3 AND first + count > $4 ORDER BY first DESC`, []any{account, newest, oldest - maxSegment, oldest}, func(scan func(...any) error) error {
		var first, count int64
		var data sql.RawBytes
		if err := scan(&first, &count, &data); err != nil {
			return err
		}
		if next-first >= count {
			return fmt.Errorf("account %s: %w: record %d is missing", account, errSegment, next)
		}
		d, err := newDecoder(string(data), count)
		if err != nil {
			return fmt.Errorf("account %s, record %d: %w", account, first, err)
		}
		from, start := max(first, oldest), len(page)
		d.skip(from - first)
		page = d.records(page, next-from+1)
		if d.bad {
			return fmt.Errorf("account %s, record %d: %w", account, first, errSegment)
		}
		for i := range page[start:] {
			agent := &page[start+i].Actor.UserAgent
			*agent = journal.Truncate(*agent, journal.MaxUserAgent) // before the next segment: of a page they may be gigabytes
		}
		slices.Reverse(page[start:])
		next = from - 1
		return nil
	})
	if err == nil && next >= oldest {
		err = fmt.Errorf("account %s: %w: record %d is missing", account, errSegment, next)
	}
	return page, err
}

// flush commits what is queued.
func (s *Store) flush(ctx context.Context) error {
	session, err := s.writer.take(ctx)
	if err != nil {
		return err
	}
	defer s.writer.put(session)
	if s.queue.empty() { // an update has taken it along
		return nil
	}
	err = s.updateExclusive(ctx, session, func(*Tx) error { return nil })
	s.recordDiskError(err)
	return err
}

// flushLoop commits what is queued, many at once.
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
