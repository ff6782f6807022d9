package contract

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
)

// requestHook is a transport that calls a function before each request.
type requestHook struct {
	next      http.RoundTripper
	mu        sync.Mutex
	onRequest func(*http.Request)
}

func (w *requestHook) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.onRequest(r)
	w.mu.Unlock()
	return w.next.RoundTrip(r)
}

// Without AllowWrites a run sends only GET requests with a valid token or to an existing
// vault.
func TestRun_SendsNoWritesUnlessAllowed(t *testing.T) {
	target := mockTarget(t)
	target.AllowWrites = false
	valid := map[string]bool{}
	for _, token := range []string{target.Token, target.ReaderToken, target.WriterToken, target.OtherToken} {
		valid["Bearer "+token] = true
	}
	vaultID, writes := target.Vault, 0
	target.Client.Transport = &requestHook{next: target.Client.Transport, onRequest: func(r *http.Request) {
		if r.Method == http.MethodGet || r.Method == "BREW" {
			return
		}
		writes++
		if value := r.Header.Get("Authorization"); valid[value] || valid["Bearer "+value] ||
			strings.Contains(value, "Basic "+target.Token) {
			t.Errorf("%s %s was sent with a valid token", r.Method, r.URL.Path)
		}
		if strings.Contains(r.URL.Path, vaultID) {
			t.Errorf("%s was sent to the vault", r.Method)
		}
	}}
	run, err := Run(t.Context(), target, Options{Coverage: 1, Timing: longTiming()})
	if err != nil {
		t.Fatal(err)
	}
	if run.ExitCode() != report.Kept {
		t.Errorf("exit code %d: %v %v", run.ExitCode(), run.Count(), run.Errors)
	}
	if writes == 0 {
		t.Error("no write without a token was sent")
	}
}

// With AllowWrites a run receives every response of the document, except those that
// have a reason.
func TestRun_CoversTheWholeDocument(t *testing.T) {
	run, err := Run(t.Context(), mockTarget(t), Options{Coverage: 1, Seed: 11, Timing: longTiming()})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range run.Problems() {
		t.Error(problem)
	}
	for _, row := range run.Coverage {
		if row.Undocumented || row.Matches == 0 && row.Reason == "" {
			t.Errorf("%+v", row)
		}
	}
}

// Low coverage is an error of the run, not of the server.
func TestRun_ReportsLowCoverage(t *testing.T) {
	run, err := Run(t.Context(), mockTarget(t),
		Options{Rules: []string{"health/heartbeat"}, Coverage: 0.9, Timing: longTiming()})
	if err != nil {
		t.Fatal(err)
	}
	if run.ExitCode() != report.Failed || len(run.Problems()) == 0 {
		t.Errorf("exit code %d, problems %v", run.ExitCode(), run.Problems())
	}
	if _, err := Run(t.Context(), mockTarget(t), Options{Coverage: 1.5}); err == nil {
		t.Error("a share of 1.5 was accepted")
	}
}
