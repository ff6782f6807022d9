package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// errGone means that the files of the store are not where they were when it was
// opened. What is written to them would be lost.
var errGone = errors.New("the files of the store are gone")

// storeFiles detects that the files of a store are removed, renamed, replaced or
// truncated while the store is open: the engine does not notice this, and keeps
// using its open descriptors. A nil *storeFiles, of a store in memory, finds
// nothing.
type storeFiles struct {
	path string // the path in Options
	name string // resolved name of the database file
	log  *slog.Logger

	mu       sync.Mutex
	files    []knownFile
	reported bool // a missing file was logged
}

// knownFile is a file of the store as it was when remember was called.
type knownFile struct {
	name    string
	info    os.FileInfo
	atLeast int64 // size in bytes that it must have from then on
}

// rememberFiles calls remember after the store has opened all its files.
func (s *Store) rememberFiles(ctx context.Context) error {
	if s.files == nil {
		return nil
	}
	session, err := s.writer.take(ctx)
	if err != nil {
		return err
	}
	defer s.writer.put(session)
	return s.files.remember(session)
}

// remember notes the current files as those of the store. Call it after the
// writer's session has created them or shrunk the database file.
func (p *storeFiles) remember(session *session) error {
	if p == nil {
		return nil
	}
	var pages, pageSize int64
	if err := session.queryRow(`SELECT p.page_count, s.page_size FROM pragma_page_count p, pragma_page_size s`, nil,
		&pages, &pageSize); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files = nil
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(p.name + suffix)
		if errors.Is(err, fs.ErrNotExist) && suffix != "" {
			continue // there is no WAL on a file system without shared memory
		}
		if err != nil {
			return err
		}
		f := knownFile{name: p.name + suffix, info: info}
		if suffix == "" { // the file may be longer until the engine truncates it
			f.atLeast = min(info.Size(), pages*pageSize)
		}
		p.files = append(p.files, f)
	}
	return nil
}

// forgetJournal ignores the files beside the database until remember is called:
// Fill removes them.
func (p *storeFiles) forgetJournal() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.files) > 1 {
		p.files = p.files[:1]
	}
}

// check returns an errGone if a file is not where it was. It needs a stat of each
// file, which takes some microseconds, and opens none. It logs when a file is
// missing for the first time, and when all files are back.
func (p *storeFiles) check() error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.files {
		if what := f.change(); what != "" {
			err := fmt.Errorf("store %s: %s %s while the store was open: nothing is written any more, it would be lost; "+
				"put the file back where it was, or stop the server and start it again: %w", p.path, f.name, what, errGone)
			if !p.reported {
				p.log.Error("the store is gone", "error", err)
			}
			p.reported = true
			return err
		}
	}
	if p.reported {
		p.log.Info("the store is there again", "store", p.path)
	}
	p.reported = false
	return nil
}

// change describes what has happened to a file, "" if nothing has.
func (f *knownFile) change() string {
	now, err := os.Stat(f.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "was removed or renamed"
	case err != nil:
		return "cannot be found any more (" + err.Error() + ")"
	case !os.SameFile(now, f.info):
		return "was replaced by another file"
	case now.Size() < f.atLeast:
		return "was truncated"
	}
	return ""
}

// recordDiskError notes whether the last update could be written to the disk.
func (s *Store) recordDiskError(err error) {
	if err == nil {
		if s.diskError.Load() != nil {
			s.diskError.Store(nil)
		}
		return
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		s.diskError.Store(&err)
	}
}

// Check returns why nothing can be committed: the files are not where they were, or
// the last change could not be written to the disk. Nil: no failure is known.
func (s *Store) Check() error {
	if err := s.files.check(); err != nil {
		return err
	}
	if failure := s.diskError.Load(); failure != nil {
		return explain(s.path, *failure)
	}
	return nil
}
