package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// followed is a mock whose journal a command follows.
type followed struct {
	mock   *mockserver.Server
	socket *httptest.Server // of the control
	lines  *bufio.Scanner   // what the command printed
	cancel func()           // as Ctrl-C
	end    chan int         // the exit code
	errors bytes.Buffer     // standard error, to be read after end
}

// follow starts a mock that keeps a number of entries, and a command that follows its journal.
func follow(t *testing.T, size int, before func(*followed), args ...string) *followed {
	t.Helper()
	f := &followed{end: make(chan int, 1)}
	var err error
	if f.mock, err = mockserver.New(t.Context(), mockserver.Config{JournalSize: size}); err != nil {
		t.Fatal(err)
	}
	handler, err := control.New(f.mock, "hunter2", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.socket = httptest.NewServer(handler)
	before(f)
	ctx, cancel := context.WithCancel(t.Context())
	f.cancel = cancel
	out, in := io.Pipe()
	f.lines = bufio.NewScanner(out)
	std := &cli.Streams{In: strings.NewReader(""), Out: in, Err: &f.errors, Environ: []string{
		"CONNECTMOCK_CONTROL=" + f.socket.URL, "CONNECTMOCK_CONTROL_TOKEN=hunter2",
	}}
	go func() {
		f.end <- run(ctx, append([]string{"ctl", "journal", "follow"}, args...), std)
		_ = in.Close() // never fails
	}()
	t.Cleanup(func() {
		cancel()
		f.socket.CloseClientConnections()
		f.socket.Close()
		if err := f.mock.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// request sends a request without a token to the mock.
func (f *followed) request(path string) {
	f.mock.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
}

func (f *followed) wantLine(t *testing.T, parts ...string) {
	t.Helper()
	if !f.lines.Scan() {
		t.Fatalf("no line: %v", f.lines.Err())
	}
	for _, part := range parts {
		if !strings.Contains(f.lines.Text(), part) {
			t.Errorf("%q lacks %q", f.lines.Text(), part)
		}
	}
}

func (f *followed) wantEnd(t *testing.T, message string) {
	t.Helper()
	for f.lines.Scan() {
		t.Errorf("unexpected line %q", f.lines.Text())
	}
	if code := <-f.end; code != cli.ExitOK || f.errors.String() != message {
		t.Errorf("exit code %d, standard error %q, want %q", code, f.errors.String(), message)
	}
}

func TestJournalFollow_PrintsRefusalsWithTheirReasonUntilCtrlC(t *testing.T) {
	t.Parallel()
	f := follow(t, 10, func(f *followed) { f.request("/v1/vaults") }, "--after", "0")
	f.wantLine(t, "1  ", "401", "GET /v1/vaults", "Invalid bearer token; no header")
	f.request("/v1/vaults?x=%0a")
	f.wantLine(t, "2  ", "401")
	f.cancel()
	f.wantEnd(t, "")
}

func TestJournalFollow_SaysThatTheMockHasStopped(t *testing.T) {
	t.Parallel()
	f := follow(t, 10, func(f *followed) { f.request("/heartbeat") }, "--after", "0", "--json")
	f.wantLine(t, `{"id":1,`, `"status":200`)
	_ = f.socket.Listener.Close() // the next request is refused
	f.socket.CloseClientConnections()
	f.wantEnd(t, "connectmock: the mock has stopped\n")
}

func TestJournalFollow_SaysHowManyExchangesWereDropped(t *testing.T) {
	t.Parallel()
	f := follow(t, 1, func(f *followed) {
		for range 3 {
			f.request("/heartbeat")
		}
	}, "--after", "0", "--limit", "1")
	f.wantLine(t, "3  ", "/heartbeat")
	f.wantEnd(t, "connectmock: 2 exchanges dropped before they could be printed; serve --journal-size keeps more\n")
}

// The numbers of the journal of another mock at this address start again.
func TestJournalFollow_GoesOnAfterARestartOfTheMock(t *testing.T) {
	t.Parallel()
	f := follow(t, 10, func(f *followed) { f.request("/heartbeat") }, "--after", "40", "--limit", "1")
	f.wantLine(t, "1  ", "/heartbeat")
	f.wantEnd(t, "connectmock: the mock was started again; its new journal follows\n")
}

func TestJournalFollow_EndsWith2WithoutAMock(t *testing.T) {
	t.Parallel()
	x := newFakeControl(t, http.StatusOK, "{}")
	x.Close()
	code, output := x.ctl(t, "journal", "follow")
	if code != cli.ExitUsage || !strings.Contains(output, "can't be reached") {
		t.Errorf("exit code %d: %s", code, output)
	}
}

// Without --after only what comes later is printed.
func TestJournalFollow_StartsAtTheNewestExchange(t *testing.T) {
	t.Parallel()
	responses := []string{
		`{"entries":[],"last":7,"missed":0}`,
		`{"last":8,"missed":0,"entries":[{"id":8,"time":"2030-01-31T00:00:00Z","method":"GET","path":"/a\nb","status":0,` +
			`"bytes":0,"took":"1s"}]}`,
	}
	x := &fakeControl{}
	x.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.requests = append(x.requests, r.Method+" "+r.URL.String())
		w.Header().Set(controlapi.Header, controlapi.Version)
		_, _ = io.WriteString(w, responses[len(x.requests)-1]) // the client reports a short response
	}))
	t.Cleanup(x.Close)
	code, output := x.ctl(t, "journal", "follow", "--status", "4xx", "--limit", "1")
	if code != 0 || output != "8  2030-01-31T00:00:00Z  none  GET /a%0Ab  -  -\n" {
		t.Errorf("exit code %d: %q", code, output)
	}
	want := "GET /journal/updates?status=4xx GET /journal/updates?after=7&status=4xx"
	if got := strings.Join(x.requests, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
