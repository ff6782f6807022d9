// Package report is what a run of a suite comes to: one model of results, the
// exit code that follows from it, and four ways to write it down, as JUnit,
// JSON, Markdown and one HTML page.
//
// It does not know how results came about and asks no server anything. It
// writes what it is given: Redacted must come before the writers.
package report

import (
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
)

// State is what became of one rule or scenario.
type State string

const (
	Pass           State = "pass"
	Fail           State = "fail"            // the server broke the rule
	Error          State = "error"           // the suite or the network broke: nothing is known of the server
	NotRun         State = "not-run"         // the run ended before its turn came
	Skip           State = "skip"            // cannot be checked on this target, for the reason given
	Disabled       State = "disabled"        // configured off
	KnownDeviation State = "known-deviation" // failed as the file of known deviations says
	UnexpectedPass State = "unexpected-pass" // listed as a deviation, but passed
	Partial        State = "partial"         // passed, but some of it could not be done here
)

// States are all of them, the worst first.
func States() []State {
	return []State{Fail, UnexpectedPass, Error, NotRun, Partial, KnownDeviation, Skip, Disabled, Pass}
}

// Run is one run of a suite against one target.
type Run struct {
	Suite    string // "contract"
	Target   string // base URL, or what stands for it
	Version  string // what the server says of itself; "" if it said nothing
	Document string // title and version of the document
	Seed     int64
	Began    time.Time
	Took     time.Duration

	Results      []Result
	Coverage     []coverage.Row
	Capabilities []Capability
	Warnings     []string // what makes the run prove less than it seems to
	Errors       []string // what broke beside the results: leftovers, a coverage gate, a configuration
}

// Capability is something a target may or may not have.
type Capability struct {
	Name string
	Have bool
	Why  string // how it was found, or what is missing
}

// Result is what became of one rule or scenario.
type Result struct {
	ID       string // unique in its run: "items/create-answers-200"
	Title    string
	Tag      string
	Level    string // "MUST", "SHOULD", "OBSERVED"; "" for scenarios
	Evidence string // "[D] ..."
	State    State
	Reason   string // why it was not a plain pass or fail
	Took     time.Duration

	// Of a result that is not well: what was asked for, what came instead, the
	// exchanges that led to it and a command for the shell for each request.
	Expected  string
	Failure   string
	Exchanges []*exchange.Exchange
	Curl      []string
}

// Count is how many results there are of each state that occurs.
func (r *Run) Count() map[State]int {
	count := map[State]int{}
	for _, result := range r.Results {
		count[result.State]++
	}
	return count
}

// ran says whether something was checked at all.
func (s State) ran() bool { return s != Skip && s != Disabled && s != NotRun && s != Error }

// broken says whether the contract was broken.
func (s State) broken() bool { return s == Fail || s == UnexpectedPass }

// bad says whether somebody has to look at it.
func (s State) bad() bool { return s.broken() || s == Error }

// mark is a word of its own for every state, for those who cannot see colours.
func (s State) mark() string {
	if s == "" {
		return "no state"
	}
	words := map[State]string{KnownDeviation: "known deviation", UnexpectedPass: "unexpected pass", NotRun: "not run"}
	if word, ok := words[s]; ok {
		return word
	}
	return string(s)
}
