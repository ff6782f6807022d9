package grade

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/mutants"
)

// record returns the exchanges of one request to a handler.
func record(t *testing.T, r *http.Request, h http.HandlerFunc) []*exchange {
	t.Helper()
	recorded := &recording{}
	func() {
		defer func() { _ = recover() }() // as net/http does
		recorded.wrap(h).ServeHTTP(httptest.NewRecorder(), r)
	}()
	return recorded.all()
}

func TestRecording_KeepsWhatAHandlerReadsAndSends(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/v1/vaults/v/items", strings.NewReader("sent"))
	all := record(t, r, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != "sent" {
			t.Errorf("the handler reads %q, %v", body, err)
		}
		w.Header().Set("X-Test", "1")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusCreated)
		w.Header().Set("X-Late", "1")
		_, _ = io.WriteString(w, "re")
		_, _ = io.WriteString(w, "ceived")
	})
	x := all[0]
	if !x.complete || x.Operation != "CreateVaultItem" || string(x.Sent) != "sent" || x.Status != http.StatusCreated ||
		string(x.Body) != "received" || x.Header.Get("X-Test") != "1" || x.Header.Get("X-Late") != "" {
		t.Errorf("recorded %+v", x)
	}
}

// A mutant may differ in an exchange that was not recorded completely, so the tests must
// be run on it.
func TestEffect_OfAnIncompleteExchangeIsNotKnown(t *testing.T) {
	t.Parallel()
	mutant := named(t, "health/heartbeat-needs-token")[0] // changes nothing of a valid request
	correct := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, ".") }
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		body    io.Reader
		want    bool
	}{
		{"complete", correct, nil, false},
		{"closed connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil, true},
		{"closed connection in the body", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, ".")
			panic(http.ErrAbortHandler)
		}, nil, true},
		{"no response", func(http.ResponseWriter, *http.Request) {}, nil, true},
		{"large response", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(make([]byte, maxRecordedBytes+1))
		}, nil, true},
		{"request whose body breaks off", correct, io.MultiReader(strings.NewReader("a"), brokenReader{}), true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/heartbeat", tt.body)
		r.Header.Set("Authorization", "Bearer a")
		if got := effectOf(mutant, record(t, r, tt.handler)); !got.reached || got.triggered != tt.want {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestEffect_NamesTheFirstDifference(t *testing.T) {
	t.Parallel()
	recorded := &recording{}
	handler := recorded.wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if mutants.Operation(r) == "" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, `[{"id":"a","name":"b"}]`)
	}))
	for _, path := range []string{"/heartbeat", "/v1/vaults", "/nothing?token=secret"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	for id, want := range map[string]string{
		"body/vault-list-in-object":         "GET /v1/vaults, request 2 of 3: another body",
		"body/get-vault-answers-first":      "",
		"header/json-without-type":          "GET /heartbeat, request 1 of 3: another header",
		"status/unknown-route-answers-500":  "a path that the API does not have, request 3 of 3: status 500 instead of 404",
		"scope/scope-ignored-by-vault-list": "",
	} {
		if got := effectOf(named(t, id)[0], recorded.all()); got.first != want {
			t.Errorf("%s: %q, want %q", id, got.first, want)
		}
	}
}
