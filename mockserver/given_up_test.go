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

// A client that disconnects before the response is no error of the server: nothing is
// logged, and the entry of the journal has no status.
func TestDisconnect_IsNotLoggedAsAnError(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s, err := mockserver.New(mockserver.Config{
		Tokens: map[string]string{"ci": "local"}, Log: slog.New(slog.NewTextHandler(&log, nil)),
		CheckResponses: true, JournalSize: 10,
	})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	ask := func(ctx context.Context) {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/vaults", nil)
		r.Header.Set("Authorization", "Bearer local")
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	gone, give := context.WithCancel(t.Context())
	give()
	ask(gone)
	ask(t.Context())
	kept, err := s.Journal(controlapi.JournalQuery{})
	must(t, err)
	if len(kept.Entries) != 2 || kept.Entries[0].Status != 0 || kept.Entries[1].Status != http.StatusOK {
		t.Errorf("the journal has %+v, want one without a response and one with 200", kept.Entries)
	}
	if strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("logged: %s", &log)
	}
}
