package scenarios

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"golang.org/x/sync/errgroup"
)

// Limits of loops.
const (
	maxLoopSize = 10_000
	maxParallel = 64 // iterations of a parallel loop that run at the same time
)

// runStep runs a step once, or once for each element of its loop, and adds what it captured to env.
func (s *scenarioRun) runStep(ctx context.Context, st *step) error {
	if st.loop == "" {
		got, err := s.runOnce(ctx, st, s.env)
		maps.Copy(s.env, got)
		return err
	}
	value, err := s.render(st.Foreach.Pairs[0].Value, s.env)
	if err != nil {
		return err
	}
	list, ok := value.([]any)
	if !ok {
		return fmt.Errorf("foreach %s: not a list", st.loop)
	}
	if len(list) > maxLoopSize {
		return fmt.Errorf("foreach %s: a list of %d elements, at most %d are allowed", st.loop, len(list), maxLoopSize)
	}
	if len(list) == 0 && !slices.Contains(s.scenario.finally, st) {
		s.stepsRun-- // a scenario that did nothing must not pass
		s.omissions = append(s.omissions, fmt.Sprintf("%s was left out: foreach %s: the list is empty", st.name, st.loop))
	}
	captured := make([]map[string]any, len(list))
	errs := make([]error, len(list))
	iterate := func(i int) error {
		env := maps.Clone(s.env)
		env[st.loop] = list[i]
		errs[i] = suite.Guard(func() (err error) { // parallel iterations have goroutines of their own
			captured[i], err = s.runOnce(ctx, st, env)
			return err
		})
		if errs[i] != nil {
			errs[i] = fmt.Errorf("round %d: %w", i+1, errs[i])
		}
		return errs[i]
	}
	if st.Parallel {
		var group errgroup.Group
		group.SetLimit(maxParallel)
		for i := range list {
			group.Go(func() error {
				_ = iterate(i) // errs has the error; the other iterations continue
				return nil
			})
		}
		_ = group.Wait()
	} else {
		for i := range list {
			if iterate(i) != nil {
				break
			}
		}
	}
	for _, name := range st.defines {
		all := []any{}
		for _, c := range captured {
			if v, ok := c[name]; ok {
				all = append(all, v)
			}
		}
		s.env[name] = all
	}
	return errors.Join(errs...)
}

// runOnce runs a step once, with its retries, and returns what it captured.
func (s *scenarioRun) runOnce(ctx context.Context, st *step, env map[string]any) (map[string]any, error) {
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
func (s *scenarioRun) attempt(ctx context.Context, st *step, env map[string]any, number int, began time.Time) (
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
	env["step"] = map[string]any{"id": st.name, "attempts": number, "took": time.Since(began)}
	return &outcome{got, env}, nil
}

// finishStep compares the response with the expectation and returns what the step captures. It captures also if the
// response is unexpected, so that created items are known.
func (s *scenarioRun) finishStep(st *step, t *outcome) (map[string]any, error) {
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
func (s *scenarioRun) runRetry(ctx context.Context, st *step, env map[string]any) (map[string]any, error) {
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
func (s *scenarioRun) retryReason(st *step, t *outcome) error {
	if !st.Retry.Until.set() {
		return s.expect(st, t, false)
	}
	isTrue, err := s.scenario.expressions[st.Retry.Until.node].IsTrue(t.env)
	switch {
	case err != nil:
		return assertionErrorf("%v", err) // such as a member that the response does not have yet
	case !isTrue:
		return assertionErrorf("%s is false; the last response was %s", st.Retry.Until.Text, t.response)
	}
	return nil
}

// capture returns the values that a step captures from a response, by name.
func (s *scenarioRun) capture(st *step, t *outcome) (map[string]any, error) {
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
		v, err := s.scenario.expressions[pair.Value].Eval(t.env)
		if err != nil {
			return got, assertionErrorf("capture %s: %v", pair.Key, err)
		}
		got[pair.Key] = v
	}
	return got, nil
}
