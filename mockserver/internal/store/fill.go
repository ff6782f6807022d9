package store

import (
	"context"
	"errors"
)

// Fill is an Update that fills an empty store with much data: in a file it
// bypasses the WAL. If fn returns an error, or the process dies, the store is
// unchanged. Other processes wait meanwhile. If one has the file open already,
// Fill works like Update.
func (s *Store) Fill(ctx context.Context, fn func(*Tx) error) error {
	session, err := s.writer.take(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer s.writer.put(session)
	if s.readers != s.writer { // no other connection may have the file open
		if err := s.readers.closeIdle(); err != nil {
			return explain(s.path, err)
		}
	}
	s.files.forgetJournal()
	if err := session.execAll(s.dialect.fill...); err != nil {
		s.log.Info("another process has the store open: filling it takes longer",
			"store", s.path, "error", explain(s.path, err))
	}
	err = s.updateExclusive(ctx, session, fn)
	if len(s.dialect.fill) > 0 {
		err = errors.Join(err, session.execAll(s.dialect.setup...))
	}
	err = errors.Join(err, s.files.remember(session))
	return explain(s.path, err)
}
