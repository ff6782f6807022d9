package store

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Two stores on one file behave like two processes: the locks of the engine belong to connections, and neither store
// knows the other.
func TestOpen_SeesChangesOfOtherProcesses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "store.db")
		changes := 0
		s := mustOpen(t, Options{Path: path, OnExternalChange: func() { changes++ }})
		seen := func(want int) {
			t.Helper()
			time.Sleep(5 * watchInterval) // of the bubble's clock
			synctest.Wait()
			if changes != want {
				t.Errorf("%d changes were seen, want %d", changes, want)
			}
			changes = 0
		}
		// Its own changes are not foreign, whichever of its connections looks.
		putAccounts(t, s)
		update(t, s, func(tx *Tx) error { return tx.SetMeta("k", []byte("own")) })
		view(t, s, func(tx *Tx) error { _, err := tx.Meta("k"); return err })
		s.Record("A", record(1))
		seen(0)

		other := mustOpen(t, Options{Path: path})
		seen(0)
		for _, value := range []string{"one", "two"} {
			update(t, other, func(tx *Tx) error { return tx.SetMeta("k", []byte(value)) })
			seen(1)
		}
		if err := errors.Join(other.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	})
}

// Another store may have written to the last segment since this one has cached it.
func TestRecord_ContinuesSegmentsOfOtherProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	one, two := mustOpen(t, Options{Path: path}), mustOpen(t, Options{Path: path})
	putAccounts(t, one)
	ctx := context.Background()
	// In turns, in pieces that end within and beyond a segment.
	n := [2]int{}
	for _, piece := range []int{1, 1, 5, 40, 3, 70, 1, 1, 31, 2, 200, 1} {
		for w, s := range []*Store{one, two} {
			update(t, s, func(tx *Tx) error {
				for range piece {
					n[w]++
					if err := tx.Record("A", countedRecord(w, n[w])); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	// And at once.
	var group sync.WaitGroup
	for w, s := range []*Store{one, two} {
		group.Go(func() {
			for range 200 {
				n[w]++
				s.Record("A", countedRecord(w, n[w]))
			}
		})
	}
	group.Wait()
	if _, _, err := one.Activity(ctx, "A", 0, 1); err != nil { // has its own records stored
		t.Fatal(err)
	}
	page, total, err := two.Activity(ctx, "A", 0, 1<<40)
	if err != nil || total != int64(n[0]+n[1]) {
		t.Errorf("%d records of %d, %v", total, n[0]+n[1], err)
	}
	checkCounted(t, page, map[string]int{"0": n[0], "1": n[1]})

	if err := two.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	putAccounts(t, two)
	one.Record("A", countedRecord(0, 1))
	if page, total, err := one.Activity(ctx, "A", 0, 9); err != nil || total != 1 || len(page) != 1 {
		t.Errorf("after a foreign reset: %v, %d, %v", page, total, err)
	}
}

// What a failed update has appended is forgotten. Another store may have written as many records since, and none of
// them may be lost.
func TestRecord_ForgetsSegmentsOfAFailedUpdate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	one, two := mustOpen(t, Options{Path: path}), mustOpen(t, Options{Path: path})
	putAccounts(t, one)
	errRefused := errors.New("refused")
	piece := func(author int, end error) func(*Tx) error {
		return func(tx *Tx) error {
			for n := 1; n <= maxTxLog; n++ { // so many that they are written before the end
				if err := tx.Record("A", countedRecord(author, n)); err != nil {
					return err
				}
			}
			return end
		}
	}
	update(t, one, func(tx *Tx) error { return tx.Record("A", countedRecord(0, 1)) })
	if err := one.Update(context.Background(), piece(1, errRefused)); !errors.Is(err, errRefused) {
		t.Fatal(err)
	}
	update(t, two, piece(2, nil))
	one.Record("A", countedRecord(0, 2))
	page, total, err := one.Activity(context.Background(), "A", 0, 1<<40)
	if err != nil || total != maxTxLog+2 {
		t.Errorf("%d records, %v", total, err)
	}
	if last := checkCounted(t, page, map[string]int{"0": 2, "2": maxTxLog}); last["1"] != 0 {
		t.Error("a refused record is there")
	}
}
