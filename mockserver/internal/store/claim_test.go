package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// serveEnv names the file that this test binary, run as a child, keeps open like a server until its standard input
// ends.
const serveEnv = "CONNECTMOCK_TEST_SERVE_STORE"

func serveChild(path string) {
	s, err := Open(context.Background(), Options{Path: path, Exclusive: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.WriteString("open\n")
	_, _ = io.Copy(io.Discard, os.Stdin) // nothing comes
	if err := s.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serveInOtherProcess makes another process serve the store until the test ends.
func serveInOtherProcess(t *testing.T, path string) {
	t.Helper()
	child, out := startChild(t, serveEnv, path)
	t.Cleanup(func() {
		_ = child.Process.Kill()
		_ = child.Wait() // it was killed
	})
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
}

// aliases returns other names of a database file, which each create.
func aliases(t *testing.T, path string) map[string]string {
	t.Helper()
	dir, away := filepath.Dir(path), t.TempDir()
	names := map[string]string{
		"the same name": path,
		"dots":          dir + "/../" + filepath.Base(dir) + "/./" + filepath.Base(path),
		"symbolic link": filepath.Join(away, "link.db"),
		"link to link":  filepath.Join(away, "second.db"),
		"linked folder": filepath.Join(away, "folder", filepath.Base(path)),
		"hard link":     filepath.Join(dir, "hard.db"),
	}
	if wd, err := os.Getwd(); err == nil {
		if name, err := filepath.Rel(wd, path); err == nil {
			names["relative"] = name
		}
	}
	err := errors.Join(os.Symlink(path, names["symbolic link"]), os.Symlink("link.db", names["link to link"]),
		os.Symlink(dir, filepath.Join(away, "folder")), os.Link(path, names["hard link"]))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestOpen_AllowsOneServerForAllNamesOfAFile(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights of their own")
	}
	for _, place := range []string{"another process", "this process"} {
		for _, lock := range []string{"kept", "removed"} {
			t.Run(place+", lock "+lock, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "store.db")
				s := mustOpen(t, Options{Path: path, Exclusive: true})
				putAccounts(t, s)
				if place == "another process" {
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					serveInOtherProcess(t, path)
				}
				if lock == "removed" {
					if err := os.Remove(path + ".lock"); err != nil {
						t.Fatal(err)
					}
				}
				for name, alias := range aliases(t, path) {
					t.Run(name, func(t *testing.T) {
						wantOpenError(t, Options{Path: alias, Exclusive: true}, "serves this file|open under")
					})
				}
			})
		}
	}
}

// A command may write while a server has the file open only under the same name: the engine finds its journals by the
// name.
func TestOpen_RequiresTheNameOfTheServer(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights of their own")
	}
	for _, place := range []string{"another process", "this process"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store.db")
			s := mustOpen(t, Options{Path: path, Exclusive: true})
			putAccounts(t, s)
			if place == "another process" {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				serveInOtherProcess(t, path)
			}
			for name, alias := range aliases(t, path) {
				if name == "hard link" {
					wantOpenError(t, Options{Path: alias}, "open under")
					continue
				}
				other, err := Open(context.Background(), Options{Path: alias})
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				update(t, other, func(tx *Tx) error { return tx.SetMeta(name, []byte("v")) })
				if err := other.Close(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			reader := mustOpen(t, Options{Path: path})
			view(t, reader, func(tx *Tx) error { _, err := tx.Meta("linked folder"); return err })
		})
	}
}

// A server waits for a command that has the file open for a moment.
func TestOpen_WaitsForShortCommands(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	mustOpen(t, Options{Path: path}).Close()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	short, err := openInodeLock(path)
	if err != nil {
		t.Fatal(err)
	}
	if held, err := short.lock(false); err != nil || !held {
		t.Fatal(held, err)
	}
	if _, err := claimFile(t.Context(), path, path, true, 0); !errors.Is(err, errLocked) {
		t.Fatalf("it was not held: %v", err)
	}
	go func() { _ = short.close() }()
	c, err := claimFile(t.Context(), path, path, true, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(c.info, info) {
		t.Error("it is another file")
	}
	if err := c.release(true); err != nil {
		t.Error(err)
	}
}

// Closing any descriptor of a file ends all POSIX locks of the process on it, but the end of one store must not end the
// locks of others.
func TestClose_KeepsTheLocksOfOtherStores(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, Options{Path: path, Exclusive: true})
	putAccounts(t, s)
	for range 3 {
		other := mustOpen(t, Options{Path: path})
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		wantOpenError(t, Options{Path: path, Exclusive: true}, "serves this file")
	}
	// The last connection of another process would move the WAL and remove it.
	child, out := startChild(t, crashEnv, path)
	t.Cleanup(func() { _ = child.Process.Kill() })
	if text, _ := io.ReadAll(out); strings.Contains(string(text), "-") {
		t.Errorf("another process served the file: %s", text)
	}
	_ = child.Wait() // it was refused
	if _, err := os.Stat(path + "-wal"); err != nil {
		t.Error(err)
	}
}

func TestResolvePath_FollowsLinks(t *testing.T) {
	t.Parallel()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := errors.Join(os.Symlink("not-there.db", in("dangling")), os.Symlink("loop", in("loop"))); err != nil {
		t.Skip(err)
	}
	for path, want := range map[string]string{
		Memory: Memory, in("new.db"): in("new.db"), in("dangling"): in("not-there.db"),
		in("none/../new.db"): in("new.db"), in("none/new.db"): in("none/new.db"), in("loop"): in("loop"),
	} {
		if got := ResolvePath(path); got != want {
			t.Errorf("%s leads to %s, want %s", path, got, want)
		}
	}
	s := mustOpen(t, Options{Path: in("dangling"), Exclusive: true})
	if info, err := os.Stat(in("not-there.db")); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v, %v", info, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
