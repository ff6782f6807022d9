package contract

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/report"
)

// Deviation is an entry that says that a target is known to break a rule. The rule
// still runs. A failure is reported as a known deviation, a pass as an unexpected
// pass, because the entry is outdated.
type Deviation struct {
	Rule    string // id, or a pattern as "files/*": then it is outdated when none of its rules fails
	Target  string // name of the target, or a pattern; empty: every target
	Version string // Connect version, as 1.8.1, or a pattern as "1.5.*"; empty: every version
	Reason  string
	Owner   string
	Expires time.Time // the last day of the entry
}

// isPattern reports whether the entry may be about several rules.
func (d *Deviation) isPattern() bool { return strings.ContainsAny(d.Rule, `*?[\`) }

// isExpired reports whether the last day of the entry is over.
func (d *Deviation) isExpired(now time.Time) bool { return !now.Before(d.Expires.AddDate(0, 0, 1)) }

// isFor reports whether the entry is about the rule with that id on this target.
func (r *run) isFor(d *Deviation, id string) bool {
	return rule.Matches(d.Rule, id) &&
		(d.Target == "" || d.Target == r.target.name() || rule.Matches(d.Target, r.target.name())) &&
		(d.Version == "" || rule.Matches(d.Version, r.Server.Version))
}

// findDeviation returns the entry that applies to a rule on this target at this time,
// nil if there is none.
func (r *run) findDeviation(rule string) *Deviation {
	for i := range r.options.Deviations {
		if d := &r.options.Deviations[i]; r.isFor(d, rule) && !d.isExpired(r.Now()) {
			return d
		}
	}
	return nil
}

// expiredDeviation returns what to say about a failure of a rule whose entry has
// expired, "" if there is none.
func (r *run) expiredDeviation(rule string) string {
	for i := range r.options.Deviations {
		if d := &r.options.Deviations[i]; r.isFor(d, rule) && d.isExpired(r.Now()) {
			return fmt.Sprintf("its deviation expired on %s (%s, owner %s); correct the server, or renew the entry",
				d.Expires.Format(time.DateOnly), d.Reason, d.Owner)
		}
	}
	return ""
}

// setUnexpectedPasses sets the state of the rules that pass although an entry with a
// pattern says that rules like them fail. One failure among them is enough for the
// entry. It leaves the results alone if some of the rules were not checked: they may
// be those that fail.
func (r *run) setUnexpectedPasses(results []report.Result) {
	for i := range r.options.Deviations {
		d := &r.options.Deviations[i]
		if !d.isPattern() || d.isExpired(r.Now()) {
			continue
		}
		var passed []int
		judged := true
		for at, x := range results {
			if !r.isFor(d, x.ID) {
				continue
			}
			judged = judged && x.State == report.Pass
			passed = append(passed, at)
		}
		for _, at := range passed {
			if judged {
				results[at].State = report.UnexpectedPass
				results[at].Reason = fmt.Sprintf("all rules that %s matches pass, but a deviation says that some fail"+
					" (%s, owner %s); remove the entry", d.Rule, d.Reason, d.Owner)
			}
		}
	}
}

// deviationWarnings returns a warning for each entry that has expired and says what to
// do about it.
func (r *run) deviationWarnings(results []report.Result) (list []string) {
	for i := range r.options.Deviations {
		d := &r.options.Deviations[i]
		if !d.isExpired(r.Now()) {
			continue
		}
		matching := func(state report.State) bool {
			return slices.ContainsFunc(results, func(x report.Result) bool {
				return x.State == state && r.isFor(d, x.ID)
			})
		}
		advice := "renew it, or remove it"
		switch {
		case matching(report.Fail):
			advice = "correct the server, or renew it"
		case matching(report.Pass) && !matching(report.Skip) && !matching(report.Disabled):
			advice = "remove it, because the rule passes"
		}
		list = append(list, fmt.Sprintf("the deviation of %s (owner %s) expired on %s: %s",
			d.Rule, d.Owner, d.Expires.Format(time.DateOnly), advice))
	}
	return list
}
