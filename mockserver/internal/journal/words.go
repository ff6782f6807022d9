package journal

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
)

// String is a selector in words: "GetVaultItemById answered 404 by reader".
func (s *selector) String() string {
	words := []string{"any request"}
	if s.operation != "" {
		words[0] = s.operation
	}
	if s.status != "" {
		words = append(words, "answered", s.status)
	}
	if s.caller != "" {
		words = append(words, "by", s.caller)
	}
	if s.fault != "" {
		words = append(words, "struck by", s.fault)
	}
	return strings.Join(words, " ")
}

// wanted is how often something was expected.
func (e *expectation) wanted() string {
	switch {
	case e.min == e.max:
		return times(e.min)
	case e.max < 0:
		return "at least " + times(e.min)
	case e.min == 0:
		return "at most " + times(e.max)
	}
	return fmt.Sprintf("%d to %s", e.min, times(e.max))
}

// nearMiss is the exchange that comes closest to an expectation that was not
// seen often enough, the newest of several.
func nearMiss(e *expectation, seen []*Record) string {
	var best *Record
	var names []string
	least := 0
	for _, r := range seen {
		misses := e.misses(r)
		if misses > 0 && (best == nil || misses <= least) {
			best, least = r, misses
		}
		names = append(names, r.Operation)
	}
	if best == nil && e.seen == 0 {
		return "; there was no exchange at all"
	}
	if best == nil {
		return ""
	}
	// An operation that is spelt nearly the same says more than any other that
	// also differs in its operation.
	if like := nearest.FindSimilar(e.operation, names); len(like) > 0 && best.Operation != e.operation {
		for _, r := range seen {
			if r.Operation == like[0] && e.misses(r) == least {
				best = r
			}
		}
	}
	return "; nearest: " + brief(best)
}

func lastOf(e *expectation, seen []*Record) *Record {
	for i := len(seen) - 1; i >= 0; i-- {
		if e.selects(seen[i]) {
			return seen[i]
		}
	}
	return nil
}

// brief is an exchange in words.
func brief(r *Record) string {
	what := r.Operation
	if what == "" {
		what = r.Method + " " + Truncate(r.Path, 80)
	}
	words := fmt.Sprintf("#%d %s answered %d", r.ID, what, r.Status)
	if r.Status == 0 {
		words = fmt.Sprintf("#%d %s was not answered", r.ID, what)
	}
	if r.Caller != "" {
		words += " by " + r.Caller
	}
	if r.Message != "" {
		words += fmt.Sprintf(" (%s)", Truncate(r.Message, 120))
	}
	if len(r.Faults) > 0 {
		words += ", struck by " + strings.Join(r.Faults, ", ")
	}
	return words
}

func times(n int) string {
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

func exchanges(n uint64) string {
	if n == 1 {
		return "1 exchange"
	}
	return fmt.Sprintf("%d exchanges", n)
}
