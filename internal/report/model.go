// Package report has the results of a run of a suite, computes its exit code, and writes it as JUnit, JSON, Markdown
// and HTML.
//
// The package does not know how results are produced and sends no requests. It writes what it gets: call
// [Run.Redacted] before the writers.
package report

import (
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
)

// State is the outcome of one rule or scenario.
type State string

const (
	Pass           State = "pass"
	Fail           State = "fail"            // the server violates the rule
	Error          State = "error"           // the suite or the network failed: nothing is known about the server
	NotRun         State = "not-run"         // the run ended before it started or ended
	Skip           State = "skip"            // can't be checked on this target, for the given reason
	Disabled       State = "disabled"        // excluded by the configuration
	KnownDeviation State = "known-deviation" // failed as the file of known deviations says
	UnexpectedPass State = "unexpected-pass" // passed although it is a known deviation
	Partial        State = "partial"         // passed, but parts could not be run on this target
)

// States returns all states, the worst first.
func States() []State {
	return []State{Fail, UnexpectedPass, Error, NotRun, Partial, KnownDeviation, Skip, Disabled, Pass}
}

// Run is one run of a suite against one target.
type Run struct {
	Suite    string // "contract"
	Target   string // base URL, or a name
	Version  string // of the server, as it says; "": unknown
	Document string // title and version of the document
	Seed     int64
	Began    time.Time
	Took     time.Duration

	Results      []Result
	Coverage     []coverage.Row
	Capabilities []Capability
	Warnings     []string // reasons why the run proves less than it seems to
	Errors       []string // problems of the run itself: items that remain, the configuration
	Shortfalls   []string // how the run tested less than it was required to
}

// Capability is something that a target can or can't do.
type Capability struct {
	Name string
	Have bool
	Why  string // how it is known, or what is missing
}

// Result is the result of one rule or scenario.
type Result struct {
	ID       string // unique in its run: "items/create-answers-200"
	Title    string
	Tag      string
	Level    string // "MUST", "SHOULD", "OBSERVED"; "" for scenarios
	Evidence string // "[D] ..."
	File     string // that describes it, for annotations; "": none
	Line     int    // of File, where it failed; 0: unknown
	State    State
	Reason   string // why the state is neither pass nor fail
	Took     time.Duration

	// Of a failure or an error: the expectation, the difference, the exchanges before it, and a shell command for each
	// request.
	Expected  string
	Failure   string
	Exchanges []*exchange.Exchange
	Curl      []string
}

// Count returns the number of results by state.
func (r *Run) Count() map[State]int {
	count := map[State]int{}
	for _, result := range r.Results {
		count[result.State]++
	}
	return count
}

// wasChecked reports whether something was checked.
func (s State) wasChecked() bool { return s != Skip && s != Disabled && s != NotRun && s != Error }

// isViolation reports whether the server violates a rule or the list of deviations.
func (s State) isViolation() bool { return s == Fail || s == UnexpectedPass }

// isBad reports whether a person must examine the result.
func (s State) isBad() bool { return s.isViolation() || s == Error }

// label returns the state in words, so that no state is shown only by its color.
func (s State) label() string {
	if s == "" {
		return "no state"
	}
	words := map[State]string{KnownDeviation: "known deviation", UnexpectedPass: "unexpected pass", NotRun: "not run"}
	if word, ok := words[s]; ok {
		return word
	}
	return string(s)
}
