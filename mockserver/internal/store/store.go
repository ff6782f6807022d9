package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Options say where a store is and how it is shared.
type Options struct {
	// Path is a file, or Memory. It is required. A file that does not exist is
	// created with access for its owner only: it holds secrets.
	Path string
	// Exclusive makes Open fail if another process has opened the file
	// exclusively under any name, so that only one process serves it. Others may
	// still open it without Exclusive, but only under the same name: the engine
	// finds its journals by the name.
	Exclusive bool
	// Retention limits the activity log of each account. The zero value keeps
	// everything.
	Retention Retention
	// FileCacheBytes is the size of the cache of large file contents, which are
	// kept in files beside the store so that they are sent fast. 0: no cache. A
	// store in memory has none.
	FileCacheBytes int64
	// AppendActivity appends an encoded record for ActivityPage. It always encodes
	// the same way, and may change the record. It is required for ActivityPage.
	AppendActivity func([]byte, *connect.Activity) []byte
	// PageCacheBytes is the size of the cache of encoded activity. 0: no cache. A
	// file without OnExternalChange has none.
	PageCacheBytes int64
	// TitleBytes is how much memory may be used for titles of vaults that are searched
	// for parts of titles. 0: each search reads them from the database, as in a file
	// without OnExternalChange.
	TitleBytes int64
	// Image is what a store in memory starts from, as Store.Image returned it. Nil: it starts empty.
	Image *Image
	// Log receives errors of background work. Nil: nothing is logged.
	Log *slog.Logger
	// OnExternalChange is called about 100 ms after another process has written to
	// the file, never concurrently. Nil: the store does not look for such writes.
	// The function may use the Store but must not close it.
	OnExternalChange func()
}

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	path           string
	dialect        dialect
	db             *sql.DB
	claim          *claim                // nil in memory
	files          *storeFiles           // nil in memory
	diskError      atomic.Pointer[error] // why the last update could not be written; nil: it was
	exclusive      bool                  // claim is exclusive
	keepJournal    atomic.Bool           // sessions must not remove the files of the journal
	writer         *pool                 // size 1
	readers        *pool                 // the same as writer if the dialect has no readers
	queue          *queue
	retention      *Retention
	memoryFile     uint64     // its number; 0: the store is in a file
	fileCache      *fileCache // nil: no cache
	pages          *pageCache
	titles         *titles
	appendActivity func([]byte, *connect.Activity) []byte
	log            *slog.Logger
	committed      chan struct{} // has a value if something was committed since the last look at the WAL

	stop       context.CancelFunc // ends the goroutines of background
	background sync.WaitGroup
	closeOnce  sync.Once
	closeErr   error // the result of Close
}

// View calls fn with a read-only transaction. fn sees one consistent state: in a
// file that of the last commit, also during an update; in memory views and
// updates wait for each other. fn must not call methods of the Store: in memory
// it would wait for itself.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error { return s.view(ctx, false, fn) }

// view is View. If fn runs only one statement, this is a transaction by itself.
func (s *Store) view(ctx context.Context, isOneStatement bool, fn func(*Tx) error) error {
	session, err := s.readers.take(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer s.readers.put(session)
	if s.dialect.beginView != "" && !isOneStatement {
		if _, err := session.exec(s.dialect.beginView); err != nil {
			return explain(s.path, err)
		}
		defer session.exec("ROLLBACK") // there are no changes; it must also end when fn panics
	}
	return explain(s.path, fn(&Tx{ctx: ctx, session: session}))
}

// Update calls fn with a transaction that can change data, and commits it if fn
// returns nil. Updates run one at a time and see the changes of earlier ones;
// activity that was accepted before is committed with them. If fn returns an
// error or panics, nothing is changed. fn must not call methods of the Store,
// nor wait for another caller of Update: several updates share a commit.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) (err error) {
	session, err := s.writer.join(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	if session.group == nil {
		if err := s.begin(session); err != nil {
			s.writer.put(session)
			s.recordDiskError(err)
			return explain(s.path, err)
		}
	}
	group := session.group
	defer func() { // also when fn panics
		s.writer.put(session)
		if failed := s.waitCommit(group); failed != nil {
			err = failed // fn may have failed because of changes that were rolled back
		}
		s.recordDiskError(err)
		err = explain(s.path, err)
	}()
	return group.run(ctx, fn)
}

// waitCommit waits until the group is committed, and commits it if nobody else
// has done so when the writer is free.
func (s *Store) waitCommit(g *group) error {
	runtime.Gosched() // lets callers join the group that are nearly ready
	for {
		select {
		case <-g.done:
			return g.err
		case session := <-s.writer.idle:
			session.commitGroup()
			s.writer.put(session)
		}
	}
}

// updateExclusive runs fn like Update, with a commit of its own. The caller holds
// the writer's session and no group is open.
func (s *Store) updateExclusive(ctx context.Context, session *session, fn func(*Tx) error) error {
	if err := s.begin(session); err != nil {
		return err
	}
	group := session.group
	if err := group.run(ctx, fn); err != nil {
		return err
	}
	group.commit()
	return group.err
}

// ReleaseMemory frees memory that was needed to fill the store: cached pages, and
// statements that serving may never use. It waits its turn like Update.
func (s *Store) ReleaseMemory(ctx context.Context) error {
	session, err := s.writer.take(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer s.writer.put(session)
	return explain(s.path, session.shrinkMemory())
}

// Close writes queued activity, waits for running transactions and closes the
// database. Later calls of other methods return errClosed; Close returns its
// first result again. The error tells whether activity was lost.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		s.queue.close()
		s.stop()
		s.background.Wait()
		s.fileCache.close()
		errs := []error{s.flush(context.Background()), s.queue.lost()}
		if err := s.files.check(); err != nil {
			// Files that have these names now may belong to another server.
			s.keepJournal.Store(true)
			errs = []error{err, s.queue.lost()}
		}
		if s.readers != s.writer {
			errs = append(errs, s.readers.close())
		}
		errs = append(errs, s.writer.close(), s.db.Close())
		s.pages.clear()
		removeMemoryFile(s.memoryFile)
		if s.claim != nil {
			errs = append(errs, s.claim.release(s.exclusive))
		}
		s.closeErr = explain(s.path, errors.Join(errs...))
	})
	return s.closeErr
}

// Tx is a transaction. It ends when the function that received it returns.
type Tx struct {
	ctx          context.Context // used only by statements that may take long
	session      *session
	writable     bool
	group        *group          // nil in a View
	newSnapshots map[string]bool // snapshots that this transaction adds and may still write to

	cachedAccount string // the account of cachedLayer; empty: none
	cachedLayer   layer

	log []entry // recorded, not appended yet
}

// exec changes rows, and returns their number.
func (tx *Tx) exec(query string, args ...any) (int64, error) {
	if !tx.writable {
		return 0, errReadOnly
	}
	return tx.session.exec(query, args...)
}
