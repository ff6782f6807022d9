package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/connect"
)

// withPages adds what ActivityPage needs, with a cache of some hundred records.
func withPages(o Options) Options {
	o.AppendActivity = func(b []byte, a *connect.Activity) []byte { return a.AppendJSON(b) }
	o.PageCacheBytes, o.OnExternalChange = 256<<10, func() {}
	return o
}

// tb is a test or a check of properties.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
}

// readPage returns a page of the log, after comparing encoded ones with it: one from before what is pending is
// committed, and one from afterwards.
func readPage(t tb, s *Store, account string, offset, limit int64) ([]connect.Activity, int64) {
	t.Helper()
	ctx := context.Background()
	before, beforeErr := s.ActivityPage(ctx, account, offset, limit, 1<<40)
	page, total, err := s.Activity(ctx, account, offset, limit)
	after, afterErr := s.ActivityPage(ctx, account, offset, limit, 1<<40)
	if err := errors.Join(beforeErr, err, afterErr); err != nil {
		t.Fatalf("%s: %v", account, err)
	}
	want := EncodedPage{Body: []byte{'['}, Records: int64(len(page)), Total: total}
	for i := range page {
		if i > 0 {
			want.Body = append(want.Body, ',')
		}
		want.Body = page[i].AppendJSON(want.Body)
	}
	want.Body = append(want.Body, ']')
	for _, got := range []EncodedPage{before, after} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s from %d: %s", account, offset, diff)
		}
	}
	return page, total
}

// mustReadEncoded returns a page and its decoded records.
func mustReadEncoded(t *testing.T, s *Store, offset, limit, maxBytes int64) (EncodedPage, []connect.Activity) {
	t.Helper()
	page, err := s.ActivityPage(context.Background(), "A", offset, limit, maxBytes)
	var records []connect.Activity
	if err := errors.Join(err, json.Unmarshal(page.Body, &records)); err != nil {
		t.Fatal(err)
	}
	if int(page.Records) != len(records) {
		t.Fatalf("%d records, want %d", len(records), page.Records)
	}
	return page, records
}

func TestActivityPage_EndsWithTheRecordThatMakesItTooLarge(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		const count = 2 * recordsAtOnce
		for n := range count {
			a := countedRecord(0, n)
			a.Actor.UserAgent = strings.Repeat("<", n%200) // six bytes each in JSON
			s.Record("A", a)
		}
		whole, all := mustReadEncoded(t, s, 0, count, 1<<40)
		for _, most := range []int64{0, 1, 5000, 300_000, int64(len(whole.Body)) - 2, int64(len(whole.Body))} {
			page, records := mustReadEncoded(t, s, 0, count, most)
			want, size := 0, int64(1)
			for want < count && size <= most {
				size += int64(len(all[want].AppendJSON(nil))) + min(int64(want), 1)
				want++
			}
			if len(records) != want || page.Total != count || int64(len(page.Body)) != size+1 {
				t.Errorf("most %d: %d records in %d bytes, want %d in %d", most, len(records), len(page.Body), want, size+1)
			}
		}
	})
}

// While records are appended and replaced, each page is of one state of the log: consecutive records of one fixture.
func TestActivityPage_IsOfOneStateOfTheLog(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		const seeded = 50
		numbered := func(fixture, n int) connect.Activity {
			a := record(n)
			a.Actor.UserAgent, a.Resource.ItemVersion = fmt.Sprint("fixture ", fixture), n
			return a
		}
		update(t, s, func(tx *Tx) (err error) {
			for f := range 2 {
				seed := fmt.Sprint("SEED", f)
				err = errors.Join(err, tx.PutSnapshot(Snapshot{ID: seed}), tx.PutAccount(Account{ID: "OF " + seed, Base: seed}))
				for n := 1; n <= seeded; n++ {
					err = errors.Join(err, tx.Record(seed, numbered(f, n)))
				}
			}
			return errors.Join(err, tx.Restore("A", "SEED0"))
		})
		var done atomic.Bool
		var others sync.WaitGroup
		for range 3 {
			others.Go(func() {
				for !done.Load() {
					offset, limit := rand.Int64N(2*seeded), 1+rand.Int64N(60)
					page, records := mustReadEncoded(t, s, offset, limit, 1<<40)
					if page.Records != min(limit, max(page.Total-offset, 0)) {
						t.Errorf("%d of %d records at %d, limit %d", page.Records, page.Total, offset, limit)
					}
					for i, a := range records {
						if a.Resource.ItemVersion != int(page.Total-offset)-i || a.Actor.UserAgent != records[0].Actor.UserAgent {
							t.Errorf("at %d of %d is record %d of %s, the first is of %s", offset+int64(i), page.Total,
								a.Resource.ItemVersion, a.Actor.UserAgent, records[0].Actor.UserAgent)
							return
						}
					}
				}
			})
		}
		others.Go(func() { // so that a commit with pending records may be made at any moment
			for !done.Load() {
				if err := s.Update(context.Background(), func(tx *Tx) error { return tx.Record("B", record(0)) }); err != nil {
					t.Error(err)
				}
			}
		})
		for round := range 10 {
			update(t, s, func(tx *Tx) error { return tx.Restore("A", fmt.Sprint("SEED", round%2)) })
			for n := range 3 * (round % 5) {
				if a := numbered(round%2, seeded+1+n); n%2 == 0 {
					update(t, s, func(tx *Tx) error { return tx.Record("A", a) })
				} else {
					s.Record("A", a)
				}
				if page, _ := mustReadEncoded(t, s, 0, 1, 1<<40); page.Total != int64(seeded+1+n) {
					t.Errorf("round %d: %d records after record %d", round, page.Total, seeded+1+n)
				}
			}
		}
		done.Store(true)
		others.Wait()
	})
}

// A page that is read after another has the records that came since, and nobody waits for their commit.
func TestActivityPage_HasRecordsThatAreNotCommitted(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"memory", "file"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // in which no time passes, so that nothing is committed
				s := openEngine(t, engine)
				for n := range 40 {
					s.Record("A", countedRecord(0, n))
				}
				readPage(t, s, "A", 0, 9)
				for n := range 30 {
					s.Record("A", countedRecord(0, 40+n))
					s.Record("B", countedRecord(0, n))
					offset, limit := int64(n%7), int64(n%12)*5
					page, records := mustReadEncoded(t, s, offset, limit, 1<<40)
					if page.Total != int64(41+n) || page.Records != min(limit, page.Total-offset) {
						t.Fatalf("%d of %d records", page.Records, page.Total)
					}
					for i, a := range records {
						if a.Resource.ItemVersion != 40+n-int(offset)-i {
							t.Errorf("%d after %d: record %d", i, offset, a.Resource.ItemVersion)
						}
					}
					if pending := s.Backlog().Records; pending != 2*(n+1) {
						t.Errorf("%d records are not committed, want %d", pending, 2*(n+1))
					}
				}
				readPage(t, s, "A", 0, 70)
			})
		})
	}
}

// A page is made of what is pending only while each accepted record is either pending or committed.
func TestActivityPage_WaitsForACommitThatIsBeingMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openEngine(t, "memory")
		s.Record("A", record(0))
		readPage(t, s, "A", 0, 9)
		s.Record("A", record(1))
		var taken []entry
		for _, step := range []struct {
			name string
			do   func()
			want bool
		}{
			{"pending", func() {}, true},
			{"taken", func() { taken = s.queue.take() }, false},
			{"put back", func() { s.queue.putBack(taken) }, true},
			{"that can't be written", s.queue.fail, false},
		} {
			step.do()
			p := pageReader{store: s, account: "A", limit: 9}
			if _, isKnown := p.findKnown(); isKnown != step.want {
				t.Errorf("%s: %v", step.name, isKnown)
			}
		}
	})
}

// A store that does not look for changes of other processes caches no pages; one that does forgets them.
func TestActivityPage_SeesRecordsOfOtherProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	writer := mustOpen(t, Options{Path: path})
	putAccounts(t, writer)
	changed := make(chan struct{}, 99)
	looking, unaware := withPages(Options{Path: path}), withPages(Options{Path: path})
	looking.OnExternalChange, unaware.OnExternalChange = func() { changed <- struct{}{} }, nil
	one, two := mustOpen(t, looking), mustOpen(t, unaware)
	for n := int64(1); n <= 40; n++ {
		update(t, writer, func(tx *Tx) error { return tx.Record("A", record(int(n))) })
		if page, _ := mustReadEncoded(t, two, 0, 1, 1<<40); page.Total != n {
			t.Errorf("without a cache: %d records of %d", page.Total, n)
		}
		if n%20 > 0 {
			continue
		}
		for {
			<-changed
			if page, _ := mustReadEncoded(t, one, 0, 1, 1<<40); page.Total == n {
				break
			}
		}
	}
}

func TestActivityPage_BoundsItsCache(t *testing.T) {
	t.Parallel()
	s := openEngine(t, "memory")
	for n := range 3000 {
		s.Record("A", record(n))
	}
	for offset := int64(0); offset < 3000; offset += 30 {
		mustReadEncoded(t, s, offset, 50, 1<<40)
		var bytes int64
		for _, b := range s.pages.blocks.Values() {
			bytes += b.memory()
		}
		if bytes != s.pages.bytes || bytes > s.pages.limit || bytes < min(s.pages.limit/2, 400*offset) {
			t.Fatalf("at %d: %d bytes, counted %d, limit %d", offset, bytes, s.pages.bytes, s.pages.limit)
		}
	}
}
