package store

import (
	_ "embed"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Memory is the path of a store that lives in memory only.
const Memory = "memory:"

//go:embed schema.sql
var schema string

// These two mark a file as ours and say which schema it has.
const (
	applicationID = 0x636d6f6b // "cmok"
	schemaVersion = 1
)

// dialect is all in which engines differ. The statements elsewhere in the
// package are written so that they run on others as well ($1, ON CONFLICT,
// RETURNING); instr in filters.go and what is named here are the exceptions.
type dialect struct {
	dsn        string
	wait       time.Duration // for a lock of another process
	setup      []string      // for each connection, after the file has been found to be ours
	readers    int           // connections that only read; 0: the writer serves reads too
	beginView  string        // "": a view needs no transaction, nobody can write meanwhile
	beginWrite string
	external   bool     // other processes may write
	vacuum     bool     // give the space of deleted rows back
	fill       []string // for the writer's connection while an empty store is filled with much; setup undoes it
}

// insertBulk does without undoing one statement: a mistake ends the whole
// transaction, and the pages as they were need not be kept for each.
const insertBulk = "INSERT OR FAIL INTO "

// memoryDialect has a single connection, because that connection is the
// database. Views and updates therefore take turns.
func memoryDialect() dialect {
	return dialect{
		dsn:        ":memory:",
		setup:      []string{"PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF"},
		beginWrite: "BEGIN",
	}
}

// fileDialect has one connection that writes and a few that read what was last
// committed. A commit is a write into the journal without a sync: it outlives
// the process. busy is how long to wait for a lock of another process.
func fileDialect(path string, busy time.Duration) dialect {
	return dialect{
		wait: busy,
		dsn:  fileURI(resolve(path)) + fmt.Sprintf("?_pragma=busy_timeout(%d)", busy.Milliseconds()),
		setup: []string{
			"PRAGMA journal_mode = WAL",
			"PRAGMA synchronous = NORMAL",
			"PRAGMA cache_size = -8192",            // 8 MiB at most, for each connection
			"PRAGMA wal_autocheckpoint = 32768",    // pages: 128 MiB, should checkpoint.go not keep up
			"PRAGMA journal_size_limit = 67108864", // 64 MiB kept between checkpoints
			"PRAGMA temp_store = MEMORY",
		},
		readers:    max(2, min(4, runtime.GOMAXPROCS(0))),
		beginView:  "BEGIN",
		beginWrite: "BEGIN IMMEDIATE",
		external:   true,
		vacuum:     true,
		// What an empty file grows by, a rollback journal need not hold: each
		// page is written once.
		fill: []string{"PRAGMA cache_size = -16384", "PRAGMA journal_mode = TRUNCATE"},
	}
}

// fileURI names the file so that no character of its path is taken for
// something else.
func fileURI(path string) string {
	path = filepath.ToSlash(filepath.Clean(path))
	if filepath.IsAbs(path) && !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows drive
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}
