package api

import (
	"cmp"
	"log/slog"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
)

// config is what tests choose of a handler and its backend. The zero value is a store in memory with the demo data.
type config struct {
	Store       string
	Fixture     *fixtures.Fixture
	Tokens      map[string]string
	Now         func() time.Time
	MaxBody     int64
	BodyTimeout time.Duration
	CacheSize   int64
	FileCopies  int64
	Log         *slog.Logger
}

// open returns a handler over a backend of its own, which is closed when the test ends.
func open(t *testing.T, c config) *Handler {
	t.Helper()
	if c.Fixture == nil {
		c.Fixture = fixtures.Demo()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	store := cmp.Or(c.Store, backend.MemoryStore)
	maxBody := cmp.Or(c.MaxBody, 16<<20)
	var h *Handler
	b := backend.New(backend.Options{
		Store: store, Fixture: c.Fixture, Tokens: c.Tokens, Now: c.Now, JournalSize: 1000,
		FileCacheBytes: cmp.Or(c.FileCopies, 512<<20), MaxBody: maxBody, Log: c.Log,
		OnChange: func(account string) { h.DropAccount(account) },
	})
	options := Options{
		Backend: b, Version: "1.8.2", MaxBody: maxBody, MaxInline: 100 << 10, BodyTimeout: cmp.Or(c.BodyTimeout, 30*time.Second),
		CacheSize: max(cmp.Or(c.CacheSize, 32<<20), 0), StoreName: store, InMemory: c.Store == "", Log: c.Log,
	}
	h = New(options)
	if err := h.MakeRoutes(options); err != nil {
		t.Fatal(err)
	}
	if err := b.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	h.Ready()
	return h
}
