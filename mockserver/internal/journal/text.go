package journal

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
)

// String describes the selected requests: "GetVaultItemById responded with 404 by reader".
func (s *selector) String() string {
	words := []string{"any request"}
	if s.operation != "" {
		words[0] = s.operation
	}
	if s.status != "" {
		words = append(words, "with status", s.status)
	}
	if s.caller != "" {
		words = append(words, "by", s.caller)
	}
	if s.fault != "" {
		words = append(words, "with fault", s.fault)
	}
	return strings.Join(words, " ")
}

// countText returns how often a request was expected.
func (e *expectation) countText() string {
	switch {
	case e.min == e.max:
		return timesText(e.min)
	case e.max < 0:
		return "at least " + timesText(e.min)
	case e.min == 0:
		return "at most " + timesText(e.max)
	}
	return fmt.Sprintf("%d to %s", e.min, timesText(e.max))
}

// nearestText describes the request that differs least from an expectation which
// was not seen often enough, the newest of several.
func nearestText(e *expectation, seen []*Record) string {
	var best *Record
	var names []string
	fewest := 0
	for _, r := range seen {
		n := e.differences(r)
		if n > 0 && (best == nil || n <= fewest) {
			best, fewest = r, n
		}
		names = append(names, r.Operation)
	}
	if best == nil && e.seen == 0 {
		return "; there was no request"
	}
	if best == nil {
		return ""
	}
	// An operation with a similar name says more than another one.
	if similar := nearest.FindSimilar(e.operation, names); len(similar) > 0 && best.Operation != e.operation {
		for _, r := range seen {
			if r.Operation == similar[0] && e.differences(r) == fewest {
				best = r
			}
		}
	}
	return "; nearest: " + summary(best)
}

// lastOf returns the last entry that an expectation selects, or nil.
func lastOf(e *expectation, seen []*Record) *Record {
	for i := len(seen) - 1; i >= 0; i-- {
		if e.differences(seen[i]) == 0 {
			return seen[i]
		}
	}
	return nil
}

// summary describes an entry in a few words.
func summary(r *Record) string {
	what := r.Operation
	if what == "" {
		what = r.Method + " " + Truncate(r.Path, 80)
	}
	words := fmt.Sprintf("#%d %s responded with %d", r.ID, what, r.Status)
	if r.Status == 0 {
		words = fmt.Sprintf("#%d %s without a response", r.ID, what)
	}
	if r.Caller != "" {
		words += " by " + r.Caller
	}
	if r.Message != "" {
		words += fmt.Sprintf(" (%s)", Truncate(r.Message, 120))
	}
	if len(r.Faults) > 0 {
		words += ", with fault " + strings.Join(r.Faults, ", ")
	}
	if r.Done {
		words += " after it was done"
	}
	return words
}

func timesText(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func requestsText(n uint64) string {
	if n == 1 {
		return "1 request"
	}
	return fmt.Sprintf("%d requests", n)
}
