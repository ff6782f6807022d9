package suite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"golang.org/x/sync/errgroup"
)

// Case is one rule or scenario to run.
type Case struct {
	Result   report.Result // what is known before it runs: id, title, tag
	Disabled string        // why it was not selected; "" if it was
	Skip     string        // why the target cannot run it; "" if it can

	// Check runs the case and sets the state of the result.
	Check func(context.Context, *report.Result)
}

// Run runs the case and returns its result. A case that is disabled, that is
// skipped or whose turn comes after ctx ended is not checked; the result says
// which of these it was, in this order: disabled, not run, skipped.
func (c Case) Run(ctx context.Context) report.Result {
	began := time.Now()
	result := c.Result
	switch {
	case c.Disabled != "":
		result.State, result.Reason = report.Disabled, c.Disabled
	case ctx.Err() != nil:
		result.State, result.Reason = report.NotRun, whyEnded(ctx).Error()
	case c.Skip != "":
		result.State, result.Reason = report.Skip, c.Skip
	default:
		c.Check(ctx, &result)
	}
	result.Took = time.Since(began)
	return result
}

// Runner runs the cases of a suite. The zero value runs them one after the
// other, in the order they are given.
type Runner struct {
	Parallel int    // cases that run at the same time; 0: 1
	Seed     uint64 // of the order in which they start; 0: as given

	// OnResult is called with each result when its case ends, one call at a
	// time. What it returns is kept; nil: the results are kept as they are.
	OnResult func(report.Result) report.Result
}

// Run runs the cases and returns their results in the order of the cases,
// whatever the order in which they ran.
func (r Runner) Run(ctx context.Context, cases []Case) []report.Result {
	results := make([]report.Result, len(cases))
	var mu sync.Mutex // of OnResult
	var group errgroup.Group
	group.SetLimit(max(1, r.Parallel))
	for _, i := range r.order(len(cases)) {
		group.Go(func() error {
			results[i] = cases[i].Run(ctx)
			if r.OnResult != nil {
				mu.Lock()
				defer mu.Unlock()
				results[i] = r.OnResult(results[i])
			}
			return nil
		})
	}
	_ = group.Wait() // the functions return no errors
	return results
}

// order returns the indexes of n cases in the order in which they start.
func (r Runner) order(n int) []int {
	if r.Seed != 0 {
		return rand.New(rand.NewPCG(r.Seed, r.Seed)).Perm(n)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// CheckAllRun returns an error if cases were not run; noun names them: "rules".
func CheckAllRun(ctx context.Context, results []report.Result, noun string) error {
	n := 0
	for _, x := range results {
		if x.State == report.NotRun {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d %s were not run: %w", n, len(results), noun, whyEnded(ctx))
}

// whyEnded returns why ctx ended.
func whyEnded(ctx context.Context) error {
	return cmp.Or(context.Cause(ctx), errors.New("the run was interrupted"))
}
