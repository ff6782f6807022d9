// Package mockserver is a stand-in for the 1Password Connect server, as an
// http.Handler.
//
// It speaks Connect and nothing else; listeners, flags and consoles belong to
// its callers. It does not know a real Connect server: everything it does is
// known from the sources that the tags beside each behaviour name.
package mockserver

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/labstack/echo/v4"
)

const (
	spoolBytes = 4 << 20 // of a list that are gathered in memory
)

// Server answers as a Connect server does. It is safe for use by many
// goroutines.
type Server struct {
	backend *backend.Backend
	echo    *echo.Echo
	meter   *meter
	items   *cache.Cache[heldItem]
	lists   *cache.Cache[heldList]
	names   *cache.Cache[vaultName]
	quirks  quirks
	kinds   [][]string

	log            *slog.Logger
	onAnswer       func(ResponseInfo)
	checkResponses bool
	maxBody        int64 // bytes
	maxInline      int64 // bytes
	spoolBytes     int
	memory         *memory.Budget // of large bodies
	bodyTimeout    time.Duration  // that a client may pause within a body; 0: no limit
	version        string
	versionHeader  []string
	storeName      string
	operations     map[string]*operation // by their ids
	unserved       []string              // operations we know that the document or the version lacks
	invented       []string              // operations answered from their schema
}

// New opens the store, fills it where it is empty, and makes the routes. The
// errors name what can't be used and the way out. Close must be called.
func New(c Config) (*Server, error) { return NewContext(context.Background(), c) }

// NewContext is New that gives up when the context ends: its error is then the
// context's, and a store that was being filled is as empty as it was.
func NewContext(ctx context.Context, c Config) (*Server, error) {
	s, c, err := unopened(c)
	if err != nil {
		return nil, err
	}
	// Our own document is read while the store opens: there is nothing wrong with
	// it, and a start takes 10 ms less.
	routed := make(chan error, 1)
	if c.Document != nil {
		routed <- nil
	} else {
		go func() { routed <- s.route(c) }()
	}
	err = s.backend.Open(ctx)
	if err = errors.Join(err, <-routed); err == nil {
		s.meter.backlog(s.backend.Store.Backlog)
		s.meter.copies(s.backend.Store.FileCacheSize)
		return s, nil
	}
	_ = s.backend.Close() // the first error is the one to tell
	return nil, err
}

// Validate returns the error that New would return before it opens the store.
// Nothing is opened or written.
func (c Config) Validate() error {
	_, _, err := unopened(c)
	return err
}

// unopened returns a server without a store, and its configuration with the
// defaults filled in. Somebody's document has its routes already.
func unopened(c Config) (*Server, Config, error) {
	c, err := c.filled()
	if err != nil {
		return nil, c, err
	}
	switches, err := resolveQuirks(c.chosenQuirks())
	if err != nil {
		return nil, c, err
	}
	if err := c.checkDocumented(); err != nil {
		return nil, c, err
	}
	s := &Server{
		meter: newMeter(), quirks: switches, kinds: kindHeaders(), operations: map[string]*operation{},
		items: cache.New[heldItem](c.CacheSize / 2), lists: cache.New[heldList](c.CacheSize / 16 * 7), names: cache.New[vaultName](c.CacheSize / 16),
		log: c.Log, onAnswer: c.OnResponse, checkResponses: c.CheckResponses,
		maxBody: c.MaxBody, maxInline: c.MaxInlineKB << 10, spoolBytes: spoolBytes, memory: memory.NewBudget(bodyMemory), bodyTimeout: max(c.BodyTimeout, 0),
		version: c.ConnectVersion, versionHeader: []string{c.ConnectVersion}, storeName: c.Store,
	}
	keep := c.ActivityRetention.withDefaults(c)
	s.backend = backend.New(backend.Options{
		Store: c.Store, Reset: c.Reset, Fixture: c.Fixture, Generate: c.Generate, OnProgress: c.OnProgress, Tokens: c.Tokens,
		Seed: c.Seed, Now: c.Now, JournalSize: c.JournalSize, FileCacheBytes: c.FileCopies, MaxBody: c.MaxBody,
		MaxRecords: keep.Records, MaxRecordAge: keep.Age, Log: c.Log, OnChange: s.dropAccount,
		Import: backend.ImportRules{
			DateISO: switches.dateISO, DateZone: switches.dateZone, OnlyLoginTemplate: switches.onlyLoginTemplate,
		},
	})
	if s.backend.Journal != nil {
		s.meter.journal(s.backend.Journal.Stats)
	}
	s.meter.caches(map[string]func() cache.Stats{"items": s.items.Stats, "lists": s.lists.Stats, "names": s.names.Stats})
	if c.Document != nil {
		err = s.route(c)
	}
	return s, c, err
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		s.setHeaders(w.Header(), reply{status: http.StatusNoContent}) // echo answers it itself
	}
	s.echo.ServeHTTP(w, r)
}

// Close writes what is still to be written and closes the store. Requests must
// have ended.
func (s *Server) Close() error { return s.backend.Close() }

// noted keeps an exchange in the journal. It is called before anything is sent:
// who has an answer and asks finds it there.
func (s *Server) noted(x *exchange, rep reply) {
	if s.backend.Journal != nil {
		s.backend.Journal.Add(s.entry(x, rep, time.Since(x.arrived)), x.check)
	}
}

// observed counts an answer and tells who listens.
func (s *Server) observed(x *exchange, rep reply, err error) {
	took := time.Since(x.arrived)
	if x.op != nil {
		x.op.observe(took.Seconds())
	}
	failed := rep.sent() >= 500 && x.check != checkFault
	if s.onAnswer == nil && !failed {
		return
	}
	answer := ResponseInfo{
		Method: s.backend.Mask.Text(x.request.Method), Path: s.backend.Mask.Text(x.request.URL.Path), Status: rep.sent(),
		Bytes: rep.length(), Took: took, Err: s.backend.Mask.Error(err),
	}
	if x.op != nil {
		answer.Operation = x.op.ID
	}
	if x.caller != nil {
		answer.Caller = x.caller.Token.Name
	}
	if failed {
		s.log.Error("answered 500", "operation", answer.Operation, "path", answer.Path, "error", answer.Err)
	}
	if s.onAnswer != nil {
		s.onAnswer(answer)
	}
}
