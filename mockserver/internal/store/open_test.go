package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// wantOpenError opens a store that must not open, and checks that the error names the file and has each of the texts,
// or one of those between bars. It must not take long.
func wantOpenError(t *testing.T, o Options, texts ...string) {
	t.Helper()
	d := fileDialect(o.Path, 20*time.Millisecond)
	s, err := open(context.Background(), o, d)
	if err == nil {
		s.Close()
		t.Fatal("it opened")
	}
	for _, text := range append(texts, o.Path) {
		either := strings.Split(text, "|")
		if !slices.ContainsFunc(either, func(one string) bool { return strings.Contains(err.Error(), one) }) {
			t.Errorf("%q is not in: %v", text, err)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func raw(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpen_LeavesOtherFilesUnchanged(t *testing.T) {
	t.Parallel()
	ours := func(t *testing.T, path string) {
		s, err := Open(context.Background(), Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		putAccounts(t, s)
		update(t, s, func(tx *Tx) error {
			for _, id := range []string{"a", "b", "c"} {
				if err := tx.PutItem("A", login(id, "v", strings.Repeat("x", 5000))); err != nil {
					return err
				}
			}
			return nil
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		make  func(t *testing.T, path string)
		texts []string
	}{
		"not a database": {
			func(t *testing.T, path string) { os.WriteFile(path, []byte(strings.Repeat("letter ", 999)), 0o600) },
			[]string{"not a database", "choose another name"},
		},
		"of another program": {
			func(t *testing.T, path string) { raw(t, path, "CREATE TABLE theirs (x)") },
			[]string{"another program", "choose another name"},
		},
		"newer schema": {
			func(t *testing.T, path string) { ours(t, path); raw(t, path, "PRAGMA user_version = 99") },
			[]string{"schema 99", "newer version"},
		},
		"ours without a schema": {
			func(t *testing.T, path string) { ours(t, path); raw(t, path, "PRAGMA user_version = 0") },
			[]string{"no usable schema"},
		},
		"cut short": {
			func(t *testing.T, path string) {
				ours(t, path)
				info, _ := os.Stat(path)
				os.Truncate(path, info.Size()/2)
			},
			[]string{"damaged", "move it away"},
		},
		"first page overwritten": {
			func(t *testing.T, path string) {
				ours(t, path)
				b := []byte(read(t, path))
				copy(b[100:4096], strings.Repeat("\xff", 4096))
				os.WriteFile(path, b, 0o600)
			},
			[]string{"damaged", "move it away"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store.db")
			c.make(t, path)
			before := read(t, path)
			wantOpenError(t, Options{Path: path, Exclusive: true}, c.texts...)
			if read(t, path) != before {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpen_ExplainsInvalidPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantOpenError(t, Options{Path: filepath.Join(dir, "none", "store.db")}, "does not exist", "make it")
	wantOpenError(t, Options{Path: dir}, "not a file")
	wantOpenError(t, Options{Path: filepath.Join(file, "store.db")}, "directory")
	if _, err := Open(context.Background(), Options{}); err == nil || !strings.Contains(err.Error(), "no path") {
		t.Errorf("no path: %v", err)
	}
}

func TestOpen_ExplainsReadOnlyFiles(t *testing.T) {
	t.Parallel()
	// The kernel's own directories refuse root as well.
	if info, err := os.Stat("/proc/self"); err == nil && info.IsDir() {
		wantOpenError(t, Options{Path: "/proc/connectmock.db"}, "writable", Memory)
		wantOpenError(t, Options{Path: "/proc/connectmock.db", Exclusive: true}, "writable", Memory)
	}
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere, so modes cannot be tested")
	}
	dir := filepath.Join(t.TempDir(), "dir")
	path := filepath.Join(dir, "store.db")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, Options{Path: path}).Close()
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	wantOpenError(t, Options{Path: path}, "writable", Memory)
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	wantOpenError(t, Options{Path: path}, "writable", Memory)
	wantOpenError(t, Options{Path: path, Exclusive: true}, "writable", Memory)
	wantOpenError(t, Options{Path: filepath.Join(dir, "new.db")}, "writable", Memory)
}

func TestOpen_ExplainsLocks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, Options{Path: path, Exclusive: true})
	wantOpenError(t, Options{Path: path, Exclusive: true}, "another process", "stop it")
	second := mustOpen(t, Options{Path: path}) // as "token create" does
	update(t, s, func(tx *Tx) error {
		wantOpenError(t, Options{Path: path}, "locked", "stop it")
		return nil
	})
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	mustOpen(t, Options{Path: path, Exclusive: true})
}

// Characters that have a meaning in a URI or a query have none here.
func TestOpen_AcceptsUnusualNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b?mode=ro&x#y%41.db", "ünï'\"code.db", ":memory:", "memory:x"} {
		path := filepath.Join(t.TempDir(), name)
		s := mustOpen(t, Options{Path: path})
		update(t, s, func(tx *Tx) error { return tx.SetMeta("k", []byte("v")) })
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(entries) != 1 || entries[0].Name() != name {
			t.Errorf("%q made %v, %v", name, entries, err)
		}
	}
}

func TestOpen_CreatesTheSchemaOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	var group sync.WaitGroup
	account := func(tx *Tx) error { return tx.PutAccount(Account{ID: "A"}) }
	for i := range 8 {
		group.Go(func() {
			s, err := Open(context.Background(), Options{Path: path})
			if err != nil {
				t.Error(err)
				return
			}
			err = s.Update(context.Background(), func(tx *Tx) error {
				return errors.Join(account(tx), tx.PutVault("A", connect.Vault{ID: string(rune('a' + i))}))
			})
			if err := errors.Join(err, s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	view(t, mustOpen(t, Options{Path: path}), func(tx *Tx) error {
		all, err := tx.Vaults("A")
		if len(all) != 8 {
			t.Errorf("%d vaults", len(all))
		}
		return err
	})
}
