// Package api is Connect over HTTP: the routes, the path of a request and the handlers. It does not know where data
// comes from at a start, nor the control API.
package api

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/quirks"
	"github.com/connectmock/connectmock/openapi"
	"github.com/labstack/echo/v4"
)

const spoolBytes = 4 << 20 // of a list that are gathered in memory

// Options are what a handler is made of. All fields are needed except where they say otherwise.
type Options struct {
	Backend        *backend.Backend
	Quirks         quirks.Set
	Version        string            // of Connect
	Document       *openapi.Document // nil: our own
	Seed           uint64            // of responses that are made from a schema
	CORS           bool
	CheckResponses bool
	MaxBody        int64         // bytes
	MaxInline      int64         // bytes
	BodyTimeout    time.Duration // that a client may pause within a body; 0: no limit
	CacheSize      int64         // bytes; 0: nothing is cached
	StoreName      string
	InMemory       bool // the store is in memory
	Log            *slog.Logger
	OnResponse     func(Response) // nil: nobody is told
}

// Response is what OnResponse is told. It holds no token and no body.
type Response struct {
	Method    string
	Path      string // as sent, without the query and without tokens
	Operation string // "" where no operation matched
	Status    int    // 0: a fault kept it from being sent
	Bytes     int64
	Took      time.Duration
	Caller    string // the token's name, "" without one
	Err       error  // why it failed, also where the client is only told 500
}

// Handler answers as a Connect server does. It is safe for use by many goroutines.
type Handler struct {
	backend *backend.Backend
	echo    *echo.Echo
	meter   *meter
	items   *cache.Cache[heldItem]
	lists   *cache.Cache[heldList]
	names   *cache.Cache[vaultName]
	quirks  quirks.Set
	kinds   [][]string

	log            *slog.Logger
	onAnswer       func(Response)
	checkResponses bool
	maxBody        int64 // bytes
	maxInline      int64 // bytes
	spoolBytes     int
	memory         *memory.Budget // of large bodies
	bodyTimeout    time.Duration  // that a client may pause within a body; 0: no limit
	version        string
	versionHeader  []string
	storeName      string
	inMemory       bool
	operations     map[string]*operation // by their ids
	unserved       []string              // operations we know that the document or the version lacks
	invented       []string              // operations answered from their schema
}

// New returns a handler. Call MakeRoutes before it is used.
func New(o Options) *Handler {
	s := &Handler{
		backend: o.Backend, meter: newMeter(), quirks: o.Quirks, kinds: kindHeaders(), operations: map[string]*operation{},
		items: cache.New[heldItem](o.CacheSize / 2), lists: cache.New[heldList](o.CacheSize / 16 * 7),
		names: cache.New[vaultName](o.CacheSize / 16),
		log:   o.Log, onAnswer: o.OnResponse, checkResponses: o.CheckResponses,
		maxBody: o.MaxBody, maxInline: o.MaxInline, spoolBytes: spoolBytes,
		memory: memory.NewBudget(bodyMemory), bodyTimeout: o.BodyTimeout,
		version: o.Version, versionHeader: []string{o.Version}, storeName: o.StoreName, inMemory: o.InMemory,
	}
	s.meter.caches(map[string]func() cache.Stats{"items": s.items.Stats, "lists": s.lists.Stats, "names": s.names.Stats})
	return s
}

// Ready adds the figures of the backend, which is open by now.
func (s *Handler) Ready() {
	if s.backend.Journal != nil {
		s.meter.journal(s.backend.Journal.Stats)
	}
	s.meter.backlog(s.backend.Store.Backlog)
	s.meter.copies(s.backend.Store.FileCacheSize)
}

// ServeHTTP answers one request.
func (s *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		s.setHeaders(w.Header(), reply{status: http.StatusNoContent}) // echo answers it itself
	}
	s.echo.ServeHTTP(w, r)
}

// Operations returns the ids of the operations that are served, sorted.
func (s *Handler) Operations() []string { return slices.Sorted(maps.Keys(s.operations)) }

// Unserved returns the operations we know that the document or the version of Connect lacks.
func (s *Handler) Unserved() []string { return s.unserved }

// Invented returns the operations answered from their schema: method and path.
func (s *Handler) Invented() []string { return s.invented }

// noted keeps an exchange in the journal. It is called before anything is sent:
// who has an answer and asks finds it there.
func (s *Handler) noted(x *exchange, rep reply) {
	if s.backend.Journal != nil {
		s.backend.Journal.Add(s.entry(x, rep, time.Since(x.arrived)), x.check)
	}
}

// observed counts an answer and tells who listens.
func (s *Handler) observed(x *exchange, rep reply, err error) {
	took := time.Since(x.arrived)
	if x.op != nil {
		x.op.observe(took.Seconds())
	}
	failed := rep.sent() >= 500 && x.check != checkFault
	if s.onAnswer == nil && !failed {
		return
	}
	answer := Response{
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
