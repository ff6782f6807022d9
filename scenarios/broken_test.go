package scenarios_test

import (
	"bytes"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios"
)

// Operations of the control API that are answered and not done.
const (
	deafToFaults  = "POST /faults"
	deafToClock   = "PUT /clock"
	deafToScopes  = "POST /tokens"
	deafToChanges = "PATCH /tokens/*"
	deafToRevoke  = "DELETE /tokens/*"
	deafToRestore = "POST /snapshots/*/restore"
)

// broken is a mock with a defect, seen by its clients or by those who script
// it.
func broken(t *testing.T, defect string) scenarios.Target {
	t.Helper()
	s := connecttest.NewServer(t, connecttest.WithoutSocket())
	const token = "control-token-of-the-test"
	handler, err := control.New(s.Mock, token, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	served, scripted := http.Handler(s.Mock), http.Handler(handler)
	switch {
	case defect == memory:
		served = remembering(served)
	case strings.Contains(defect, "/"):
		scripted = deaf(scripted, defect)
	default:
		served = mutants.Wrap(served, named(t, defect))
	}
	api, scripts := httptest.NewServer(served), httptest.NewServer(scripted)
	t.Cleanup(api.Close)
	t.Cleanup(scripts.Close)
	return scenarios.Target{
		Name: defect, URL: api.URL,
		Control: &controlapi.Client{URL: scripts.URL, Token: token, HTTP: scripts.Client()},
	}
}

func named(t *testing.T, defect string) mutants.Mutant {
	t.Helper()
	all := mutants.All()
	i := slices.IndexFunc(all, func(d mutants.Mutant) bool { return d.Name == defect })
	if i < 0 {
		t.Fatalf("no defect is named %s", defect)
	}
	return all[i]
}

// memory is a proxy that answers what it was asked of a vault before as it did
// then.
const memory = "answers-from-memory"

func remembering(next http.Handler) http.Handler {
	var mu sync.Mutex
	known := map[string]*httptest.ResponseRecorder{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked := r.Header.Get("Authorization") + " " + r.URL.String()
		answer := known[asked]
		if answer == nil || r.Method != http.MethodGet {
			answer = httptest.NewRecorder()
			next.ServeHTTP(answer, r)
		}
		if r.Method == http.MethodGet && answer.Code == http.StatusOK && strings.Contains(r.URL.Path, "/items/") {
			known[asked] = answer
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // nobody is left to tell
	})
}

// deaf is a control API that says yes to an operation and does not do it: a
// fault is one of an operation nobody asks for, a change changes nothing, a
// token may do more than was said.
func deaf(next http.Handler, operation string) http.Handler {
	method, pattern, _ := strings.Cut(operation, " ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if is, err := path.Match(pattern, r.URL.Path); !is || err != nil || r.Method != method {
			next.ServeHTTP(w, r)
			return
		}
		said, _ := io.ReadAll(r.Body) // what broke off is refused
		instead := `{"advance": "1ns"}`
		switch operation {
		case deafToFaults:
			instead = `{"operations": ["GetPrometheusMetrics"], "abort": 500}`
		case deafToScopes: // every token may do everything
			instead = regexp.MustCompile(`"vaults":\{[^}]*\}`).ReplaceAllString(string(said), `"permission":"read-write"`)
		case deafToChanges:
			instead = `{}`
		case deafToRevoke, deafToRestore:
			r.Method, r.URL.Path, instead = http.MethodDelete, "/faults", ""
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte(instead))), int64(len(instead))
		next.ServeHTTP(w, r)
	})
}
