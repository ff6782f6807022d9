package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// lockTimeout is how long to wait for a lock of another process.
const lockTimeout = 5 * time.Second

// Open opens the store, and creates it if there is none. The error names the file
// and what to do; a file that cannot be used is not changed. The context applies
// to Open only.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Path == "" {
		return nil, fmt.Errorf("store: no path given: name a file, or %q for one in memory", Memory)
	}
	if o.Path != Memory {
		return open(ctx, o, fileDialect(o.Path, lockTimeout))
	}
	if err := registerMemoryVFS(); err != nil {
		return nil, err
	}
	number := addMemoryFile(newMemoryFile(o.Image))
	s, err := open(ctx, o, memoryDialect(number))
	if err != nil {
		removeMemoryFile(number)
		return nil, err
	}
	s.memoryFile = number
	return s, nil
}

func open(ctx context.Context, o Options, d dialect) (_ *Store, err error) {
	s := &Store{path: o.Path, dialect: d, log: o.Log, queue: newQueue(),
		retention: &o.Retention, pages: newPageCache(o.PageCacheBytes), titles: newTitles(o.TitleBytes),
		appendActivity: o.AppendActivity, committed: make(chan struct{}, 1)}
	if d.external && o.OnExternalChange == nil {
		s.pages, s.titles = newPageCache(0), newTitles(0)
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var undo []func() error
	defer func() {
		if err == nil {
			return
		}
		for i := len(undo) - 1; i >= 0; i-- {
			undo[i]()
		}
	}()
	if d.external {
		if err := checkPath(o.Path); err != nil {
			return nil, err
		}
	}
	if d.external {
		name := resolve(o.Path)
		if s.claim, err = claimFile(ctx, o.Path, name, o.Exclusive, d.wait); err != nil {
			return nil, err
		}
		if s.claim != nil {
			s.exclusive = o.Exclusive
			undo = append(undo, func() error { return s.claim.release(o.Exclusive) })
		}
		s.files = &storeFiles{path: o.Path, name: name, log: s.log}
	}
	connector, err := newConnector(d)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", o.Path, err)
	}
	s.db = sql.OpenDB(connector)
	s.db.SetMaxIdleConns(-1) // close released connections: Fill needs exclusive access to the file
	undo = append(undo, s.db.Close)
	s.writer = newPool(1, s.openWriter)
	s.readers = s.writer
	if d.readers > 0 {
		s.readers = newPool(d.readers, s.openReader)
	}
	undo = append(undo, s.writer.close)
	version, err := s.dataVersion(ctx)
	if err != nil {
		return nil, explain(o.Path, err)
	}
	if err := s.rememberFiles(ctx); err != nil {
		return nil, explain(o.Path, err)
	}
	connector.createsNoFile.Store(true)

	if d.external && o.FileCacheBytes > 0 {
		s.fileCache = newFileCache(o.Path, o.FileCacheBytes, s.log)
	}
	background, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.background.Go(func() { s.flushLoop(background) })
	if d.external {
		s.background.Go(func() { s.checkpointLoop(background) })
	}
	if d.external && o.OnExternalChange != nil {
		s.background.Go(func() { s.watch(background, version, o.OnExternalChange) })
	}
	return s, nil
}

// checkPath finds mistakes for which the engine has only one error.
func checkPath(path string) error {
	dir := filepath.Dir(path)
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("store %s: the directory %s does not exist: make it, or choose another place", path, dir)
	case err != nil:
		return fmt.Errorf("store %s: the directory cannot be used: %w", path, err)
	case !info.IsDir():
		return fmt.Errorf("store %s: %s is not a directory: choose another place", path, dir)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("store %s: this is not a file: choose another name", path)
	}
	return nil
}

// openReader opens a session that cannot write.
func (s *Store) openReader(ctx context.Context) (*session, error) {
	session, err := newSession(ctx, s.db, &s.keepJournal)
	if err != nil {
		return nil, err
	}
	if err := session.execAll(append(s.dialect.setup, "PRAGMA query_only = ON")...); err != nil {
		return nil, errors.Join(err, session.close())
	}
	return session, nil
}

// openWriter opens the session that writes, and creates the schema if there is none.
func (s *Store) openWriter(ctx context.Context) (*session, error) {
	session, err := newSession(ctx, s.db, &s.keepJournal)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(session); err != nil {
		return nil, errors.Join(err, session.close())
	}
	return session, nil
}

// prepare checks what the file is before it changes anything, creates the schema
// if there is none, and checks that the file can be written.
func (s *Store) prepare(session *session) error {
	if _, err := s.identify(session); err != nil {
		return err
	}
	if err := session.execAll(s.dialect.setup...); err != nil {
		return err
	}
	if err := session.execAll(s.dialect.beginWrite); err != nil {
		return err
	}
	// Again, now that no other process can write: one may have created the schema
	// meanwhile.
	empty, err := s.identify(session)
	switch {
	case err != nil:
	case empty:
		err = session.execAll(schema,
			fmt.Sprintf("PRAGMA application_id = %d", applicationID),
			fmt.Sprintf("PRAGMA user_version = %d", schemaVersion))
	default: // for a read-only file the engine starts a read-only transaction without an error
		err = session.execAll("DELETE FROM meta WHERE key = ''")
	}
	if err == nil {
		err = session.execAll("COMMIT")
	}
	if err != nil {
		session.execAll("ROLLBACK") // fails if the engine has rolled back already
	}
	return err
}

// identify reports whether the database is empty. It returns an error for a
// database that is not a store of this version.
func (s *Store) identify(session *session) (empty bool, err error) {
	var application, version, objects int
	err = session.conn.QueryRowContext(context.Background(),
		`SELECT (SELECT application_id FROM pragma_application_id),
		        (SELECT user_version FROM pragma_user_version),
		        (SELECT count(*) FROM sqlite_schema)`).Scan(&application, &version, &objects)
	switch {
	case err != nil:
		return false, err
	case application == 0 && version == 0 && objects == 0:
		return true, nil
	case application != applicationID:
		return false, fmt.Errorf(
			"store %s: this is a database of another program: choose another name; nothing was changed", s.path)
	case version > schemaVersion:
		return false, fmt.Errorf("store %s: this file has schema %d, made by a newer version, and this one knows up to %d: "+
			"use the newer version, or choose another store; nothing was changed", s.path, version, schemaVersion)
	case version < 1:
		return false, fmt.Errorf(
			"store %s: this file has no usable schema: move it away and start with a new one; nothing was changed", s.path)
	}
	return false, nil
}
