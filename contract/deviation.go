package contract

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/internal/yamlsource"
)

// Deviation is an entry that says that a target is known to break a rule. The rule
// still runs. A failure is reported as a known deviation, a pass as an unexpected
// pass, because the entry is outdated.
type Deviation struct {
	Rule    string
	Target  string // name of the target; empty: every target
	Version string // Connect version, as 1.8.1; empty: every version
	Reason  string
	Owner   string
	Expires time.Time // the last day of the entry
}

// deviationEntry is a Deviation in YAML.
type deviationEntry struct {
	At      yamlsource.Place
	Rule    *yamlsource.Node `yaml:"rule"`
	Target  string           `yaml:"target"`
	Version string           `yaml:"version"`
	Reason  string           `yaml:"reason"`
	Owner   string           `yaml:"owner"`
	Expires *yamlsource.Node `yaml:"expires"`
}

// ReadDeviations reads a YAML list of deviations. A text with only comments is an
// empty list. Unknown keys, unknown rules, a missing reason, owner or expiry and an
// invalid day are errors that name the file, line and column.
func ReadDeviations(name string, r io.Reader) ([]Deviation, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if isBlank(data) {
		return nil, nil
	}
	var problems yamlsource.Problems
	top := yamlsource.Parse(name, data, "a list of deviations", &problems)
	if top == nil {
		return nil, problems.Err()
	}
	var entries []deviationEntry
	yamlsource.Decode(top, &entries, &problems)
	list := make([]Deviation, len(entries))
	for i, e := range entries {
		list[i] = e.toDeviation(&problems)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return list, nil
}

// isBlank reports whether a text has only comments and blank lines.
func isBlank(data []byte) bool {
	data, err := textenc.ToUTF8(data)
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return false
		}
	}
	return true
}

// toDeviation returns an entry as a Deviation and adds what is invalid to problems.
func (e *deviationEntry) toDeviation(problems *yamlsource.Problems) Deviation {
	d := Deviation{Target: e.Target, Version: e.Version, Reason: e.Reason, Owner: e.Owner}
	if e.Rule != nil {
		d.Rule = e.Rule.Raw
		if !slices.ContainsFunc(Rules(), func(r Rule) bool { return r.ID == d.Rule }) {
			problems.Add(e.Rule.At, "", "%v", UnknownRule(d.Rule))
		}
	}
	if e.Expires != nil {
		var err error
		if d.Expires, err = time.Parse(time.DateOnly, e.Expires.Raw); err != nil {
			if d.Expires, err = time.Parse(time.RFC3339, e.Expires.Raw); err != nil {
				problems.Add(e.Expires.At, "like 2026-12-31, the last day it counts", "expires must be a day")
			}
		}
	}
	for _, member := range []struct {
		name  string
		given bool
	}{
		{"rule", e.Rule != nil}, {"reason", e.Reason != ""}, {"owner", e.Owner != ""}, {"expires", e.Expires != nil},
	} {
		if !member.given {
			problems.Add(e.At, "rule, reason, owner and expires must be given", "a deviation without %s", member.name)
		}
	}
	return d
}

// findDeviation returns the entry that applies to a rule on this target at this time,
// nil if there is none.
func (r *run) findDeviation(rule string) *Deviation {
	now := r.now()
	for i, d := range r.options.Deviations {
		if d.Rule == rule && (d.Target == "" || d.Target == r.target.name()) &&
			(d.Version == "" || d.Version == r.info.version) && now.Before(d.Expires.AddDate(0, 0, 1)) {
			return &r.options.Deviations[i]
		}
	}
	return nil
}
