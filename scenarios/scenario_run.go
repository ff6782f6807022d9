package scenarios

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// cleanUpTime limits how long the clean-up of a scenario may take.
const cleanUpTime = 30 * time.Second

// scenarioRun is one run of one scenario. A step that the target can't do is left out, and the result is partial.
type scenarioRun struct {
	run      *run
	scenario instance
	prefix   string
	account  string // id of its account on a mock; empty: it has none
	env      map[string]any
	// Names that have no value because the step that defines them was left out, with the reason.
	undefinedBecause map[string]string
	omissions        []string // what was left out, with reasons
	stepsRun         int

	mu            sync.Mutex // guards the following fields
	tokens        map[string]string
	tokenIDs      map[string]string
	secrets       map[string]string
	items         []createdItem
	exchanges     []*exchange.Exchange
	curlExchanges []*exchange.Exchange // shown as curl lines: without those of the clean-up, unless it is what failed
	counter       int

	err        error // of the states and steps
	finallyErr error // of the steps of finally
	cleanUpErr error // what could not be cleaned up
}

func (r *run) newScenarioRun(in instance) *scenarioRun {
	s := &scenarioRun{
		run: r, scenario: in, prefix: fmt.Sprintf("%s-%d", r.prefix(), r.number.Add(1)),
		undefinedBecause: map[string]string{}, tokens: map[string]string{}, tokenIDs: map[string]string{},
		secrets: map[string]string{},
	}
	inputs := map[string]any{}
	for _, i := range in.Inputs {
		inputs[i.Name] = i.Default
		if v, ok := r.options.Inputs[i.Name]; ok {
			inputs[i.Name] = v
		}
	}
	target := map[string]any{"name": r.target.name(), "control": r.target.Control != nil}
	if r.info.vault != "" {
		target["vault"] = r.info.vault
	}
	s.env = map[string]any{
		"run": map[string]any{"id": r.id, "prefix": s.prefix}, "target": target, "inputs": inputs, "matrix": in.matrix,
		"secret": s.secret, "now": s.now,
	}
	return s
}

// execute runs the scenario and cleans up after it.
func (s *scenarioRun) execute(ctx context.Context) {
	limit := s.scenario.Timeout
	if limit == 0 {
		limit = s.run.options.Timeout
	}
	limited, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done within the scenario's %s", limit))
	defer cancel()
	s.err = suite.Guard(func() error {
		if err := s.setUp(limited); err != nil {
			return err
		}
		return s.runSteps(limited, s.scenario.Steps)
	})
	if s.err != nil && limited.Err() != nil {
		s.err = interruptedError(limited, s.err)
	}
	s.curlExchanges = s.recordedExchanges()
	after, stop := context.WithTimeoutCause(s.run.grace, max(limit, cleanUpTime),
		errors.New("cleaning up took too long"))
	defer stop()
	var skip *skipError
	if !errors.As(s.err, &skip) {
		s.finallyErr = suite.Guard(func() error { return s.runFinally(after) })
	}
	s.cleanUpErr = s.cleanUp(after)
	if s.err == nil {
		s.curlExchanges = s.recordedExchanges()
	}
}

// interruptedError returns the error of a scenario that ran out of time or was interrupted. Responses to requests that
// were cancelled prove nothing.
func interruptedError(ctx context.Context, err error) error {
	at := ""
	var stepErr *stepError
	if errors.As(err, &stepErr) {
		at = ", at " + stepErr.step
	}
	return fmt.Errorf("interrupted: %w%s", context.Cause(ctx), at)
}

// setUp creates the account and the states that the scenario starts from.
func (s *scenarioRun) setUp(ctx context.Context) error {
	if err := s.createAccount(ctx); err != nil {
		return err
	}
	for i := range s.scenario.Given {
		if err := s.setUpState(ctx, &s.scenario.Given[i]); err != nil {
			return err
		}
	}
	if s.account != "" && len(s.scenario.Given) > 0 {
		return s.run.target.Control.ClearJournal(ctx, s.account) // so that it has only the requests of steps
	}
	return nil
}

// runSteps runs steps until one fails.
func (s *scenarioRun) runSteps(ctx context.Context, steps []*language.Step) error {
	for _, st := range steps {
		if ctx.Err() != nil {
			return newStepError(st, context.Cause(ctx))
		}
		if err := s.tryStep(ctx, st); err != nil {
			return newStepError(st, err)
		}
	}
	return nil
}

// runFinally runs all steps of finally, also after one that fails. After a failed scenario it leaves out steps that
// use something that was never created.
func (s *scenarioRun) runFinally(ctx context.Context) error {
	var errs []error
	for _, st := range s.scenario.Finally {
		if s.err != nil && s.undefinedName(st) != "" {
			continue
		}
		if err := s.tryStep(ctx, st); err != nil {
			errs = append(errs, fmt.Errorf("finally: %w", newStepError(st, err)))
		}
	}
	return errors.Join(errs...)
}

// undefinedName returns a name that a step uses and that has no value, or "" if there is none.
func (s *scenarioRun) undefinedName(st *language.Step) string {
	for _, name := range slices.Sorted(maps.Keys(st.Uses)) {
		_, known := s.env[name]
		_, actor := s.tokens[name]
		if !known && !actor && !slices.Contains([]string{"res", "step", "sha256", "id", "get", "has"}, name) {
			return name
		}
	}
	return ""
}

// nextNumber returns 1, 2, 3 and so on.
func (s *scenarioRun) nextNumber() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counter++
	return fmt.Sprint(s.counter)
}

// wait advances the clock of the scenario's account by d. Without an account, or if realTime is set, it waits.
func (s *scenarioRun) wait(ctx context.Context, d time.Duration, realTime bool) error {
	if s.account == "" || realTime {
		return sleep.For(ctx, d)
	}
	_, err := s.run.target.Control.SetClock(ctx, s.account, controlapi.ClockChange{Advance: controlapi.Duration(d)})
	return err
}

// now returns the time of the account's clock, or the local time without an account.
func (s *scenarioRun) now() (time.Time, error) {
	if s.account == "" {
		return time.Now().UTC(), nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), cleanUpTime)
	defer cancel()
	clock, err := s.run.target.Control.Clock(ctx, s.account)
	return clock.Now.UTC(), err
}
