// Package grade runs the tests of a client against servers that are wrong in one way
// each, and reports the mistakes that the tests do not notice.
//
// The package records and wraps handlers. It does not know the server behind them, the
// address at which it listens, or how the tests are run: a function runs them.
package grade

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/internal/mutants"
)

// Tests runs the tests once, on a correct server in its initial state. Their requests go
// to the handler that wrap returns for the handler of that server. When ctx ends, Tests
// ends the tests. An error means that they could not be run.
type Tests func(ctx context.Context, wrap func(http.Handler) http.Handler) (Outcome, error)

// Outcome is the result of the tests.
type Outcome struct {
	Passed bool
	Ended  string // how they ended, for people: "exit code 1"
}

// Options has the settings of a run.
type Options struct {
	Mutants  []mutants.Mutant
	Budget   time.Duration // for the runs on mutants; 0: no limit
	Limit    time.Duration // for one run; 0: ten times the first one, but at least MinLimit
	Parallel int           // runs at a time; 0: one
	OnFirst  func(*Report) // called when the tests have passed on the correct server; nil: not called
	OnResult func(done, all int)
}

// MinLimit is the smallest limit of a run that follows from the first one. A machine may
// be busy.
const MinLimit = 10 * time.Second

// FailedError is the error of tests that fail on the correct server.
type FailedError struct {
	Ended    string
	Repeated bool // they passed once before
}

func (e *FailedError) Error() string {
	if e.Repeated {
		return "the tests pass on the correct server, but not when they are run again (" + e.Ended +
			"): they must not depend on what an earlier run left behind, or on random values"
	}
	return "the tests fail on the correct server (" + e.Ended + "): make them pass with connectmock exec first"
}

var (
	// ErrNoRequests is the error of tests that do not use the server.
	ErrNoRequests = errors.New("the tests sent no request to the server: they must use the address in OP_CONNECT_HOST" +
		" and the token in OP_CONNECT_TOKEN")
	// ErrCached is the error of tests that use the server in the first run only.
	ErrCached = errors.New("the tests sent no request when they were run again: their result is from a cache;" +
		" turn it off, as with go test -count=1")

	errBudget = errors.New("the time budget ended")
	errLimit  = errors.New("the limit of a run")
)

// Run runs the tests twice on the correct server, and once on each mutant that changes
// one of their responses. If ctx ends, the report has what is known by then.
func Run(ctx context.Context, tests Tests, o Options) (*Report, error) {
	report := &Report{Began: time.Now()}
	recorded := &recording{}
	first, err := runCorrect(ctx, tests, recorded.wrap, false)
	if err != nil {
		return nil, err
	}
	all := recorded.all()
	if len(all) == 0 {
		return nil, ErrNoRequests
	}
	var repeated atomic.Int64
	second, err := runCorrect(ctx, tests, countRequests(&repeated), true)
	if err != nil {
		return nil, err
	}
	if repeated.Load() == 0 {
		return nil, ErrCached
	}
	report.First, report.Requests, report.Operations = first, len(all), operationsOf(all)
	report.Limit = cmp.Or(o.Limit, max(MinLimit, 10*max(first, second)))
	effects := effectsOf(o.Mutants, all)
	for i, m := range o.Mutants {
		report.Results = append(report.Results, firstResult(m, effects[i]))
	}
	if o.OnFirst != nil {
		o.OnFirst(report)
	}
	if o.Budget > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, o.Budget, errBudget)
		defer cancel()
		err = runMutants(limited, tests, report, o)
		report.Ended = endedText(ctx, limited, o.Budget, report)
	} else {
		err = runMutants(ctx, tests, report, o)
		report.Ended = endedText(ctx, ctx, 0, report)
	}
	report.Took = time.Since(report.Began)
	return report, err
}

// runCorrect runs the tests on the correct server and returns how long they took.
func runCorrect(
	ctx context.Context, tests Tests, wrap func(http.Handler) http.Handler, repeated bool,
) (time.Duration, error) {
	began := time.Now()
	outcome, err := tests(ctx, wrap)
	switch {
	case err != nil:
		return 0, err
	case ctx.Err() != nil:
		return 0, context.Cause(ctx)
	case !outcome.Passed:
		return 0, &FailedError{outcome.Ended, repeated}
	}
	return time.Since(began), nil
}

// countRequests returns a wrapper that counts requests.
func countRequests(n *atomic.Int64) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n.Add(1)
			next.ServeHTTP(w, r)
		})
	}
}

// effectsOf returns the effect of each mutant on the recorded exchanges.
func effectsOf(list []mutants.Mutant, all []*exchange) []effect {
	effects := make([]effect, len(list))
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
				effects[i] = effectOf(list[i], all)
			}
		})
	}
	group.Wait()
	return effects
}

// firstResult returns what is known of a mutant before the tests are run on it.
func firstResult(m mutants.Mutant, e effect) Result {
	switch {
	case !e.reached:
		return Result{Mutant: m, State: NotReached, Reason: "the tests call none of its operations"}
	case !e.triggered:
		return Result{Mutant: m, State: NotTriggered, Reason: "no request of the tests gets a wrong response"}
	}
	return Result{Mutant: m, State: NotRun, First: e.first}
}

// runMutants runs the tests on the mutants that are not run yet, until ctx ends.
func runMutants(ctx context.Context, tests Tests, report *Report, o Options) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	order := runOrder(report.Results)
	var mu sync.Mutex
	var group sync.WaitGroup
	var failed error
	next, done := 0, 0
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		if next == len(order) || ctx.Err() != nil {
			return -1
		}
		next++
		return order[next-1]
	}
	for range max(1, o.Parallel) {
		group.Go(func() {
			for i := take(); i >= 0; i = take() {
				result, err := runMutant(ctx, tests, report.Results[i], report.Limit)
				mu.Lock()
				report.Results[i] = result
				if done++; o.OnResult != nil && err == nil {
					o.OnResult(done, len(order))
				}
				if err != nil && failed == nil {
					failed = err
					cancel(err)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return failed
}

// runOrder returns the indexes of the results that are not run yet. It takes the kinds
// in turn, so that a short budget grades some of each.
func runOrder(results []Result) (order []int) {
	turn, turns := map[mutants.Kind]int{}, map[int]int{}
	for i, x := range results {
		if x.State == NotRun {
			turns[i] = turn[x.Mutant.Kind]
			turn[x.Mutant.Kind]++
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(turns[a], turns[b]) })
	return order
}

// runMutant runs the tests on a mutant.
func runMutant(ctx context.Context, tests Tests, x Result, limit time.Duration) (Result, error) {
	limited, cancel := context.WithTimeoutCause(ctx, limit, errLimit)
	defer cancel()
	var requests atomic.Int64
	began := time.Now()
	outcome, err := tests(limited, func(next http.Handler) http.Handler {
		return countRequests(&requests)(mutants.Wrap(next, x.Mutant))
	})
	x.Took = time.Since(began)
	switch cause := context.Cause(limited); {
	case err != nil:
		x.Reason = err.Error()
		return x, err
	case outcome.Passed && requests.Load() == 0:
		x.Reason = "the tests passed without a request: their result is from a cache"
	case outcome.Passed:
		x.State, x.Reason = Accepted, "the tests passed"
	case cause == nil:
		x.State, x.Reason = Noticed, "the tests failed: "+outcome.Ended
	case errors.Is(cause, errLimit):
		x.State, x.Reason = Noticed, fmt.Sprintf("the tests did not end within %s", limit.Round(time.Millisecond))
	default: // they were ended, so their failure says nothing
		x.Reason = "the run ended while the tests ran"
	}
	return x, nil
}

// endedText returns why some mutants were not run, and sets the reason of each.
func endedText(ctx, limited context.Context, budget time.Duration, report *Report) string {
	reason := ""
	switch {
	case ctx.Err() != nil:
		reason = context.Cause(ctx).Error()
	case limited.Err() != nil:
		reason = fmt.Sprintf("the budget of %s ended", budget)
	}
	left := false
	for i, x := range report.Results {
		if x.State == NotRun && x.Reason == "" {
			report.Results[i].Reason, left = cmp.Or(reason, "the run failed before"), true
		}
		left = left || x.State == NotRun
	}
	if !left {
		return ""
	}
	return reason
}
