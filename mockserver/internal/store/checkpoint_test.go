package store

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
)

// walState returns the number of pages in the WAL, and how many of them are in the database.
func walState(t *testing.T, s *Store) (pages, moved int) {
	t.Helper()
	session, err := s.readers.take(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer s.readers.put(session)
	if pages, moved, err = session.checkpoint("NOOP"); err != nil {
		t.Fatal(err)
	}
	return pages, moved
}

// Without any more commits, all that was written is moved into the database. This ends when it is.
func TestCheckpoint_MovesTheWALBesideWriters(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, Options{Path: filepath.Join(t.TempDir(), "store.db")})
	value := bytes.Repeat([]byte("x"), 2*checkpointPages*pageSize)
	update(t, s, func(tx *Tx) error { return tx.SetMeta("a", value) })
	for pages, moved := walState(t, s); moved < pages || pages == 0; pages, moved = walState(t, s) {
	}
}

func TestCheckpoint_LeavesASmallWAL(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, Options{Path: filepath.Join(t.TempDir(), "store.db")})
	update(t, s, func(tx *Tx) error { return tx.SetMeta("a", []byte("small")) })
	if err := s.checkpoint(context.Background()); err != nil {
		t.Fatal(err)
	}
	if pages, moved := walState(t, s); pages == 0 || moved > 0 {
		t.Errorf("%d of %d pages are moved: a sync for a few pages", moved, pages)
	}
}
