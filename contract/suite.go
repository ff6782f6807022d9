package contract

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
)

// Run runs the rules against a target and returns the report. An error means
// that nothing was run: the options are invalid, or the set-up is wrong, as
// where the target is no Connect server or refuses the token. What the server
// does wrong is in the report; see report.Run.ExitCode.
//
// When ctx ends it still deletes what it made before it returns. Runs share
// nothing: a process can have several, one after the other or at the same time.
func Run(ctx context.Context, t Target, o Options) (*report.Run, error) {
	r, err := newRun(t, o)
	if err != nil {
		return nil, err
	}
	began, started := r.now(), time.Now()
	ctx, grace, stop := suite.Begin(ctx, r.timing.Total)
	defer stop()
	r.grace = grace
	r.ready(ctx)
	if err := r.found.setUp; err != nil && ctx.Err() == nil {
		return nil, errors.Join(err, r.revokeTokens(), r.ledger.close())
	}
	results := r.checkAll(ctx)
	withdrawn := r.revokeTokens()
	out := r.report(ctx, results)
	out.Began, out.Took = began, time.Since(started)
	return out, errors.Join(withdrawn, r.ledger.close())
}

// checkAll runs every rule, one after the other: rules look at lists and logs
// that others would change meanwhile.
func (r *run) checkAll(ctx context.Context) []report.Result {
	var cases []suite.Case
	for _, rule := range rules() {
		cases = append(cases, r.caseOf(rule))
	}
	runner := suite.Runner{Seed: uint64(r.options.Seed), OnResult: func(result report.Result) report.Result {
		result = r.redact(result)
		r.printProgress(result)
		return result
	}}
	return runner.Run(ctx, cases)
}

// report returns the report of a run with these results.
func (r *run) report(ctx context.Context, results []report.Result) *report.Run {
	out := &report.Run{
		Suite: "contract", Target: r.target.name(), Seed: r.options.Seed, Results: results,
		Document: r.document.OpenAPI.Info.Title + " " + r.document.OpenAPI.Info.Version,
		Version:  r.found.version,
	}
	for _, f := range r.found.list {
		out.Capabilities = append(out.Capabilities, report.Capability{
			Name: string(f.Capability), Have: f.Have, Why: f.Why,
		})
	}
	if err := suite.CheckAllRun(ctx, results, "rules"); err != nil {
		out.Errors = append(out.Errors, err.Error())
	}
	out.Coverage = r.coverage.Rows()
	out.Warnings = r.warnings(out)
	if err := r.coverage.Gate(r.options.Coverage); err != nil {
		out.Errors = append(out.Errors, err.Error())
	}
	return out.Redacted(r.redactor)
}

// warnings returns what shows that a run proved little.
func (r *run) warnings(out *report.Run) (list []string) {
	if r.tokens.why != "" {
		list = append(list, r.tokens.why+": it is not used")
	}
	counts := out.Count()
	if n := counts[report.Skip]; n > counts[report.Pass] {
		list = append(list, fmt.Sprintf("more rules were skipped (%d) than passed (%d)", n, counts[report.Pass]))
	}
	var answers, refused int
	good := map[string]bool{}
	called := map[string]bool{}
	for _, row := range out.Coverage {
		answers += row.Attempts
		if row.Status == "401" {
			refused += row.Attempts
		}
		if row.Attempts > 0 {
			called[row.Operation] = true
		}
		if row.Matches > 0 && row.Status[0] == '2' {
			good[row.Operation] = true
		}
	}
	if answers > 0 && refused*2 > answers {
		list = append(list, fmt.Sprintf("%d of %d answers were 401: is the token good?", refused, answers))
	}
	for _, op := range r.document.Operations {
		if called[op.ID] && !good[op.ID] {
			list = append(list, fmt.Sprintf("%s was never answered 2xx as documented", op.ID))
		}
	}
	if left := r.ledger.Remaining(); left > 0 {
		list = append(list, fmt.Sprintf("%d items of this run are left over; `connectmock contract sweep` removes them", left))
	}
	return list
}
