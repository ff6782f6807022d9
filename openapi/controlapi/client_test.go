package controlapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const secret = "tok-en-of-this-test"

// serve answers as a control API, but for what answer does.
func serve(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(Header, Version)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return &Client{URL: server.URL, Token: secret}
}

// TestWhatTravels looks at requests: one of each form.
func TestWhatTravels(t *testing.T) {
	t.Parallel()
	var sent string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = r.Method + " " + r.RequestURI + " " + r.Header.Get("Content-Type") + " " + string(body)
		if r.Header.Get("Authorization") != "Bearer "+secret {
			t.Error("without the token")
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
		{"GET /snapshots/one/diff?account=a&to=two  ", func() error { _, err := c.DiffSnapshots(ctx, "a", "one", "two"); return err }},
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
				Account: "a", Operation: "o", Status: "4xx", Caller: "c", Fault: "f", Since: moment, Until: moment, After: 3, Limit: -1,
			})
			return err
		}},
		{"GET /journal  ", func() error { _, err := c.Journal(ctx, JournalQuery{}); return err }},
		{"POST /journal/verify application/json {}", func() error { _, err := c.VerifyJournal(ctx, Verification{}); return err }},
		{"GET /journal/7/explanation  ", func() error { _, err := c.Explain(ctx, 7); return err }},
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

// TestANameThatIsNoneEndsNothingElse keeps DELETE /faults/ from being sent.
func TestANameThatIsNoneEndsNothingElse(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	for _, name := range []string{"", ".", ".."} {
		var refused *Error
		if err := c.RemoveFault(t.Context(), name); !errors.As(err, &refused) || refused.Status != 400 {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestRefusals(t *testing.T) {
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
	var refused *Error
	if err = c.RemoveFault(t.Context(), "a"); !errors.As(err, &refused) || refused.Status != 401 || !strings.Contains(err.Error(), c.URL) {
		t.Errorf("a wrong token does not tell the address: %v", err)
	}
}

type nobody struct{}

func (nobody) RoundTrip(*http.Request) (*http.Response, error) { return nil, syscall.ECONNREFUSED }

// TestNoAnswer tells each thing that is in the way with the address and the way
// out, never with the token.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	answering := func(header, value string, status int, body string) func(*testing.T) *Client {
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
		{"nobody listens", func(*testing.T) *Client {
			return &Client{URL: "http://127.0.0.1:8081", Token: secret, HTTP: &http.Client{Transport: nobody{}}}
		}, "no control API answers at http://127.0.0.1:8081: connection refused; is the mock running, and with --control?"},
		{"no URL", func(*testing.T) *Client { return &Client{Token: secret} }, "the control URL must be as http://127.0.0.1:8081"},
		{"no scheme", func(*testing.T) *Client { return &Client{URL: "127.0.0.1:8081", Token: secret} }, "must be as http://127.0.0.1:8081"},
		{"a query", func(*testing.T) *Client { return &Client{URL: "http://localhost?" + secret, Token: secret} }, "must be as http://127.0.0.1:8081"},
		{"a user", func(*testing.T) *Client { return &Client{URL: "http://u:" + secret + "@localhost", Token: secret} }, "must be as http://127.0.0.1:8081"},
		{"no token", func(*testing.T) *Client { return &Client{URL: "http://localhost"} }, "at http://localhost needs its token"},
		{"a token with a line", func(*testing.T) *Client { return &Client{URL: "http://localhost", Token: secret + "\n"} }, "needs its token"},
		{"Connect", answering("1Password-Connect-Version", "1.8.1", 401, `{"status":401,"message":"Invalid bearer token"}`), "is where a Connect server answers"},
		{"a web page", answering("Content-Type", "text/html", 200, "<html>"), "it answered 200 with text/html"},
		{"a redirect", answering("Location", "http://connectmock.invalid/", 302, ""), "it answered 302 with application/json"},
		{"another version", answering(Header, "9", 200, "[]"), "is it of another version?"},
		{"no words", answering(Header, "1", 500, "oops"), "answered 500 without saying why"},
		{"nothing", answering(Header, "1", 200, ""), "is it of another version?"},
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
				t.Error("the token is in it")
			}
			var refused *Error
			if errors.As(err, &refused) {
				t.Error("it is a refusal")
			}
			if c.URL != "" && c.URL != "127.0.0.1:8081" && c.Token == secret && strings.HasPrefix(c.URL, "http://127") && !strings.Contains(err.Error(), c.URL) {
				t.Errorf("the address is not in it: %v", err)
			}
		})
	}
}

func TestGivingUp(t *testing.T) {
	t.Parallel()
	asked, over := make(chan struct{}), make(chan struct{})
	c := serve(t, func(http.ResponseWriter, *http.Request) { close(asked); <-over })
	t.Cleanup(func() { close(over) })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if _, err := c.Overview(ctx); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "gave no answer") {
		t.Errorf("got %v", err)
	}
}

// TestABodyThatCannotBeRead blames the reader and not the mock.
func TestABodyThatCannotBeRead(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	broken := errors.New("disk on fire")
	_, err := c.ImportSnapshot(t.Context(), "", "s", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "what was to be sent to the control API can't be read") {
		t.Errorf("got %v", err)
	}
}

// TestAnExportThatIsCutIsNotWhole keeps half a file from passing for one.
func TestAnExportThatIsCutIsNotWhole(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("half", 4096))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	if err := c.ExportSnapshot(t.Context(), "", "s", io.Discard); err == nil || !strings.Contains(err.Error(), "did not come whole") {
		t.Errorf("got %v", err)
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	var d Duration
	for text, want := range map[string]Duration{`"1m30s"`: Duration(90 * time.Second), `"-2h"`: -Duration(2 * time.Hour), `"0"`: 0} {
		if err := d.UnmarshalJSON([]byte(text)); err != nil || d != want {
			t.Errorf("%s: %v, %v", text, d, err)
		}
	}
	for _, text := range []string{`60`, `"soon"`, `""`, `"9999999999h"`} {
		if err := d.UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%s is %v", text, d)
		}
	}
}
