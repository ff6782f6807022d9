package store

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// The file has the key that signs tokens: only its owner may read it, and the files beside it.
func TestOpen_CreatesPrivateFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no such mode")
	}
	dir := t.TempDir()
	s := mustOpen(t, Options{Path: filepath.Join(dir, "store.db"), Exclusive: true})
	check := func() {
		t.Helper()
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm()&0o077 != 0 && filepath.Ext(e.Name()) != ".lock" { // which is empty
				t.Errorf("%s has mode %v", e.Name(), info.Mode())
			}
		}
	}
	putAccounts(t, s)
	check()
	if err := s.Reset(context.Background()); err != nil { // makes the file anew
		t.Fatal(err)
	}
	check()

	// The mode somebody gave a file stays.
	path := filepath.Join(dir, "shared.db")
	mustOpen(t, Options{Path: path}).Close()
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, Options{Path: path}).Close()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestOpen_MemoryStoresAreSeparate(t *testing.T) {
	t.Parallel()
	one, two := openEngine(t, "memory"), openEngine(t, "memory")
	update(t, one, func(tx *Tx) error { return tx.PutAccount(Account{ID: "C"}) })
	view(t, two, func(tx *Tx) error {
		all, err := tx.Accounts()
		if len(all) != 2 {
			t.Errorf("%v", all)
		}
		return err
	})
}

func TestOpen_FindsWhatWasStored(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, Options{Path: path})
	putAccounts(t, s)
	update(t, s, func(tx *Tx) error { return tx.PutItem("A", login("i", "v", "kept", "tag")) })
	s.Record("A", record(1))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, Options{Path: path})
	if got := summaries(t, s, "A", "v"); got != "i" {
		t.Errorf("items: %s", got)
	}
	s.Record("A", record(2))
	page, total, err := s.Activity(context.Background(), "A", 0, 9)
	if err != nil || total != 2 || page[0].RequestID != record(2).RequestID || page[1].RequestID != record(1).RequestID {
		t.Errorf("activity: %v, %d, %v", page, total, err)
	}
}
