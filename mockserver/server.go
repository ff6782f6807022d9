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
	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/backend/clock"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/backend/random"
	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/labstack/echo/v4"
)

const (
	rememberTokens = 4096
	spoolBytes     = 4 << 20 // of a list that are gathered in memory
)

// Server answers as a Connect server does. It is safe for use by many
// goroutines.
type Server struct {
	*TokenBook
	echo    *echo.Echo
	store   *store.Store
	auth    *auth.Authenticator
	random  *random.Source
	meter   *meter
	items   *cache.Cache[heldItem]
	lists   *cache.Cache[heldList]
	names   *cache.Cache[vaultName]
	journal *journal.Journal // nil: none is kept
	quirks  quirks
	faults  *faults.Set
	pending *visibility.Writes
	past    *pastNames
	mask    *tokenMask
	awake   atomic.Bool // an authenticated request was seen
	ready   atomic.Bool // New is over: there may be something to forget
	seeded  bool
	kinds   [][]string

	admin          sync.RWMutex // held, for reading, by what gives an account something that its end takes away
	worlds         atomic.Int64 // names made up
	clocks         *clock.Clocks
	log            *slog.Logger
	onAnswer       func(ResponseInfo)
	checkResponses bool
	maxBody        int64 // bytes
	maxInline      int64 // bytes
	spoolBytes     int
	importLimits   importLimits
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
	err = s.open(ctx, c)
	if err = errors.Join(err, <-routed); err == nil {
		return s, nil
	}
	if s.store != nil {
		_ = s.store.Close() // the first error is the one to tell
	}
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
		pending: visibility.New(visibility.MaxBytes), past: newPastNames(), mask: newTokenMask(), clocks: clock.New(c.Now), log: c.Log, onAnswer: c.OnResponse, checkResponses: c.CheckResponses,
		maxBody: c.MaxBody, maxInline: c.MaxInlineKB << 10, spoolBytes: spoolBytes, importLimits: newImportLimits(c.MaxBody, c.Store == MemoryStore), memory: memory.NewBudget(bodyMemory), bodyTimeout: max(c.BodyTimeout, 0),
		version: c.ConnectVersion, versionHeader: []string{c.ConnectVersion}, storeName: c.Store,
	}
	if c.JournalSize > 0 {
		s.journal = journal.New(c.JournalSize)
		s.meter.journal(s.journal.Stats)
	}
	s.meter.caches(map[string]func() cache.Stats{"items": s.items.Stats, "lists": s.lists.Stats, "names": s.names.Stats})
	if c.Document != nil {
		err = s.route(c)
	}
	return s, c, err
}

// open opens the store and starts what reads it.
func (s *Server) open(ctx context.Context, c Config) (err error) {
	if s.store, err = store.Open(ctx, store.Options{
		Path: c.Store, Exclusive: true, FileCacheBytes: max(c.FileCopies, 0), Log: c.Log, OnExternalChange: s.forget,
		Retention: c.ActivityRetention.kept(c, s.clocks.Now),
	}); err != nil {
		return err
	}
	s.meter.backlog(s.store.Backlog)
	s.meter.copies(s.store.FileCacheSize)
	return s.start(ctx, c)
}

// start fills the store and readies what reads it.
func (s *Server) start(ctx context.Context, c Config) (err error) {
	if c.Reset {
		if err := s.store.Reset(ctx); err != nil {
			return err
		}
	}
	if s.random, err = newRandom(ctx, s.store, c.Seed); err != nil {
		return err
	}
	if s.TokenBook, err = newTokenBook(ctx, s.store, s.random, s.clocks.Now); err != nil {
		return err
	}
	if s.seeded, err = s.seed(ctx, c); err != nil {
		return err
	}
	if s.seeded {
		if err := s.store.ReleaseMemory(ctx); err != nil {
			return err
		}
	}
	s.auth = auth.New(auth.Config{
		Key: s.key, Tokens: lookup{s.store}, Now: s.clocks.Now, CacheSize: rememberTokens,
	})
	s.forgetToken = s.auth.Forget
	for _, name := range slices.Sorted(maps.Keys(c.Tokens)) {
		if err := s.addPlain(ctx, name, c.Tokens[name]); err != nil {
			return err
		}
		s.mask.add(c.Tokens[name])
	}
	if err := s.mask.load(ctx, s.store); err != nil {
		return err
	}
	s.ready.Store(true)
	return nil
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
func (s *Server) Close() error { return s.store.Close() }

// forget drops everything remembered, after another process changed the store.
func (s *Server) forget() {
	if !s.ready.Load() {
		return
	}
	s.items.Clear()
	s.lists.Clear()
	s.names.Clear()
	s.auth.Clear()
}

// noted keeps an exchange in the journal. It is called before anything is sent:
// who has an answer and asks finds it there.
func (s *Server) noted(x *exchange, rep reply) {
	if s.journal != nil {
		s.journal.Add(s.entry(x, rep, time.Since(x.arrived)), x.check)
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
		Method: s.mask.text(x.request.Method), Path: s.mask.text(x.request.URL.Path), Status: rep.sent(),
		Bytes: rep.length(), Took: took, Err: s.mask.error(err),
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
