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

// rig is a mock with its control on a socket. Every answer of the control is
// held to its document; its log must not have the token.
type rig struct {
	*controlapi.Client
	mock *mockserver.Server
	log  *journal
	seen *seen
	stop func() // waits for what is under way
}

func start(t *testing.T, hosts ...string) *rig {
	t.Helper()
	mock, err := mockserver.New(mockserver.Config{Fixture: twoVaults(t), Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	log := &journal{}
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
	r := serve(t, h)
	r.mock, r.log = mock, log
	return r
}

// serve puts a handler on a socket.
func serve(t *testing.T, h http.Handler) *rig {
	t.Helper()
	listener := httptest.NewServer(h)
	t.Cleanup(listener.Close)
	doc, err := openapi.Control()
	if err != nil {
		t.Fatal(err)
	}
	s := &seen{base: listener.Client().Transport, doc: doc, operations: map[string]bool{}}
	return &rig{seen: s, stop: listener.Close, Client: &controlapi.Client{URL: listener.URL, Token: controlToken, HTTP: openapitest.Client(t, doc, s)}}
}

func twoVaults(t *testing.T) *fixtures.Fixture {
	t.Helper()
	w, err := fixtures.Load("world.yaml", []byte(`
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
	return w
}

// connect asks the mock itself, as a client with that token does.
func (r *rig) connect(t *testing.T, token, method, path, body string) (int, string) {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	r.mock.ServeHTTP(w, request)
	return w.Code, w.Body.String()
}

// ask sends any request to the control; headers is "Name: value" by line.
func (r *rig) ask(t *testing.T, method, path, headers, body string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if name == "Host" {
			request.Host = value
			continue
		}
		request.Header.Add(name, value)
	}
	response, err := r.HTTP.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(answer)
}

const (
	authorized = "Authorization: Bearer " + controlToken + "\n"
	asJSON     = authorized + "Content-Type: application/json\n"
)

// seen notes which operations were answered with success.
type seen struct {
	base       http.RoundTripper
	doc        *openapi.Document
	mu         sync.Mutex
	operations map[string]bool
}

func (s *seen) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := s.base.RoundTrip(r)
	if op, _ := s.doc.Match(r.Method, r.URL.EscapedPath()); err == nil && op != nil && response.StatusCode < 300 {
		s.mu.Lock()
		s.operations[op.ID] = true
		s.mu.Unlock()
	}
	return response, err
}

// journal is a log that tests read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(data []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(data)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

const patience = time.Minute

// firstItem is the ids of the vault of that name and of its first item.
func (r *rig) firstItem(t *testing.T, token, name string) (vault, item string) {
	t.Helper()
	id := func(path, name string) string {
		status, body := r.connect(t, token, "GET", path, "")
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
