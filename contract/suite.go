package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
)

// Run runs the rules against a target and returns the report. The report has the
// rules that the server breaks; see report.Run.ExitCode. Run returns an error
// without a report if it ran nothing: the options are invalid, the target is not
// a Connect server, or it refuses the token.
//
// When ctx ends, Run deletes the items that it created before it returns. Runs
// share no state, so a process can have several at the same time.
func Run(ctx context.Context, t Target, o Options) (*report.Run, error) {
	r, err := newRun(t, o)
	if err != nil {
		return nil, err
	}
	began, started := r.now(), time.Now()
	ctx, grace, stop := suite.RunContexts(ctx, r.timing.Total)
	defer stop()
	r.grace = grace
	r.inspectOnce(ctx)
	if err := r.setUpError; err != nil && ctx.Err() == nil {
		return nil, errors.Join(err, r.revokeTokens(), r.ledgerFile.close())
	}
	results := r.checkAll(ctx)
	r.deleteRemaining(grace, r.timing.Within)
	revokeErr := r.revokeTokens()
	out := r.report(ctx, results)
	out.Began, out.Took = began, time.Since(started)
	return out, errors.Join(revokeErr, r.ledgerFile.close())
}

// checkAll runs the rules, at the same time if they do not touch what others change
// (docs/adr/0034), and returns their results in the order of Rules.
func (r *run) checkAll(ctx context.Context) []report.Result {
	var cases []suite.Case
	done, total := 0, 0
	for _, rule := range rules() {
		c := r.newCase(rule)
		if cases = append(cases, c); c.Disabled == "" {
			total++
		}
	}
	onResult := func(result report.Result) report.Result {
		result = r.redact(result)
		r.printProgress(result)
		if result.State != report.Disabled {
			done++
			if r.options.OnResult != nil {
				r.options.OnResult(done, total, result)
			}
		}
		return result
	}
	const defaultParallel = 8
	runner := suite.Runner{
		Parallel: cmp.Or(r.options.Parallel, defaultParallel), Seed: uint64(r.options.Seed), OnResult: onResult,
	}
	return runner.Run(ctx, cases)
}

// report returns the report of the run with these results.
func (r *run) report(ctx context.Context, results []report.Result) *report.Run {
	r.setUnexpectedPasses(results)
	out := &report.Run{
		Suite: "contract", Target: r.target.name(), Seed: r.options.Seed, Results: results,
		Document: r.document.OpenAPI.Info.Title + " " + r.document.OpenAPI.Info.Version,
		Version:  r.server.version, Capabilities: r.server.capabilities,
	}
	if err := suite.CheckAllRun(ctx, results, "rules"); err != nil {
		out.Errors = append(out.Errors, err.Error())
	}
	out.Coverage = r.coverage.Rows()
	out.Warnings = r.warnings(out)
	if err := r.coverage.Gate(r.options.Coverage); err != nil {
		out.Shortfalls = append(out.Shortfalls, err.Error())
	}
	out.Shortfalls = append(out.Shortfalls, r.options.Require.shortfalls(out)...)
	return out.Redacted(r.redactor)
}

// warnings returns the reasons why the run proves little.
func (r *run) warnings(out *report.Run) (list []string) {
	if r.tokens.problem != "" {
		list = append(list, r.tokens.problem+"; it is not used")
	}
	counts := out.Count()
	if n := counts[report.Skip]; n > counts[report.Pass] {
		list = append(list, fmt.Sprintf("more rules were skipped (%d) than passed (%d)", n, counts[report.Pass]))
	}
	var responses, refused int
	succeeded := map[string]bool{}
	called := map[string]bool{}
	for _, row := range out.Coverage {
		responses += row.Attempts
		if row.Status == "401" {
			refused += row.Attempts
		}
		if row.Attempts > 0 {
			called[row.Operation] = true
		}
		if row.Matches > 0 && row.Status[0] == '2' {
			succeeded[row.Operation] = true
		}
	}
	if responses > 0 && refused*2 > responses {
		list = append(list, fmt.Sprintf("%d of %d responses were 401: is the token valid?", refused, responses))
	}
	for _, op := range r.document.Operations {
		if called[op.ID] && !succeeded[op.ID] {
			list = append(list, fmt.Sprintf("%s never returned 2xx as documented", op.ID))
		}
	}
	if remaining := r.ledger.Remaining(); remaining > 0 {
		list = append(list,
			fmt.Sprintf("%d items of this run are left over; `connectmock contract sweep` removes them", remaining))
	}
	list = append(list, r.versionWarnings(out.Results)...)
	return append(list, r.deviationWarnings(out.Results)...)
}
