package store

import (
	_ "embed"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Memory is the path of a store in memory.
const Memory = "memory:"

//go:embed schema.sql
var schema string

// The marks in a file that say that it is a store and which schema it has.
const (
	applicationID = 0x636d6f6b // "cmok"
	schemaVersion = 1
)

// dialect holds all differences between engines. The statements in the rest of
// the package run on other engines as well ($1, ON CONFLICT, RETURNING), except
// instr in summaries.go and what is listed here.
type dialect struct {
	dsn        string
	wait       time.Duration // how long to wait for a lock of another process
	setup      []string      // run on each connection after identify
	readers    int           // number of read-only connections; 0: the writer also reads
	beginView  string        // "": a view needs no transaction because nothing can be written meanwhile
	beginWrite string
	external   bool     // other processes can write
	vacuum     bool     // whether Reset runs VACUUM
	fill       []string // run on the writer's connection by Fill; setup and fillEnd undo it
	fillEnd    []string
}

// insertBulk begins an insert that cannot be undone alone: an error ends the
// whole transaction, so that the engine need not save the old pages for each
// statement.
const insertBulk = "INSERT OR FAIL INTO "

// cachedPages is how many pages of a database in memory a connection keeps, in 9 KiB each: the pages that it writes next,
// and those that every statement reads. Reading the others copies them.
const cachedPages = 16

// memoryDialect returns the dialect of a database in memory. It has a single
// connection, so that views and updates take turns.
func memoryDialect(number uint64) dialect {
	return dialect{
		dsn: memoryURI(number),
		setup: []string{
			"PRAGMA page_size = " + strconv.Itoa(pageSize),
			"PRAGMA cache_size = " + strconv.Itoa(cachedPages),
			"PRAGMA journal_mode = MEMORY",
			"PRAGMA locking_mode = EXCLUSIVE",
			"PRAGMA synchronous = OFF",
			"PRAGMA temp_store = MEMORY",
		},
		beginWrite: "BEGIN",
	}
}

// fileDialect returns the dialect of a database file. One connection writes, a
// few read the last committed state. A commit is a write into the journal
// without a sync, which survives the process. busy is how long to wait for a
// lock of another process.
func fileDialect(path string, busy time.Duration) dialect {
	return dialect{
		wait: busy,
		dsn:  fileURI(resolve(path)) + fmt.Sprintf("?_pragma=busy_timeout(%d)", busy.Milliseconds()),
		setup: []string{
			"PRAGMA journal_mode = WAL",
			"PRAGMA synchronous = NORMAL",
			"PRAGMA cache_size = -8192",            // at most 8 MiB for each connection
			"PRAGMA wal_autocheckpoint = 8000",     // pages (32 MiB); most of them are moved before, see checkpoint.go
			"PRAGMA journal_size_limit = 67108864", // 64 MiB kept between checkpoints
			"PRAGMA temp_store = MEMORY",
		},
		readers:    1 + max(2, min(4, runtime.GOMAXPROCS(0))), // one may be moving the WAL
		beginView:  "BEGIN",
		beginWrite: "BEGIN IMMEDIATE",
		external:   true,
		vacuum:     true,
		// A rollback journal does not contain pages that are appended to the file:
		// each page is written once; a small cache is enough. Indexes are sorted in a
		// file without a name beside the store: in memory that takes 128 to 256 bytes
		// for each item.
		fill: []string{
			"PRAGMA journal_mode = TRUNCATE",
			"PRAGMA cache_size = -4096",
			"PRAGMA temp_store_directory = " + quote(filepath.Dir(resolve(path))),
			"PRAGMA temp_store = FILE",
		},
		fillEnd: []string{"PRAGMA temp_store_directory = ''"},
	}
}

// fileURI returns the URI of a file, in which all characters of the path stand
// for themselves.
func fileURI(path string) string {
	path = filepath.ToSlash(filepath.Clean(path))
	if filepath.IsAbs(path) && !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows drive
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

// quote returns a text as a statement has it.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
