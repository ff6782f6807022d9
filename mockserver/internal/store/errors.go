package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNotFound means that there is nothing with the given id.
var ErrNotFound = errors.New("not found in the store")

// errClosed means that the Store was closed.
var errClosed = errors.New("the store is closed")

// errInUse means that other accounts are layers over what was to be dropped.
var errInUse = errors.New("in use in the store")

// ErrExists means that there is a snapshot with that id or name already.
var ErrExists = errors.New("exists already in the store")

// errSnapshot means that the caller tried to change a snapshot.
var errSnapshot = errors.New("store: a snapshot cannot be changed")

// errReadOnly means that the caller tried to change data in View.
var errReadOnly = errors.New("store: a change needs Update")

// explain puts the file and what to do in front of an error of the engine. It
// returns other errors unchanged.
func explain(path string, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	advice := "the database reported an error"
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
		advice = "the file cannot be written: see that it and its directory are writable, " +
			"choose another place, or use \"" + Memory + "\" as the store"
	case sqlite3.SQLITE_IOERR:
		advice = "the disk failed, is full or over a quota: see to it and try again, what was written before is safe"
	}
	return fmt.Errorf("store %s: %s: %w", path, advice, err)
}
