package contract

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/rules"
	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
)

// run is one run of the rules against one target.
type run struct {
	*check.Run
	target     Target
	options    Options
	timing     Timing
	coverage   *coverage.Counter
	ledgerFile *runLedger
	tokens     issuedTokens

	once        sync.Once
	inspected   bool  // whether inspectOnce has set the rest, and the server
	unreachable error // why the target did not respond
	setUpError  error // what is wrong with the set-up
}

// newRun returns a run that has not sent a request yet. It returns an error for an
// invalid target or invalid options.
func newRun(t Target, o Options) (*run, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	r := &run{
		Run: check.NewRun(strings.ToLower(rand.Text()[:8])), target: t, options: o, timing: o.Timing.withDefaults(),
	}
	r.Seed, r.Document, r.Server = o.Seed, o.Document, t.server()
	r.Patience, r.Timeout = check.NewPatience(r.timing.Within, r.timing.Every), r.timing.Request
	if o.Now != nil {
		r.Now = o.Now
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	var err error
	if r.Document == nil {
		if r.Document, err = documentOf(o.AgainstVersion); err != nil {
			return nil, err
		}
	}
	r.Redactor.AddToken(t.Token, "OP_CONNECT_TOKEN")
	if t.Control != nil {
		r.Redactor.Add(t.Control.Token)
	}
	for _, token := range append([]string{t.ReaderToken, t.WriterToken, t.OtherToken}, t.RefusedTokens...) {
		r.Redactor.Add(token)
	}
	if r.ledgerFile, err = newLedger(o.Ledger); err != nil {
		return nil, err
	}
	r.Ledger = r.ledgerFile.Ledger
	r.coverage = coverage.New(r.Document)
	r.createClient()
	return r, nil
}

// createClient creates the recorder and the client that uses it.
func (r *run) createClient() {
	base := suite.Transport(r.target.Client, true)
	if hasSnakeKeys(r.options.AgainstVersion) {
		base = snakeKeys{base}
	}
	r.Recorder = &exchange.Recorder{
		Document: r.Document, Base: base, Redactor: r.Redactor, Coverage: r.coverage,
		Timeout: r.timing.Request, Now: r.options.Now,
	}
	if u, err := url.Parse(r.target.URL); err == nil {
		r.Recorder.BasePath = u.Path
	}
	r.Client = suite.NewClient(r.Recorder)
}

// inspectOnce finds the capabilities of the target when it is called first.
func (r *run) inspectOnce(ctx context.Context) {
	r.once.Do(func() {
		r.inspectTarget(ctx)
		r.markUnreachable()
		r.inspected = true
	})
}

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
	began, started := r.Now(), time.Now()
	ctx, grace, stop := suite.RunContexts(ctx, r.timing.Total)
	defer stop()
	r.Grace = grace
	r.inspectOnce(ctx)
	if err := r.setUpError; err != nil && ctx.Err() == nil {
		return nil, errors.Join(err, r.revokeTokens(), r.ledgerFile.close())
	}
	results := r.checkAll(ctx)
	r.DeleteRemaining(grace, r.timing.Within)
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
	for _, rule := range rules.All() {
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
