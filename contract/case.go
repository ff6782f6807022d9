package contract

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
)

// runRule runs one rule and returns its redacted result.
func (r *run) runRule(ctx context.Context, rule check.Rule) report.Result {
	if r.options.disabledReason(rule.Rule) == "" && ctx.Err() == nil {
		r.inspectOnce(ctx)
	}
	return r.redact(r.newCase(rule).Run(ctx))
}

// newCase returns the case that checks a rule. The capabilities must be known
// unless the rule is disabled or the run has ended.
func (r *run) newCase(rule check.Rule) suite.Case {
	c := suite.Case{Result: newResult(rule.Rule), Disabled: r.options.disabledReason(rule.Rule), Long: rule.Long}
	schedule(rule.Touches, &c)
	if r.inspected && r.unreachable == nil {
		c.Skip = r.Server.SkipReason(rule.Needs)
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
func (r *run) checkRule(ctx context.Context, rule check.Rule, result *report.Result) {
	s := r.NewSession(ctx)
	s.Scope = r.Recorder.Scope()
	defer s.Scope.Close()
	checkErr := s.RunCheck(rule.Check)
	cleanUpErr := s.CleanUp(r.Grace) // the context of the check may have ended
	r.setState(result, rule.Rule, checkErr, cleanUpErr)
	if result.State == report.Fail || result.State == report.Error {
		result.Exchanges = s.Exchanges()
		for _, e := range result.Exchanges {
			result.Curl = append(result.Curl, exchange.Curl(e))
		}
	}
}

// newResult returns the result of a rule before its check.
func newResult(rule rule.Rule) report.Result {
	return report.Result{
		ID: rule.ID, Title: rule.Text, Tag: rule.Tag, Level: string(rule.Level), Evidence: rule.Evidence,
	}
}

// setState sets the state of a result. checkErr is the error of the check,
// cleanUpErr that of deleting the items of the check.
func (r *run) setState(result *report.Result, rule rule.Rule, checkErr, cleanUpErr error) {
	var failure check.Failure
	var interrupted check.Interruption
	deviation := r.findDeviation(rule.ID)
	switch {
	case checkErr == nil && cleanUpErr == nil && deviation != nil && !deviation.isPattern():
		result.State = report.UnexpectedPass
		result.Reason = fmt.Sprintf(
			"the rule passes, but a deviation says that it fails (%s, owner %s); remove the entry",
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
		result.State, result.Failure, result.Reason = report.Fail, failure.Text, r.expiredDeviation(rule.ID)
	default:
		result.State, result.Reason = report.Error, checkErr.Error()
	}
}

// redact returns a result without secrets in its texts.
func (r *run) redact(result report.Result) report.Result {
	result.Reason, result.Failure = r.Redactor.Redact(result.Reason), r.Redactor.Redact(result.Failure)
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

// schedule sets when the case of a rule runs: first those with items of their own, then
// those that only read and, one at a time beside them, those about the vault, then those
// about the log, and at last the others, alone.
func schedule(t rule.Touches, c *suite.Case) {
	switch t {
	case rule.OwnItems:
		c.Phase = 0
	case rule.ReadOnly:
		c.Phase = 1
	case rule.VaultState:
		c.Phase, c.Serial = 1, t.String()
	case rule.ActivityLog:
		c.Phase = 2
	default:
		c.Phase, c.Serial = 3, t.String()
	}
}
