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
)

// Server answers as a Connect server does. It is safe for use by many
// goroutines.
type Server struct {
	backend     *backend.Backend
	api         *api.Handler
	version     string
	bodyTimeout time.Duration
}

// New opens the store, fills it where it is empty, and makes the routes. The
// errors name what can't be used and the way out. Close must be called.
func New(c Config) (*Server, error) { return NewContext(context.Background(), c) }

// NewContext is New that gives up when the context ends: its error is then the
// context's, and a store that was being filled is as empty as it was.
func NewContext(ctx context.Context, c Config) (*Server, error) {
	s, options, err := unopened(c)
	if err != nil {
		return nil, err
	}
	// Our own document is read while the store opens: there is nothing wrong with
	// it, and a start takes 10 ms less.
	routed := make(chan error, 1)
	if options.Document != nil {
		routed <- nil
	} else {
		go func() { routed <- s.api.MakeRoutes(options) }()
	}
	err = s.backend.Open(ctx)
	if err = errors.Join(err, <-routed); err == nil {
		s.api.Ready()
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

// unopened returns a server without a store, and what its routes are made from.
// Somebody's document has its routes already.
func unopened(c Config) (*Server, api.Options, error) {
	c, err := c.filled()
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
	s := &Server{version: c.ConnectVersion, bodyTimeout: max(c.BodyTimeout, 0)}
	keep := c.ActivityRetention.withDefaults(c)
	s.backend = backend.New(backend.Options{
		Store: c.Store, Reset: c.Reset, Fixture: c.Fixture, Generate: c.Generate, OnProgress: c.OnProgress, Tokens: c.Tokens,
		Seed: c.Seed, Now: c.Now, JournalSize: c.JournalSize, FileCacheBytes: c.FileCopies, MaxBody: c.MaxBody,
		MaxRecords: keep.Records, MaxRecordAge: keep.Age, Log: c.Log, OnChange: func(account string) { s.api.DropAccount(account) },
		Import: backend.ImportRules{
			DateISO: switches.DateISO, DateZone: switches.DateZone, OnlyLoginTemplate: switches.OnlyLoginTemplate,
		},
	})
	options := api.Options{
		Backend: s.backend, Quirks: switches, Version: c.ConnectVersion, Document: c.Document, Seed: c.Seed, CORS: c.CORS,
		CheckResponses: c.CheckResponses, MaxBody: c.MaxBody, MaxInline: c.MaxInlineKB << 10, BodyTimeout: s.bodyTimeout,
		CacheSize: c.CacheSize, StoreName: c.Store, InMemory: c.Store == MemoryStore, Log: c.Log,
	}
	if c.OnResponse != nil {
		options.OnResponse = func(r api.Response) { c.OnResponse(ResponseInfo(r)) }
	}
	s.api = api.New(options)
	if c.Document != nil {
		err = s.api.MakeRoutes(options)
		if broken := new(api.DocumentError); errors.As(err, &broken) {
			err = &ConfigError{broken.Reason}
		}
	}
	return s, options, err
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.api.ServeHTTP(w, r) }

// Close writes what is still to be written and closes the store. Requests must
// have ended.
func (s *Server) Close() error { return s.backend.Close() }

// BodyTimeout is how long a client may pause within a body; 0 is as long as it likes.
func (s *Server) BodyTimeout() time.Duration { return s.bodyTimeout }
