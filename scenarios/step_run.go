package scenarios

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// stepError is the error of a step.
type stepError struct {
	step string
	line int // of the scenario's file; 0: the step is of another file
	err  error
}

func newStepError(st *language.Step, err error) *stepError {
	e := &stepError{step: st.Name, err: err}
	if !st.Fragment {
		e.line = st.At.Line
	}
	return e
}

func (e *stepError) Error() string { return e.step + ": " + e.err.Error() }

func (e *stepError) Unwrap() error { return e.err }

// tryStep runs one step, or leaves it out if the target can't do it.
func (s *scenarioRun) tryStep(ctx context.Context, st *language.Step) error {
	if why := s.run.info.capabilities.SkipReason(st.Capabilities); why != "" {
		s.skipStep(st, why)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(st.Uses)) {
		if why, ok := s.undefinedBecause[name]; ok {
			s.skipStep(st, why)
			return nil
		}
	}
	s.stepsRun++
	for _, name := range st.Defines {
		delete(s.undefinedBecause, name)
	}
	s.reportStep(st, StepBegun)
	err := s.runStep(ctx, st)
	if err != nil {
		s.reportStep(st, StepFailed)
	} else {
		s.reportStep(st, StepDone)
	}
	return err
}

// reportStep tells who runs the scenario how far a step is.
func (s *scenarioRun) reportStep(st *language.Step, state StepState) {
	if s.run.options.OnStep != nil {
		s.run.options.OnStep(Step{Scenario: s.scenario.id, Name: st.Name, Title: st.Title.Text, State: state})
	}
}

// skipStep records that a step is left out, and that the names it defines have no value.
func (s *scenarioRun) skipStep(st *language.Step, why string) {
	s.reportStep(st, StepLeftOut)
	s.omissions = append(s.omissions, fmt.Sprintf("%s was left out: %s", st.Name, why))
	for _, name := range st.Defines {
		if _, known := s.env[name]; !known {
			s.undefinedBecause[name] = fmt.Sprintf("it uses %q, which %s would have defined", name, st.Name)
		}
	}
}

// runOnce runs a step once, with its retries, and returns what it captured.
func (s *scenarioRun) runOnce(ctx context.Context, st *language.Step, env map[string]any) (map[string]any, error) {
	switch {
	case st.Wait != nil:
		return nil, s.wait(ctx, st.Wait.For, st.Wait.Real)
	case st.Retry != nil:
		return s.runRetry(ctx, st, env)
	}
	got, err := s.attempt(ctx, st, env, 1, time.Now())
	if err != nil {
		return nil, err
	}
	return s.finishStep(st, got)
}

// outcome is the result of one attempt at a step.
type outcome struct {
	response *response
	env      map[string]any // for expressions, with res and step
}

// attempt sends the request or command of a step.
func (s *scenarioRun) attempt(ctx context.Context, st *language.Step, env map[string]any, number int, began time.Time) (
	*outcome, error,
) {
	var got *response
	var err error
	if st.Mock != nil {
		got, err = s.runCommand(ctx, st, env)
	} else {
		got, err = s.send(ctx, st, env)
	}
	if err != nil {
		return nil, err
	}
	env = maps.Clone(env)
	env["res"] = got.res()
	env["step"] = map[string]any{"id": st.Name, "attempts": number, "took": time.Since(began)}
	return &outcome{got, env}, nil
}

// finishStep compares the response with the expectation and returns what the step captures. It captures also if the
// response is unexpected, so that created items are known.
func (s *scenarioRun) finishStep(st *language.Step, t *outcome) (map[string]any, error) {
	err := s.expect(st, t, true)
	var unmet *assertionError
	if err != nil && !errors.As(err, &unmet) {
		return nil, err
	}
	captured, captureErr := s.capture(st, t)
	if err == nil {
		err = captureErr
	}
	return captured, err
}

// runRetry attempts a step until its condition is true, or the time for retries is over.
func (s *scenarioRun) runRetry(ctx context.Context, st *language.Step, env map[string]any) (map[string]any, error) {
	began := time.Now()
	waited := time.Duration(0)
	for number := 1; ; number++ {
		t, err := s.attempt(ctx, st, env, number, began)
		if err != nil {
			return nil, err
		}
		reason := s.retryReason(st, t)
		if reason == nil {
			return s.finishStep(st, t)
		}
		if s.account == "" {
			waited = time.Since(began)
		}
		if waited+st.Retry.Every > st.Retry.Within {
			var unmet *assertionError
			if !errors.As(reason, &unmet) {
				return nil, fmt.Errorf("not within %s, after %d attempts: %w", st.Retry.Within, number, reason)
			}
			return nil, assertionErrorf("not within %s, after %d attempts: %v", st.Retry.Within, number, reason)
		}
		if err := s.wait(ctx, st.Retry.Every, false); err != nil {
			return nil, err
		}
		waited += st.Retry.Every
	}
}

// retryReason returns why a step must be attempted again, or nil.
func (s *scenarioRun) retryReason(st *language.Step, t *outcome) error {
	if !st.Retry.Until.Set() {
		return s.expect(st, t, false)
	}
	isTrue, err := s.scenario.Expressions[st.Retry.Until.Node].IsTrue(t.env)
	switch {
	case err != nil:
		return assertionErrorf("%v", err) // such as a member that the response does not have yet
	case !isTrue:
		return assertionErrorf("%s is false; the last response was %s", st.Retry.Until.Text, t.response)
	}
	return nil
}

// capture returns the values that a step captures from a response, by name.
func (s *scenarioRun) capture(st *language.Step, t *outcome) (map[string]any, error) {
	got := map[string]any{}
	if t.response.defined != nil {
		got = t.response.defined
	}
	if st.Capture == nil {
		return got, nil
	}
	for _, pair := range st.Capture.Pairs {
		if strings.HasPrefix(pair.Value.Raw, "/") {
			document, err := t.response.document()
			if err == nil {
				got[pair.Key], err = expression.Pointer(document, pair.Value.Raw)
			}
			if err != nil {
				delete(got, pair.Key)
				return got, assertionErrorf("capture %s: %v", pair.Key, err)
			}
			continue
		}
		v, err := s.scenario.Expressions[pair.Value].Eval(t.env)
		if err != nil {
			return got, assertionErrorf("capture %s: %v", pair.Key, err)
		}
		got[pair.Key] = v
	}
	return got, nil
}
