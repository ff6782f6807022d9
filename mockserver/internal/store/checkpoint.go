package store

import (
	"context"
	"time"
)

// Left to itself the engine moves what stands in the WAL into the database at
// the end of some commit, and all who write wait for the disk to sync 16 MiB
// twice. Here a connection of its own does it beside them, in passes, each of
// what was written during the one before. Only for the last, short one the
// writer is held: a WAL that is moved to its end begins anew, instead of growing.
const (
	walMaxPages         = 8000 // pages (32 MiB) from which on they are moved
	walPauseWriterPages = 300  // pages that moving holds writers up for
	walMaxPasses        = 8    // then writers are held, whatever there is: they are faster than the disk
)

// checkpointDelay is how long after a commit the length of the WAL is looked at.
const checkpointDelay = 50 * time.Millisecond

// checkpointLoop keeps the WAL short.
func (s *Store) checkpointLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.committed:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(checkpointDelay):
		}
		if err := s.checkpoint(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("changes not moved into the database yet", "store", s.path, "error", explain(s.path, err))
		}
	}
}

// checkpoint moves what stands in the WAL if it is long. A view that takes long
// may leave something for the next time.
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
		pages, moved, err := session.checkpoint("PASSIVE")
		if err != nil || pages == moved || ctx.Err() != nil {
			return err
		}
		if pages-moved < walPauseWriterPages {
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

// checkpoint says how many pages the WAL has and how many of them are moved
// then.
func (s *session) checkpoint(mode string) (pages, moved int, err error) {
	var busy, none int
	// The engine goes by what the connection has last read of the WAL.
	if err := s.queryRow(`SELECT count(*) FROM sequences`, nil, &none); err != nil {
		return 0, 0, err
	}
	err = s.queryRow(`PRAGMA wal_checkpoint(`+mode+`)`, nil, &busy, &pages, &moved)
	return pages, moved, err
}
