package report

import (
	"errors"
	"fmt"
	"time"
)

// Baseline has the states of an earlier run.
type Baseline struct {
	Began   time.Time
	Version string           // of the server; "": unknown
	states  map[string]State // by id
}

// ReadBaseline reads a report that JSON wrote. suite is the suite that it must be of.
func ReadBaseline(data []byte, suite string) (*Baseline, error) {
	var d struct {
		Schema  int       `json:"schema"`
		Suite   string    `json:"suite"`
		Version string    `json:"version"`
		Began   time.Time `json:"began"`
		Results []struct {
			ID    string `json:"id"`
			State State  `json:"state"`
		} `json:"results"`
	}
	if err := ReadJSON(data, &d); err != nil {
		return nil, fmt.Errorf("not a JSON report: %w", err)
	}
	switch {
	case d.Schema != schemaVersion || d.Suite == "":
		return nil, fmt.Errorf("not a JSON report of version %d, which this connectmock reads", schemaVersion)
	case d.Suite != suite:
		return nil, fmt.Errorf("a report of the suite %q, not of %q", d.Suite, suite)
	case len(d.Results) == 0:
		return nil, errors.New("a report of a run that could not start: nothing can be compared with it")
	}
	b := &Baseline{Began: d.Began, Version: d.Version, states: map[string]State{}}
	for _, x := range d.Results {
		b.states[x.ID] = x.State
	}
	return b, nil
}

// CompareWith leaves as failures only those results that passed in the baseline; other failures become known
// deviations. What passed in the baseline and was skipped now is a shortfall. It adds a warning if the two runs are not
// of the same rules or version of Connect.
func (r *Run) CompareWith(b *Baseline) {
	day := b.Began.UTC().Format(time.DateOnly)
	lost, tested, unknown := &Run{}, 0, 0
	for i := range r.Results {
		x := &r.Results[i]
		before, known := b.states[x.ID]
		if x.State.wasChecked() {
			tested++
			if !before.wasChecked() || !known {
				unknown++
			}
		}
		switch {
		case x.State == Skip && before == Pass:
			lost.Results = append(lost.Results, *x)
		case x.State != Fail || before == Pass:
		case !known:
			x.State, x.Reason = KnownDeviation, fmt.Sprintf("it fails, and is not in the baseline of %s", day)
		default:
			x.State = KnownDeviation
			x.Reason = fmt.Sprintf("it did not pass in the baseline of %s either: %s", day, before.label())
		}
	}
	if n := len(lost.Results); n > 0 {
		r.Shortfalls = append(r.Shortfalls,
			fmt.Sprintf("%s that passed in the baseline of %s can't be compared, because nothing was tested: %s",
				plural(n, "rule"), day, lost.SkipReasons()))
	}
	if b.Version != r.Version && b.Version != "" && r.Version != "" {
		r.Warnings = append(r.Warnings,
			fmt.Sprintf("the baseline of %s is of Connect %s, this run of %s", day, b.Version, r.Version))
	}
	if unknown > 0 {
		r.Warnings = append(r.Warnings,
			fmt.Sprintf("%d of the %d rules that were tested were not tested in the baseline of %s, "+
				"so they can't fail; write a new one with the same rules, tokens and permissions", unknown,
				tested, day))
	}
}
