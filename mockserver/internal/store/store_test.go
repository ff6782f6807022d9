package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		crashChild(path)
		return
	}
	if path := os.Getenv(fillEnv); path != "" {
		fillChild(path)
	}
	if path := os.Getenv(serveEnv); path != "" {
		serveChild(path)
	}
	code := m.Run()
	for until := time.Now().Add(time.Minute); code == 0; { // goleak alone waits for a second or two
		err := goleak.Find()
		if err == nil {
			break
		}
		if time.Now().After(until) {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// engines runs a test on each engine, in parallel.
func engines(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	for _, engine := range []string{"memory", "file"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			test(t, openEngine(t, engine))
		})
	}
}

func openEngine(t testing.TB, engine string) *Store {
	t.Helper()
	path := Memory
	if engine == "file" {
		path = filepath.Join(t.TempDir(), "store.db")
	}
	s := mustOpen(t, withPages(Options{Path: path, TitleBytes: 1 << 20}))
	putAccounts(t, s)
	return s
}

// putAccounts adds the accounts A and B.
func putAccounts(t testing.TB, s *Store) {
	t.Helper()
	update(t, s, func(tx *Tx) error {
		return errors.Join(tx.PutAccount(Account{ID: "A"}), tx.PutAccount(Account{ID: "B"}))
	})
}

func mustOpen(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func update(t rapid.TB, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func view(t rapid.TB, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

var day = connect.At(time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC))

func TestAccounts_AreFoundByIDAndName(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		update(t, s, func(tx *Tx) error {
			return errors.Join(
				tx.PutAccount(Account{ID: "D", Name: "second", User: "U", CreatedAt: day.Time, CreatedOnDemand: true}),
				tx.PutAccount(Account{ID: "C", Name: "first", User: "V"}),
				tx.PutAccount(Account{ID: "D", Name: "renamed", User: "W"}),
				tx.SetMeta("key", []byte{0, 1}),
				tx.SetMeta("none", nil),
			)
		})
		view(t, s, func(tx *Tx) error {
			all, err := tx.Accounts()
			if err != nil {
				return err
			}
			want := []Account{{ID: "D", Name: "renamed", User: "W", CreatedAt: day.Time, CreatedOnDemand: true}, {ID: "C", Name: "first", User: "V"}}
			if diff := cmp.Diff(want, all[2:]); diff != "" {
				t.Error(diff)
			}
			one, err := tx.Account("C")
			if err != nil || one != want[1] {
				t.Errorf("Account(C) = %v, %v", one, err)
			}
			if _, err := tx.Account("E"); !errors.Is(err, ErrNotFound) {
				t.Errorf("Account(E): %v", err)
			}
			if v, err := tx.Meta("key"); err != nil || string(v) != "\x00\x01" {
				t.Errorf("Meta(key) = %q, %v", v, err)
			}
			if v, err := tx.Meta("none"); err != nil || len(v) != 0 {
				t.Errorf("Meta(none) = %q, %v", v, err)
			}
			if _, err := tx.Meta("other"); !errors.Is(err, ErrNotFound) {
				t.Errorf("Meta(other): %v", err)
			}
			if err := tx.SetMeta("key", nil); !errors.Is(err, errReadOnly) {
				t.Errorf("SetMeta in View: %v", err)
			}
			return nil
		})
	})
}

func TestUpdate_ChangesEverythingOrNothing(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		errRefused := errors.New("refused")
		ctx := context.Background()
		err := s.Update(ctx, func(tx *Tx) error {
			return errors.Join(tx.PutVault("A", connect.Vault{ID: "v"}), tx.Record("A", record(1)), errRefused)
		})
		if !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
		func() {
			defer func() {
				if recover() != "boom" {
					t.Error("the panic was swallowed")
				}
			}()
			s.Update(ctx, func(tx *Tx) error {
				if err := tx.PutVault("A", connect.Vault{ID: "v"}); err != nil {
					t.Error(err)
				}
				panic("boom")
			})
		}()
		view(t, s, func(tx *Tx) error {
			if _, err := tx.Vault("A", "v"); !errors.Is(err, ErrNotFound) {
				t.Errorf("a failed change is stored: %v", err)
			}
			return nil
		})
		if _, total, err := s.Activity(ctx, "A", 0, 50); err != nil || total != 0 {
			t.Errorf("activity: %d, %v", total, err)
		}
		update(t, s, func(tx *Tx) error { return tx.PutVault("A", connect.Vault{ID: "v"}) })
	})
}

func TestStore_ReturnsErrorsAfterCancelAndClose(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"memory", "file"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := openEngine(t, engine)
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			nothing := func(*Tx) error { return nil }
			if err := s.Update(ctx, nothing); !errors.Is(err, context.Canceled) {
				t.Errorf("Update: %v", err)
			}
			// A caller that waits for the writer can be canceled.
			inside, leave, done := make(chan struct{}), make(chan struct{}), make(chan error)
			go func() {
				done <- s.Update(context.Background(), func(*Tx) error { close(inside); <-leave; return nil })
			}()
			<-inside
			short, cancel2 := context.WithTimeout(context.Background(), time.Millisecond)
			defer cancel2()
			if err := s.Update(short, nothing); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Update behind another: %v", err)
			}
			close(leave)
			if err := <-done; err != nil {
				t.Errorf("Update in front: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			for name, err := range map[string]error{
				"View":   s.View(context.Background(), nothing),
				"Update": s.Update(context.Background(), nothing),
				"Reset":  s.Reset(context.Background()),
			} {
				if !errors.Is(err, errClosed) {
					t.Errorf("%s after Close: %v", name, err)
				}
			}
		})
	}
}
