package scenarios

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/scenarios/internal/language"
	"golang.org/x/sync/errgroup"
)

// Limits of loops.
const (
	maxLoopSize = 10_000
	maxParallel = 64 // iterations of a parallel loop that run at the same time
)

// runStep runs a step once, or once for each element of its loop, and adds what it captured to env.
func (s *scenarioRun) runStep(ctx context.Context, st *language.Step) error {
	if st.Loop == "" {
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
		return fmt.Errorf("foreach %s: not a list", st.Loop)
	}
	if len(list) > maxLoopSize {
		return fmt.Errorf("foreach %s: a list of %d elements, at most %d are allowed", st.Loop, len(list), maxLoopSize)
	}
	if len(list) == 0 && !slices.Contains(s.scenario.Finally, st) {
		s.stepsRun-- // a scenario that did nothing must not pass
		s.omissions = append(s.omissions,
			fmt.Sprintf("%s was left out: foreach %s: the list is empty", st.Name, st.Loop))
	}
	captured := make([]map[string]any, len(list))
	errs := make([]error, len(list))
	iterate := func(i int) error {
		env := maps.Clone(s.env)
		env[st.Loop] = list[i]
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
	for _, name := range st.Defines {
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
