package contract

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/google/go-cmp/cmp"
)

// requestHook calls a function before each request.
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

// Without AllowWrites a run sends only GET requests with a token that could write, and
// only GET requests to a vault that exists.
func TestRun_SendsNoWritesUnlessAllowed(t *testing.T) {
	target := mockTarget(t)
	target.AllowWrites = false
	good := map[string]bool{}
	for _, token := range []string{target.Token, target.ReaderToken, target.WriterToken, target.OtherToken} {
		good["Bearer "+token] = true
	}
	vaultID, tried := target.Vault, 0
	target.Client.Transport = &requestHook{next: target.Client.Transport, onRequest: func(r *http.Request) {
		if r.Method == http.MethodGet || r.Method == "BREW" {
			return
		}
		tried++
		if value := r.Header.Get("Authorization"); good[value] || good["Bearer "+value] ||
			strings.Contains(value, "Basic "+target.Token) {
			t.Errorf("%s %s was sent with a good token", r.Method, r.URL.Path)
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
	if tried == 0 {
		t.Error("nothing but GETs was sent: writes without a token were not tried")
	}
}

// With AllowWrites the mock sends every response of the document, except those
// with a reason.
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

// Too little coverage is an error of the run, not of the server.
func TestRun_ReportsTooLittleCoverage(t *testing.T) {
	run, err := Run(t.Context(), mockTarget(t),
		Options{Rules: []string{"health/heartbeat"}, Coverage: 0.9, Timing: longTiming()})
	if err != nil {
		t.Fatal(err)
	}
	if run.ExitCode() != report.Failed || len(run.Errors) == 0 {
		t.Errorf("exit code %d, errors %v", run.ExitCode(), run.Errors)
	}
	if _, err := Run(t.Context(), mockTarget(t), Options{Coverage: 1.5}); err == nil {
		t.Error("a share of 1.5 was accepted")
	}
}

// The same seed returns the same sequence, another seed another one.
func TestChanges_DependOnlyOnTheSeed(t *testing.T) {
	same := cmp.AllowUnexported(change{})
	if d := cmp.Diff(changes(4), changes(4), same); d != "" {
		t.Error(d)
	}
	if cmp.Equal(changes(4), changes(5), same) {
		t.Error("seeds 4 and 5 draw the same sequence")
	}
	kinds := map[string]bool{}
	for seed := range 3 {
		for _, c := range changes(seed) {
			kinds[c.kind] = true
		}
	}
	if len(kinds) < 7 {
		t.Errorf("three sequences have the steps %v only", kinds)
	}
}

// An invalid token is never the valid one that it is made from.
func TestBadTokens_DifferFromTheValidOne(t *testing.T) {
	for _, good := range []string{mockTarget(t).Token, "connectmock-demo-token", "a.b.c.d", "xxx"} {
		for _, c := range append(badTokens(good), badSchemes(alteredSignature(good))...) {
			r := request{header: http.Header{}}
			c.send(&r)
			if value, _ := strings.CutPrefix(r.header.Get("Authorization"), "Bearer "); value == good {
				t.Errorf("%s is the good token", c.name)
			}
		}
	}
}

func TestReadMetrics(t *testing.T) {
	e, err := readMetrics("# HELP a b\n# TYPE " + callsMetric + " counter\n" +
		callsMetric + "{method=\"GET\",path=\"/v1/vaults\"} 3\n" + callsMetric +
		"{path=\"/v1/vaults\",method=\"PUT\"} 4 1700000000\nup 1e+06\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := e.count("GET", "/v1/vaults"); got != 3 || e.kinds[callsMetric] != "counter" || len(e.samples) != 3 {
		t.Errorf("%+v", e)
	}
	for _, bad := range []string{"<html>", "a{b=\"c\"}", "a one"} {
		if _, err := readMetrics(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
