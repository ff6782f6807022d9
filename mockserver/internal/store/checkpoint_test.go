package store

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// However much is written, the WAL starts again from its beginning; nothing is lost, and Close leaves one file.
func TestCheckpoint_KeepsTheWALSmall(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, Options{Path: path})
	putAccounts(t, s)
	ctx := context.Background()
	value := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, 1<<20) } // the engine leaves pages that stay the same
	length := func() (pages, moved int) {
		session, err := s.checkpointer.take(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer s.checkpointer.put(session)
		if pages, moved, err = session.checkpoint("NOOP"); err != nil {
			t.Fatal(err)
		}
		return pages, moved
	}
	restarts, before := 0, 0
	for i := 0; restarts < 3; i++ {
		if i == 300 {
			t.Fatal("600 MB are in the WAL")
		}
		var group sync.WaitGroup
		for _, key := range []string{"a", "b"} {
			group.Go(func() {
				if err := s.Update(ctx, func(tx *Tx) error { return tx.SetMeta(key, value(i)) }); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		pages, _ := length()
		if pages < before {
			restarts++
		}
		before = pages
	}
	// A view that is open keeps what came after it in the WAL, and nobody waits.
	if err := s.View(ctx, func(tx *Tx) error {
		if _, err := tx.Meta("a"); err != nil {
			return err
		}
		for i := range 40 {
			update(t, s, func(tx *Tx) error { return tx.SetMeta("a", value(i)) })
		}
		if err := s.checkpoint(ctx); err != nil {
			return err
		}
		if pages, moved := length(); pages == moved {
			t.Errorf("%d pages were moved under a view", moved)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if files, err := filepath.Glob(path + "*"); err != nil || len(files) != 1 {
		t.Errorf("Close leaves %v, %v", files, err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() < 2<<20 {
		t.Errorf("%v, %v", info, err)
	}
	s = mustOpen(t, Options{Path: path})
	view(t, s, func(tx *Tx) error {
		got, err := tx.Meta("a")
		if !bytes.Equal(got, value(39)) {
			t.Error("the last value is lost")
		}
		return err
	})
}

// A checkpoint and a Fill, which needs the file for itself, wait for each other.
func TestCheckpoint_WaitsForFill(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, before := range map[string]int{"the first": 0, "a later one": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			s := mustOpen(t, Options{Path: filepath.Join(t.TempDir(), "store.db"), Log: slog.New(slog.NewTextHandler(&log, nil))})
			for range before {
				if err := s.checkpoint(ctx); err != nil {
					t.Fatal(err)
				}
			}
			done := make(chan error, 1)
			if err := s.Fill(ctx, func(tx *Tx) error {
				go func() { done <- s.checkpoint(ctx) }()
				for i := range 200 { // it has time to come
					if err := tx.SetMeta("a", bytes.Repeat([]byte{byte(i)}, 1<<20)); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil || log.Len() > 0 {
				t.Errorf("%v, and the log has %s", err, &log)
			}
		})
	}
}
