package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Part is a part of the headline of a run: the results in one state.
type Part struct {
	State State
	Text  string // "139 pass"
}

// Headline returns the counts in words, with the reasons why something was not tested:
// "3 fail, 139 pass, 211 not tested: writes are not allowed".
func (r *Run) Headline() string {
	var words []string
	for _, part := range r.HeadlineParts() {
		words = append(words, part.Text)
	}
	return cmp.Or(strings.Join(words, ", "), "no results")
}

// HeadlineParts returns the parts of the headline, the worst state first. Skipped results come last, because their
// reasons follow.
func (r *Run) HeadlineParts() (parts []Part) {
	count := r.Count()
	for _, s := range States() {
		if count[s] > 0 && s != Skip {
			parts = append(parts, Part{s, fmt.Sprintf("%d %s", count[s], s.label())})
		}
	}
	if count[Skip] > 0 {
		parts = append(parts, Part{Skip, fmt.Sprintf("%d not tested: %s", count[Skip], r.SkipReasons())})
	}
	return parts
}

// SkipReasons returns why results were skipped, in short and the most frequent reason first. Counts follow the reasons
// if there are several.
func (r *Run) SkipReasons() string {
	const maxNamed = 3
	var reasons []string
	count := map[string]int{}
	for _, x := range r.Results {
		if x.State != Skip {
			continue
		}
		reason := shortReason(x.why())
		if count[reason]++; count[reason] == 1 {
			reasons = append(reasons, reason)
		}
	}
	if len(reasons) == 1 {
		return reasons[0]
	}
	slices.SortStableFunc(reasons, func(a, b string) int { return count[b] - count[a] })
	var words []string
	for _, reason := range reasons[:min(maxNamed, len(reasons))] {
		words = append(words, fmt.Sprintf("%s (%d)", reason, count[reason]))
	}
	if more := len(reasons) - maxNamed; more > 0 {
		words = append(words, "and "+plural(more, "other reason"))
	}
	return strings.Join(words, ", ")
}

// shortReason returns a reason without the capability it begins with and without the advice it ends with: "writes are
// not allowed" for "needs write: writes are not allowed; allow them and name a vault".
func shortReason(reason string) string {
	if rest, ok := strings.CutPrefix(reason, "needs "); ok {
		if _, why, found := strings.Cut(rest, ": "); found {
			reason = why
		}
	}
	reason, _, _ = strings.Cut(reason, ";")
	return oneLine(reason, 120)
}

// Tested returns the number of results that say something about the server.
func (r *Run) Tested() (n int) {
	for _, x := range r.Results {
		if x.State.wasChecked() {
			n++
		}
	}
	return n
}
