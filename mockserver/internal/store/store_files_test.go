package store

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// logText is the text of a log.
type logText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// A connection that is opened after the file was removed creates no empty one in its place.
func TestOpenReader_DoesNotCreateARemovedFile(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files that are open stay")
	}
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := Open(t.Context(), Options{Path: path, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(path), os.Remove(path+"-wal"), os.Remove(path+"-shm")); err != nil {
		t.Fatal(err)
	}
	if session, err := s.openReader(t.Context()); err == nil {
		t.Error("a reader was opened", session.close())
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file exists again: %v", err)
	}
	if err := s.Close(); !errors.Is(err, errGone) || !strings.Contains(err.Error(), "removed or renamed") {
		t.Errorf("Close: %v", err)
	}
}

// What is written after the files are gone would be lost, so that the first write after that already fails.
func TestUpdate_FailsWhenTheFilesAreGone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files that are open stay")
	}
	for name, c := range map[string]struct {
		harm func(path string) error
		undo func(path string) error // nil: it can't be
		say  string
	}{
		"all removed": {func(path string) error {
			return errors.Join(os.Remove(path), os.Remove(path+"-wal"), os.Remove(path+"-shm"))
		}, nil, "removed or renamed"},
		"database removed": {os.Remove, nil, "removed or renamed"},
		"WAL removed":      {func(path string) error { return os.Remove(path + "-wal") }, nil, "-wal was removed"},
		"index of the WAL removed": {
			func(path string) error { return os.Remove(path + "-shm") }, nil, "-shm was removed"},
		"renamed": {
			func(path string) error { return os.Rename(path, path+".old") },
			func(path string) error { return os.Rename(path+".old", path) }, "removed or renamed"},
		"directory renamed": {
			func(path string) error { return os.Rename(filepath.Dir(path), filepath.Dir(path)+"-old") },
			func(path string) error { return os.Rename(filepath.Dir(path)+"-old", filepath.Dir(path)) }, "removed or renamed"},
		"another put in its place": {func(path string) error {
			return errors.Join(os.WriteFile(path+".new", make([]byte, 1<<20), 0o600), os.Rename(path+".new", path))
		}, nil, "replaced"},
		"truncated": {func(path string) error { return os.Truncate(path, 0) }, nil, "truncated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "dir", "store.db")
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			log := &logText{}
			s, err := Open(context.Background(), Options{Path: path, Exclusive: true, Log: slog.New(slog.NewTextHandler(log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			putAccounts(t, s)
			if err := s.Check(); err != nil {
				t.Fatal(err)
			}
			if err := c.harm(path); err != nil {
				t.Fatal(err)
			}
			write := func() error {
				return s.Update(t.Context(), func(tx *Tx) error { return tx.SetMeta("k", []byte("v")) })
			}
			for range 2 {
				if err := write(); !errors.Is(err, errGone) || !strings.Contains(err.Error(), c.say) ||
					!strings.Contains(err.Error(), path) {
					t.Errorf("the write: %v", err)
				}
				if err := s.Check(); !errors.Is(err, errGone) {
					t.Errorf("Check: %v", err)
				}
			}
			if n := strings.Count(log.String(), "level=ERROR"); n != 1 || !strings.Contains(log.String(), "put the file back") {
				t.Errorf("logged %d errors: %s", n, log)
			}
			if c.undo == nil {
				if err := s.Close(); !errors.Is(err, errGone) {
					t.Errorf("Close: %v", err)
				}
				return
			}
			if err := c.undo(path); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(write(), s.Check()); err != nil {
				t.Errorf("put back: %v", err)
			}
			if !strings.Contains(log.String(), "there again") {
				t.Errorf("logged %s", log)
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			view(t, mustOpen(t, Options{Path: path}), func(tx *Tx) error { _, err := tx.Meta("k"); return err })
		})
	}
}

// Files of a server that has started after this one's files were removed must not be removed by this one.
func TestClose_KeepsTheFilesOfTheNextServer(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files that are open stay")
	}
	path := filepath.Join(t.TempDir(), "store.db")
	first, err := Open(context.Background(), Options{Path: path, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	putAccounts(t, first)
	view(t, first, func(tx *Tx) error { _, err := tx.Accounts(); return err })
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		if err := os.Remove(path + suffix); err != nil {
			t.Fatal(err)
		}
	}
	next := mustOpen(t, Options{Path: path, Exclusive: true})
	putAccounts(t, next)
	if err := first.Close(); !errors.Is(err, errGone) {
		t.Errorf("Close: %v", err)
	}
	if err := next.Check(); err != nil {
		t.Error(err)
	}
	update(t, next, func(tx *Tx) error { return tx.SetMeta("k", []byte("v")) })
}

// Fill and Reset replace files, which is no loss.
func TestCheck_AcceptsFilesThatTheStoreReplaces(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, Options{Path: filepath.Join(t.TempDir(), "store.db"), Exclusive: true})
	ctx := context.Background()
	for range 3 {
		if err := s.Fill(ctx, bulk); err != nil {
			t.Fatal(err)
		}
		update(t, s, func(tx *Tx) error { return tx.SetMeta("k", []byte("v")) })
		if err := s.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		session, err := s.writer.take(ctx)
		if err != nil {
			t.Fatal(err)
		}
		err = session.execAll("PRAGMA wal_checkpoint(TRUNCATE)") // the database file shrinks
		s.writer.put(session)
		if err := errors.Join(err, s.Check()); err != nil {
			t.Fatal(err)
		}
		update(t, s, func(tx *Tx) error { return tx.SetMeta("k", []byte("w")) })
	}
}
