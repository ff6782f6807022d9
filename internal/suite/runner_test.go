package suite_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
)

// numbered returns n cases with the ids "0", "1" ... that call check.
func numbered(n int, check func(id string)) []suite.Case {
	var list []suite.Case
	for i := range n {
		list = append(list, suite.Case{
			Result: report.Result{ID: fmt.Sprint(i)},
			Check: func(_ context.Context, result *report.Result) {
				check(result.ID)
				result.State = report.Pass
			},
		})
	}
	return list
}

func TestRunner_RunsAsManyAtOnceAsAllowed(t *testing.T) {
	t.Parallel()
	const parallel = 3
	var mu sync.Mutex
	running, most := 0, 0
	full := make(chan struct{})
	cases := numbered(20, func(string) {
		mu.Lock()
		if running++; running == parallel && most < parallel {
			close(full)
		}
		most = max(most, running)
		mu.Unlock()
		<-full // nobody ends before the limit is reached
		mu.Lock()
		running--
		mu.Unlock()
	})
	suite.Runner{Parallel: parallel}.Run(t.Context(), cases)
	if most != parallel {
		t.Errorf("%d cases ran at once, want %d", most, parallel)
	}
}

func TestRunner_ReturnsResultsInTheOrderOfTheCases(t *testing.T) {
	t.Parallel()
	run := func(runner suite.Runner) (ran, results []string) {
		var mu sync.Mutex
		for _, x := range runner.Run(t.Context(), numbered(50, func(id string) {
			mu.Lock()
			defer mu.Unlock()
			ran = append(ran, id)
		})) {
			results = append(results, x.ID)
		}
		return ran, results
	}
	listed, results := run(suite.Runner{})
	if !slices.Equal(listed, results) {
		t.Errorf("without a seed they ran in the order %v", listed)
	}
	shuffled, sameResults := run(suite.Runner{Seed: 7})
	again, _ := run(suite.Runner{Seed: 7})
	other, _ := run(suite.Runner{Seed: 8})
	if slices.Equal(shuffled, listed) || !slices.Equal(shuffled, again) || slices.Equal(shuffled, other) {
		t.Error("a seed must give one order of its own")
	}
	_, parallel := run(suite.Runner{Parallel: 8, Seed: 9})
	if !slices.Equal(sameResults, results) || !slices.Equal(parallel, results) {
		t.Error("results are in another order than the cases")
	}
}

func TestRunner_RunsPhasesInOrderAndSerialCasesOneAfterTheOther(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var events []string
	event := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, fmt.Sprintf(format, args...))
	}
	var together sync.WaitGroup // the cases 4 and 5 wait for each other
	together.Add(2)
	cases := numbered(6, func(id string) {
		event("begin %s", id)
		if id == "4" || id == "5" {
			together.Done()
			together.Wait()
		}
		event("end %s", id)
	})
	for _, i := range []int{0, 2, 3} {
		cases[i].Phase, cases[i].Serial = 1, "vault"
	}
	cases[1].Phase, cases[1].Serial = 2, "vault"
	results := suite.Runner{Parallel: 4}.Run(t.Context(), cases)
	slices.Sort(events[:4]) // of phase 0
	want := []string{"begin 4", "begin 5", "end 4", "end 5", "begin 0", "end 0", "begin 2", "end 2", "begin 3", "end 3",
		"begin 1", "end 1"}
	if !slices.Equal(events, want) {
		t.Errorf("events %v, want %v", events, want)
	}
	for i, x := range results {
		if x.ID != fmt.Sprint(i) {
			t.Errorf("result %d is of case %s", i, x.ID)
		}
	}
}

func TestRunner_RunsSerialCasesBesideOthers(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{}) // when the serial cases have
	cases := numbered(4, func(id string) {
		switch id {
		case "2":
			close(ended)
		case "3":
			<-ended
		}
	})
	cases[1].Serial, cases[2].Serial = "vault", "vault"
	suite.Runner{Parallel: 2}.Run(t.Context(), cases)
}

func TestRunner_StartsLongCasesFirst(t *testing.T) {
	t.Parallel()
	started := make(chan struct{})
	cases := numbered(5, func(id string) {
		if id == "4" {
			close(started)
		}
		<-started
	})
	cases[4].Long = true
	suite.Runner{Parallel: 2}.Run(t.Context(), cases)
}

func TestRunner_SaysWhyACaseWasNotChecked(t *testing.T) {
	t.Parallel()
	check := func(context.Context, *report.Result) { t.Error("a case was checked") }
	ended, end := context.WithCancelCause(t.Context())
	end(errors.New("somebody pressed Ctrl-C"))
	for _, c := range []struct {
		name  string
		ctx   context.Context
		one   suite.Case
		state report.State
		why   string
	}{
		{"disabled", ended, suite.Case{Disabled: "not selected", Skip: "no vault"}, report.Disabled, "not selected"},
		{"not run", ended, suite.Case{Skip: "no vault"}, report.NotRun, "somebody pressed Ctrl-C"},
		{"skipped", t.Context(), suite.Case{Skip: "no vault"}, report.Skip, "no vault"},
	} {
		c.one.Check = check
		got := suite.Runner{}.Run(c.ctx, []suite.Case{c.one})[0]
		if got.State != c.state || got.Reason != c.why {
			t.Errorf("%s: got %s, %q", c.name, got.State, got.Reason)
		}
	}
}

func TestRunner_BeginsNothingAfterTheContextEnded(t *testing.T) {
	t.Parallel()
	ctx, end := context.WithCancelCause(t.Context())
	cases := numbered(5, func(id string) {
		if id == "1" {
			end(errors.New("time is over"))
		}
	})
	results := suite.Runner{}.Run(ctx, cases)
	for i, want := range []report.State{report.Pass, report.Pass, report.NotRun, report.NotRun, report.NotRun} {
		if results[i].State != want {
			t.Errorf("case %d: %s, want %s", i, results[i].State, want)
		}
	}
	err := suite.CheckAllRun(ctx, results, "rules")
	if err == nil || err.Error() != "3 of 5 rules were not run: time is over" {
		t.Errorf("got %v", err)
	}
	if err := suite.CheckAllRun(ctx, results[:2], "rules"); err != nil {
		t.Errorf("all of them ran, but: %v", err)
	}
}

func TestRunner_PassesResultsOneAtATimeAndKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	calls := 0 // the race detector sees two at once
	results := suite.Runner{Parallel: 4, OnResult: func(x report.Result) report.Result {
		calls++
		x.Reason = "seen " + x.ID
		return x
	}}.Run(t.Context(), numbered(20, func(string) {}))
	if calls != len(results) {
		t.Errorf("%d calls for %d results", calls, len(results))
	}
	for _, x := range results {
		if x.Reason != "seen "+x.ID {
			t.Errorf("%s: %q", x.ID, x.Reason)
		}
	}
}
