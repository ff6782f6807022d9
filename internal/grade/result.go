package grade

import (
	"fmt"
	"time"

	"github.com/connectmock/connectmock/internal/mutants"
)

// State is what the tests did on a mutant.
type State string

// The states. The first three count.
const (
	Noticed      State = "noticed"       // the tests failed, or did not end in time
	Accepted     State = "accepted"      // the tests received a wrong response and passed
	NotTriggered State = "not-triggered" // the tests send no request for which the mutant differs
	NotReached   State = "not-reached"   // the tests call none of its operations
	NotRun       State = "not-run"       // the run ended before, or the tests sent no request
)

// States returns all states, in the order of reports.
func States() []State { return []State{Accepted, NotTriggered, NotRun, NotReached, Noticed} }

// Label returns the state in words.
func (s State) Label() string {
	switch s {
	case Accepted:
		return "wrong response accepted"
	case NotTriggered:
		return "not triggered"
	case NotRun:
		return "not run"
	case NotReached:
		return "not reached"
	}
	return string(s)
}

// plural returns a number with a noun.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// About explains a state in a sentence.
func (s State) About() string {
	switch s {
	case Accepted:
		return "The tests received a wrong response and passed."
	case NotTriggered:
		return "The tests call the operation, but send no request for which this server is wrong, so they pass."
	case NotRun:
		return "The tests were not run on these servers: nothing is known."
	case NotReached:
		return "The tests never call the operations of these servers. They do not count."
	}
	return "The tests failed on these servers, as they should."
}

// Result is what the tests did on one mutant.
type Result struct {
	Mutant mutants.Mutant
	State  State
	Reason string // how the tests ended, or why they were not run
	First  string // the first request of the tests that gets a wrong response; empty: none does
	Took   time.Duration
}

// Report has the results of all mutants.
type Report struct {
	Command    string // a text for people
	Requests   int    // of the tests on the correct server
	Operations []string
	First      time.Duration // of the tests on the correct server
	Limit      time.Duration // after which a run of the tests was ended
	Began      time.Time
	Took       time.Duration
	Ended      string   // why the run ended before all mutants; empty: it did not
	AtLeast    float64  // the percentage of mutants that must be noticed
	Problem    string   // why there are no results; empty: there are
	Results    []Result // in the order of the mutants
}

// Count returns the number of results by state.
func (r *Report) Count() map[State]int {
	count := map[State]int{}
	for _, x := range r.Results {
		count[x.State]++
	}
	return count
}

// ByState returns the results in a state.
func (r *Report) ByState(s State) (list []Result) {
	for _, x := range r.Results {
		if x.State == s {
			list = append(list, x)
		}
	}
	return list
}

// Counted returns the number of mutants that count.
func (r *Report) Counted() int {
	count := r.Count()
	return count[Noticed] + count[Accepted] + count[NotTriggered]
}

// Percent returns the share of the counted mutants that the tests noticed, 0 if none
// counts.
func (r *Report) Percent() float64 {
	if r.Counted() == 0 {
		return 0
	}
	return 100 * float64(r.Count()[Noticed]) / float64(r.Counted())
}

// The exit codes of a report. Broken is for errors.
const (
	Enough = 0 // the tests noticed at least the percentage that was asked for
	TooFew = 1
	Broken = 2 // the tests fail on the correct server, or the run itself failed
	Empty  = 3 // no mutant counts
)

// ExitCode returns the exit code of the report.
func (r *Report) ExitCode() int {
	switch {
	case r.Problem != "":
		return Broken
	case r.Counted() == 0:
		return Empty
	case r.Percent() < r.AtLeast:
		return TooFew
	}
	return Enough
}

// Verdict returns the result in a sentence.
func (r *Report) Verdict() string {
	if r.Problem != "" {
		return "Nothing was graded: " + r.Problem + "."
	}
	if r.Counted() == 0 {
		return "No wrong behaviour was graded: the tests reach none of the selected ones, or there was no time."
	}
	text := fmt.Sprintf("The tests noticed %d of %d wrong behaviours, %s.",
		r.Count()[Noticed], r.Counted(), percentText(r.Percent()))
	if n := r.Count()[NotTriggered]; n > 0 {
		text += fmt.Sprintf(" %d of the others need requests that the tests never send.", n)
	}
	if r.ExitCode() == TooFew {
		text += fmt.Sprintf(" At least %s were asked for.", percentText(r.AtLeast))
	}
	return text
}

// FirstRun describes the run on the correct server.
func (r *Report) FirstRun() string {
	return fmt.Sprintf("passed in %s, with %s of %s", r.First.Round(time.Millisecond), plural(r.Requests, "request"),
		plural(len(r.Operations), "operation"))
}

// percentText returns a percentage, rounded down, so that 100 % means all.
func percentText(p float64) string { return fmt.Sprintf("%g%%", float64(int(p*10))/10) }
