package contract

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/report"
)

// A run deletes the items that it created, whether it is cancelled before or after the
// response to a create or ends at its deadline.
func TestRun_CleansUpWhenInterrupted(t *testing.T) {
	for name, c := range map[string]struct {
		before bool // interrupt before the response to a create
		total  time.Duration
	}{
		"cancelled before the response to a create": {before: true},
		"cancelled after a create":                  {},
		"out of time":                               {total: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			created, why := 0, "Ctrl-C"
			var run *report.Run
			var target Target
			// On a slow machine the third create may come after the deadline.
			for total := c.total; created < 3; total *= 2 {
				created = 0
				ctx, cancel := context.WithCancelCause(t.Context())
				interrupt := func() {
					if created++; created != 3 {
						return
					}
					if total == 0 {
						cancel(errors.New("somebody pressed Ctrl-C"))
						return
					}
					why = "did not end within"
					<-time.After(total) // longer than the time of the run
				}
				target = wrappedTarget(t, func(next http.Handler) http.Handler { return interrupts(next, c.before, interrupt) })
				timing := longTiming()
				if total > 0 {
					timing.Total = total
				}
				ledger := filepath.Join(t.TempDir(), "ledger")
				var err error
				run, err = Run(ctx, target, Options{Ledger: ledger, Timing: timing, Rules: []string{"items/*", "patch/*"}})
				cancel(nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := os.Stat(ledger); !os.IsNotExist(err) {
					t.Errorf("the ledger is still there: %v", err)
				}
				if remaining := titlesWithPrefix(t, target, call.Tag); len(remaining) > 0 {
					t.Errorf("%d items are left over: %v", len(remaining), remaining)
				}
				if total == 0 && created < 3 {
					t.Fatalf("only %d items were created", created)
				}
			}
			if run.ExitCode() != report.Failed {
				t.Errorf("exit code %d: %v", run.ExitCode(), run.Count())
			}
			if !slices.ContainsFunc(run.Results, func(x report.Result) bool { return strings.Contains(x.Reason, why) }) {
				t.Errorf("no result says why the run ended: %s", why)
			}
		})
	}
}

// interrupts returns a handler that calls a function before or after each create, one
// at a time.
func interrupts(next http.Handler, before bool, interrupt func()) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/items") {
			next.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if before {
			interrupt()
			// As in a network, cancelling a request does not undo it.
			r = r.WithContext(context.WithoutCancel(r.Context()))
		}
		next.ServeHTTP(w, r)
		if !before {
			interrupt()
		}
	})
}

// titlesWithPrefix returns the titles in the vault that begin with prefix.
func titlesWithPrefix(t *testing.T, target Target, prefix string) (list []string) {
	t.Helper()
	for _, it := range listItems(t, target) {
		if strings.HasPrefix(it.Title, prefix) {
			list = append(list, it.Title)
		}
	}
	return list
}
