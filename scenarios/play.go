package scenarios

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// cleanUpTime is how long it may take to leave nothing behind, whatever became of
// the scenario.
const cleanUpTime = 30 * time.Second

// play is one run of one scenario.
type play struct {
	of      *run
	in      instance
	prefix  string
	account string // id of its account on a mock; empty: it has none
	env     map[string]any
	left    map[string]string // names without a value because a step was left out, with the reason
	partial []string          // what was left out, with reasons
	done    int               // steps that were done

	mu        sync.Mutex // of what follows
	tokens    map[string]string
	tokenIDs  map[string]string
	secrets   map[string]string
	items     []createdItem
	exchanges []*exchange.Exchange
	replay    []*exchange.Exchange // what to send to see it again: no cleaning up, unless that is what failed
	counter   int

	err     error // how the states and steps ended
	finally error // how the rest did
	remains error // what could not be cleaned up
}

// failure is an expectation that the server did not meet.
type failure struct{ text string }

func (f *failure) Error() string { return f.text }

func failed(format string, args ...any) error { return &failure{fmt.Sprintf(format, args...)} }

func (r *run) play(in instance) *play {
	p := &play{
		of: r, in: in, prefix: fmt.Sprintf("%s-%d", r.prefix(), r.number.Add(1)),
		left: map[string]string{}, tokens: map[string]string{}, tokenIDs: map[string]string{}, secrets: map[string]string{},
	}
	inputs := map[string]any{}
	for _, i := range in.Inputs {
		inputs[i.Name] = i.Default
		if v, ok := r.options.Inputs[i.Name]; ok {
			inputs[i.Name] = v
		}
	}
	target := map[string]any{"name": r.target.name(), "control": r.target.Control != nil}
	if r.found.vault != "" {
		target["vault"] = r.found.vault
	}
	p.env = map[string]any{
		"run": map[string]any{"id": r.id, "prefix": p.prefix}, "target": target, "inputs": inputs, "matrix": in.matrix,
		"secret": p.secret, "now": p.now,
	}
	return p
}

// run runs the scenario and cleans up after it.
func (p *play) run(ctx context.Context) {
	limit := p.in.timeout
	if limit == 0 {
		limit = p.of.options.Timeout
	}
	inside, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done within the scenario's %s", limit))
	defer cancel()
	p.err = p.setUp(inside)
	if p.err == nil {
		p.err = p.runSteps(inside, p.in.steps)
	}
	if p.err != nil && inside.Err() != nil {
		p.err = interrupted(inside, p.err)
	}
	p.replay = p.recorded()
	after, stop := context.WithTimeoutCause(p.of.grace, max(limit, cleanUpTime), errors.New("cleaning up took too long"))
	defer stop()
	var skip *skipped
	if !errors.As(p.err, &skip) {
		p.finally = p.runFinally(after)
	}
	p.remains = p.cleanUp(after)
	if p.err == nil {
		p.replay = p.recorded()
	}
}

// interrupted returns the error of a scenario whose time was over or that was
// interrupted: responses to requests that were cancelled prove nothing.
func interrupted(ctx context.Context, err error) error {
	at := ""
	var s *stepError
	if errors.As(err, &s) {
		at = ", at " + s.step
	}
	return fmt.Errorf("interrupted: %w%s", context.Cause(ctx), at)
}

// setUp brings the target into the states the scenario starts from.
func (p *play) setUp(ctx context.Context) error {
	if err := p.createAccount(ctx); err != nil {
		return err
	}
	for i := range p.in.given {
		if err := p.setUpState(ctx, &p.in.given[i]); err != nil {
			return err
		}
	}
	if p.account != "" && len(p.in.given) > 0 {
		return p.of.target.Control.ClearJournal(ctx, p.account) // it is about the steps
	}
	return nil
}

// stepError is the error of a step.
type stepError struct {
	step string
	err  error
}

func (e *stepError) Error() string { return e.step + ": " + e.err.Error() }
func (e *stepError) Unwrap() error { return e.err }

// runSteps runs steps until one fails.
func (p *play) runSteps(ctx context.Context, steps []*action) error {
	for _, a := range steps {
		if ctx.Err() != nil {
			return &stepError{a.name, context.Cause(ctx)}
		}
		if err := p.step(ctx, a); err != nil {
			return &stepError{a.name, err}
		}
	}
	return nil
}

// runFinally runs all of finally: the next step runs although one failed.
// Steps that use something that was never created are left out.
func (p *play) runFinally(ctx context.Context) error {
	var errs []error
	for _, a := range p.in.finally {
		if p.err != nil && p.unknown(a) != "" {
			continue
		}
		if err := p.step(ctx, a); err != nil {
			errs = append(errs, fmt.Errorf("finally: %w", &stepError{a.name, err}))
		}
	}
	return errors.Join(errs...)
}

// unknown returns a name that a step uses and that has no value, "" if all have.
func (p *play) unknown(a *action) string {
	for _, name := range slices.Sorted(maps.Keys(a.uses)) {
		_, known := p.env[name]
		_, actor := p.tokens[name]
		if !known && !actor && !slices.Contains([]string{"res", "step", "sha256", "id", "get", "has"}, name) {
			return name
		}
	}
	return ""
}

// step runs one step, or leaves it out and says why.
func (p *play) step(ctx context.Context, a *action) error {
	if why := p.of.found.missing(a.owed); why != "" {
		p.leaveOut(a, why)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(a.uses)) {
		if why, ok := p.left[name]; ok {
			p.leaveOut(a, why)
			return nil
		}
	}
	p.done++
	for _, name := range a.makes {
		delete(p.left, name)
	}
	return p.rounds(ctx, a)
}

func (p *play) leaveOut(a *action, why string) {
	p.partial = append(p.partial, fmt.Sprintf("%s was left out: %s", a.name, why))
	for _, name := range a.makes {
		if _, known := p.env[name]; !known {
			p.left[name] = fmt.Sprintf("it uses %q, which %s would have made", name, a.name)
		}
	}
}

// judge sets the state of a result by how the scenario ended.
func (p *play) judge(ctx context.Context, result *report.Result) {
	var broken *failure
	var skip *skipped
	all := errors.Join(p.err, p.finally)
	switch {
	case errors.As(p.err, &skip):
		result.State, result.Reason = report.Skip, skip.why
	case errors.As(all, &broken):
		result.State, result.Failure = report.Fail, all.Error()
	case all != nil:
		result.State, result.Reason = report.Error, all.Error()
	case p.done == 0:
		result.State, result.Reason = report.Skip, "nothing of it can be done here; "+strings.Join(p.partial, "; ")
	case len(p.partial) > 0:
		result.State, result.Reason = report.Partial, strings.Join(p.partial, "; ")
	default:
		result.State = report.Pass
	}
	if p.remains != nil {
		if result.State != report.Fail {
			result.State = report.Error
		}
		result.Reason = strings.TrimPrefix(result.Reason+"; "+p.remains.Error(), "; ")
	}
	if result.State == report.Fail || result.State == report.Error {
		result.Exchanges = p.exchanges
		for _, e := range p.replay {
			result.Curl = append(result.Curl, exchange.Curl(e))
		}
	}
}

// track keeps an exchange for the report, the newest hundred of them.
func (p *play) track(e *exchange.Exchange) {
	const most = 100
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.exchanges) == most {
		p.exchanges = slices.Delete(p.exchanges, 0, 1)
	}
	p.exchanges = append(p.exchanges, e)
}

func (p *play) recorded() []*exchange.Exchange {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.exchanges)
}

// next is a number no other call of this scenario gets.
func (p *play) next() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counter++
	return fmt.Sprint(p.counter)
}

// pass lets time pass: the clock of the scenario's world is moved on, and where
// there is none it is waited.
func (p *play) pass(ctx context.Context, d time.Duration, really bool) error {
	if p.account == "" || really {
		return suite.Sleep(ctx, d)
	}
	_, err := p.of.target.Control.SetClock(ctx, p.account, controlapi.ClockChange{Advance: controlapi.Duration(d)})
	return err
}

// now is what time it is for the server, as far as can be told.
func (p *play) now() (time.Time, error) {
	if p.account == "" {
		return time.Now().UTC(), nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), cleanUpTime)
	defer cancel()
	clock, err := p.of.target.Control.Clock(ctx, p.account)
	return clock.Now.UTC(), err
}
