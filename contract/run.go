package contract

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi"
)

// Options configure a run. The zero value runs every rule.
type Options struct {
	Rules      []string // ids, or patterns as "items/*"; empty: all
	Levels     []Level  // empty: all
	Seed       int64    // shuffles the rules; 0: the order of Rules
	Timing     Timing
	Deviations []Deviation

	// AgainstVersion is the version of Connect whose promises count: rules that it did
	// not promise are disabled. Empty: those of the newest version.
	AgainstVersion string

	Ledger   string            // file that lists the items not deleted yet; empty: none
	Document *openapi.Document // nil: the embedded one
	Require  Requirement       // how much must be tested; zero: nothing
	Coverage float64           // share of the documented responses that must be seen, 0 to 1
	Parallel int               // rules that are checked at the same time, if they may be; 0: 8
	Progress io.Writer         // gets a line for each rule; nil: none

	// OnResult is called with each result of a selected rule, one call at a time: it is
	// the done-th of total; nil: it is not called.
	OnResult func(done, total int, x report.Result)

	Now func() time.Time // nil: time.Now
}

// run is one run of the rules against one target.
type run struct {
	*shared
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
		shared: newShared(strings.ToLower(rand.Text()[:8])), target: t, options: o, timing: o.Timing.withDefaults(),
	}
	r.seed, r.document, r.server = o.Seed, o.Document, t.server()
	r.patience, r.request = newPatience(r.timing.Within, r.timing.Every), r.timing.Request
	if o.Now != nil {
		r.now = o.Now
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	var err error
	if r.document == nil {
		if r.document, err = documentOf(o.AgainstVersion); err != nil {
			return nil, err
		}
	}
	r.redactor.AddToken(t.Token, "OP_CONNECT_TOKEN")
	if t.Control != nil {
		r.redactor.Add(t.Control.Token)
	}
	for _, token := range append([]string{t.ReaderToken, t.WriterToken, t.OtherToken}, t.RefusedTokens...) {
		r.redactor.Add(token)
	}
	if r.ledgerFile, err = newLedger(o.Ledger); err != nil {
		return nil, err
	}
	r.ledger = r.ledgerFile.Ledger
	r.coverage = coverage.New(r.document)
	r.createClient()
	return r, nil
}

// Validate returns an error for options that select no rule or are out of range.
// The error names the valid values. Run calls it first.
func (o Options) Validate() error {
	for _, pattern := range o.Rules {
		if err := checkPattern(pattern); err != nil {
			return err
		}
	}
	if o.AgainstVersion != "" {
		if err := checkVersion(o.AgainstVersion); err != nil {
			return err
		}
	}
	if o.Coverage < 0 || o.Coverage > 1 {
		return fmt.Errorf("coverage %g is out of range: it is a share from 0 to 1", o.Coverage)
	}
	if o.Parallel < 0 {
		return fmt.Errorf("%d rules can't be checked at the same time: the number must be above 0", o.Parallel)
	}
	for _, level := range o.Levels {
		if !slices.Contains([]Level{Must, Should, Observed}, level) {
			return fmt.Errorf("unknown level %q, not one of MUST, SHOULD, OBSERVED%s", level, suggestLevel(level))
		}
	}
	return nil
}

// matchesPattern reports whether a valid pattern matches an id.
func matchesPattern(pattern, id string) bool {
	ok, _ := path.Match(pattern, id) // the pattern was checked
	return ok
}

// disabledReason returns why a rule is not selected, "" if it is.
func (o Options) disabledReason(r Rule) string {
	if len(o.Levels) > 0 && !slices.Contains(o.Levels, r.Level) {
		return fmt.Sprintf("level %s is not selected", r.Level)
	}
	if len(o.Rules) > 0 && !slices.ContainsFunc(o.Rules, func(p string) bool { return matchesPattern(p, r.ID) }) {
		return "not among the selected rules"
	}
	return r.NotPromised(o.AgainstVersion)
}

// createClient creates the recorder and the client that uses it.
func (r *run) createClient() {
	base := suite.Transport(r.target.Client, true)
	if hasSnakeKeys(r.options.AgainstVersion) {
		base = snakeKeys{base}
	}
	r.recorder = &exchange.Recorder{
		Document: r.document, Base: base, Redactor: r.redactor, Coverage: r.coverage,
		Timeout: r.timing.Request, Now: r.options.Now,
	}
	if u, err := url.Parse(r.target.URL); err == nil {
		r.recorder.BasePath = u.Path
	}
	r.client = suite.NewClient(r.recorder)
}

// inspectOnce finds the capabilities of the target when it is called first.
func (r *run) inspectOnce(ctx context.Context) {
	r.once.Do(func() {
		r.inspectTarget(ctx)
		r.markUnreachable()
		r.inspected = true
	})
}

// runRule runs one rule and returns its redacted result.
func (r *run) runRule(ctx context.Context, rule rule) report.Result {
	if r.options.disabledReason(rule.Rule) == "" && ctx.Err() == nil {
		r.inspectOnce(ctx)
	}
	return r.redact(r.newCase(rule).Run(ctx))
}

// newCase returns the case that checks a rule. The capabilities must be known
// unless the rule is disabled or the run has ended.
func (r *run) newCase(rule rule) suite.Case {
	c := suite.Case{Result: newResult(rule.Rule), Disabled: r.options.disabledReason(rule.Rule), Long: rule.Long}
	rule.Touches.schedule(&c)
	if r.inspected && r.unreachable == nil {
		c.Skip = r.server.skipReason(rule.Needs)
	}
	c.Check = func(ctx context.Context, result *report.Result) {
		if r.unreachable != nil {
			result.State, result.Reason = report.Error, r.unreachable.Error()
			return
		}
		r.checkRule(ctx, rule, result)
	}
	return c
}

// checkRule runs the check of a rule, deletes the items that it created and sets
// the state of the result.
func (r *run) checkRule(ctx context.Context, rule rule, result *report.Result) {
	s := r.newSession(ctx)
	s.scope = r.recorder.Scope()
	defer s.scope.Close()
	checkErr := s.runCheck(rule.check)
	cleanUpErr := s.cleanUp(r.grace) // the context of the check may have ended
	r.setState(result, rule.Rule, checkErr, cleanUpErr)
	if result.State == report.Fail || result.State == report.Error {
		result.Exchanges = s.exchanges()
		for _, e := range result.Exchanges {
			result.Curl = append(result.Curl, exchange.Curl(e))
		}
	}
}

// newResult returns the result of a rule before its check.
func newResult(rule Rule) report.Result {
	return report.Result{
		ID: rule.ID, Title: rule.Text, Tag: rule.Tag, Level: string(rule.Level), Evidence: rule.Evidence,
	}
}

// setState sets the state of a result. checkErr is the error of the check,
// cleanUpErr that of deleting the items of the check.
func (r *run) setState(result *report.Result, rule Rule, checkErr, cleanUpErr error) {
	var failure assertionFailure
	var interrupted interruption
	deviation := r.findDeviation(rule.ID)
	switch {
	case checkErr == nil && cleanUpErr == nil && deviation != nil && !deviation.isPattern():
		result.State = report.UnexpectedPass
		result.Reason = fmt.Sprintf("the rule passes, but a deviation says that it fails (%s, owner %s); remove the entry",
			deviation.Reason, deviation.Owner)
	case checkErr == nil && cleanUpErr == nil:
		result.State = report.Pass
	case checkErr == nil:
		result.State, result.Reason = report.Error, cleanUpErr.Error()
	case errors.As(checkErr, &interrupted) && cleanUpErr == nil:
		result.State, result.Reason = report.NotRun, interrupted.Error()
	case errors.As(checkErr, &failure) && deviation != nil:
		result.State = report.KnownDeviation
		result.Reason = fmt.Sprintf("%s (owner %s, until %s)",
			deviation.Reason, deviation.Owner, deviation.Expires.Format(time.DateOnly))
	case errors.As(checkErr, &failure):
		result.State, result.Failure, result.Reason = report.Fail, failure.text, r.expiredDeviation(rule.ID)
	default:
		result.State, result.Reason = report.Error, checkErr.Error()
	}
}

// redact returns a result without secrets in its texts.
func (r *run) redact(result report.Result) report.Result {
	result.Reason, result.Failure = r.redactor.Redact(result.Reason), r.redactor.Redact(result.Failure)
	return result
}

// printProgress writes a line about a result unless its rule is disabled.
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
