package report

import (
	"fmt"
	"slices"
)

// The exit codes of a run.
const (
	Kept   = 0 // something ran and nothing failed
	Broken = 1 // a rule was broken, or a known deviation is none any more
	Failed = 2 // the run itself broke
	Empty  = 3 // nothing ran
)

// ExitCode is the verdict. A broken rule outweighs an error elsewhere, as it
// is certain; an error outweighs having run nothing, as it says why.
func (r *Run) ExitCode() int {
	count := r.Count()
	switch {
	case count[Fail]+count[UnexpectedPass] > 0:
		return Broken
	case count[Error]+count[NotRun] > 0 || len(r.Problems()) > 0:
		return Failed
	case !slices.ContainsFunc(r.Results, func(x Result) bool { return x.State.ran() }):
		return Empty
	}
	return Kept
}

// Verdict is the exit code in words.
func (r *Run) Verdict() string {
	switch code := r.ExitCode(); {
	case code == Failed:
		return "The run itself broke: there is no verdict."
	case code == Empty:
		return "Nothing ran: there is no verdict."
	case r.Suite == "contract" && code == Broken:
		return "The contract is broken."
	case r.Suite == "contract":
		return "The contract is kept, as far as it was checked."
	case code == Broken:
		return "A scenario failed."
	}
	if r.inPart() {
		return fmt.Sprintf("No scenario failed; %d of them done in part only, which is no pass.", r.Count()[Partial])
	}
	return "Every scenario that ran passed."
}

// inPart says that nothing failed and something was done in part only: such a
// run must not look like one that passed.
func (r *Run) inPart() bool { return r.ExitCode() == Kept && r.Count()[Partial] > 0 }

// Problems are the run's Errors, and what a report must not pass over: results
// that were left out without a reason, unknown states, ids that occur twice.
func (r *Run) Problems() []string {
	problems := slices.Clone(r.Errors)
	seen := map[string]bool{}
	for _, x := range r.Results {
		switch {
		case !slices.Contains(States(), x.State):
			problems = append(problems, fmt.Sprintf("%s ended in the unknown state %q", x.ID, x.State))
		case x.State != Pass && !x.State.bad() && x.Reason == "":
			problems = append(problems, fmt.Sprintf("%s: %s without a reason", x.ID, x.State.mark()))
		}
		if seen[x.ID] {
			problems = append(problems, fmt.Sprintf("%s is there twice", x.ID))
		}
		seen[x.ID] = true
	}
	return problems
}

// worstFirst is the results by state, each state in the order of the run.
func (r *Run) worstFirst() []Result {
	sorted := slices.Clone(r.Results)
	slices.SortStableFunc(sorted, func(a, b Result) int {
		return slices.Index(States(), a.State) - slices.Index(States(), b.State)
	})
	return sorted
}

// bad are the results somebody has to look at, the worst first.
func (r *Run) bad() []Result {
	return slices.DeleteFunc(r.worstFirst(), func(x Result) bool { return !x.State.bad() })
}

// summary is the counts in words: "3 fail, 2 skip, 40 pass".
func (r *Run) summary() string {
	text, count := "", r.Count()
	for _, s := range States() {
		if count[s] > 0 {
			text += fmt.Sprintf(", %d %s", count[s], s.mark())
		}
	}
	if text == "" {
		return "no results"
	}
	return text[2:]
}

// why is the reason of a result, or that there is none where one is owed.
func (x Result) why() string {
	if x.Reason == "" && x.State != Pass && !x.State.bad() {
		return "no reason was given"
	}
	return x.Reason
}
