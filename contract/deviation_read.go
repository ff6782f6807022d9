package contract

import (
	"io"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/internal/yamlsource"
)

// deviationEntry is a Deviation in YAML.
type deviationEntry struct {
	At      yamlsource.Place
	Rule    *yamlsource.Node `yaml:"rule"`
	Target  *yamlsource.Node `yaml:"target"`
	Version *yamlsource.Node `yaml:"version"`
	Reason  string           `yaml:"reason"`
	Owner   string           `yaml:"owner"`
	Expires *yamlsource.Node `yaml:"expires"`
}

// ReadDeviations reads a YAML list of deviations. A text with only comments is an
// empty list. Unknown keys, unknown rules, a missing reason, owner or expiry and an
// invalid day are errors that name the file, line and column.
func ReadDeviations(name string, r io.Reader) ([]Deviation, error) {
	data, err := textenc.ReadAll(name, r)
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
		if e.At.Line == 0 { // not a mapping, which is a problem already
			continue
		}
		list[i] = e.toDeviation(&problems)
		for j, earlier := range list[:i] {
			if d := list[i]; d.Rule != "" && d.Rule == earlier.Rule && d.Target == earlier.Target &&
				d.Version == earlier.Version {
				problems.Add(e.At, "keep one of them",
					"a second deviation of %s; the first is in line %d", d.Rule, entries[j].At.Line)
				break
			}
		}
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
	d := Deviation{Reason: e.Reason, Owner: e.Owner}
	if isGiven(e.Rule) {
		d.Rule = e.Rule.Raw
		if err := checkPattern(d.Rule); err != nil {
			problems.Add(e.Rule.At, "", "%v", err)
		}
	}
	if isGiven(e.Target) {
		d.Target = e.Target.Raw
		if _, err := path.Match(d.Target, ""); err != nil || d.Target == "" {
			problems.Add(e.Target.At, "like connect.example.com:8080 or *.example.com",
				"target must be a host or a pattern")
		}
	}
	if isGiven(e.Version) {
		d.Version = e.Version.Raw
		if !regexp.MustCompile(`^(\d+\.\d+\.\d+|[\d.]*\*)$`).MatchString(d.Version) {
			problems.Add(e.Version.At, "like 1.8.1 or 1.5.*", "version must be a version of Connect or a pattern")
		}
	}
	if isGiven(e.Expires) {
		d.Expires = e.lastDay(problems)
	}
	for _, member := range []struct {
		name  string
		given bool
	}{
		{"rule", isGiven(e.Rule)}, {"reason", e.Reason != ""}, {"owner", e.Owner != ""},
		{"expires", isGiven(e.Expires)}} {
		if !member.given {
			problems.Add(e.At, "rule, reason, owner and expires must be given", "a deviation without %s", member.name)
		}
	}
	return d
}

// isGiven reports whether a member is in the entry and is not empty.
func isGiven(n *yamlsource.Node) bool {
	return n != nil && (n.Raw != "" && n.Kind != yamlsource.Null || n.Kind == yamlsource.List ||
		n.Kind == yamlsource.Map)
}

// lastDay returns the day of expires.
func (e *deviationEntry) lastDay(problems *yamlsource.Problems) time.Time {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if day, err := time.Parse(layout, e.Expires.Raw); err == nil {
			return day
		}
	}
	const hint = "like 2026-12-31, the last day it counts"
	switch {
	case regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`).MatchString(e.Expires.Raw):
		problems.Add(e.Expires.At, hint, "expires is %s, a day that does not exist", e.Expires.Raw)
	case e.Expires.Kind == yamlsource.List || e.Expires.Kind == yamlsource.Map:
		problems.Add(e.Expires.At, hint, "expires must be a day, not %s", e.Expires.Kind)
	default:
		problems.Add(e.Expires.At, hint, "expires must be a day")
	}
	return time.Time{}
}
