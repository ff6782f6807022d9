package store

import (
	"context"
	"errors"
)

// Fill is Update for what fills an empty store with much: in a file nothing of
// it goes through the journal of commits. If fn answers an error, or the process
// dies, the store is as it was. Other processes wait meanwhile, and those that
// have the file open already make it an Update.
func (s *Store) Fill(ctx context.Context, fn func(*Tx) error) error {
	if s.checkpointer != nil { // before the writer, as a checkpoint does
		release, err := s.checkpointer.block(ctx)
		if err != nil {
			return explain(s.path, err)
		}
		defer release()
	}
	session, err := s.writer.take(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer s.writer.put(session)
	if s.readers != s.writer { // nobody else may have the file open
		if err := s.readers.closeIdle(); err != nil {
			return explain(s.path, err)
		}
	}
	s.files.forgetJournal()
	if err := session.execAll(s.dialect.fill...); err != nil {
		s.log.Info("somebody else has the store open: filling it takes longer", "store", s.path, "error", explain(s.path, err))
	}
	err = s.updateExclusive(ctx, session, fn)
	if len(s.dialect.fill) > 0 {
		err = errors.Join(err, session.execAll(s.dialect.setup...))
	}
	err = errors.Join(err, s.files.remember(session))
	return explain(s.path, err)
}
