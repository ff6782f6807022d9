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

// Run runs the case and returns its result. It does not call Check if the case is
// disabled, if ctx has ended or if the case is skipped, and sets the state in this
// order. A panic of Check is an error.
func (c Case) Run(ctx context.Context) report.Result {
	began := time.Now()
	result := c.Result
	switch {
	case c.Disabled != "":
		result.State, result.Reason = report.Disabled, c.Disabled
	case ctx.Err() != nil:
		result.State, result.Reason = report.NotRun, endCause(ctx).Error()
	case c.Skip != "":
		result.State, result.Reason = report.Skip, c.Skip
	default:
		err := Guard(func() error {
			c.Check(ctx, &result)
			return nil
		})
		if err != nil {
			result.State, result.Reason = report.Error, err.Error()
		}
	}
	result.Took = time.Since(began)
	return result
}

// Runner runs the cases of a suite. The zero value runs them one after the
// other, in the order they are given.
type Runner struct {
	Parallel int    // cases that run at the same time; 0: 1
	Seed     uint64 // shuffles the order in which they start; 0: the given order

	// OnResult is called with each result when its case ends, one call at a time, and
	// returns the result to use; nil: the result of the case.
	OnResult func(report.Result) report.Result
}

// Run runs the cases and returns their results in the order of cases.
func (r Runner) Run(ctx context.Context, cases []Case) []report.Result {
	results := make([]report.Result, len(cases))
	var mu sync.Mutex // held while OnResult runs
	var group errgroup.Group
	group.SetLimit(max(1, r.Parallel))
	for _, i := range r.startOrder(len(cases)) {
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

// startOrder returns the indexes of n cases in the order in which they start.
func (r Runner) startOrder(n int) []int {
	if r.Seed != 0 {
		return rand.New(rand.NewPCG(r.Seed, r.Seed)).Perm(n)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// CheckAllRun returns an error if cases were not run. noun is what the error calls
// the cases: "rules".
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
	return fmt.Errorf("%d of %d %s were not run: %w", n, len(results), noun, endCause(ctx))
}

// endCause returns why ctx ended.
func endCause(ctx context.Context) error {
	return cmp.Or(context.Cause(ctx), errors.New("the run was interrupted"))
}
