package store

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
)

// By default the engine copies the WAL into the database at the end of some
// commit, and all writers wait while the disk syncs 16 MiB twice. Here a separate
// connection does it concurrently, in passes: each copies what was written during
// the one before. Only the last, short pass takes the writer, because the engine
// reuses the WAL from its start once all of it is copied.
const (
	walMaxPages         = 8000 // pages (32 MiB) from which on the WAL is copied
	walPauseWriterPages = 300  // pages that may be left for the pass that blocks the writer
	walMaxPasses        = 8    // then the writer is blocked anyway: it is faster than the disk
)

// checkpointDelay is the time from a commit to the check of the WAL's size.
const checkpointDelay = 50 * time.Millisecond

// checkpointLoop keeps the WAL small until the context ends.
func (s *Store) checkpointLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.committed:
		}
		if sleep.For(ctx, checkpointDelay) != nil {
			return
		}
		if err := s.checkpoint(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("changes not moved into the database yet", "store", s.path, "error", explain(s.path, err))
		}
	}
}

// checkpoint copies the WAL into the database if it is large. A long View may
// keep a part of it for the next call.
func (s *Store) checkpoint(ctx context.Context) error {
	session, err := s.checkpointer.take(ctx)
	if err != nil {
		return err
	}
	defer s.checkpointer.put(session)
	pages, _, err := session.checkpoint("NOOP")
	if err != nil || pages < walMaxPages {
		return err
	}
	for range walMaxPasses {
		pages, copied, err := session.checkpoint("PASSIVE")
		if err != nil || pages == copied || ctx.Err() != nil {
			return err
		}
		if pages-copied < walPauseWriterPages {
			break
		}
	}
	writer, err := s.writer.take(ctx)
	if err != nil {
		return err
	}
	defer s.writer.put(writer)
	_, _, err = session.checkpoint("PASSIVE")
	return err
}

// checkpoint runs a checkpoint, and returns the number of pages in the WAL and of
// those that are copied.
func (s *session) checkpoint(mode string) (pages, copied int, err error) {
	var busy, none int
	// The engine uses the state of the WAL that the connection has read last.
	if err := s.queryRow(`SELECT count(*) FROM sequences`, nil, &none); err != nil {
		return 0, 0, err
	}
	err = s.queryRow(`PRAGMA wal_checkpoint(`+mode+`)`, nil, &busy, &pages, &copied)
	return pages, copied, err
}
