package contract

import (
	"context"
	"fmt"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
)

// report returns the report of the run with these results.
func (r *run) report(ctx context.Context, results []report.Result) *report.Run {
	r.setUnexpectedPasses(results)
	out := &report.Run{
		Suite: "contract", Target: r.target.name(), Seed: r.options.Seed, Results: results,
		Document: r.Document.OpenAPI.Info.Title + " " + r.Document.OpenAPI.Info.Version,
		Version:  r.Server.Version, Capabilities: r.Server.Capabilities,
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
	return out.Redacted(r.Redactor)
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
	used := r.options.usedOperations()
	for _, op := range r.Document.Operations {
		if used[op.ID] && called[op.ID] && !succeeded[op.ID] {
			list = append(list, fmt.Sprintf("%s never returned 2xx as documented", op.ID))
		}
	}
	if remaining := r.Ledger.Remaining(); remaining > 0 {
		list = append(list,
			fmt.Sprintf("%d items of this run are left over; `connectmock contract sweep` removes them", remaining))
	}
	list = append(list, r.versionWarnings(out.Results)...)
	return append(list, r.deviationWarnings(out.Results)...)
}
