package contract

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// middleware returns a handler in front of another one.
type middleware func(http.Handler) http.Handler

// wrapIn returns the middleware of a mutant.
func wrapIn(m mutants.Mutant) middleware {
	return func(next http.Handler) http.Handler { return mutants.Wrap(next, m) }
}

// noWaiting is a timing for servers that show a write at once: rules try at most
// twice and do not wait in between.
func noWaiting() Timing {
	timing := longTiming()
	timing.Within, timing.Every = time.Nanosecond, time.Nanosecond
	return timing
}

// deterministicRun returns a run against a mock behind a middleware. Generated data,
// ids, names and times are the same each time.
func deterministicRun(t *testing.T, front middleware) *run {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }
	target := behindMiddleware(mockTargetWithClock(t, now, connecttest.WithSeed(11)), front)
	r, err := newRun(target, Options{Timing: noWaiting(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	r.ID = "arena"
	return r
}

// wrappedTarget returns mockTarget behind a middleware.
func wrappedTarget(t *testing.T, front middleware) Target {
	t.Helper()
	return behindMiddleware(mockTarget(t, connecttest.WithSeed(11)), front)
}

func behindMiddleware(target Target, front middleware) Target {
	target.Client = &http.Client{Transport: handlerTransport{front(transportHandler{target.Client.Transport})}}
	return target
}

// transportHandler is an http.Handler that sends requests with a transport.
type transportHandler struct{ base http.RoundTripper }

func (h transportHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	res, err := h.base.RoundTrip(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	for name, values := range res.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body) // from memory to memory
}

// handlerTransport is an http.RoundTripper that calls a handler.
type handlerTransport struct{ handler http.Handler }

func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	t.handler.ServeHTTP(w, in)
	res := w.Result()
	res.Request = r
	return res, nil
}
