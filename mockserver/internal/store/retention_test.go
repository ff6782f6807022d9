package store

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/openapi/connect"
)

// retentionModel is a store with a retention beside a model of its logs: lists of all records, oldest first.
type retentionModel struct {
	s    *Store
	keep Retention
	now  atomic.Pointer[time.Time] // the store asks for it at any time
	logs map[string][]connect.Activity
	next int
}

func (k *retentionModel) update(t *rapid.T, fn func(tx *Tx) error) {
	if err := k.s.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func (k *retentionModel) wait(d time.Duration) {
	now := k.now.Load().Add(d)
	k.now.Store(&now)
}

// record returns record number n, with plausible members.
func (k *retentionModel) record() connect.Activity {
	k.next++
	a := countedRecord(0, k.next)
	a.Timestamp = connect.At(*k.now.Load())
	return a
}

// visible returns the records that a log should show.
func (k *retentionModel) visible(list []connect.Activity, isSnapshot bool) []connect.Activity {
	if n := len(list) - int(k.keep.MaxRecords); k.keep.MaxRecords > 0 && n > 0 {
		list = list[n:]
	}
	for k.keep.MaxAge > 0 && !isSnapshot && len(list) > 0 && list[0].Timestamp.Unix() < k.now.Load().Add(-k.keep.MaxAge).Unix() {
		list = list[1:]
	}
	return list
}

// check compares a page with that of the list, and holds the rows to a bound.
func (k *retentionModel) check(t *rapid.T, account string, isSnapshot bool) {
	want := k.visible(k.logs[account], isSnapshot)
	offset := rapid.IntRange(0, len(want)+1).Draw(t, "offset")
	limit := rapid.IntRange(0, 300).Draw(t, "limit")
	page, total := readPage(t, k.s, account, int64(offset), int64(limit))
	if total != int64(len(want)) {
		t.Fatalf("%s: total %d of %d", account, total, len(want))
	}
	for i := range min(limit, max(0, len(want)-offset)) {
		if i >= len(page) {
			t.Fatalf("%s: %d records from %d of %d", account, len(page), offset, len(want))
		}
		if diff := cmp.Diff(want[len(want)-1-offset-i].Resource.ItemVersion, page[i].Resource.ItemVersion); diff != "" {
			t.Fatalf("%s: record %d: %s", account, offset+i, diff)
		}
	}
	ever, err := k.s.ActivityCount(context.Background(), account)
	if err != nil || ever != int64(len(k.logs[account])) {
		t.Fatalf("%s: %d ever, want %d, %v", account, ever, len(k.logs[account]), err)
	}
}

// rows is how many records stand in an account's own rows.
func (k *retentionModel) rows(t *rapid.T, account string) (n int64) {
	if err := k.s.View(context.Background(), func(tx *Tx) error {
		return tx.session.queryRow(`SELECT coalesce(sum(count), 0) FROM activity WHERE account = $1`, []any{account}, &n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// Whatever is recorded, saved and restored, and however time passes, a log has the newest records of the list; the base
// of a layer keeps its own.
func TestRetention_KeepsTheNewestRecords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := &retentionModel{logs: map[string][]connect.Activity{}}
		k.now.Store(&day.Time)
		k.keep = Retention{
			MaxRecords: rapid.SampledFrom([]int64{0, 1, 5, 64, 100, 300}).Draw(t, "records"),
			MaxAge:     rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour}).Draw(t, "age"),
			Now:        func(string) time.Time { return *k.now.Load() },
		}
		s, err := Open(context.Background(), withPages(Options{Path: Memory, Retention: k.keep}))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		k.s = s
		more := func(account string, n int, add func(connect.Activity) error) error {
			for range n {
				a := k.record()
				k.logs[account] = append(k.logs[account], a)
				if err := add(a); err != nil {
					return err
				}
				if rapid.IntRange(0, 20).Draw(t, "tick") == 0 {
					k.wait(7 * time.Minute)
				}
			}
			return nil
		}
		history := rapid.SampledFrom([]int{0, 1, 70, 400}).Draw(t, "history")
		k.update(t, func(tx *Tx) error {
			if err := tx.PutSnapshot(Snapshot{ID: "SEED"}); err != nil {
				return err
			}
			if err := more("SEED", history, func(a connect.Activity) error { return tx.Record("SEED", a) }); err != nil {
				return err
			}
			k.logs["A"] = k.logs["SEED"]
			return tx.PutAccount(Account{ID: "A", Base: "SEED"})
		})
		snapshots := 0
		t.Repeat(map[string]func(*rapid.T){
			"queue": func(t *rapid.T) {
				_ = more("A", rapid.IntRange(1, 200).Draw(t, "n"), func(a connect.Activity) error { s.Record("A", a); return nil })
			},
			"record": func(t *rapid.T) {
				k.update(t, func(tx *Tx) error {
					return more("A", rapid.IntRange(1, 200).Draw(t, "n"), func(a connect.Activity) error { return tx.Record("A", a) })
				})
			},
			"wait": func(t *rapid.T) {
				k.wait(time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes")) * time.Minute)
			},
			"freeze": func(t *rapid.T) {
				snapshots++
				id := fmt.Sprint("SNAP", snapshots)
				k.update(t, func(tx *Tx) error { return tx.CreateSnapshot("A", id, id, *k.now.Load()) })
				k.logs[id] = k.logs["A"]
			},
			"restore": func(t *rapid.T) {
				id := fmt.Sprint("SNAP", rapid.IntRange(0, snapshots).Draw(t, "which"))
				if id == "SNAP0" {
					id = "SEED"
				}
				k.update(t, func(tx *Tx) error { return tx.Restore("A", id) })
				k.logs["A"] = k.logs[id][:len(k.logs[id]):len(k.logs[id])]
			},
			"": func(t *rapid.T) {
				k.check(t, "A", false)
				if n := k.rows(t, "SEED"); n != int64(history) {
					t.Fatalf("the base has %d of %d records", n, history)
				}
			},
		})
	})
}

// The file does not grow with a log that is trimmed.
func TestRetention_BoundsTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, Options{Path: path, Retention: Retention{MaxRecords: 1000}})
	putAccounts(t, s)
	var pages [2]int64
	for round := range 20 {
		for i := range 3000 {
			s.Record("A", record(round*3000+i))
		}
		_, total, err := s.Activity(context.Background(), "A", 0, 1)
		if err != nil || total != 1000 {
			t.Fatal(total, err)
		}
		if err := s.View(context.Background(), func(tx *Tx) error {
			return tx.session.queryRow(`SELECT page_count FROM pragma_page_count`, nil, &pages[min(round/10, 1)])
		}); err != nil {
			t.Fatal(err)
		}
	}
	if pages[1] > pages[0]*3/2 {
		t.Errorf("%d pages after 30,000 records, %d after 60,000", pages[0], pages[1])
	}
}

// A narrower retention applies at once, and the rows beyond it are deleted little by little; a wider one does not bring
// deleted records back.
func TestRetention_CanBeChanged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	n := 0
	for _, step := range []struct {
		keep       int64
		add, total int
	}{{0, 1000, 1000}, {300, 0, 300}, {300, 200, 300}} {
		s, err := Open(context.Background(), Options{Path: path, Retention: Retention{MaxRecords: step.keep}})
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			putAccounts(t, s)
		}
		for range step.add {
			n++
			s.Record("A", countedRecord(0, n))
		}
		page, total, err := s.Activity(context.Background(), "A", 0, 1<<40)
		if err != nil || total != int64(step.total) || len(page) != step.total {
			t.Fatalf("%v: %d records, total %d, %v", step, len(page), total, err)
		}
		for i, a := range page {
			if a.Resource.ItemVersion != n-i {
				t.Fatalf("%v: record %d is %d", step, i, a.Resource.ItemVersion)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s := mustOpen(t, Options{Path: path})
	_, total, err := s.Activity(context.Background(), "A", 0, 0)
	if ever, _ := s.ActivityCount(context.Background(), "A"); err != nil || total < 300 || total > 300+2*maxSegment || ever != 1200 {
		t.Errorf("unlimited again: %d of %d, %v", total, ever, err)
	}
}
