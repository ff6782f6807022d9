package report

import (
	"fmt"
	"slices"
)

// The exit codes of a run.
const (
	Kept   = 0 // something ran and nothing failed
	Broken = 1 // a rule was violated, or a known deviation passed
	Failed = 2 // the run itself failed
	Empty  = 3 // nothing ran
)

// ExitCode returns the exit code of the run. A failure is more important than an error, because it is certain; an error
// is more important than an empty run, because it is the reason.
func (r *Run) ExitCode() int {
	count := r.Count()
	switch {
	case count[Fail]+count[UnexpectedPass] > 0:
		return Broken
	case count[Error]+count[NotRun] > 0 || len(r.Problems()) > 0:
		return Failed
	case r.Tested() == 0:
		return Empty
	}
	return Kept
}

// Verdict returns the exit code in words.
func (r *Run) Verdict() string {
	switch code := r.ExitCode(); {
	case code == Failed && r.isTooSmall():
		return "Too little was tested: there is no verdict."
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
	if r.isPartial() {
		return fmt.Sprintf("No scenario failed; %d of them done in part only, which is no pass.", r.Count()[Partial])
	}
	return "Every scenario that ran passed."
}

// isPartial reports whether nothing failed and some results are partial. Such a run must not look like one that passed.
func (r *Run) isPartial() bool { return r.ExitCode() == Kept && r.Count()[Partial] > 0 }

// isTooSmall reports whether nothing is wrong with the run but that it tested too little.
func (r *Run) isTooSmall() bool {
	count := r.Count()
	return len(r.Shortfalls) > 0 && len(r.Problems()) == len(r.Shortfalls) && count[Error]+count[NotRun] == 0
}

// Problems returns Errors, Shortfalls and the mistakes in the results: skipped results without a reason, unknown states, duplicate
// ids.
func (r *Run) Problems() []string {
	problems := slices.Concat(r.Errors, r.Shortfalls)
	seen := map[string]bool{}
	for _, x := range r.Results {
		switch {
		case !slices.Contains(States(), x.State):
			problems = append(problems, fmt.Sprintf("%s ended in the unknown state %q", x.ID, x.State))
		case x.State != Pass && !x.State.isBad() && x.Reason == "":
			problems = append(problems, fmt.Sprintf("%s: %s without a reason", x.ID, x.State.label()))
		}
		if seen[x.ID] {
			problems = append(problems, fmt.Sprintf("duplicate id %s", x.ID))
		}
		seen[x.ID] = true
	}
	return problems
}

// worstFirst returns the results sorted by state, otherwise in the order of the run.
func (r *Run) worstFirst() []Result {
	sorted := slices.Clone(r.Results)
	slices.SortStableFunc(sorted, func(a, b Result) int {
		return slices.Index(States(), a.State) - slices.Index(States(), b.State)
	})
	return sorted
}

// badResults returns failures and errors, the worst first.
func (r *Run) badResults() []Result {
	return slices.DeleteFunc(r.worstFirst(), func(x Result) bool { return !x.State.isBad() })
}

// why returns the reason of a result. If a required reason is missing, it says so.
func (x Result) why() string {
	if x.Reason == "" && x.State != Pass && !x.State.isBad() {
		return "no reason was given"
	}
	return x.Reason
}
