package store

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
)

// At wal_autocheckpoint some commit moves the WAL into the database, and all writers wait: some 35 ms for 8,000 pages.
// Here one of the reading connections moves pages beside the writers, so that such a commit has few left to move.
const (
	checkpointPages = 500                  // pages that are worth a pass
	checkpointDelay = 5 * time.Millisecond // from a commit to a pass
)

// checkpointLoop moves pages until the context ends. It reports no error: some commit meets the same one.
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
		_ = s.checkpoint(ctx)
	}
}

// checkpoint moves the WAL into the database if enough of it is new.
func (s *Store) checkpoint(ctx context.Context) error {
	session, err := s.readers.take(ctx)
	if err != nil {
		return err
	}
	defer s.readers.put(session)
	pages, moved, err := session.checkpoint("NOOP")
	if err != nil || pages-moved < checkpointPages {
		return err
	}
	_, _, err = session.checkpoint("PASSIVE") // does not wait for writers, nor they for it
	return err
}

// checkpoint runs a checkpoint. It returns the number of pages in the WAL, and how many of them are in the database.
func (s *session) checkpoint(mode string) (pages, moved int, err error) {
	var busy, none int
	// The engine uses the state of the WAL that the connection has read last.
	if err := s.queryRow(`SELECT count(*) FROM sequences`, nil, &none); err != nil {
		return 0, 0, err
	}
	err = s.queryRow(`PRAGMA wal_checkpoint(`+mode+`)`, nil, &busy, &pages, &moved)
	return pages, moved, err
}
