package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

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
				kept, err := s.Mock.Journal(controlapi.JournalQuery{})
				if err != nil {
					t.Error(err)
				}
				return len(kept.Entries)
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
