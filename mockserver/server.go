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
	"net/http"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/api"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/quirks"
	"golang.org/x/sync/errgroup"
)

// Server responds as a Connect server does. It is safe for use by many
// goroutines.
type Server struct {
	backend     *backend.Backend
	api         *api.Handler
	version     string
	bodyTimeout time.Duration
}

// New opens the store, fills it where it is empty, and makes the routes. The
// errors name what is invalid and what to do. When the context ends meanwhile, the
// error is the context's, and a store that was being filled is empty. Call Close
// when the server is no longer needed.
func New(ctx context.Context, c Config) (*Server, error) {
	s, options, err := newUnopened(c)
	if err != nil {
		return nil, err
	}
	// Our own document is read while the store opens: it is valid, and a start takes 10 ms less.
	var routes errgroup.Group
	if s.api == nil {
		routes.Go(func() (err error) {
			s.api, err = api.New(options)
			return err
		})
	}
	err = s.backend.Open(ctx)
	if err = errors.Join(err, routes.Wait()); err != nil {
		_ = s.backend.Close() // the first error is the one to return
		return nil, err
	}
	return s, nil
}

// Progress is how far the filling of an empty store is.
type Progress struct {
	Items, AllItems     int // stored, and to be stored
	Records, AllRecords int // of the activity log, after the items
}

// Validate returns the error that New would return before it opens the store.
// Nothing is opened or written.
func (c Config) Validate() error {
	_, _, err := newUnopened(c)
	return err
}

// newUnopened returns a server whose store is not open, and what its routes are
// made from. The routes of a document of the caller's are made already.
func newUnopened(c Config) (*Server, api.Options, error) {
	sharesDemo := c.sharesDemo()
	c, err := c.withDefaults()
	if err != nil {
		return nil, api.Options{}, err
	}
	switches, err := resolveQuirks(c.chosenQuirks())
	if err != nil {
		return nil, api.Options{}, err
	}
	if err := c.checkDocumented(); err != nil {
		return nil, api.Options{}, err
	}
	stored := c.backendOptions(switches)
	stored.SharesDemo = sharesDemo
	s := &Server{version: c.ConnectVersion, bodyTimeout: c.BodyTimeout, backend: backend.New(stored)}
	options := c.apiOptions(switches, s.backend)
	if c.Document == nil {
		return s, options, nil
	}
	s.api, err = api.New(options)
	if broken := new(api.DocumentError); errors.As(err, &broken) {
		err = &ConfigError{broken.Reason}
	}
	return s, options, err
}

// sharesDemo reports whether the store begins as that of any other server of which this is true. c has no defaults yet.
func (c Config) sharesDemo() bool {
	isInMemory, isDemo := c.Store == "" || c.Store == MemoryStore, c.Fixture == nil && c.Generate == nil
	return isInMemory && isDemo && c.Seed == 0 && c.Now == nil
}

func (c Config) backendOptions(q quirks.Set) backend.Options {
	keep := c.retention()
	o := backend.Options{
		Store: c.Store, Reset: c.Reset, Fixture: c.Fixture, Generate: c.Generate, Tokens: c.Tokens, Seed: c.Seed, Now: c.Now,
		JournalSize: c.JournalSize, JournalBodies: c.JournalBodies, FileCacheBytes: c.FileCopies, MaxBody: c.MaxBody, MaxInline: c.MaxInlineKB << 10,
		MaxRecords: keep.Records, MaxRecordAge: keep.Age, CacheBytes: c.CacheSize, WholeLists: c.CheckResponses,
		Quirks: q, Log: c.Log,
	}
	if c.OnProgress != nil {
		o.OnProgress = func(p backend.Progress) { c.OnProgress(Progress(p)) }
	}
	return o
}

func (c Config) apiOptions(q quirks.Set, b *backend.Backend) api.Options {
	o := api.Options{
		Backend: b, Quirks: q, Version: c.ConnectVersion, Document: c.Document, Seed: c.Seed, CORS: c.CORS,
		CheckResponses: c.CheckResponses, MaxBody: c.MaxBody, BodyTimeout: c.BodyTimeout, StoreName: c.Store, Log: c.Log,
		JournalBodies: c.JournalBodies && c.JournalSize > 0,
	}
	if c.OnResponse != nil {
		o.OnResponse = func(r api.ResponseInfo) { c.OnResponse(ResponseInfo(r)) }
	}
	return o
}

// ServeHTTP responds to a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.api.ServeHTTP(w, r) }

// Close writes what is still to be written and closes the store. Requests must
// have ended.
func (s *Server) Close() error { return s.backend.Close() }

// BodyTimeout is how long a client may pause within a body; 0 is as long as it likes.
func (s *Server) BodyTimeout() time.Duration { return s.bodyTimeout }
