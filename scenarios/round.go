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
	"golang.org/x/sync/errgroup"
)

// mostRounds is how many rounds a loop may have, mostAtOnce how many of a
// parallel one run at the same time.
const (
	mostRounds = 10_000
	mostAtOnce = 64
)

// rounds does a step once, or once for each element of its loop.
func (p *play) rounds(ctx context.Context, a *action) error {
	if a.loop == "" {
		got, err := p.round(ctx, a, p.env)
		maps.Copy(p.env, got)
		return err
	}
	value, err := p.render(a.Foreach.Pairs[0].Value, p.env)
	if err != nil {
		return err
	}
	list, ok := value.([]any)
	if !ok {
		return fmt.Errorf("foreach %s: this is no list", a.loop)
	}
	if len(list) > mostRounds {
		return fmt.Errorf("foreach %s: %d rounds are more than %d", a.loop, len(list), mostRounds)
	}
	if len(list) == 0 && !slices.Contains(p.in.finally, a) {
		p.done-- // a scenario in which nothing was done does not pass
		p.partial = append(p.partial, fmt.Sprintf("%s was left out: foreach %s: the list is empty", a.name, a.loop))
	}
	captured := make([]map[string]any, len(list))
	errs := make([]error, len(list))
	one := func(i int) error {
		env := maps.Clone(p.env)
		env[a.loop] = list[i]
		captured[i], errs[i] = p.round(ctx, a, env)
		if errs[i] != nil {
			errs[i] = fmt.Errorf("round %d: %w", i+1, errs[i])
		}
		return errs[i]
	}
	if a.Parallel {
		var group errgroup.Group
		group.SetLimit(mostAtOnce)
		for i := range list {
			group.Go(func() error {
				_ = one(i) // the error is in errs; the others go on
				return nil
			})
		}
		_ = group.Wait()
	} else {
		for i := range list {
			if one(i) != nil {
				break
			}
		}
	}
	for _, name := range a.makes {
		all := []any{}
		for _, c := range captured {
			if v, ok := c[name]; ok {
				all = append(all, v)
			}
		}
		p.env[name] = all
	}
	return errors.Join(errs...)
}

// round does a step once and answers what it captured.
func (p *play) round(ctx context.Context, a *action, env map[string]any) (map[string]any, error) {
	switch {
	case a.Wait != nil:
		return nil, p.pass(ctx, a.Wait.For, a.Wait.Real)
	case a.Retry != nil:
		return p.again(ctx, a, env)
	}
	got, err := p.attempt(ctx, a, env, 1, time.Now())
	if err != nil {
		return nil, err
	}
	return p.settle(a, got)
}

// try is one attempt at a step: what came, and the names to look at it with.
type try struct {
	answer *answer
	env    map[string]any
}

// attempt sends what a step says once.
func (p *play) attempt(ctx context.Context, a *action, env map[string]any, number int, began time.Time) (*try, error) {
	var got *answer
	var err error
	if a.Mock != nil {
		got, err = p.command(ctx, a, env)
	} else {
		got, err = p.exchange(ctx, a, env)
	}
	if err != nil {
		return nil, err
	}
	env = maps.Clone(env)
	env["res"] = got.res()
	env["step"] = map[string]any{"id": a.name, "attempts": number, "took": time.Since(began)}
	return &try{got, env}, nil
}

// settle holds what came to the expectation and takes from it what is captured.
func (p *play) settle(a *action, t *try) (map[string]any, error) {
	err := p.expect(a, t, true)
	var broken *failure
	if err != nil && !errors.As(err, &broken) {
		return nil, err
	}
	captured, captureErr := p.capture(a, t)
	if err == nil {
		err = captureErr
	}
	return captured, err // what a create made is known even where it is not as expected
}

// again does a step until its condition holds, waiting in between.
func (p *play) again(ctx context.Context, a *action, env map[string]any) (map[string]any, error) {
	began := time.Now()
	waited := time.Duration(0)
	for number := 1; ; number++ {
		t, err := p.attempt(ctx, a, env, number, began)
		if err != nil {
			return nil, err
		}
		notYet := p.notYet(a, t)
		if notYet == nil {
			return p.settle(a, t)
		}
		if p.account == "" {
			waited = time.Since(began)
		}
		if waited+a.Retry.Every > a.Retry.Within {
			var broken *failure
			if !errors.As(notYet, &broken) {
				return nil, fmt.Errorf("not within %s, after %d attempts: %w", a.Retry.Within, number, notYet)
			}
			return nil, failed("not within %s, after %d attempts: %v", a.Retry.Within, number, notYet)
		}
		if err := p.pass(ctx, a.Retry.Every, false); err != nil {
			return nil, err
		}
		waited += a.Retry.Every
	}
}

// notYet is why a step has to be done again, nil if it has not.
func (p *play) notYet(a *action, t *try) error {
	if !a.Retry.Until.set() {
		return p.expect(a, t, false)
	}
	holds, err := p.in.expressions[a.Retry.Until.node].IsTrue(t.env)
	switch {
	case err != nil:
		return failed("%v", err) // the answer is not there yet, or of another form
	case !holds:
		return failed("%s does not hold; the last answer was %s", a.Retry.Until.Text, t.answer)
	}
	return nil
}

// capture takes from an answer what the step wants to remember.
func (p *play) capture(a *action, t *try) (map[string]any, error) {
	got := map[string]any{}
	if t.answer.made != nil {
		got = t.answer.made
	}
	if a.Capture == nil {
		return got, nil
	}
	for _, pair := range a.Capture.Pairs {
		if strings.HasPrefix(pair.Value.Raw, "/") {
			document, err := t.answer.document()
			if err == nil {
				got[pair.Key], err = expression.Pointer(document, pair.Value.Raw)
			}
			if err != nil {
				delete(got, pair.Key)
				return got, failed("capture %s: %v", pair.Key, err)
			}
			continue
		}
		v, err := p.in.expressions[pair.Value].Eval(t.env)
		if err != nil {
			return got, failed("capture %s: %v", pair.Key, err)
		}
		got[pair.Key] = v
	}
	return got, nil
}
