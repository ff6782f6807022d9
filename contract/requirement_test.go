package contract

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/google/go-cmp/cmp"
)

func TestParseRequirement(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Requirement{
		"all": {All: true}, "ALL": {All: true}, "must": {Must: true}, "1": {Min: 1}, "300": {Min: 300},
	} {
		if got, err := ParseRequirement(text); err != nil || got != want {
			t.Errorf("%s: %+v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "-1", "some", "1.5", "should"} {
		if got, err := ParseRequirement(text); err == nil {
			t.Errorf("%q is accepted as %+v", text, got)
		}
	}
}

// A run that tests less than it must fails, although no rule fails.
func TestRun_FailsIfItTestsLessThanRequired(t *testing.T) {
	t.Parallel()
	target := mockTarget(t)
	target.AllowWrites, target.ReaderToken = false, ""
	rules := []string{"health/heartbeat", "health/state", "vaults/items-counts", "scopes/reader-reads"}
	ofMock := []string{"health/heartbeat", "files/known-content"}
	for name, c := range map[string]struct {
		required Requirement
		rules    []string
		want     []string
	}{
		"nothing": {Requirement{}, rules, nil},
		"all": {Requirement{All: true}, rules, []string{
			"2 of 4 selected rules were not tested, but all of them must be: " +
				"no read-only token was given (1), writes are not allowed (1)",
		}},
		"must": {Requirement{Must: true}, rules, []string{
			"1 of 3 selected rules of level MUST were not tested, but all of them must be: no read-only token was given",
		}},
		"must, and only a SHOULD is skipped":       {Requirement{Must: true}, rules[:3], nil},
		"must, and only a mock can meet the other": {Requirement{Must: true}, ofMock, nil},
		"all, and only a mock can meet the other": {Requirement{All: true}, ofMock, []string{
			"1 of 2 selected rules were not tested, but all of them must be: no control was given, which only a mock has",
		}},
		"as many as were tested":    {Requirement{Min: 2}, rules, nil},
		"more than were tested":     {Requirement{Min: 3}, rules, []string{"2 rules were tested, but at least 3 must be"}},
		"all of those that can run": {Requirement{All: true}, rules[:2], nil},
	} {
		run := mustRun(t, target, Options{Rules: c.rules, Require: c.required})
		if diff := cmp.Diff(c.want, run.Shortfalls); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		code := report.Kept
		if c.want != nil {
			code = report.Failed
		}
		if run.ExitCode() != code {
			t.Errorf("%s: exit code %d, want %d", name, run.ExitCode(), code)
		}
		if c.want != nil && run.Verdict() != "Too little was tested: there is no verdict." {
			t.Errorf("%s: %s", name, run.Verdict())
		}
	}
}

// Rules that had not started when a run ended are not run; they are neither errors nor skipped.
func TestRun_CountsRulesThatDidNotStartAsNotRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	target := wrappedTarget(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r)
			if r.URL.Path == "/heartbeat" {
				cancel(errors.New("somebody pressed Ctrl-C"))
			}
		})
	})
	run, err := Run(ctx, target, Options{Rules: []string{"vaults/*", "items/*", "health/heartbeat"}, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	count := run.Count()
	if count[report.NotRun] == 0 || count[report.Error] > 1 || count[report.Skip] > 0 {
		t.Errorf("states: %v", count)
	}
	for _, x := range run.Results {
		if x.State == report.NotRun && x.Reason != "somebody pressed Ctrl-C" {
			t.Errorf("%s: %s", x.ID, x.Reason)
		}
	}
}

// A server that gives every file the size 0 has no file to test with, so most rules about files are skipped. Where
// nothing may be skipped this is a failure.
func TestRun_FailsIfAllRulesAreRequiredAndFilesAreEmpty(t *testing.T) {
	t.Parallel()
	size := regexp.MustCompile(`"size":[0-9]+`)
	target := wrappedTarget(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			maps.Copy(w.Header(), recorder.Header())
			w.Header().Del("Content-Length")
			w.WriteHeader(recorder.Code)
			_, _ = w.Write(size.ReplaceAll(recorder.Body.Bytes(), []byte(`"size":0`))) // to memory
		})
	})
	run := mustRun(t, target, Options{Rules: []string{"files/*"}, Require: Requirement{All: true}})
	if run.Count()[report.Skip] == 0 || len(run.Shortfalls) != 1 || run.ExitCode() == report.Kept {
		t.Errorf("exit code %d: %s: %q", run.ExitCode(), run.Headline(), run.Shortfalls)
	}
}
