package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/openapi/connect"
)

// contains returns a filter of titles with that text.
func contains(text string) *filter.Filter {
	return &filter.Filter{Root: filter.Compare{Op: filter.Co, Value: text}}
}

// search returns the summaries that a filter selects, a line each.
func search(t rapid.TB, s *Store, account, vault string, f *filter.Filter) string {
	t.Helper()
	var found strings.Builder
	if err := s.Summaries(context.Background(), account, vault, f, writeLines(&found)); err != nil {
		t.Fatal(err)
	}
	return found.String()
}

// writeLines returns a function that writes summaries, a line each.
func writeLines(to *strings.Builder) func([]byte) error {
	return func(b []byte) error {
		to.Write(b)
		return to.WriteByte('\n')
	}
}

// compareSearch checks that the titles in memory select what the statement does.
func compareSearch(t rapid.TB, s *Store, account, vault string, f *filter.Filter) {
	t.Helper()
	var want strings.Builder
	view(t, s, func(tx *Tx) error { return tx.Summaries(account, vault, f, writeLines(&want)) })
	if diff := cmp.Diff(want.String(), search(t, s, account, vault, f)); diff != "" {
		t.Fatalf("vault %s of %s, %+v: %s", vault, account, f, diff)
	}
}

// parts returns comparisons with parts of titles, alone and combined with others.
func parts() *rapid.Generator[*filter.Filter] {
	return rapid.Custom(func(t *rapid.T) *filter.Filter {
		var n filter.Node = filter.Compare{
			Op:    rapid.SampledFrom([]filter.Op{filter.Co, filter.Sw, filter.Ew}).Draw(t, "op"),
			Value: texts().Draw(t, "value"),
		}
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			n = filter.And{Left: n, Right: nodes(1).Draw(t, "right")}
		case 1:
			n = filter.Or{Left: nodes(1).Draw(t, "left"), Right: n}
		case 2:
			n = filter.Not{X: n}
		}
		return &filter.Filter{Root: n, CaseSensitive: rapid.Bool().Draw(t, "case")}
	})
}

// Titles in memory follow each way in which a vault can change, also one that is undone.
func TestTitles_FollowWrites(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"memory", "file"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := openEngine(t, engine)
			s.dialect.vacuum = false // it is most of a reset
			rapid.Check(t, func(t *rapid.T) {
				if err := s.Reset(context.Background()); err != nil {
					t.Fatal(err)
				}
				update(t, s, func(tx *Tx) error {
					err := tx.PutSnapshot(Snapshot{ID: "SEED"})
					for i := range 3 {
						err = errors.Join(err, putItem(t, fmt.Sprint("i", i)).do(tx, "SEED"))
					}
					return errors.Join(err, tx.PutAccount(Account{ID: "L", Base: "SEED"}))
				})
				for n := range rapid.IntRange(1, 20).Draw(t, "steps") {
					changeTitles(t, s, n)
					if rapid.Bool().Draw(t, "evict") {
						s.titles.clear()
					}
					for range 2 {
						account := rapid.SampledFrom([]string{"L", "SEED"}).Draw(t, "account")
						compareSearch(t, s, account, rapid.SampledFrom([]string{"v", "w"}).Draw(t, "vault"), parts().Draw(t, "filter"))
					}
				}
			})
		})
	}
}

// changeTitles makes a change of the layer L.
func changeTitles(t *rapid.T, s *Store, n int) {
	errRefused := errors.New("refused")
	one := drawStep(t, n)
	switch rapid.IntRange(0, 8).Draw(t, "change") {
	case 0:
		name := fmt.Sprint("F", n)
		update(t, s, func(tx *Tx) error { return tx.CreateSnapshot("L", name, name, day.Time) })
	case 1:
		update(t, s, func(tx *Tx) error {
			id := "SEED"
			if all, err := tx.Snapshots("L"); err != nil {
				return err
			} else if len(all) > 0 {
				id = rapid.SampledFrom(all).Draw(t, "snapshot").ID
			}
			return errors.Join(tx.Restore("L", id), one.do(tx, "L"))
		})
	case 2:
		err := s.Update(context.Background(), func(tx *Tx) error { return errors.Join(one.do(tx, "L"), errRefused) })
		if !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
	case 3:
		item := putItem(t, "i0")
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.DropAccount("L"), tx.PutSnapshot(Snapshot{ID: "SEED"}), item.do(tx, "SEED"),
				tx.PutAccount(Account{ID: "L", Base: "SEED"}))
		})
	default:
		update(t, s, func(tx *Tx) error { return one.do(tx, "L") })
	}
}

// What writes many items at once is found too, although each search before has found none.
func TestTitles_FollowCopiesAndLoads(t *testing.T) {
	t.Parallel()
	s := openEngine(t, "memory")
	finds := func(account, title string, want int) {
		t.Helper()
		if got := strings.Count(search(t, s, account, "v", contains(title)), "\n"); got != want {
			t.Errorf("%d items of %s have %q, want %d", got, account, title, want)
		}
	}
	finds("SEED", "loaded", 0)
	update(t, s, func(tx *Tx) error {
		err := tx.PutSnapshot(Snapshot{ID: "SEED"})
		bulk, bulkErr := tx.Bulk("SEED")
		if bulkErr != nil {
			return bulkErr
		}
		row, rowErr := EncodeItem(login("i0", "v", "is loaded"))
		return errors.Join(err, rowErr, bulk.AddItems("v", []EncodedItem{row}), tx.PutAccount(Account{ID: "L", Base: "SEED"}))
	})
	finds("SEED", "loaded", 1)

	update(t, s, func(tx *Tx) error {
		return errors.Join(tx.PutItem("L", login("i1", "v", "is copied")), tx.PutItem("L", login("i2", "v", "stays")),
			tx.CreateSnapshot("L", "F", "f", day.Time))
	})
	update(t, s, func(tx *Tx) error { return tx.DeleteItem("L", "i1") })
	finds("L", "copied", 0)
	update(t, s, func(tx *Tx) error { return tx.Restore("L", "F") })
	finds("L", "copied", 1)

	const many = maxWrittenTitles + 3
	update(t, s, func(tx *Tx) (err error) {
		for i := range many {
			err = errors.Join(err, tx.PutItem("L", login(fmt.Sprint("many", i), "v", fmt.Sprint("many ", i))))
		}
		return err
	})
	finds("L", "many", many)
	finds("L", fmt.Sprint("many ", many-1), 1)
}

// A search finds what was written before it began, while others write, search and drop whole accounts.
func TestTitles_FindWritesAtOnce(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		update(t, s, func(tx *Tx) error { return tx.PutItem("A", login("other", "v", "other")) })
		var all sync.WaitGroup
		for writer := range 4 {
			all.Go(func() {
				id := fmt.Sprint("item", writer)
				for n := range 40 {
					title := fmt.Sprintf("<%d.%d>", writer, n)
					update(t, s, func(tx *Tx) error { return tx.PutItem("A", login(id, "v", title)) })
					if got := search(t, s, "A", "v", contains(title)); strings.Count(got, id) != 1 {
						t.Errorf("%s is not found: %q", title, got)
					}
					if got := search(t, s, "A", "v", contains(fmt.Sprintf("<%d.%d>", writer, n-1))); got != "" {
						t.Errorf("after %s the title before is found: %q", title, got)
					}
				}
			})
		}
		all.Go(func() {
			for range 40 {
				s.titles.clear()
				update(t, s, func(tx *Tx) error { return errors.Join(tx.DropAccount("B"), tx.PutAccount(Account{ID: "B"})) })
			}
		})
		all.Wait()
	})
}

// A transaction that is older than a list may see titles that the list does not have. A list that begins to be read
// during a commit may miss what is committed.
func TestTitles_ListWhatTransactionsSee(t *testing.T) {
	t.Parallel()
	all, k := newTitles(1<<20), titleKey{"A", "v"}
	before := all.now()
	all.beginCommit(&writtenTitles{})
	if all.begin(k) != nil {
		t.Error("a list begins during a commit")
	}
	all.endCommit()
	l := all.begin(k)
	if l == nil || all.begin(k) != nil {
		t.Fatal("not one list begins")
	}
	all.finish(k, l, []byte{titleEnd}, nil)
	if found, canRead := all.list(k, before); found != nil || canRead {
		t.Error("an older transaction uses the list")
	}
	if found, _ := all.list(k, all.now()); found == nil {
		t.Error("a newer transaction does not use the list")
	}
	dropped := titleKey{"A", "w"}
	l = all.begin(dropped)
	all.clear()
	all.finish(dropped, l, []byte{titleEnd}, nil)
	if found, _ := all.list(dropped, all.now()); found != nil {
		t.Error("a list is used that was dropped while it was read")
	}
}

// The memory is bounded: by dropping vaults that were not searched for long, or not keeping one that is too large.
func TestTitles_AreBounded(t *testing.T) {
	t.Parallel()
	const limit = 100_000
	s := mustOpen(t, Options{Path: Memory, TitleBytes: limit})
	putAccounts(t, s)
	check := func(when string) {
		t.Helper()
		var sum int64
		for _, l := range s.titles.lists.Values() {
			sum += l.size()
		}
		if sum != s.titles.bytes || sum > limit {
			t.Errorf("%s: %d bytes are counted, %d are kept, the limit is %d", when, s.titles.bytes, sum, limit)
		}
	}
	for n, length := range []int{30_000, 1000, 40_000, 200_000, 20_000} {
		vault := fmt.Sprint("v", n)
		it := login(vault, vault, strings.Repeat("x", length-1)+fmt.Sprint(n))
		update(t, s, func(tx *Tx) error { return tx.PutItem("A", it) })
		for range 2 {
			compareSearch(t, s, "A", vault, contains("x"+fmt.Sprint(n)))
			check(vault)
		}
	}
	if l, _ := s.titles.lists.Peek(titleKey{"A", "v3"}); l == nil || !l.tooLarge {
		t.Errorf("the largest vault is %+v", l)
	}
	for n := range 10 {
		it := login("item", "v4", strings.Repeat("y", 15_000)+fmt.Sprint(n))
		it.Version = 2
		update(t, s, func(tx *Tx) error { return tx.PutItem("A", it) })
		compareSearch(t, s, "A", "v4", contains("y"+fmt.Sprint(n)))
		check(fmt.Sprint("write ", n))
	}
}

// With more titles that match than are looked up, and in several pieces, the result is the same.
func TestTitles_ManyMatch(t *testing.T) {
	t.Parallel()
	s := openEngine(t, "file")
	update(t, s, func(tx *Tx) error {
		errs := []error{tx.PutSnapshot(Snapshot{ID: "SEED"}), tx.PutAccount(Account{ID: "L", Base: "SEED"})}
		bulk, err := tx.Bulk("SEED")
		if errs = append(errs, err); err != nil {
			return err
		}
		for from := 0; from < 6000; from += 500 {
			rows := make([]EncodedItem, 500)
			for i := range rows {
				n := from + i
				rows[i], err = EncodeItem(connect.Item{ID: fmt.Sprint(n), Title: fmt.Sprintf("Title %d\x00%d", n*7919%6000, n%7)})
				errs = append(errs, err)
			}
			errs = append(errs, bulk.AddItems("v", rows))
		}
		return errors.Join(errs...)
	})
	update(t, s, func(tx *Tx) error { return tx.PutItem("L", login("own", "v", "Title 77")) })
	for _, value := range []string{"", "TITLE", "title 1", "title 11", "title 117", "title 1170", "title 5999", "77", "\x003", "none"} {
		for _, op := range []filter.Op{filter.Co, filter.Sw, filter.Ew} {
			compareSearch(t, s, "L", "v", &filter.Filter{Root: filter.Compare{Op: op, Value: value}})
		}
	}
	if found, ok := s.titles.list(titleKey{"SEED", "v"}, s.titles.now()); found == nil || ok {
		t.Error("the titles are not in memory")
	}
}

// What another process has written is found when the change was noticed.
func TestTitles_OfOtherProcesses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "store.db")
		s := mustOpen(t, Options{Path: path, TitleBytes: 1 << 20, OnExternalChange: func() {}})
		putAccounts(t, s)
		if got := search(t, s, "A", "v", contains("x")); got != "" {
			t.Errorf("an empty vault has %s", got)
		}
		other := mustOpen(t, Options{Path: path})
		update(t, other, func(tx *Tx) error { return tx.PutItem("A", login("theirs", "v", "xyz")) })
		time.Sleep(5 * watchInterval) // of the bubble's clock
		synctest.Wait()
		if got := search(t, s, "A", "v", contains("y")); !strings.Contains(got, "theirs") {
			t.Errorf("their item is not found: %q", got)
		}
		if err := errors.Join(other.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	})
}
