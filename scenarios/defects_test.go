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

// Operations of the control API that a defective mock accepts but does not execute.
const (
	ignoresFaults  = "POST /faults"
	ignoresPhase   = "POST /faults without phase" // it executes the rest
	ignoresClock   = "PUT /clock"
	ignoresScopes  = "POST /tokens"
	ignoresChanges = "PATCH /tokens/*"
	ignoresRevoke  = "DELETE /tokens/*"
	ignoresRestore = "POST /snapshots/*/restore"
)

// defectiveMock returns a mock with a defect in its API or its control API.
func defectiveMock(t *testing.T, defect string) scenarios.Target {
	t.Helper()
	s := connecttest.NewServer(t, connecttest.WithoutSocket())
	const token = "control-token-of-the-test"
	handler, err := control.New(s.Mock, token, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	apiHandler, controlHandler := http.Handler(s.Mock), http.Handler(handler)
	switch {
	case defect == cachesItems:
		apiHandler = cacheItems(apiHandler)
	case strings.Contains(defect, "/"):
		controlHandler = ignoreOperation(controlHandler, defect)
	default:
		apiHandler = mutants.Wrap(apiHandler, findMutant(t, defect))
	}
	api, controlServer := httptest.NewServer(apiHandler), httptest.NewServer(controlHandler)
	t.Cleanup(api.Close)
	t.Cleanup(controlServer.Close)
	return scenarios.Target{
		Name: defect, URL: api.URL,
		Control: &controlapi.Client{URL: controlServer.URL, Token: token, HTTP: controlServer.Client()},
	}
}

func findMutant(t *testing.T, defect string) mutants.Mutant {
	t.Helper()
	all := mutants.All()
	i := slices.IndexFunc(all, func(d mutants.Mutant) bool { return d.Name == defect })
	if i < 0 {
		t.Fatalf("unknown mutant %s", defect)
	}
	return all[i]
}

// cachesItems is a proxy that answers repeated reads of items from a cache.
const cachesItems = "answers-from-memory"

func cacheItems(next http.Handler) http.Handler {
	var mu sync.Mutex
	known := map[string]*httptest.ResponseRecorder{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		key := r.Header.Get("Authorization") + " " + r.URL.String()
		answer := known[key]
		if answer == nil || r.Method != http.MethodGet {
			answer = httptest.NewRecorder()
			next.ServeHTTP(answer, r)
		}
		if r.Method == http.MethodGet && answer.Code == http.StatusOK && strings.Contains(r.URL.Path, "/items/") {
			known[key] = answer
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // the client is gone if this fails
	})
}

// ignoreOperation is a control API that accepts an operation and does not execute it: a fault applies to an operation
// that is not requested, a change changes nothing, a token has more permissions than requested.
func ignoreOperation(next http.Handler, operation string) http.Handler {
	method, pattern, _ := strings.Cut(operation, " ")
	pattern, _, _ = strings.Cut(pattern, " ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if is, err := path.Match(pattern, r.URL.Path); !is || err != nil || r.Method != method {
			next.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body) // an incomplete body is rejected
		instead := `{"advance": "1ns"}`
		switch operation {
		case ignoresFaults:
			instead = `{"operations": ["GetPrometheusMetrics"], "abort": 500}`
		case ignoresPhase:
			instead = strings.ReplaceAll(string(body), `"phase":"after"`, `"phase":"before"`)
		case ignoresScopes: // every token may do everything
			instead = regexp.MustCompile(`"vaults":\{[^}]*\}`).ReplaceAllString(string(body), `"permission":"read-write"`)
		case ignoresChanges:
			instead = `{}`
		case ignoresRevoke, ignoresRestore:
			r.Method, r.URL.Path, instead = http.MethodDelete, "/faults", ""
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte(instead))), int64(len(instead))
		next.ServeHTTP(w, r)
	})
}
