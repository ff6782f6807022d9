package mockserver_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/openapi/openapitest"
	"github.com/google/go-cmp/cmp"
)

// Valid ids that belong to nothing.
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

// must ends the test if err is not nil.
func must(t tb, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// wantEqual compares two values. The format and its arguments say what they are.
func wantEqual(t tb, want, got any, format string, args ...any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", fmt.Sprintf(format, args...), diff)
	}
}

// wantControlError checks status and message of an error of the control API.
func wantControlError(t testing.TB, err error, status int, text string) {
	t.Helper()
	var e *controlapi.Error
	if !errors.As(err, &e) || e.Status != status || !strings.Contains(e.Message, text) {
		t.Errorf("error %v, want status %d and a message with %q", err, status, text)
	}
}

// testServer is a server with a client that checks each response against the
// document.
type testServer struct {
	*connecttest.Server
	checkedClient *http.Client
}

func newServer(t testing.TB, options ...connecttest.Option) *testServer {
	t.Helper()
	s := connecttest.NewServer(t, options...)
	return &testServer{s, openapitest.Client(t, document(t), s.Client.Transport)}
}

// withoutCheck returns the server with a client that does not check responses, for
// quirks that leave the document and for bodies too large to read twice.
func (s *testServer) withoutCheck() *testServer { return &testServer{s.Server, s.Client} }

// withToken returns the server with clients that send another token.
func (s *testServer) withToken(value string) *testServer {
	other := *s.Server
	other.Token, other.Client = value, &http.Client{Transport: tokenTransport{value, s.Transport}}
	return &testServer{&other, other.Client}
}

// tokenTransport sends a token where a request has none.
type tokenTransport struct {
	token string
	next  http.RoundTripper
}

func (c tokenTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, has := r.Header["Authorization"]; !has {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return c.next.RoundTrip(r)
}

// withStore keeps the data of a server in a file.
func withStore(path string) connecttest.Option {
	return connecttest.WithConfig(func(c *mockserver.Config) { c.Store = path })
}

// withResponseCheck makes a server check its own responses.
func withResponseCheck() connecttest.Option {
	return connecttest.WithConfig(func(c *mockserver.Config) { c.CheckResponses = true })
}

var connectDocument = sync.OnceValues(openapi.Connect)

func document(t testing.TB) *openapi.Document {
	t.Helper()
	doc, err := connectDocument()
	must(t, err)
	return doc
}

// requestOption changes a request before it is sent.
type requestOption func(*http.Request)

func header(name, value string) requestOption {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = []string{value} }
}

func noHeader(name string) requestOption {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = nil }
}

func token(value string) requestOption { return header("Authorization", "Bearer "+value) }

// response is a response that was read to its end.
type response struct {
	request string
	status  int
	header  http.Header
	body    []byte
}

// send sends a body (nil, text, bytes, a reader, or anything to encode as JSON)
// to a path of the server.
func (s *testServer) send(t tb, method, path string, body any, options ...requestOption) response {
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
	response, err := s.do(method, path, content, options)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return response
}

// trySend is send for goroutines, which must not end the test. The response is
// empty if there was none.
func (s *testServer) trySend(t testing.TB, method, path, body string, options ...requestOption) response {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	response, err := s.do(method, path, content, options)
	if err != nil {
		t.Errorf("%s %s: %v", method, path, err)
	}
	return response
}

// do sends a request and reads the response to its end.
func (s *testServer) do(method, path string, content io.Reader, options []requestOption) (response, error) {
	r := response{request: method + " " + path}
	request, err := http.NewRequest(method, s.URL+path, content)
	if err != nil {
		return r, err
	}
	if content != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, change := range options {
		change(request)
	}
	reply, err := s.checkedClient.Do(request)
	if err != nil {
		return r, err
	}
	defer reply.Body.Close()
	r.status, r.header = reply.StatusCode, reply.Header
	r.body, err = io.ReadAll(reply.Body)
	return r, err
}

func (s *testServer) get(t tb, path string, options ...requestOption) response {
	t.Helper()
	return s.send(t, "GET", path, nil, options...)
}

// wantOK ends the test unless the status is 200.
func (r response) wantOK(t tb) response {
	t.Helper()
	return r.wantStatus(t, 200)
}

func (r response) wantStatus(t tb, status int) response {
	t.Helper()
	if r.status != status {
		t.Fatalf("%s: status %d, want %d: %s", r.request, r.status, status, r.body)
	}
	return r
}

// wantError checks status and message of Connect's error.
func (r response) wantError(t tb, want *connect.Error) {
	t.Helper()
	if got := r.apiError(t); !isSent(got, want) {
		t.Errorf("%s: got %v, want %v", r.request, &got, want)
	}
}

// isSent reports whether the error in a body is that of the server. Its evidence is not sent.
func isSent(got connect.Error, want *connect.Error) bool {
	return got.Status == want.Status && got.Message == want.Message
}

// apiError returns the error in the body. It ends the test if there is none.
func (r response) apiError(t tb) connect.Error {
	t.Helper()
	var e connect.Error
	if err := strictDecode(r.body, &e); err != nil {
		t.Fatalf("%s: status %d, not Connect's error: %.200q", r.request, r.status, r.body)
	}
	if e.Status != r.status || e.Message == "" {
		t.Errorf("%s: status %d with status %d and message %q in the body", r.request, r.status, e.Status, e.Message)
	}
	if kind := r.header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("%s: an error of type %q", r.request, kind)
	}
	return e
}

// decode decodes a response of status 200. Members that the type does not have end
// the test.
func decode[V any](t tb, r response) V {
	t.Helper()
	r.wantOK(t)
	var v V
	if err := strictDecode(r.body, &v); err != nil {
		t.Fatalf("%s: %v: %s", r.request, err, r.body)
	}
	return v
}

func strictDecode(data []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(to)
}

func (s *testServer) item(t tb, path string) connect.Item {
	t.Helper()
	return decode[connect.Item](t, s.get(t, path))
}

func (s *testServer) vault(t tb, id string) connect.Vault {
	t.Helper()
	return decode[connect.Vault](t, s.get(t, "/v1/vaults/"+id))
}

// list returns the items of a vault that a query finds. Items is the path of the
// vault's items.
func (s *testServer) list(t tb, items string, options ...requestOption) []connect.Summary {
	t.Helper()
	return decode[[]connect.Summary](t, s.get(t, items, options...))
}

// vaults returns the vaults that a token sees.
func (s *testServer) vaults(t tb, options ...requestOption) []connect.Vault {
	t.Helper()
	return decode[[]connect.Vault](t, s.get(t, "/v1/vaults", options...))
}

// field returns the first field of an item that has the label, id, type or purpose.
func field(t tb, it connect.Item, name string) connect.Field {
	t.Helper()
	for _, f := range it.Fields {
		if name == f.Label || name == f.ID || name == f.Type || name == f.Purpose {
			return f
		}
	}
	t.Fatalf("the item %q has no field %s: %+v", it.Title, name, it.Fields)
	return connect.Field{}
}

// create creates an item from JSON and returns it with its path.
func (s *testServer) create(t tb, vault, body string) (connect.Item, string) {
	t.Helper()
	created := decode[connect.Item](t, s.send(t, "POST", "/v1/vaults/"+vault+"/items", body))
	return created, "/v1/vaults/" + vault + "/items/" + created.ID
}

// fakeClock is a clock that a test moves.
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
