package contract

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/google/go-cmp/cmp"
)

// seeds is how many orders of the rules TestSeeds_ compares; 20 take minutes.
var seeds = flag.Int64("seeds", 4, "compare the verdicts of so many orders of the rules")

// Verdicts, and the order in which the report has them, do not depend on how many rules
// run at the same time, nor on the order in which they start.
func TestSeeds_GiveTheSameVerdictsInParallel(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole contract two dozen times")
	}
	t.Parallel()
	servers := map[string]middleware{"a correct server": func(next http.Handler) http.Handler { return next }}
	for _, name := range []string{
		"filter-co-as-eq", "version-stuck", "items-not-counted", "unknown-item-answers-500",
		"delete-answers-202", "delete-recorded-as-update", "null-members", "summary-without-tags", "unauthorized-text",
	} {
		i := slices.IndexFunc(mutants.All(), func(m mutants.Mutant) bool { return m.Name == name })
		if i < 0 {
			t.Fatalf("no mutant %s", name)
		}
		servers[name] = wrapIn(mutants.All()[i])
	}
	for name, front := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, last := int64(7), int64(7)
			if name == "a correct server" {
				first, last = 0, *seeds-1
			}
			var want []report.Result
			for seed := first; seed <= last; seed++ {
				for _, parallel := range []int{1, 16} {
					run := mustRun(t, wrappedTarget(t, front), Options{Parallel: parallel, Seed: seed, Timing: noWaiting()})
					got := withoutTexts(run.Results)
					if want == nil {
						want = got
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("parallel %d, seed %d: other verdicts or another order than one rule at a time (-want +got):\n%s",
							parallel, seed, diff)
					}
				}
			}
			if failed := slices.ContainsFunc(want, func(x report.Result) bool { return x.State == report.Fail }); failed ==
				(name == "a correct server") {
				t.Errorf("a rule fails: %t", failed)
			}
		})
	}
}

// withoutTexts returns the ids and states of results.
func withoutTexts(list []report.Result) (short []report.Result) {
	for _, x := range list {
		short = append(short, report.Result{ID: x.ID, State: x.State})
	}
	return short
}

// As many requests as Parallel are in flight, and never more.
func TestRun_KeepsAsManyRequestsInFlightAsAllowed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ parallel, want int }{{0, 8}, {1, 1}, {3, 3}} {
		var mu sync.Mutex
		inFlight, most, total := 0, 0, 0
		full := make(chan struct{}) // closed when as many as wanted are in flight
		target := wrappedTarget(t, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				inFlight++
				total++
				if inFlight > most {
					if most = inFlight; most == c.want {
						close(full)
					}
				}
				inspecting := total <= 10 // one request at a time
				mu.Unlock()
				if !inspecting {
					<-full
				}
				next.ServeHTTP(w, r)
				mu.Lock()
				inFlight--
				mu.Unlock()
			})
		})
		run := mustRun(t, target, Options{Parallel: c.parallel, Rules: []string{"patch/*", "auth/bad-token/*"}})
		if most != c.want || run.Count()[report.Fail] > 0 {
			t.Errorf("parallel %d: %d requests at once, want %d; %s", c.parallel, most, c.want, run.Headline())
		}
	}
}

// While a rule deletes an item that it created, no other DELETE is in flight.
func TestRun_SendsTheDeletesThatRulesCheckAlone(t *testing.T) {
	t.Parallel()
	var deletes, refused atomic.Int64
	target := wrappedTarget(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				defer deletes.Add(-1)
				if deletes.Add(1) > 1 { // as a real server does [R]
					refused.Add(1)
					w.WriteHeader(http.StatusInternalServerError)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	})
	run := mustRun(t, target, Options{Parallel: 16, Rules: []string{"items/*", "isolation/*", "patch/*"}})
	for _, x := range run.Results {
		if x.State == report.Fail || x.State == report.Error {
			t.Errorf("%s: %s %s%s", x.ID, x.State, x.Failure, x.Reason)
		}
	}
	// Those in flight when the first is refused.
	if n := refused.Load(); n > 16 {
		t.Errorf("%d concurrent deletes were refused", n)
	}
	if remaining := titlesWithPrefix(t, target, call.Tag); len(remaining) > 0 {
		t.Errorf("%d items are left over", len(remaining))
	}
}

// Rules that were interrupted have no verdict: they are not run, as those that had not
// started.
func TestRun_CountsInterruptedRulesAsNotRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var requests atomic.Int64
	target := wrappedTarget(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if requests.Add(1) == 100 {
				cancel(errors.New("somebody pressed Ctrl-C"))
			}
			next.ServeHTTP(w, r)
		})
	})
	run, err := Run(ctx, target, Options{Parallel: 16, Timing: longTiming()})
	if err != nil {
		t.Fatal(err)
	}
	count := run.Count()
	if count[report.Error]+count[report.Fail] > 0 || count[report.NotRun] == 0 {
		t.Errorf("%v", count)
	}
	if remaining := titlesWithPrefix(t, target, call.Tag); len(remaining) > 0 {
		t.Errorf("%d items are left over", len(remaining))
	}
}
