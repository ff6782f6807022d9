package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/connectmock/connectmock/internal/source"
	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/goccy/go-yaml"
)

// Deviation says that a target is known to break a rule. The rule still runs:
// broken, it is reported as known; kept, it fails, because the entry is no
// longer true.
type Deviation struct {
	Rule    string    `yaml:"rule"`
	Target  string    `yaml:"target"`  // name of the target; empty: every one
	Version string    `yaml:"version"` // Connect version, as 1.8.1; empty: every one
	Reason  string    `yaml:"reason"`
	Owner   string    `yaml:"owner"`
	Expires time.Time `yaml:"expires"` // the last day it counts
}

// ReadDeviations reads a YAML list of deviations. Unknown members, unknown
// rules, a missing reason, owner or expiry are errors that name the place.
func ReadDeviations(name string, r io.Reader) ([]Deviation, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if data, err = textenc.ToUTF8(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := source.CheckLimits(name, data); err != nil {
		return nil, err
	}
	var list []Deviation
	decoder := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	if err := decoder.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	known := Rules()
	var errs []error
	for i, d := range list {
		bad := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("%s: entry %d: %s", name, i+1, fmt.Sprintf(format, args...)))
		}
		if !slices.ContainsFunc(known, func(r Rule) bool { return r.ID == d.Rule }) {
			bad("there is no rule %q; `connectmock contract list` shows them", d.Rule)
		}
		if d.Reason == "" || d.Owner == "" || d.Expires.IsZero() {
			bad("rule, reason, owner and expires must be given")
		}
	}
	return list, errors.Join(errs...)
}

// deviation is the entry that holds for a rule here and now, nil if none does.
func (r *run) deviation(rule string) *Deviation {
	now := r.now()
	for i, d := range r.options.Deviations {
		if d.Rule == rule && (d.Target == "" || d.Target == r.target.name()) &&
			(d.Version == "" || d.Version == r.found.version) && now.Before(d.Expires.AddDate(0, 0, 1)) {
			return &r.options.Deviations[i]
		}
	}
	return nil
}
