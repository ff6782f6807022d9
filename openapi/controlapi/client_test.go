package controlapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const secret = "tok-en-of-this-test"

// serve starts a control API with a handler and returns a client for it.
func serve(t *testing.T, handle http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(Header, Version)
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	return &Client{URL: server.URL, Token: secret}
}

func TestClient_SendsMethodPathQueryAndBody(t *testing.T) {
	t.Parallel()
	var sent string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = r.Method + " " + r.RequestURI + " " + r.Header.Get("Content-Type") + " " + string(body)
		if r.Header.Get("Authorization") != "Bearer "+secret {
			t.Error("the request has no token")
		}
		_, _ = io.WriteString(w, "null")
	})
	ctx, moment := t.Context(), time.Date(2025, 6, 1, 9, 30, 0, 5, time.UTC)
	permission := ""
	tests := []struct {
		want string
		do   func() error
	}{
		{"GET /  ", func() error { _, err := c.Overview(ctx); return err }},
		{"POST /reset application/json {}", func() error { return c.Reset(ctx, Reset{}) }},
		{"POST /fixtures?account=a+b&add=true application/yaml vaults: []", func() error {
			_, err := c.LoadFixture(ctx, "a b", strings.NewReader("vaults: []"), true)
			return err
		}},
		{"DELETE /accounts/a%2Fb%20c  ", func() error { return c.DeleteAccount(ctx, "a/b c") }},
		{"POST /accounts application/json {}", func() error { _, err := c.CreateAccount(ctx, NewAccount{}); return err }},
		{"GET /snapshots/one/diff?account=a&to=two  ", func() error {
			_, err := c.DiffSnapshots(ctx, "a", "one",
				"two")
			return err
		}},
		{"GET /snapshots/one/diff  ", func() error { _, err := c.DiffSnapshots(ctx, "", "one", ""); return err }},
		{"PUT /snapshots/one application/gzip zip", func() error {
			_, err := c.ImportSnapshot(ctx, "", "one", strings.NewReader("zip"))
			return err
		}},
		{`PATCH /tokens/t%3F?account=a application/json {"permission":"","vaults":{}}`, func() error {
			_, err := c.ChangeToken(ctx, "a", "t?", TokenChange{Permission: &permission, Vaults: map[string]string{}})
			return err
		}},
		{`PUT /clock application/json {"advance":"1h0m0s"}`, func() error {
			_, err := c.SetClock(ctx, "", ClockChange{Advance: Duration(time.Hour)})
			return err
		}},
		{"GET /journal?account=a&after=3&caller=c&fault=f&limit=-1&operation=o&since=2025-06-01T09%3A30%3A00.000000005Z&status=4xx&until=2025-06-01T09%3A30%3A00.000000005Z  ", func() error {
			_, err := c.Journal(ctx, JournalQuery{
				Account: "a", Operation: "o", Status: "4xx", Caller: "c", Fault: "f", Since: moment, Until: moment, After: 3,
				Limit: -1,
			})
			return err
		}},
		{"GET /journal  ", func() error { _, err := c.Journal(ctx, JournalQuery{}); return err }},
		{"POST /journal/verify application/json {}", func() error {
			_, err := c.VerifyJournal(ctx,
				Verification{})
			return err
		}},
		{"GET /journal/7/explanation  ", func() error { _, err := c.Explain(ctx, 7); return err }},
		{"GET /journal/7/exchange  ", func() error { _, err := c.Exchange(ctx, 7); return err }},
		{"GET /journal/updates?account=a&after=0&since=2025-06-01T09%3A30%3A00.000000005Z&status=4xx  ", func() error {
			_, err := c.FollowJournal(ctx, FollowQuery{Account: "a", Status: "4xx", Since: moment, After: new(uint64)})
			return err
		}},
		{"GET /journal/updates  ", func() error { _, err := c.FollowJournal(ctx, FollowQuery{}); return err }},
		{"GET /vaults?account=a  ", func() error { _, err := c.Vaults(ctx, "a"); return err }},
		{"GET /vaults/a%2Fb/items?account=a&category=LOGIN&limit=7&offset=3&search=x  ", func() error {
			_, err := c.Items(ctx, ItemQuery{
				Account: "a", Vault: "a/b", Search: "x", Category: "LOGIN", Offset: 3, Limit: 7})
			return err
		}},
		{"GET /vaults/v/items/i?reveal=true  ", func() error { _, err := c.Item(ctx, "", "v", "i", true); return err }},
		{"GET /vaults/v/items/i/document?account=a  ", func() error {
			_, err := c.ItemDocument(ctx, "a", "v", "i", false)
			return err
		}},
		{`POST /vaults/v/items?account=a application/json {"title":"t"}`, func() error {
			_, err := c.CreateItem(ctx, "a", "v", map[string]string{"title": "t"})
			return err
		}},
		{`PUT /vaults/v/items/i?version=3 application/json {}`, func() error {
			_, err := c.ReplaceItem(ctx, "", "v", "i", 3, struct{}{})
			return err
		}},
		{"POST /vaults/v/items/i/copy?account=a  ", func() error { _, err := c.CopyItem(ctx, "a", "v", "i"); return err }},
		{"DELETE /vaults/v/items/i?account=a  ", func() error { return c.DeleteItem(ctx, "a", "v", "i") }},
		{"POST /vaults/v/items/i/files?name=a+b&section=s application/octet-stream bytes", func() error {
			_, err := c.AddFile(ctx, "", "v", "i", "a b", "s", strings.NewReader("bytes"))
			return err
		}},
		{"GET /vaults/v/items/i/files/a%2Fb?account=a  ", func() error {
			return c.FileContent(ctx, "a", "v", "i", "a/b", io.Discard)
		}},
		{"DELETE /vaults/v/items/i/files/f  ", func() error { return c.DeleteFile(ctx, "", "v", "i", "f") }},
		{"DELETE /faults?account=a  ", func() error { return c.ResetFaults(ctx, "a") }},
		{"DELETE /faults/a  ", func() error { return c.RemoveFault(ctx, "a") }},
	}
	for _, tt := range tests {
		if err := tt.do(); err != nil {
			t.Errorf("%s: %v", tt.want, err)
		}
		if sent != tt.want {
			t.Errorf("sent %q, want %q", sent, tt.want)
		}
	}
}

// DELETE /faults/ would remove all faults.
func TestClient_RejectsEmptyNamesInPaths(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	for _, name := range []string{"", ".", ".."} {
		var rejected *Error
		if err := c.RemoveFault(t.Context(), name); !errors.As(err, &rejected) || rejected.Status != 400 {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestClient_ReturnsTheErrorOfAResponse(t *testing.T) {
	t.Parallel()
	status := 404
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"status": 404, "message": "no fault \"a\""}`)
	})
	err := c.RemoveFault(t.Context(), "a")
	if d := cmp.Diff(&Error{Status: 404, Message: `no fault "a"`}, err); d != "" {
		t.Error(d)
	}
	status = 401
	var rejected *Error
	if err = c.RemoveFault(t.Context(), "a"); !errors.As(err,
		&rejected) || rejected.Status != 401 || !strings.Contains(err.Error(), c.URL) {
		t.Errorf("the error for a wrong token has no address: %v", err)
	}
}

// refusingTransport is a transport to an address where nothing listens.
type refusingTransport struct{}

func (refusingTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, syscall.ECONNREFUSED
}

// An error of the connection has the address and what to do, but never the token.
func TestClient_ExplainsConnectionErrors(t *testing.T) {
	t.Parallel()
	responding := func(header, value string, status int, body string) func(*testing.T) *Client {
		return func(t *testing.T) *Client {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set(header, value)
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			}))
			t.Cleanup(server.Close)
			return &Client{URL: server.URL, Token: secret}
		}
	}
	tests := []struct {
		name   string
		client func(*testing.T) *Client
		want   string
	}{
		{"nothing listens", func(*testing.T) *Client {
			return &Client{URL: "http://127.0.0.1:8081", Token: secret, HTTP: &http.Client{Transport: refusingTransport{}}}
		}, "the control API at http://127.0.0.1:8081 can't be reached: connection refused; is the mock running, and with --control?"},
		{"no URL", func(*testing.T) *Client { return &Client{Token: secret} },
			"the control URL must be like http://127.0.0.1:8081"},
		{"no scheme", func(*testing.T) *Client { return &Client{URL: "127.0.0.1:8081", Token: secret} },
			"must be like http://127.0.0.1:8081"},
		{"a query", func(*testing.T) *Client { return &Client{URL: "http://localhost?" + secret, Token: secret} },
			"must be like http://127.0.0.1:8081"},
		{"a user", func(*testing.T) *Client {
			return &Client{URL: "http://u:" + secret + "@localhost",
				Token: secret}
		}, "must be like http://127.0.0.1:8081"},
		{"no token", func(*testing.T) *Client { return &Client{URL: "http://localhost"} },
			"at http://localhost needs its token"},
		{"a token with a line", func(*testing.T) *Client {
			return &Client{URL: "http://localhost",
				Token: secret + "\n"}
		}, "needs its token"},
		{"Connect", responding("1Password-Connect-Version", "1.8.1", 401,
			`{"status":401,"message":"Invalid bearer token"}`), "is the address of a Connect server"},
		{"a web page", responding("Content-Type", "text/html", 200, "<html>"), "it responded with 200 and text/html"},
		{"a redirect", responding("Location", "http://connectmock.invalid/", 302, ""),
			"it responded with 302 and application/json"},
		{"another version", responding(Header, "9", 200, "[]"), "is the mock of another version?"},
		{"no message", responding(Header, "1", 500, "oops"), "responded with 500 and no message"},
		{"no body", responding(Header, "1", 200, ""), "is the mock of another version?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := tt.client(t)
			_, err := c.Overview(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q in it", err, tt.want)
			}
			if strings.Contains(err.Error(), secret) {
				t.Error("the error contains the token")
			}
			var rejected *Error
			if errors.As(err, &rejected) {
				t.Error("it is an *Error")
			}
			if c.URL != "" && c.URL != "127.0.0.1:8081" && c.Token == secret && strings.HasPrefix(c.URL,
				"http://127") && !strings.Contains(err.Error(), c.URL) {
				t.Errorf("the error has no address: %v", err)
			}
		})
	}
}

func TestClient_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	received, done := make(chan struct{}), make(chan struct{})
	c := serve(t, func(http.ResponseWriter, *http.Request) { close(received); <-done })
	t.Cleanup(func() { close(done) })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-received; cancel() }()
	if _, err := c.Overview(ctx); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "did not respond") {
		t.Errorf("got %v", err)
	}
}

func TestClient_TellsReadErrorsFromConnectionErrors(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	broken := errors.New("disk failure")
	_, err := c.ImportSnapshot(t.Context(), "", "s", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "read the data to send to the control API: ") {
		t.Errorf("got %v", err)
	}
}

func TestExportSnapshot_FailsForAnIncompleteResponse(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("half", 4096))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	if err := c.ExportSnapshot(t.Context(), "", "s", io.Discard); err == nil || !strings.Contains(err.Error(),
		"is incomplete") {
		t.Errorf("got %v", err)
	}
}

func TestDuration_DecodesStrings(t *testing.T) {
	t.Parallel()
	var d Duration
	for text, want := range map[string]Duration{`"1m30s"`: Duration(90 * time.Second),
		`"-2h"`: -Duration(2 * time.Hour), `"0"`: 0} {
		if err := d.UnmarshalJSON([]byte(text)); err != nil || d != want {
			t.Errorf("%s: %v, %v", text, d, err)
		}
	}
	for _, text := range []string{`60`, `"soon"`, `""`, `"9999999999h"`} {
		if err := d.UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%s: no error, decoded %v", text, d)
		}
	}
}

func TestSend_SendsAndLimitsWhatItReads(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set(Header, Version)
		_, _ = fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL, r.Header.Get("Content-Type"), body)
	}))
	t.Cleanup(server.Close)
	c := &Client{URL: server.URL, Token: "t"}
	query := url.Values{"account": {"a b"}}
	got, err := Send(t.Context(), c, "PUT", []string{"a/b", "c"}, query, "application/yaml", []byte("x: 1"), 100)
	if want := "PUT /a%2Fb/c?account=a+b application/yaml x: 1"; err != nil || string(got) != want {
		t.Errorf("got %q, %v, not %q", got, err, want)
	}
	if got, err = Send(t.Context(), c, "GET", nil, nil, "", nil, 4); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("got %q, %v", got, err)
	}
}
