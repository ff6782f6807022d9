package mockserver_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// journalChecker counts the entries of the journal when the response begins.
type journalChecker struct {
	*httptest.ResponseRecorder
	entries func() int
	seen    int
}

func (w *journalChecker) WriteHeader(status int) {
	w.seen = w.entries()
	w.ResponseRecorder.WriteHeader(status)
}

// A client that has a response, or a part of it, finds the exchange in the journal.
func TestJournal_HasTheExchangeWhenTheResponseBegins(t *testing.T) {
	t.Parallel()
	four := int64(4)
	for name, test := range map[string]struct {
		fault *controlapi.Fault
		path  string
	}{
		"plain":     {nil, "/v1/vaults"},
		"no route":  {nil, "/v1/nothing"},
		"headers":   {&controlapi.Fault{Headers: map[string]string{"X-Proxy": "1"}}, "/v1/vaults"},
		"truncated": {&controlapi.Fault{Truncate: &four}, "/v1/vaults"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			if test.fault != nil {
				s.addFault(t, *test.fault)
			}
			w := &journalChecker{ResponseRecorder: httptest.NewRecorder(), entries: func() int {
				return len(s.journal(t, controlapi.JournalQuery{}))
			}}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, test.path, nil)
			r.Header.Set("Authorization", "Bearer "+s.Token)
			func() {
				defer func() { _ = recover() }() // a fault closes the connection by a panic
				s.Mock.ServeHTTP(w, r)
			}()
			if w.seen != 1 {
				t.Errorf("%d exchanges in the journal when the response began, want 1", w.seen)
			}
		})
	}
}

// A client that disconnects before the response is no error of the server: nothing is
// logged, and the entry of the journal has no status.
func TestDisconnect_IsNotLoggedAsAnError(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s, err := mockserver.New(t.Context(), mockserver.Config{
		Tokens: map[string]string{"ci": "local"}, Log: slog.New(slog.NewTextHandler(&log, nil)),
		CheckResponses: true, JournalSize: 10,
	})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	get := func(ctx context.Context) {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/vaults", nil)
		r.Header.Set("Authorization", "Bearer local")
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	get(canceled)
	get(t.Context())
	kept, err := s.Journal(t.Context(), controlapi.JournalQuery{})
	must(t, err)
	if len(kept.Entries) != 2 || kept.Entries[0].Status != 0 || kept.Entries[1].Status != http.StatusOK {
		t.Errorf("the journal has %+v, want one without a response and one with 200", kept.Entries)
	}
	if strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("logged: %s", &log)
	}
}

// The journal has the status and the bytes that were sent before the connection was
// closed.
func TestFault_JournalCountsWhatWasSent(t *testing.T) {
	t.Parallel()
	s := newServer(t).withoutCheck()
	four := int64(4)
	for name, test := range map[string]struct {
		fault  controlapi.Fault
		status int
		bytes  int64
	}{
		"reset":    {controlapi.Fault{Connection: "reset"}, 0, 0},
		"empty":    {controlapi.Fault{Connection: "empty"}, 0, 0},
		"truncate": {controlapi.Fault{Truncate: &four}, 200, 4},
	} {
		test.fault.Name, test.fault.Times = name, 1
		s.addFault(t, test.fault)
		s.rawGet(t, "/v1/vaults")
		log := s.journal(t, controlapi.JournalQuery{Fault: name})
		if len(log) != 1 || log[0].Status != test.status || log[0].Bytes != test.bytes {
			t.Errorf("%s: the journal has %+v", name, log)
		}
	}
}
