package api

import (
	"cmp"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
)

// config is what tests choose of a handler and its backend. The zero value is a store in memory with the demo data.
type config struct {
	store          string
	fixture        *fixtures.Fixture
	now            func() time.Time
	maxBody        int64
	bodyTimeout    time.Duration
	cacheBytes     int64
	fileCacheBytes int64
	bodyMemory     int64
	log            *slog.Logger
}

// token is the value of a token that may read and write every vault.
const token = "local"

// open returns a handler over a backend of its own, which is closed when the test ends.
func open(t *testing.T, c config) *Handler {
	t.Helper()
	if c.fixture == nil {
		c.fixture = fixtures.Demo()
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	store, maxBody := cmp.Or(c.store, backend.MemoryStore), cmp.Or(c.maxBody, 16<<20)
	b := backend.New(backend.Options{
		Store: store, Fixture: c.fixture, Tokens: map[string]string{"t": token}, Now: c.now, JournalSize: 1000,
		FileCacheBytes: cmp.Or(c.fileCacheBytes, 512<<20), MaxBody: maxBody, MaxInline: 100 << 10,
		CacheBytes: max(cmp.Or(c.cacheBytes, 32<<20), 0), Log: c.log,
	})
	h, err := New(Options{
		Backend: b, Version: "1.8.2", MaxBody: maxBody, BodyTimeout: cmp.Or(c.bodyTimeout, 30*time.Second),
		StoreName: store, Log: c.log,
	})
	if err != nil {
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
	if c.bodyMemory > 0 {
		h.memory = memory.NewBudget(c.bodyMemory)
	}
	return h
}

// itemsPath is the path of the items of the first vault of the demo data.
func itemsPath() string { return "/v1/vaults/" + fixtures.Demo().Accounts[0].Vaults[0].ID + "/items" }

// request returns an authenticated request.
func request(method, path string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, path, body)
	r.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// serveRequest returns the response to a request.
func (h *Handler) serveRequest(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// get returns the body of a 200.
func (h *Handler) get(t *testing.T, path string) string {
	t.Helper()
	w := h.serveRequest(request(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// create creates an item and returns its path.
func (h *Handler) create(t *testing.T, path, body string) string {
	t.Helper()
	w := h.serveRequest(request(http.MethodPost, path, strings.NewReader(body)))
	var it struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &it); err != nil || w.Code != 200 {
		t.Fatalf("%d, %v: %.300s", w.Code, err, w.Body)
	}
	return path + "/" + it.ID
}

// waitForMemory returns when the memory for bodies is in a state.
func (h *Handler) waitForMemory(isReached func(used int64, waiting int) bool) {
	for !isReached(h.memory.Usage()) {
		runtime.Gosched()
	}
}
