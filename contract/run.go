package contract

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi"
)

// Options are how a run is done. The zero value runs every rule.
type Options struct {
	Rules      []string // ids, or patterns as "items/*"; empty: all
	Levels     []Level  // empty: all
	Seed       int64    // of the order of the rules; 0: as listed
	Timing     Timing
	Deviations []Deviation
	Ledger     string            // file that knows what was made and not yet deleted; empty: none
	Document   *openapi.Document // empty: our own
	Coverage   float64           // share of the documented answers that must be seen, 0 to 1; fewer are an error of the run
	Progress   io.Writer         // a line for each rule; nil: none
	Now        func() time.Time  // nil: time.Now
}

// run is one run against one target.
type run struct {
	target   Target
	options  Options
	timing   Timing
	id       string
	now      func() time.Time
	document *openapi.Document
	redactor *redact.Redactor
	coverage *coverage.Counter
	recorder *exchange.Recorder
	client   *http.Client
	ledger   *runLedger
	tokens   issuedTokens
	grace    context.Context // for cleaning up: goes on for a while after the run ended
	counter  atomic.Int64

	once  sync.Once
	found *found // set by ready
}

// newRun returns a run that has sent nothing yet. Its errors are of configuration.
func newRun(t Target, o Options) (*run, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	r := &run{
		target: t, options: o, timing: o.Timing.filled(), id: strings.ToLower(rand.Text()[:8]),
		now: o.Now, document: o.Document, redactor: &redact.Redactor{},
		grace: context.Background(),
	}
	if r.now == nil {
		r.now = time.Now
	}
	var err error
	if r.document == nil {
		if r.document, err = openapi.Connect(); err != nil {
			return nil, err
		}
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	r.redactor.AddToken(t.Token, "OP_CONNECT_TOKEN")
	if t.Control != nil {
		r.redactor.Add(t.Control.Token)
	}
	for _, token := range append([]string{t.ReaderToken, t.WriterToken, t.OtherToken}, t.RefusedTokens...) {
		r.redactor.Add(token)
	}
	if r.ledger, err = newLedger(o.Ledger); err != nil {
		return nil, err
	}
	r.coverage = coverage.New(r.document)
	r.record()
	return r, nil
}

// Validate returns an error for options that would run nothing, and says what
// there is. Run calls it before anything else.
func (o Options) Validate() error {
	for _, pattern := range o.Rules {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("rule pattern %q: %w", pattern, err)
		}
		if !slices.ContainsFunc(Rules(), func(r Rule) bool { return matches(pattern, r.ID) }) {
			return UnknownRule(pattern)
		}
	}
	if o.Coverage < 0 || o.Coverage > 1 {
		return fmt.Errorf("a coverage of %g can't be asked for: it is a share from 0 to 1", o.Coverage)
	}
	for _, level := range o.Levels {
		if !slices.Contains([]Level{Must, Should, Observed}, level) {
			return fmt.Errorf("level %q is none of MUST, SHOULD, OBSERVED%s", level, meantLevel(level))
		}
	}
	return nil
}

func matches(pattern, id string) bool {
	ok, _ := path.Match(pattern, id) // the pattern was checked
	return ok
}

// disabled returns why a rule was not selected, "" if it was.
func (o Options) disabled(r Rule) string {
	if len(o.Levels) > 0 && !slices.Contains(o.Levels, r.Level) {
		return fmt.Sprintf("level %s is not asked for", r.Level)
	}
	if len(o.Rules) > 0 && !slices.ContainsFunc(o.Rules, func(p string) bool { return matches(p, r.ID) }) {
		return "not among the rules asked for"
	}
	return ""
}

// record creates the recorder and the client that sends through it. The client
// does not follow redirects: they turn a POST into a GET in many clients.
func (r *run) record() {
	client := r.target.Client
	if client == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.Proxy = nil
		client = &http.Client{Transport: transport}
	}
	r.recorder = &exchange.Recorder{
		Document: r.document, Base: client.Transport, Redactor: r.redactor, Coverage: r.coverage,
		Timeout: r.timing.Request, Now: r.options.Now,
	}
	r.client = &http.Client{
		Transport:     r.recorder,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// next returns a number that no other call of this run returns.
func (r *run) next() string { return fmt.Sprint(r.counter.Add(1)) }

// ready finds what the target can do, once.
func (r *run) ready(ctx context.Context) {
	r.once.Do(func() {
		r.found = r.find(ctx)
		r.markUnreachable()
	})
}

// check runs one rule and returns its result, redacted.
func (r *run) check(ctx context.Context, rule rule) report.Result {
	if r.options.disabled(rule.Rule) == "" && ctx.Err() == nil {
		r.ready(ctx)
	}
	return r.redact(r.caseOf(rule).Run(ctx))
}

// caseOf returns a rule as a case of the suite. What the target can do must be
// known, unless the rule will not be checked.
func (r *run) caseOf(rule rule) suite.Case {
	c := suite.Case{Result: resultOf(rule.Rule), Disabled: r.options.disabled(rule.Rule)}
	if r.found != nil && r.found.reachable == nil {
		c.Skip = r.found.missing(rule.Needs)
	}
	c.Check = func(ctx context.Context, result *report.Result) {
		if err := r.found.reachable; err != nil {
			result.State, result.Reason = report.Error, err.Error()
			return
		}
		r.checkRule(ctx, rule, result)
	}
	return c
}

// checkRule runs the check of a rule, cleans up after it and judges it.
func (r *run) checkRule(ctx context.Context, rule rule, result *report.Result) {
	s := r.probe(ctx)
	s.scope = r.recorder.Scope()
	defer s.scope.Close()
	err := s.attempt(rule.check)
	exchanges := s.exchanges()
	left := s.cleanUp(r.grace) // the time of the check may be over
	r.judge(result, rule.Rule, err, left)
	if result.State == report.Fail || result.State == report.Error {
		result.Exchanges = exchanges
		for _, e := range exchanges {
			result.Curl = append(result.Curl, exchange.Curl(e))
		}
	}
}

// resultOf returns the result of a rule that has not run yet.
func resultOf(rule Rule) report.Result {
	return report.Result{
		ID: rule.ID, Title: rule.Text, Tag: rule.Tag, Level: string(rule.Level), Evidence: rule.Evidence,
	}
}

// judge sets the state of a result. err is how the check ended, left what could
// not be cleaned up.
func (r *run) judge(result *report.Result, rule Rule, err, left error) {
	var wrong *failure
	deviation := r.deviation(rule.ID)
	switch {
	case err == nil && left == nil && deviation != nil:
		result.State = report.UnexpectedPass
		result.Reason = fmt.Sprintf("the rule is kept, but a deviation says it is not (%s, owner %s); remove the entry",
			deviation.Reason, deviation.Owner)
	case err == nil && left == nil:
		result.State = report.Pass
	case err == nil:
		result.State, result.Reason = report.Error, left.Error()
	case errors.As(err, &wrong) && deviation != nil:
		result.State = report.KnownDeviation
		result.Reason = fmt.Sprintf("%s (owner %s, until %s)",
			deviation.Reason, deviation.Owner, deviation.Expires.Format(time.DateOnly))
	case errors.As(err, &wrong):
		result.State, result.Failure = report.Fail, wrong.text
	default:
		result.State, result.Reason = report.Error, err.Error()
	}
}

// redact returns a result without secrets in its texts.
func (r *run) redact(result report.Result) report.Result {
	result.Reason, result.Failure = r.redactor.Redact(result.Reason), r.redactor.Redact(result.Failure)
	return result
}

// printProgress writes a line about a result, unless its rule was disabled.
func (r *run) printProgress(result report.Result) {
	if r.options.Progress == nil || result.State == report.Disabled {
		return
	}
	line := fmt.Sprintf("%-16s %s", result.State, result.ID)
	if result.Reason != "" {
		line += ": " + result.Reason
	}
	fmt.Fprintln(r.options.Progress, line)
}
