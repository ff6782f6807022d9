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
type rig struct {
	*connecttest.Server
	checked *http.Client
}

func open(t testing.TB, options ...connecttest.Option) *rig {
	t.Helper()
	s := connecttest.NewServer(t, options...)
	return &rig{s, openapitest.Client(t, document(t), s.Client.Transport)}
}

// bare is the rig without the check of answers, for switches that leave the
// document and for bodies too large to be read twice.
func (r *rig) bare() *rig { return &rig{r.Server, r.Client} }

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
type part func(*http.Request)

func header(name, value string) part {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = []string{value} }
}

func noHeader(name string) part {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = nil }
}

func token(value string) part { return header("Authorization", "Bearer "+value) }

// response is an answer that was read to its end.
type response struct {
	request string
	status  int
	header  http.Header
	body    []byte
}

// send sends a body (nil, text, bytes, a reader, or anything to be encoded as
// JSON) to a path of the server.
func (r *rig) send(t tb, method, path string, body any, parts ...part) response {
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
	reply, err := r.checked.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return read(t, method+" "+path, reply)
}

func read(t tb, request string, reply *http.Response) response {
	t.Helper()
	defer reply.Body.Close()
	a := response{request: request, status: reply.StatusCode, header: reply.Header}
	var err error
	if a.body, err = io.ReadAll(reply.Body); err != nil {
		t.Errorf("%s: read the answer: %v", a.request, err)
	}
	return a
}

func (r *rig) get(t tb, path string, parts ...part) response {
	t.Helper()
	return r.send(t, "GET", path, nil, parts...)
}

// ok ends the test unless the answer is 200.
func (a response) ok(t tb) response {
	t.Helper()
	return a.is(t, 200)
}

func (a response) is(t tb, status int) response {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s: answered %d, want %d: %s", a.request, a.status, status, a.body)
	}
	return a
}

// refused checks status and message of Connect's error.
func (a response) refused(t tb, want *connect.Error) {
	t.Helper()
	if got := a.refusal(t); got != *want {
		t.Errorf("%s: answered %v, want %v", a.request, &got, want)
	}
}

// refusal is the error of an answer, which must be one.
func (a response) refusal(t tb) connect.Error {
	t.Helper()
	var e connect.Error
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e); err != nil {
		t.Fatalf("%s: answered %d, not Connect's error: %.200q", a.request, a.status, a.body)
	}
	if e.Status != a.status || e.Message == "" {
		t.Errorf("%s: answered %d with status %d and message %q in the body", a.request, a.status, e.Status, e.Message)
	}
	if kind := a.header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("%s: a refusal of type %q", a.request, kind)
	}
	return e
}

// as decodes a 200 and refuses members the type does not have.
func as[V any](t tb, a response) V {
	t.Helper()
	a.ok(t)
	var v V
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("%s: %v: %s", a.request, err, a.body)
	}
	return v
}

func (r *rig) item(t tb, path string) connect.Item {
	t.Helper()
	return as[connect.Item](t, r.get(t, path))
}

func (r *rig) vault(t tb, id string) connect.Vault {
	t.Helper()
	return as[connect.Vault](t, r.get(t, "/v1/vaults/"+id))
}

// create makes an item from JSON and is its path.
func (r *rig) create(t tb, vault, body string) (connect.Item, string) {
	t.Helper()
	made := as[connect.Item](t, r.send(t, "POST", "/v1/vaults/"+vault+"/items", body))
	return made, "/v1/vaults/" + vault + "/items/" + made.ID
}

// demo is the world of the tests, with the ids that its names give.
func demo(t tb) demoWorld { return demoWorld{t, fixtures.Demo()} }

type demoWorld struct {
	t     tb
	world *fixtures.Fixture
}

func (d demoWorld) vault(name string) string {
	d.t.Helper()
	v := d.world.Accounts[0].Vault(name)
	if v == nil {
		d.t.Fatalf("the demo world has no vault %q", name)
	}
	return v.ID
}

// path is the path of an item; the first, if two have the title.
func (d demoWorld) path(vault, title string) string {
	d.t.Helper()
	for _, it := range d.world.Accounts[0].Vault(vault).Items {
		if it.Title == title {
			return "/v1/vaults/" + d.vault(vault) + "/items/" + it.ID
		}
	}
	d.t.Fatalf("the demo world has no item %q in %q", title, vault)
	return ""
}

// file is the path of a file of an item.
func (d demoWorld) file(vault, title, name string) string {
	d.t.Helper()
	for _, it := range d.world.Accounts[0].Vault(vault).Items {
		for _, f := range it.Files {
			if it.Title == title && f.Name == name {
				return d.path(vault, title) + "/files/" + f.ID
			}
		}
	}
	d.t.Fatalf("the demo world has no file %q of %q", name, title)
	return ""
}

// clock is a clock that moves when it is told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
