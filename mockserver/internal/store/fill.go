package store

import (
	"context"
	"errors"
)

// Fill is an Update that fills an empty store with much data: in a file it
// bypasses the WAL. If fn returns an error, or the process dies, the store is
// unchanged. Other processes wait meanwhile. If one has the file open already,
// Fill works like Update. If no account has an item yet, fn must not read items.
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
	err = s.updateExclusive(ctx, session, func(tx *Tx) error { return tx.indexItemsAfter(fn) })
	if len(s.dialect.fill) > 0 {
		err = errors.Join(err, session.execAll(append(s.dialect.fillEnd, s.dialect.setup...)...))
	}
	err = errors.Join(err, s.files.remember(session))
	return explain(s.path, err)
}

// indexItemsAfter calls fn, and creates the indexes of items when it has returned, if there is no item before: to build
// them from sorted keys takes a fraction of the time of updating them at random places.
func (tx *Tx) indexItemsAfter(fn func(*Tx) error) error {
	indexes, err := tx.dropItemIndexes()
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	for _, create := range indexes {
		if _, err := tx.session.conn.ExecContext(tx.ctx, create); err != nil { // ends early if the context ends
			return err
		}
	}
	return nil
}

// dropItemIndexes drops the indexes of items if there is no item, and returns the statements that create them again.
func (tx *Tx) dropItemIndexes() (create []string, err error) {
	var names []string
	err = tx.session.each(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'items'
		AND sql IS NOT NULL AND NOT EXISTS (SELECT 1 FROM items)`, nil, func(scan func(...any) error) error {
		var name, text string
		err := scan(&name, &text)
		names, create = append(names, name), append(create, text)
		return err
	})
	for _, name := range names {
		err = errors.Join(err, tx.session.execAll(`DROP INDEX "`+name+`"`))
	}
	return create, err
}
