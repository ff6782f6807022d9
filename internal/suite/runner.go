package suite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
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

	// These have no effect in a runner that runs one case at a time.
	Phase  int    // the cases of a phase start when all of lower phases have ended
	Serial string // cases of a phase with the same name run one after the other; "": none does
	Long   bool   // it starts before the others of its phase

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
	for _, phase := range r.phases(cases) {
		var group errgroup.Group
		group.SetLimit(max(1, r.Parallel))
		for _, sequence := range phase {
			group.Go(func() error {
				for _, i := range sequence {
					result := cases[i].Run(ctx)
					if r.OnResult != nil {
						mu.Lock()
						result = r.OnResult(result)
						mu.Unlock()
					}
					results[i] = result
				}
				return nil
			})
		}
		_ = group.Wait() // the functions return no errors
	}
	return results
}

// phases returns the indexes of cases by phase, in the order in which they start. The
// cases of a sequence run one after the other.
func (r Runner) phases(cases []Case) (phases [][][]int) {
	order := r.startOrder(len(cases))
	if r.Parallel <= 1 {
		return [][][]int{{order}}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(cases[i].Phase, cases[j].Phase), cmp.Compare(rank(cases[i]), rank(cases[j])))
	})
	serial := map[string]int{} // of the phase: the index of the sequence, by name
	for n, i := range order {
		c := cases[i]
		if n == 0 || c.Phase != cases[order[n-1]].Phase {
			phases = append(phases, nil)
			clear(serial)
		}
		phase := &phases[len(phases)-1]
		if at, ok := serial[c.Serial]; ok && c.Serial != "" {
			(*phase)[at] = append((*phase)[at], i)
			continue
		}
		serial[c.Serial] = len(*phase)
		*phase = append(*phase, []int{i})
	}
	return phases
}

// rank returns the place of a case in its phase: those that take long come first.
func rank(c Case) int {
	if c.Long || c.Serial != "" {
		return 0
	}
	return 1
}

// startOrder returns the indexes of n cases in the order of the seed.
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
