package contract

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/google/go-cmp/cmp"
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

// The same seed returns the same sequence, another seed a different one.
func TestChanges_DependOnlyOnTheSeed(t *testing.T) {
	same := cmp.AllowUnexported(change{})
	if d := cmp.Diff(changes(4), changes(4), same); d != "" {
		t.Error(d)
	}
	if cmp.Equal(changes(4), changes(5), same) {
		t.Error("seeds 4 and 5 return the same sequence")
	}
	kinds := map[string]bool{}
	for seed := range 3 {
		for _, c := range changes(seed) {
			kinds[c.kind] = true
		}
	}
	if len(kinds) < 7 {
		t.Errorf("three sequences have only the steps %v", kinds)
	}
}

// An invalid token is never the valid one that it is made from.
func TestBadTokens_DifferFromTheValidOne(t *testing.T) {
	for _, valid := range []string{mockTarget(t).Token, "connectmock-demo-token", "a.b.c.d", "xxx"} {
		for _, c := range append(badTokens(valid), badSchemes(alteredSignature(valid))...) {
			r := request{header: http.Header{}}
			c.send(&r)
			if value, _ := strings.CutPrefix(r.header.Get("Authorization"), "Bearer "); value == valid {
				t.Errorf("%s is the valid token", c.name)
			}
		}
	}
}

func TestReadMetrics_ParsesSamples(t *testing.T) {
	e, err := readMetrics("# HELP a b\n# TYPE " + callsMetric + " counter\n" +
		callsMetric + "{method=\"GET\",path=\"/v1/vaults\"} 3\n" + callsMetric +
		"{path=\"/v1/vaults\",method=\"PUT\"} 4 1700000000\nup 1e+06\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := e.count("GET", "/v1/vaults"); got != 3 || e.kinds[callsMetric] != "counter" || len(e.samples) != 3 {
		t.Errorf("%+v", e)
	}
	for _, invalid := range []string{"<html>", "a{b=\"c\"}", "a one"} {
		if _, err := readMetrics(invalid); err == nil {
			t.Errorf("%q was parsed", invalid)
		}
	}
}
