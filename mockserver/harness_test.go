package mockserver_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/openapitest"
)

// Ids that are well formed and that nothing has.
const (
	noVault = "zzzzzzzzzzzzzzzzzzzzzzzzzz"
	noItem  = "yyyyyyyyyyyyyyyyyyyyyyyyyy"
	noFile  = "xxxxxxxxxxxxxxxxxxxxxxxxxx"
)

// tb is what testing.TB and rapid.T have in common.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// rig is a server and a client whose every answer is held to the document.
type testServer struct {
	*connecttest.Server
	checkedClient *http.Client
}

func newServer(t testing.TB, options ...connecttest.Option) *testServer {
	t.Helper()
	s := connecttest.NewServer(t, options...)
	return &testServer{s, openapitest.Client(t, document(t), s.Client.Transport)}
}

// bare is the rig without the check of answers, for switches that leave the
// document and for bodies too large to be read twice.
func (r *testServer) withoutCheck() *testServer { return &testServer{r.Server, r.Client} }

var connectDocument = sync.OnceValues(openapi.Connect)

func document(t testing.TB) *openapi.Document {
	t.Helper()
	doc, err := connectDocument()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// part changes a request before it is sent.
type requestOption func(*http.Request)

func header(name, value string) requestOption {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = []string{value} }
}

func noHeader(name string) requestOption {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = nil }
}

func token(value string) requestOption { return header("Authorization", "Bearer "+value) }

// response is an answer that was read to its end.
type response struct {
	request string
	status  int
	header  http.Header
	body    []byte
}

// send sends a body (nil, text, bytes, a reader, or anything to be encoded as
// JSON) to a path of the server.
func (r *testServer) send(t tb, method, path string, body any, parts ...requestOption) response {
	t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	case []byte:
		content = bytes.NewReader(b)
	case io.Reader:
		content = b
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			t.Fatalf("encode the body of %s %s: %v", method, path, err)
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, r.URL+path, content)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, change := range parts {
		change(request)
	}
	reply, err := r.checkedClient.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return readResponse(t, method+" "+path, reply)
}

func readResponse(t tb, request string, reply *http.Response) response {
	t.Helper()
	defer reply.Body.Close()
	a := response{request: request, status: reply.StatusCode, header: reply.Header}
	var err error
	if a.body, err = io.ReadAll(reply.Body); err != nil {
		t.Errorf("%s: read the answer: %v", a.request, err)
	}
	return a
}

func (r *testServer) get(t tb, path string, parts ...requestOption) response {
	t.Helper()
	return r.send(t, "GET", path, nil, parts...)
}

// ok ends the test unless the answer is 200.
func (a response) wantOK(t tb) response {
	t.Helper()
	return a.wantStatus(t, 200)
}

func (a response) wantStatus(t tb, status int) response {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s: status %d, want %d: %s", a.request, a.status, status, a.body)
	}
	return a
}

// refused checks status and message of Connect's error.
func (a response) wantError(t tb, want *connect.Error) {
	t.Helper()
	if got := a.apiError(t); got != *want {
		t.Errorf("%s: got %v, want %v", a.request, &got, want)
	}
}

// refusal is the error of an answer, which must be one.
func (a response) apiError(t tb) connect.Error {
	t.Helper()
	var e connect.Error
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e); err != nil {
		t.Fatalf("%s: status %d, not Connect's error: %.200q", a.request, a.status, a.body)
	}
	if e.Status != a.status || e.Message == "" {
		t.Errorf("%s: status %d with status %d and message %q in the body", a.request, a.status, e.Status, e.Message)
	}
	if kind := a.header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("%s: a refusal of type %q", a.request, kind)
	}
	return e
}

// as decodes a 200 and refuses members the type does not have.
func decode[V any](t tb, a response) V {
	t.Helper()
	a.wantOK(t)
	var v V
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("%s: %v: %s", a.request, err, a.body)
	}
	return v
}

func (r *testServer) item(t tb, path string) connect.Item {
	t.Helper()
	return decode[connect.Item](t, r.get(t, path))
}

func (r *testServer) vault(t tb, id string) connect.Vault {
	t.Helper()
	return decode[connect.Vault](t, r.get(t, "/v1/vaults/"+id))
}

// create makes an item from JSON and is its path.
func (r *testServer) create(t tb, vault, body string) (connect.Item, string) {
	t.Helper()
	made := decode[connect.Item](t, r.send(t, "POST", "/v1/vaults/"+vault+"/items", body))
	return made, "/v1/vaults/" + vault + "/items/" + made.ID
}

// demo is the world of the tests, with the ids that its names give.
func demo(t tb) demoData { return demoData{t, fixtures.Demo()} }

type demoData struct {
	t       tb
	fixture *fixtures.Fixture
}

func (d demoData) vault(name string) string {
	d.t.Helper()
	v := d.fixture.Accounts[0].Vault(name)
	if v == nil {
		d.t.Fatalf("the demo fixture has no vault %q", name)
	}
	return v.ID
}

// path is the path of an item; the first, if two have the title.
func (d demoData) path(vault, title string) string {
	d.t.Helper()
	for _, it := range d.fixture.Accounts[0].Vault(vault).Items {
		if it.Title == title {
			return "/v1/vaults/" + d.vault(vault) + "/items/" + it.ID
		}
	}
	d.t.Fatalf("the demo fixture has no item %q in %q", title, vault)
	return ""
}

// file is the path of a file of an item.
func (d demoData) file(vault, title, name string) string {
	d.t.Helper()
	for _, it := range d.fixture.Accounts[0].Vault(vault).Items {
		for _, f := range it.Files {
			if it.Title == title && f.Name == name {
				return d.path(vault, title) + "/files/" + f.ID
			}
		}
	}
	d.t.Fatalf("the demo fixture has no file %q of %q", name, title)
	return ""
}

// clock is a clock that moves when it is told to.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *fakeClock { return &fakeClock{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)} }

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
