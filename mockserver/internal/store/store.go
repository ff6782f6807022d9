package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
)

// Options say where a store is and how to share it.
type Options struct {
	// Path is a file, or Memory. It must be given. A file that is not there is
	// made, for its owner alone: it holds secrets.
	Path string
	// Exclusive refuses a second process that opens the file exclusively too,
	// by whatever name, so that one process serves it. Others may still open it
	// without, by the same name: its journals are found by the name.
	Exclusive bool
	// Retention is how much of each account's activity log is kept. The zero value
	// keeps everything.
	Retention Retention
	// FileCacheBytes is how many bytes of files beside the store large contents may take a
	// second time, to be sent fast. 0: none. A store in memory has none.
	FileCacheBytes int64
	// Log gets what goes wrong in the background. Nil: nothing is logged.
	Log *slog.Logger
	// OnExternalChange is called, never twice at once, some 100 ms after another
	// process has written to the file. Nil: nobody looks. It may use the Store
	// but not close it.
	OnExternalChange func()
}

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	path         string
	dialect      dialect
	db           *sql.DB
	claim        *claim                // nil in memory
	files        *storeFiles           // nil in memory
	diskError    atomic.Pointer[error] // of the disk, of the last update; nil: none
	exclusive    bool                  // the claim is
	keepJournal  atomic.Bool           // sessions leave the files of the journal where they are
	writer       *pool                 // of one
	readers      *pool                 // the writer again if the dialect has no readers
	checkpointer *pool                 // of one, for checkpoints; nil if there is no WAL
	committed    chan struct{}         // something was committed
	queue        *queue
	retention    *Retention
	fileCache    *fileCache // nil: none
	log          *slog.Logger

	stop       context.CancelFunc // ends the background
	background sync.WaitGroup
	closeOnce  sync.Once
	closeErr   error // what Close answered
}

// View calls fn with a transaction that only reads. What fn sees is one moment:
// in a file that of the last commit, whoever is writing; in memory views and
// updates wait for each other. fn must not call View, Update or other methods
// of the Store: in memory it would wait for itself.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	session, err := s.readers.take(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer s.readers.put(session)
	if s.dialect.beginView != "" {
		if _, err := session.exec(s.dialect.beginView); err != nil {
			return explain(s.path, err)
		}
		defer session.exec("ROLLBACK") // nothing to keep, and it must end when fn panics too
	}
	return explain(s.path, fn(&Tx{ctx: ctx, session: session}))
}

// Update calls fn with a transaction that may change things, and commits it if
// fn answers nil. fn runs one at a time and sees what the ones before it did;
// the activity accepted before it is committed with it. If fn answers an error,
// or panics, nothing has happened. fn must not call other methods of the Store,
// nor wait for another caller of Update: several are committed at once.
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
	defer func() { // when fn panics too
		s.writer.put(session)
		if failed := s.waitCommit(group); failed != nil {
			err = failed // if fn refused, it was because of what never happened
		}
		s.recordDiskError(err)
		err = explain(s.path, err)
	}()
	return group.run(ctx, fn)
}

// settle waits for the group's commit, or for the turn to do it.
func (s *Store) waitCommit(g *group) error {
	runtime.Gosched() // who has only its body to read still comes in
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

// alone is Update with a commit of its own, for who has the writer to itself.
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

// ReleaseMemory gives back the memory that filling the store took: the pages that were
// written, and statements that serving may never need. It waits as Update does.
func (s *Store) ReleaseMemory(ctx context.Context) error {
	session, err := s.writer.take(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer s.writer.put(session)
	return explain(s.path, session.shrinkMemory())
}

// Close writes what is still queued, waits for the transactions under way and
// closes the database. Later calls of any method answer ErrClosed; Close again
// answers what it answered first. Its error says if activity was lost.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		s.queue.close()
		s.stop()
		s.background.Wait()
		s.fileCache.close()
		errs := []error{s.flush(context.Background()), s.queue.lost()}
		if err := s.files.check(); err != nil {
			// What has these names now may be another server's.
			s.keepJournal.Store(true)
			errs = []error{err, s.queue.lost()}
		}
		if s.readers != s.writer {
			errs = append(errs, s.readers.close(), s.checkpointer.close())
		}
		errs = append(errs, s.writer.close(), s.db.Close())
		if s.claim != nil {
			errs = append(errs, s.claim.release(s.exclusive))
		}
		s.closeErr = explain(s.path, errors.Join(errs...))
	})
	return s.closeErr
}

// Tx is a transaction. It ends with the function it was given to.
type Tx struct {
	ctx          context.Context // only for statements that may run for long
	session      *session
	writable     bool
	group        *group          // nil in a view
	newSnapshots map[string]bool // frozen accounts that may still be written

	cachedAccount string // the account whose layer is known; empty: none
	cachedLayer   layer

	log []entry // recorded and not yet appended
}

// exec changes rows, and says how many.
func (tx *Tx) exec(query string, args ...any) (int64, error) {
	if !tx.writable {
		return 0, errReadOnly
	}
	return tx.session.exec(query, args...)
}
