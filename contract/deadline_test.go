package contract

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/report"
)

// After its deadline a run only deletes the items that it created, and reports the
// rules that did not run.
func TestRun_StartsNoRuleAfterItsDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, checkDeadline)
}

func checkDeadline(t *testing.T) {
	time.Sleep(time.Until(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))) // a bubble begins in 2000
	const total = 500 * time.Millisecond
	var mu sync.Mutex
	over := false
	var late []string
	target := wrappedTarget(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			create := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/items")
			if over {
				late = append(late, r.Method+" "+r.URL.Path)
			}
			if create && !over {
				time.Sleep(total + time.Millisecond) // longer than the time of the run
				over = true
			}
			mu.Unlock()
			next.ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context())))
		})
	})
	timing := longTiming()
	timing.Total = total
	run, err := Run(t.Context(), target, Options{Timing: timing, Parallel: 1, Rules: []string{"items/*", "patch/*"}})
	if err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	sent := slices.Clone(late)
	mu.Unlock()
	if remaining := titlesWithPrefix(t, target, call.Tag); len(remaining) > 0 {
		t.Errorf("%d items are left over: %v", len(remaining), remaining)
	}
	if slices.ContainsFunc(sent, func(m string) bool { return !strings.HasPrefix(m, http.MethodDelete) }) {
		t.Errorf("sent after the time was over: %v", sent)
	}
	counts := run.Count()
	if counts[report.NotRun] == 0 ||
		counts[report.NotRun]+counts[report.Disabled]+counts[report.Error]+counts[report.Pass]+
			counts[report.Skip] != len(run.Results) {
		t.Errorf("%v", counts)
	}
	for _, x := range run.Results {
		if x.State == report.NotRun && x.Reason != "the run did not end within 500ms" {
			t.Errorf("%s was not run: %s", x.ID, x.Reason)
		}
	}
	if run.ExitCode() != report.Failed || !slices.ContainsFunc(run.Errors, func(e string) bool {
		return strings.Contains(e, "rules were not run: the run did not end within 500ms")
	}) {
		t.Errorf("exit code %d, errors %v", run.ExitCode(), run.Errors)
	}
}
