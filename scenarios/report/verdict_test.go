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
		"an error beside the results":  {[]State{Pass}, []string{"leftovers"}, Failed},
		"an error before any result":   {nil, []string{"no connection"}, Failed},
		"nothing":                      {nil, nil, Empty},
		"everything skipped":           {[]State{Skip, Disabled}, nil, Empty},
		"a state nobody has heard of":  {[]State{Pass, "meh"}, nil, Failed},
		"a result that has none":       {[]State{""}, nil, Failed},
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

func TestProblems(t *testing.T) {
	t.Parallel()
	run := &Run{Errors: []string{"leftovers"}, Results: []Result{
		{ID: "a", State: Pass}, {ID: "b", State: Skip}, {ID: "c", State: Partial, Reason: "x"}, {ID: "d", State: KnownDeviation},
		{ID: "e", State: "meh"}, {ID: "a", State: Fail},
	}}
	want := []string{
		"leftovers", "b: skip without a reason", "d: known deviation without a reason",
		`e ended in the unknown state "meh"`, "a is there twice",
	}
	if diff := cmp.Diff(want, run.Problems()); diff != "" {
		t.Error(diff)
	}
	if len(run.Errors) != 1 {
		t.Error("the run was changed")
	}
}
