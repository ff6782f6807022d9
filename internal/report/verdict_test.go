package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExitCode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		states []State
		errors []string
		want   int
	}{
		"all passed":                   {[]State{Pass, Pass}, nil, Kept},
		"some skipped":                 {[]State{Pass, Skip, Disabled}, nil, Kept},
		"only a known deviation":       {[]State{KnownDeviation}, nil, Kept},
		"only in part":                 {[]State{Partial, Skip}, nil, Kept},
		"a failure":                    {[]State{Pass, Fail}, nil, Broken},
		"an unexpected pass":           {[]State{Pass, UnexpectedPass}, nil, Broken},
		"a failure and an error":       {[]State{Error, Fail}, []string{"x"}, Broken},
		"an error":                     {[]State{Pass, Error}, nil, Failed},
		"an interrupted run":           {[]State{Pass, NotRun}, nil, Failed},
		"a failure, the rest not run":  {[]State{Fail, NotRun}, nil, Broken},
		"an error beside the results":  {[]State{Pass}, []string{"leftovers"}, Failed},
		"an error before any result":   {nil, []string{"no connection"}, Failed},
		"nothing":                      {nil, nil, Empty},
		"everything skipped":           {[]State{Skip, Disabled}, nil, Empty},
		"an unknown state":             {[]State{Pass, "meh"}, nil, Failed},
		"a result without a state":     {[]State{""}, nil, Failed},
		"an error, the rest left out":  {[]State{Error, Skip}, nil, Failed},
		"a failure, the rest left out": {[]State{Fail, Skip}, nil, Broken},
	} {
		run := &Run{Errors: test.errors}
		for i, s := range test.states {
			x := Result{ID: strings.Repeat("x", i+1), State: s, Reason: "because"}
			run.Results = append(run.Results, x)
		}
		if got := run.ExitCode(); got != test.want {
			t.Errorf("%s: exit code %d, want %d", name, got, test.want)
		}
		if run.Verdict() == "" {
			t.Errorf("%s: no verdict", name)
		}
	}
}

// A partial result is never called a pass.
func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		suite  string
		states []State
		want   string
	}{
		{"contract", []State{Pass, Skip}, "The contract is kept, as far as it was checked."},
		{"contract", []State{Pass, Fail}, "The contract is broken."},
		{"scenarios", []State{Pass, Skip}, "Every scenario that ran passed."},
		{"scenarios", []State{Pass, Partial}, "No scenario failed; 1 of them done in part only, which is no pass."},
		{"scenarios", []State{Partial, Fail}, "A scenario failed."},
		{"scenarios", []State{Error}, "The run itself broke: there is no verdict."},
		{"scenarios", []State{Skip}, "Nothing ran: there is no verdict."},
	} {
		run := &Run{Suite: tt.suite}
		for i, s := range tt.states {
			run.Results = append(run.Results, Result{ID: strings.Repeat("x", i+1), State: s, Reason: "because"})
		}
		if got := run.Verdict(); got != tt.want {
			t.Errorf("%s of %v: %q, not %q", tt.suite, tt.states, got, tt.want)
		}
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	run := &Run{Errors: []string{"leftovers"}, Results: []Result{
		{ID: "a", State: Pass}, {ID: "b", State: Skip}, {ID: "c", State: Partial, Reason: "x"}, {ID: "d", State: KnownDeviation},
		{ID: "e", State: "meh"}, {ID: "a", State: Fail},
	}}
	want := []string{
		"leftovers", "b: skip without a reason", "d: known deviation without a reason",
		`e ended in the unknown state "meh"`, "duplicate id a",
	}
	if diff := cmp.Diff(want, run.Problems()); diff != "" {
		t.Error(diff)
	}
	if len(run.Errors) != 1 {
		t.Error("the run was changed")
	}
}
