package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/openapi/connect"
)

// fillEnv names the file that this test binary, run as a child, fills until it is killed.
const fillEnv = "CONNECTMOCK_TEST_FILL_STORE"

// fillItems returns items in two vaults, some with unusual texts.
func fillItems() (list []connect.Item) {
	for n := range 2*itemsPerInsert + 3 {
		it := login(fmt.Sprintf("%03d", (n*7)%(2*itemsPerInsert+3)), fmt.Sprint("v", n/100), fmt.Sprint("Title ", n%5))
		if n%3 == 0 {
			it.Tags = []string{"a\x00b", "ÄÖ", fmt.Sprint("t", n)}
		}
		list = append(list, it)
	}
	return list
}

func fillRecords() (list []connect.Activity) {
	for n := range SegmentRecords*20 + 5 {
		list = append(list, connect.Activity{RequestID: fmt.Sprint(n), Timestamp: day})
	}
	return list
}

// bulk fills the snapshot F with Bulk.
func bulk(tx *Tx) error {
	if err := tx.PutSnapshot(Snapshot{ID: "F"}); err != nil {
		return err
	}
	b, err := tx.Bulk("F")
	if err != nil {
		return err
	}
	for _, vault := range []string{"v0", "v1"} {
		var rows []EncodedItem
		for _, it := range fillItems() {
			if it.Vault.ID != vault {
				continue
			}
			row, err := EncodeItem(it)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		if err := b.AddItems(vault, rows); err != nil {
			return err
		}
	}
	var segments []Segment
	for part := range slices.Chunk(fillRecords(), SegmentRecords) {
		segments = append(segments, EncodeSegment(part))
	}
	return b.AddActivity(segments)
}

// tables returns the content of the tables, and the schema.
func tables(t *testing.T, s *Store) string {
	t.Helper()
	var all strings.Builder
	view(t, s, func(tx *Tx) error {
		for _, query := range []string{
			`SELECT group_concat(seq || account || id || vault || quote(place) || hex(title) || hex(folded) || hex(tags) || hex(summary) || hex(document), x'0a') FROM (SELECT * FROM items ORDER BY seq)`,
			`SELECT group_concat(account || vault || hex(folded) || seq || hex(tag), x'0a') FROM (SELECT * FROM item_tags ORDER BY account, vault, folded, seq, tag)`,
			`SELECT group_concat(account || first || ' ' || count || hex(records), x'0a') FROM (SELECT * FROM activity ORDER BY account, first)`,
			`SELECT group_concat(coalesce(sql, name), x'0a') FROM (SELECT * FROM sqlite_schema ORDER BY name)`,
		} {
			var text []byte
			if err := tx.session.queryRow(query, nil, &text); err != nil {
				return err
			}
			all.Write(append(text, '\n'))
		}
		var sound string
		if err := tx.session.queryRow(`PRAGMA integrity_check`, nil, &sound); err != nil || sound != "ok" {
			t.Errorf("integrity: %s, %v", sound, err)
		}
		return nil
	})
	return all.String()
}

// Rows that are added in bulk are equal to those that are put one by one.
func TestBulk_StoresWhatPutStores(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, one *Store) {
		update(t, one, func(tx *Tx) error {
			errs := []error{tx.PutSnapshot(Snapshot{ID: "F"})}
			for _, it := range fillItems() {
				errs = append(errs, tx.PutItem("F", it))
			}
			for _, a := range fillRecords() {
				errs = append(errs, tx.Record("F", a))
			}
			return errors.Join(errs...)
		})
		want := tables(t, one)
		for name, fill := range map[string]func(*Store, context.Context, func(*Tx) error) error{
			"Update": (*Store).Update, "Fill": (*Store).Fill,
		} {
			s := openEngine(t, "file")
			if err := fill(s, context.Background(), bulk); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, tables(t, s)); diff != "" {
				t.Errorf("%s: put (-) and in bulk (+):\n%s", name, diff)
			}
		}
	})
}

func TestBulk_RefusesDuplicatesAndOtherAccounts(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		twice := func(tx *Tx) error {
			row, err := EncodeItem(login("x", "v", "t"))
			if err != nil {
				return err
			}
			if err := tx.PutSnapshot(Snapshot{ID: "F"}); err != nil {
				return err
			}
			b, err := tx.Bulk("F")
			if err != nil {
				return err
			}
			return b.AddItems("v", []EncodedItem{row, row})
		}
		before := tables(t, s)
		for name, invalid := range map[string]func(*Tx) error{
			"a served account": func(tx *Tx) error { _, err := tx.Bulk("A"); return err },
			"an id twice":      twice,
		} {
			if err := s.Fill(context.Background(), invalid); err == nil {
				t.Errorf("%s: filled", name)
			}
		}
		if after := tables(t, s); after != before {
			t.Errorf("something was kept: %s", after)
		}
	})
}

// A Fill that is canceled does not change the store, which can be used.
func TestFill_ChangesNothingWhenCanceled(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		before := tables(t, s)
		ctx, cancel := context.WithCancel(context.Background())
		err := s.Fill(ctx, func(tx *Tx) error {
			cancel()
			return bulk(tx)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if after := tables(t, s); after != before {
			t.Errorf("something was kept: %s", after)
		}
		update(t, s, bulk)
	})
}

// While another connection has the file open, Fill works like Update.
func TestFill_WorksBesideAnotherConnection(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s, other := mustOpen(t, Options{Path: path}), mustOpen(t, Options{Path: path})
	view(t, other, func(tx *Tx) error { _, err := tx.Accounts(); return err })
	if err := s.Fill(context.Background(), bulk); err != nil {
		t.Fatal(err)
	}
	if tables(t, s) != tables(t, other) {
		t.Error("the other connection sees something else")
	}
}

// fillChild fills the store without end in one transaction, and reports when enough is in the file that it can be
// killed.
func fillChild(path string) {
	s, err := Open(context.Background(), Options{Path: path, Exclusive: true})
	if err == nil {
		err = s.Fill(context.Background(), func(tx *Tx) error {
			if err := tx.PutSnapshot(Snapshot{ID: "F"}); err != nil {
				return err
			}
			b, err := tx.Bulk("F")
			for n := 0; err == nil; n++ {
				var row EncodedItem
				if row, err = EncodeItem(login(fmt.Sprint(n), "v", strings.Repeat("x", 1000))); err == nil {
					err = b.AddItems("v", []EncodedItem{row})
				}
				if info, _ := os.Stat(path); n%100 == 0 && info.Size() > 32<<20 {
					os.Stdout.WriteString("much\n")
				}
			}
			return err
		})
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// A kill -9 in the middle of a filling leaves an empty store.
func TestFill_LeavesAnEmptyStoreWhenKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a process")
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, Options{Path: path})
	before := tables(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	child, out := startChild(t, fillEnv, path)
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the child was not killed: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() < 32<<20 {
		t.Fatalf("nothing was written before the kill: %v, %v", info.Size(), err)
	}
	s = mustOpen(t, Options{Path: path, Exclusive: true})
	if after := tables(t, s); after != before {
		t.Errorf("something was kept: %s", after)
	}
	view(t, s, func(tx *Tx) error {
		var mode string
		if err := tx.session.queryRow(`PRAGMA journal_mode`, nil, &mode); err != nil || mode != "wal" {
			t.Errorf("the journal is %s, %v", mode, err)
		}
		all, err := tx.Accounts()
		if len(all) > 0 {
			t.Errorf("accounts: %v", all)
		}
		return err
	})
	if err := s.Fill(context.Background(), bulk); err != nil {
		t.Error(err)
	}
	view(t, s, func(tx *Tx) error {
		f, err := filter.ParseItems(`title eq "title 3"`)
		if err != nil {
			return err
		}
		n := 0
		err = tx.Summaries("F", "v0", f, func([]byte) error { n++; return nil })
		if n != 20 {
			t.Errorf("%d items of that title", n)
		}
		return err
	})
}

// A Fill sorts in a file beside the store, whatever the folder is called, and leaves only the store.
func TestFill_SortsInTheFolderOfTheStore(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "it's \"here\"")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, Options{Path: filepath.Join(dir, "store.db")})
	pragma := func(tx *Tx, name string) (value string) {
		t.Helper()
		if err := tx.session.queryRow(`PRAGMA `+name, nil, &value); err != nil {
			t.Error(err)
		}
		return value
	}
	if err := s.Fill(context.Background(), func(tx *Tx) error {
		if journal, place := pragma(tx, "journal_mode"), pragma(tx, "temp_store"); journal != "truncate" || place != "1" {
			t.Errorf("the journal is %s, temp_store is %s", journal, place)
		}
		return bulk(tx)
	}); err != nil {
		t.Fatal(err)
	}
	update(t, s, func(tx *Tx) error {
		if journal, place := pragma(tx, "journal_mode"), pragma(tx, "temp_store"); journal != "wal" || place != "2" {
			t.Errorf("afterwards the journal is %s, temp_store is %s", journal, place)
		}
		return nil
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("the folder has %v, %v", files, err)
	}
}
