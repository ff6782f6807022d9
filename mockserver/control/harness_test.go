package control

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/openapi/openapitest"
)

const controlToken = "control-token-of-this-test"

// testTimeout is how long a test waits for a connection before it fails.
const testTimeout = time.Minute

// environment is a mock with its control API on a socket, and a client of it. Each response of the control API is
// checked against its document.
type environment struct {
	*controlapi.Client
	mock     *mockserver.Server
	log      *logBuffer
	recorder *operationRecorder
	stop     func() // closes the socket and waits for running requests
}

// startControl starts a mock with two vaults. At the end of the test it checks that the log does not have the token.
func startControl(t *testing.T, hosts ...string) *environment {
	t.Helper()
	mock, err := mockserver.New(t.Context(), mockserver.Config{Fixture: twoVaults(t), Seed: 7, JournalBodies: true})
	if err != nil {
		t.Fatal(err)
	}
	log := &logBuffer{}
	t.Cleanup(func() {
		if err := mock.Close(); err != nil {
			t.Error(err)
		}
		if strings.Contains(log.String(), controlToken) {
			t.Error("the control token is in the log")
		}
	})
	h, err := New(mock, controlToken, slog.New(slog.NewTextHandler(log, nil)), hosts...)
	if err != nil {
		t.Fatal(err)
	}
	e := serve(t, h)
	e.mock, e.log = mock, log
	return e
}

// serve serves a handler on a socket.
func serve(t *testing.T, h http.Handler) *environment {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	doc, err := openapi.Control()
	if err != nil {
		t.Fatal(err)
	}
	recorder := &operationRecorder{base: server.Client().Transport, doc: doc, succeeded: map[string]bool{}}
	client := &controlapi.Client{URL: server.URL, Token: controlToken, HTTP: openapitest.Client(t, doc, recorder)}
	return &environment{recorder: recorder, stop: server.Close, Client: client}
}

// twoVaults returns a fixture with the vaults Private, which has two items, and Shared.
func twoVaults(t *testing.T) *fixtures.Fixture {
	t.Helper()
	f, err := fixtures.Load("fixture.yaml", []byte(`
name: Demo
vaults:
  - name: Private
    items:
      - {title: Mail, category: LOGIN, fields: [{id: password, purpose: PASSWORD, value: hunter2}]}
      - {title: Notes, category: SECURE_NOTE}
  - name: Shared
tokens:
  - name: all vaults
`))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// callMock sends a request to the Connect API of the mock.
func (e *environment) callMock(t *testing.T, token, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	e.mock.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// send sends a request to the control API. headers has a line "Name: value" for each header.
func (e *environment) send(t *testing.T, method, path, headers, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, e.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Add(name, value)
	}
	response, err := e.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	received, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(received)
}

const (
	authorized = "Authorization: Bearer " + controlToken + "\n"
	asJSON     = authorized + "Content-Type: application/json\n"
)

// operationRecorder is a transport that records which operations succeeded.
type operationRecorder struct {
	base      http.RoundTripper
	doc       *openapi.Document
	mu        sync.Mutex
	succeeded map[string]bool // by operationId
}

func (o *operationRecorder) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := o.base.RoundTrip(r)
	if op, _ := o.doc.Match(r.Method, r.URL.EscapedPath()); err == nil && op != nil && response.StatusCode < 300 {
		o.mu.Lock()
		o.succeeded[op.ID] = true
		o.mu.Unlock()
	}
	return response, err
}

// logBuffer keeps a log for tests.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(data)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// firstItem returns the ids of the vault with that name and of its first item.
func (e *environment) firstItem(t *testing.T, token, name string) (vault, item string) {
	t.Helper()
	id := func(path, name string) string {
		status, body := e.callMock(t, token, "GET", path, "")
		var list []struct{ ID, Name, Title string }
		if err := json.Unmarshal([]byte(body), &list); err != nil || status != 200 {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		for _, x := range list {
			if name == "" || x.Name == name {
				return x.ID
			}
		}
		t.Fatalf("%s has no %q", path, name)
		return ""
	}
	vault = id("/v1/vaults", name)
	return vault, id("/v1/vaults/"+vault+"/items", "")
}
