package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
)

// Register puts the rules into the Ginkgo suite that is being built, one spec
// each, labelled with its tag and level. It must be called while the tree is
// built: at the top of a test file's var block or before RunSpecs. A target
// that can't be used makes the first spec fail, not the construction.
func Register(t *Target) {
	r, err := newRun(*t, Options{})
	if err != nil {
		ginkgo.It("the target can be used", func() { ginkgo.Fail(err.Error()) })
		return
	}
	r.register(context.Background())
	if t.Control != nil {
		ginkgo.ReportAfterSuite("the contract revokes its tokens", func(ginkgo.Report) {
			if err := r.withdraw(); err != nil {
				ginkgo.Fail(err.Error())
			}
		})
	}
}

// register builds the tree: a container for each tag, a spec for each rule.
func (r *run) register(ctx context.Context) {
	all := rules()
	for len(all) > 0 {
		tag := all[0].Tag
		end := slices.IndexFunc(all, func(x rule) bool { return x.Tag != tag })
		if end < 0 {
			end = len(all)
		}
		chapter := all[:end]
		ginkgo.Describe(tag, ginkgo.Label(tag), func() {
			for _, rule := range chapter {
				ginkgo.It(fmt.Sprintf("%s [%s]", rule.Text, rule.ID), ginkgo.Label(string(rule.Level)), func(spec ginkgo.SpecContext) {
					if ctx.Err() != nil { // at once: both hears of it a moment later
						tell(r.check(ctx, rule))
						return
					}
					both, cancel := context.WithCancelCause(spec)
					defer cancel(nil)
					defer context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })()
					if r.ready(both); r.found.setUp != nil && both.Err() == nil {
						ginkgo.Fail(r.found.setUp.Error())
					}
					tell(r.check(both, rule))
				})
			}
		})
		all = all[end:]
	}
}

// tell hands a result to Ginkgo. Nothing is skipped without a reason.
func tell(result report.Result) {
	switch result.State {
	case report.Pass:
	case report.Fail:
		ginkgo.Fail(result.Failure)
	case report.Skip, report.Disabled, report.NotRun:
		ginkgo.Skip(result.Reason)
	case report.KnownDeviation:
		ginkgo.Skip("known deviation: " + result.Reason)
	default:
		ginkgo.Fail(fmt.Sprintf("%s: %s", result.State, result.Reason))
	}
}

// Ginkgo keeps one suite for the whole process, so runs take turns.
var turn sync.Mutex

// Run runs the rules against a target and returns the report. An error means
// that nothing was run: the options can't be used, or the set-up is wrong, as
// where the target is no Connect server or refuses the token. What the server
// does wrong is in the report; see report.Run.ExitCode.
//
// Interrupted, through ctx or by the first Ctrl-C, it still deletes what it
// made before it returns.
func Run(ctx context.Context, t Target, o Options) (*report.Run, error) {
	r, err := newRun(t, o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.timing.Total, fmt.Errorf("the run did not end within %s", r.timing.Total))
	defer cancel()
	var stop func()
	r.grace, stop = suite.Grace(ctx, suite.CleanUp)
	defer stop()
	began := r.now()
	started := time.Now()
	r.ready(ctx)
	if err := r.found.setUp; err != nil && ctx.Err() == nil {
		return nil, errors.Join(err, r.withdraw(), r.ledger.close())
	}
	r.ginkgo(ctx)
	withdrawn := r.withdraw()
	out := r.report(ctx)
	out.Began, out.Took = began, time.Since(started)
	return out, errors.Join(withdrawn, r.ledger.close())
}

// ginkgo runs the suite in a fresh Ginkgo, without its own output: the report
// is ours.
func (r *run) ginkgo(ctx context.Context) {
	turn.Lock()
	defer turn.Unlock()
	console := formatter.ColorableStdOut
	formatter.ColorableStdOut = io.Discard
	defer func() { formatter.ColorableStdOut = console }()
	globals.Reset()
	defer globals.Reset()
	if r.options.Seed == 0 {
		// Ginkgo sorts specs by their texts and shuffles the containers at the top,
		// but for those within one that is ordered.
		ginkgo.Describe("1Password Connect contract", ginkgo.Ordered, ginkgo.ContinueOnFailure, func() { r.register(ctx) })
	} else {
		r.register(ctx)
	}
	suite, reporter := ginkgo.GinkgoConfiguration()
	suite.LabelFilter, suite.FocusStrings, suite.SkipStrings = "", nil, nil // ours are rules and levels
	suite.FailFast, suite.DryRun, suite.ParallelTotal, suite.ParallelProcess = false, false, 1, 1
	suite.RandomizeAllSpecs = r.options.Seed != 0
	if r.options.Seed != 0 {
		suite.RandomSeed = r.options.Seed
	}
	suite.Timeout = r.timing.Total + time.Minute // ours ends first
	reporter.JUnitReport, reporter.JSONReport, reporter.TeamcityReport, reporter.GoJSONReport = "", "", "", ""
	ginkgo.RunSpecs(&quiet{}, "1Password Connect contract", suite, reporter)
}

// quiet stands in for testing.T, which Ginkgo only tells of failures.
type quiet struct{}

func (*quiet) Fail() {}

// report puts the results together, in the order of the catalogue.
func (r *run) report(ctx context.Context) *report.Run {
	out := &report.Run{
		Suite: "contract", Target: r.target.name(), Seed: r.options.Seed,
		Document: r.document.OpenAPI.Info.Title + " " + r.document.OpenAPI.Info.Version,
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rule := range Rules() {
		result, ran := r.results[rule.ID]
		if !ran {
			result = notRun(ctx, resultOf(rule))
		}
		out.Results = append(out.Results, result)
	}
	if r.found != nil {
		out.Version = r.found.version
		for _, f := range r.found.list {
			out.Capabilities = append(out.Capabilities, report.Capability{
				Name: string(f.Capability), Have: f.Have, Why: f.Why,
			})
		}
	}
	if n := out.Count()[report.NotRun]; n > 0 {
		out.Errors = append(out.Errors, fmt.Sprintf("%d of %d rules were not run: %v",
			n, len(out.Results), cmp.Or(context.Cause(ctx), errors.New("the run was interrupted"))))
	}
	out.Coverage = r.coverage.Rows()
	out.Warnings = r.warnings(out)
	if err := r.coverage.Gate(r.options.Coverage); err != nil {
		out.Errors = append(out.Errors, err.Error())
	}
	return out.Redacted(r.redactor)
}

// warnings say when a run proved little.
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
