package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNotFound says that what was asked for by its id is not there.
var ErrNotFound = errors.New("not found in the store")

// ErrClosed says that the Store was closed.
var ErrClosed = errors.New("the store is closed")

// ErrInUse says that other accounts stand on what was to be dropped.
var ErrInUse = errors.New("in use in the store")

// ErrExists says that there is a frozen account of that id or name already.
var ErrExists = errors.New("there already in the store")

// errSnapshot is a mistake of the caller: a change to a frozen account.
var errSnapshot = errors.New("store: the account is frozen")

// errReadOnly is a mistake of the caller: a change inside View.
var errReadOnly = errors.New("store: a change needs Update")

// explain puts the file and the way out in front of an error of the engine;
// other errors stay as they are.
func explain(path string, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	advice := "the database refused"
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		advice = "the disk is full: free some space and try again, what was written before is safe"
	case sqlite3.SQLITE_CORRUPT:
		advice = "the file is damaged: move it away and start with a new one, or put a copy back; nothing was changed"
	case sqlite3.SQLITE_NOTADB:
		advice = "the file is not a database: choose another name for the store; nothing was changed"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		advice = "another program has locked the file: stop it, or choose another store"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		advice = "the file cannot be written: see that it and its directory are writable, choose another place, or use \"" + Memory + "\" as the store"
	case sqlite3.SQLITE_IOERR:
		advice = "the disk failed, is full or over a quota: see to it and try again, what was written before is safe"
	}
	return fmt.Errorf("store %s: %s: %w", path, advice, err)
}
