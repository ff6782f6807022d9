package openapitest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/openapi"
	"github.com/google/go-cmp/cmp"
)

// recorder is a test that keeps its errors.
type recorder struct {
	testing.TB
	mu     sync.Mutex
	errors []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

type handler func(w http.ResponseWriter, r *http.Request)

func (h handler) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h(w, r)
	return w.Result(), nil
}

func respondWith(status int, headers, body string) http.RoundTripper {
	return handler(func(w http.ResponseWriter, _ *http.Request) {
		for line := range strings.Lines(headers) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			w.Header().Add(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func document(t testing.TB) *openapi.Document {
	t.Helper()
	doc, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestClient_ReportsViolations(t *testing.T) {
	t.Parallel()
	const asJSON = "Content-Type: application/json\n1Password-Connect-Version: 1.8.1"
	const vault = `{"attributeVersion":1,"contentVersion":9,"createdAt":"2025-03-21T13:06:35Z","id":"hgm3sn37vkj3lsdkeouq46wyca","items":5,"name":"n","type":"USER_CREATED","updatedAt":"2025-04-18T16:38:40Z"}`
	tests := []struct {
		name, method, path string
		status             int
		headers, body      string
		want               []string
	}{
		{"vaults", "GET", "/v1/vaults", 200, asJSON, "[" + vault + "]", nil},
		{"slash at the end", "GET", "/v1/vaults/", 200, asJSON, "[]", nil},
		{"refused", "GET", "/v1/vaults", 401, asJSON, `{"status":401,"message":"m"}`, nil},
		{"deleted", "DELETE", "/v1/vaults/hgm3sn37vkj3lsdkeouq46wyca/items/hgm3sn37vkj3lsdkeouq46wyca", 204, "1Password-Connect-Version: 1.8.1", "", nil},
		{"HEAD", "HEAD", "/v1/vaults", 200, asJSON, "", nil},
		{"file", "GET", "/v1/vaults/hgm3sn37vkj3lsdkeouq46wyca/items/hgm3sn37vkj3lsdkeouq46wyca/files/hgm3sn37vkj3lsdkeouq46wyca/content", 200,
			"Content-Type: application/octet-stream\nContent-Length: 3\nContent-Disposition: attachment; filename=\"a\"\n1Password-Connect-Version: 1.8.1", "\xff\xfe\x00", nil},
		{"undocumented member", "GET", "/v1/vaults", 200, asJSON, `[` + strings.Replace(vault, `"id"`, `"state":"hunter2","id"`, 1) + `]`, []string{
			"GET /v1/vaults: GetVaults responded with 200: body: [0].state is not documented",
			`GET /v1/vaults: GetVaults responded with 200: second opinion: $[0] breaks "additionalProperties"`,
		}},
		{"wrong value", "GET", "/v1/vaults", 200, asJSON, `[` + strings.Replace(vault, `USER_CREATED`, `hunter2`, 1) + `]`, []string{
			"GET /v1/vaults: GetVaults responded with 200: body: [0].type must be one of USER_CREATED, PERSONAL, EVERYONE, TRANSFER",
			`GET /v1/vaults: GetVaults responded with 200: second opinion: $[0].type breaks "enum"`,
		}},
		{"undocumented header", "GET", "/v1/vaults", 200, asJSON + "\nX-Powered-By: hunter2", `[]`, []string{
			"GET /v1/vaults: GetVaults responded with 200: second opinion: response header 'X-Powered-By' is not declared in specification",
		}},
		{"undocumented status", "GET", "/v1/vaults", 409, asJSON, `{"status":409,"message":"m"}`, []string{
			"GET /v1/vaults: GetVaults responded with 409: second opinion: GET operation request response code '409' does not exist",
			"GET /v1/vaults: GetVaults responded with 409: the status is not documented",
		}},

		{"no route", "GET", "/v2", 404, asJSON, `{"status":404,"message":"m"}`, nil},
		{"no method", "POST", "/v1/vaults", 405, asJSON, `{"status":405,"message":"m"}`, nil},
		{"HEAD of no route", "HEAD", "/v2", 404, asJSON, "", nil},
		{"no route, answered", "GET", "/v2", 200, asJSON, "[]", []string{"GET /v2, which is not an operation, responded with 200: it must be refused"}},
		{"no route, text", "GET", "/v2", 404, strings.Replace(asJSON, "application/json", "text/plain", 1), "404 page not found\n", nil},
		{"no route, other text", "GET", "/v2", 404, strings.Replace(asJSON, "application/json", "text/plain", 1), "not found", []string{"GET /v2, which is not an operation, responded with 404: the text must be 404 page not found"}},
		{"no route, text of another status", "GET", "/v2", 400, strings.Replace(asJSON, "application/json", "text/plain", 1), "404 page not found", []string{"GET /v2, which is not an operation, responded with 400: the media type must be application/json, or of a 404 text/plain"}},
		{"no route, no version", "GET", "/v2", 404, "Content-Type: application/json", "{}", []string{"GET /v2, which is not an operation, responded with 404: header 1Password-Connect-Version is required"}},
		{"no route, other status", "GET", "/v2", 404, asJSON, `{"status":405,"message":"m"}`, []string{"GET /v2, which is not an operation, responded with 404: the body must have the status 404 and a message"}},
		{"no route, other shape", "GET", "/v2", 404, asJSON, `{"status":404,"message":"m","path":"hunter2"}`, []string{"GET /v2, which is not an operation, responded with 404: the body must be Connect's error"}},
		{"no route, garbage after", "GET", "/v2", 404, asJSON, `{"status":404,"message":"m"}{}`, []string{"GET /v2, which is not an operation, responded with 404: the body must be Connect's error"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{TB: t}
			request, err := http.NewRequest(tt.method, "http://connect.example"+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := Client(r, document(t), respondWith(tt.status, tt.headers, tt.body)).Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if string(body) != tt.body {
				t.Errorf("body came as %q", body)
			}
			slices.Sort(r.errors)
			if d := cmp.Diff(tt.want, r.errors); d != "" {
				t.Error(d)
			}
			if strings.Contains(strings.Join(r.errors, " "), "hunter2") {
				t.Error("an error repeats a value")
			}
		})
	}
}

func TestClient_DoesNotReadBinaryBodies(t *testing.T) {
	t.Parallel()
	server, client := io.Pipe()
	trip := roundTripper(func(r *http.Request) (*http.Response, error) {
		h := http.Header{}
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Length", "4")
		h.Set("Content-Disposition", `attachment; filename="a"`)
		h.Set("1Password-Connect-Version", "1.8.1")
		return &http.Response{StatusCode: 200, Header: h, Body: server, Request: r}, nil
	})
	const id = "hgm3sn37vkj3lsdkeouq46wyca"
	// Nothing has been written yet: a client that read the body would wait.
	const path = "/v1/vaults/" + id + "/items/" + id + "/files/" + id + "/content"
	response, err := Client(t, document(t), trip).Get("http://connect.example" + path)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = client.Write([]byte("data"))
		client.Close()
	}()
	body, err := io.ReadAll(response.Body)
	if err != nil || string(body) != "data" {
		t.Errorf("%q, %v", body, err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestClient_MayBeUsedByManyGoroutines(t *testing.T) {
	t.Parallel()
	const headers = "Content-Type: application/json\n1Password-Connect-Version: 1.8.1"
	client := Client(t, document(t), respondWith(200, headers, "[]"))
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				response, err := client.Get("http://connect.example/v1/vaults")
				if err != nil {
					t.Error(err)
					return
				}
				response.Body.Close()
			}
		})
	}
	wg.Wait()
}

func TestClient_ReturnsTheErrorOfTheTransport(t *testing.T) {
	t.Parallel()
	trip := roundTripper(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
	if _, err := Client(t, document(t), trip).Get("http://connect.example/v1/vaults"); err == nil {
		t.Error("no error")
	}
}

func TestCommonHeaders_AreThoseOfAllResponses(t *testing.T) {
	t.Parallel()
	control, err := openapi.Control()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"1Password-Connect-Version"}, commonHeaders(document(t))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Cache-Control", "Connectmock-Control"}, commonHeaders(control)); d != "" {
		t.Error(d)
	}
}
