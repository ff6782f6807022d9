package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/openapi"
	"github.com/google/go-cmp/cmp"
)

const (
	vaultID = "vaultaaaaaaaaaaaaaaaaaaaaa"
	itemID  = "itemaaaaaaaaaaaaaaaaaaaaaa"
)

func document(t testing.TB) *openapi.Document {
	t.Helper()
	d, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// client returns a client that sends through a recorder to a new server, and the URL of the server.
func client(t *testing.T, r *Recorder, serve http.HandlerFunc) (*http.Client, string) {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	r.Document = document(t)
	if r.Base == nil {
		r.Base = server.Client().Transport
	}
	return &http.Client{Transport: r}, server.URL
}

func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("1Password-Connect-Version", "1.8.1")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func get(t *testing.T, c *http.Client, url string) (string, error) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return string(body), err
}

const goodVault = `{"attributeVersion":1,"contentVersion":9,"createdAt":"2025-03-21T13:06:35Z","id":"` + vaultID +
	`","items":5,"name":"Home","type":"USER_CREATED","updatedAt":"2025-04-18T16:38:40Z"}`

func TestRecorder_ValidatesResponses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path, operation string
		status          int
		body            string
		violations      int
	}{
		"good":                            {"/v1/vaults/" + vaultID, "GetVaultById", 200, goodVault, 0},
		"undeclared member":               {"/v1/vaults/" + vaultID, "GetVaultById", 200, strings.Replace(goodVault, `"id"`, `"extra":1,"id"`, 1), 1},
		"undocumented status":             {"/v1/vaults/" + vaultID, "GetVaultById", 418, `{"status":418,"message":"tea"}`, 1},
		"unknown route":                   {"/v1/nothing", "", 404, `{"status":404,"message":"no such route"}`, 0},
		"unknown route, another status":   {"/v1/nothing", "", 404, `{"status":400,"message":"no such route"}`, 1},
		"unknown route, status as text":   {"/v1/nothing", "", 404, `{"status":"404","message":"no such route"}`, 1},
		"unknown route, no message":       {"/v1/nothing", "", 404, `{"status":404}`, 1},
		"unknown route, more members":     {"/v1/nothing", "", 404, `{"status":404,"message":"no","code":1}`, 1},
		"unknown route, not JSON":         {"/v1/nothing", "", 404, `404 page not found`, 1},
		"unknown route, null":             {"/v1/nothing", "", 404, `null`, 1},
		"unknown route, trailing garbage": {"/v1/nothing", "", 404, `{"status":404,"message":"no"}}`, 1},
		"unknown route that succeeds":     {"/v1/nothing", "", 200, `[]`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen []*Exchange
			r := &Recorder{OnExchange: func(e *Exchange) { seen = append(seen, e) }}
			c, url := client(t, r, respond(test.status, test.body))
			body, err := get(t, c, url+test.path)
			if err != nil || body != test.body {
				t.Fatalf("the response is %q, %v", body, err)
			}
			if len(seen) != 1 || seen[0].Operation != test.operation || seen[0].Status != test.status || len(seen[0].Violations) != test.violations {
				t.Fatalf("recorded %+v", seen[0])
			}
		})
	}
}

func TestCheckUnknownRoute_RequiresHeaders(t *testing.T) {
	t.Parallel()
	got := checkUnknownRoute("GET", 404, http.Header{"Content-Type": {"text/plain"}}, []byte(`{"status":404,"message":"no"}`))
	want := []string{"header 1Password-Connect-Version must be three numbers", "the text of a 404 must be 404 page not found"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCheckUnknownRoute_AllowsTheTextOfA404(t *testing.T) {
	t.Parallel()
	h := http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "1password-Connect-Version": {"1.8.1"}}
	for _, test := range []struct {
		status int
		body   string
		want   []string
	}{
		{404, "404 page not found", nil},
		{404, "404 page not found\n", nil},
		{404, "not found", []string{"the text of a 404 must be 404 page not found"}},
		{400, "404 page not found", []string{"an error must be application/json", "an error must be a JSON object with status and message"}},
	} {
		if diff := cmp.Diff(test.want, checkUnknownRoute("GET", test.status, h, []byte(test.body))); diff != "" {
			t.Errorf("%d %q (-want +got):\n%s", test.status, test.body, diff)
		}
	}
}

// hangingTransport never returns and ignores the context.
type hangingTransport struct{ release chan struct{} }

func (s hangingTransport) RoundTrip(*http.Request) (*http.Response, error) {
	<-s.release
	return nil, errors.New("released")
}

func TestRecorder_TimesOutWhenTheServerHangs(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	for name, test := range map[string]struct {
		base  http.RoundTripper
		serve http.HandlerFunc
	}{
		"before the answer": {nil, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		"within the answer": {nil, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"half":`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}},
		"deaf to contexts": {hangingTransport{release}, func(http.ResponseWriter, *http.Request) {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &Recorder{Base: test.base, Timeout: 50 * time.Millisecond}
			c, url := client(t, r, test.serve)
			scope := r.Scope()
			_, err := get(t, c, url+"/heartbeat")
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no complete response within 50ms") {
				t.Fatalf("got %v", err)
			}
			e := scope.Exchanges()[0]
			if e.Err == nil || e.Status != 0 || e.Operation != "GetHeartbeat" || e.Took <= 0 {
				t.Fatalf("recorded %+v", e)
			}
		})
	}
}

func TestRecorder_ReturnsWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	r := &Recorder{}
	c, url := client(t, r, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", url, nil)
	if res, err := c.Do(req); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, %v", res, err)
	}
}

func TestRecorder_ReportsEndlessAndIncompleteResponses(t *testing.T) {
	t.Parallel()
	r := &Recorder{MaxBody: 1000}
	c, url := client(t, r, func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/broken" {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "short")
			return
		}
		for q.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	if _, err := get(t, c, url+"/endless"); err == nil || !strings.Contains(err.Error(), "larger than 1000 bytes") {
		t.Errorf("endless: %v", err)
	}
	if _, err := get(t, c, url+"/broken"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("broken: %v", err)
	}
}

func TestRecorder_TruncatesOnlyWhatItKeeps(t *testing.T) {
	t.Parallel()
	large := `"` + strings.Repeat("x", KeptBody+8) + `"`
	r := &Recorder{}
	c, url := client(t, r, func(w http.ResponseWriter, q *http.Request) {
		if got, _ := io.ReadAll(q.Body); string(got) != large || q.ContentLength != int64(len(large)) {
			t.Error("the request's body is incomplete")
		}
		_, _ = io.WriteString(w, large)
	})
	scope := r.Scope()
	res, err := c.Post(url+"/nowhere", "text/plain", strings.NewReader(large))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, _ := io.ReadAll(res.Body); string(got) != large {
		t.Error("the response is incomplete")
	}
	e := scope.Exchanges()[0]
	if len(e.RequestBody) != KeptBody || !e.RequestCut || e.RequestSize != KeptBody+10 ||
		len(e.ResponseBody) != KeptBody || !e.ResponseCut || e.ResponseSize != KeptBody+10 {
		t.Errorf("kept %d of %d and %d of %d bytes", len(e.RequestBody), e.RequestSize, len(e.ResponseBody), e.ResponseSize)
	}
}

func TestScope_CollectsItsExchanges(t *testing.T) {
	t.Parallel()
	r := &Recorder{Keep: 3}
	c, url := client(t, r, respond(404, `{"status":404,"message":"no"}`))
	ask := func(ctx context.Context, path string) {
		req, _ := http.NewRequestWithContext(ctx, "GET", url+path, nil)
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	paths := func(s *Scope) (all []string) {
		for _, e := range s.Exchanges() {
			all = append(all, strings.TrimPrefix(e.URL, url))
		}
		return all
	}
	ask(t.Context(), "/before")
	one, two := r.Scope(), r.Scope()
	ask(t.Context(), "/both")
	ask(one.Context(t.Context()), "/one")
	if diff := cmp.Diff([]string{"/both", "/one"}, paths(one)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"/both"}, paths(two)); diff != "" {
		t.Error(diff)
	}
	for i := range 5 {
		ask(t.Context(), fmt.Sprintf("/%d", i))
	}
	if diff := cmp.Diff([]string{"/2", "/3", "/4"}, paths(one)); diff != "" || one.Seen() != 7 {
		t.Error(one.Seen(), diff)
	}
	one.Close()
	ask(one.Context(t.Context()), "/late")
	ask(t.Context(), "/two")
	if len(one.Exchanges()) != 0 || two.Seen() != 7 || len(r.open) != 1 {
		t.Error("a closed scope must be empty, and the others complete")
	}
}

func TestRecorder_AllowsConcurrentRequests(t *testing.T) {
	t.Parallel()
	d := document(t)
	r := &Recorder{Coverage: coverage.New(d), Redactor: new(redact.Redactor), OnExchange: func(*Exchange) {}}
	c, url := client(t, r, respond(200, goodVault))
	scope := r.Scope()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for j := range 10 {
				r.Redactor.Add(fmt.Sprintf("secret-%d-%d", i, j))
				if _, err := get(t, c, url+"/v1/vaults/"+vaultID); err != nil {
					t.Error(err)
				}
				scope.Exchanges()
				r.Coverage.Rows()
			}
		})
	}
	wait.Wait()
	if scope.Seen() != 80 {
		t.Errorf("saw %d", scope.Seen())
	}
}

func TestRecorder_HidesFileContents(t *testing.T) {
	t.Parallel()
	r := &Recorder{}
	c, url := client(t, r, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "-- a private key --") })
	scope := r.Scope()
	if _, err := get(t, c, url+"/v1/vaults/"+vaultID+"/items/"+itemID+"/files/"+itemID+"/content"); err != nil {
		t.Fatal(err)
	}
	if got := scope.Exchanges()[0].ResponseBody; !bytes.Equal(got, []byte("[19 bytes, not shown: the content of a file]")) {
		t.Errorf("shows %q", got)
	}
	if got := r.Redactor.Redact("it was -- a private key --!"); got != "it was [redacted]!" {
		t.Errorf("in a text: %q", got)
	}
}
