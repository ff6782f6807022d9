package journal

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// expectation is one of a verification with what was seen of it.
type expectation struct {
	selector
	min, max int // max -1: no most
	text     string
	seen     int
	first    uint64 // id; 0: none
	again    bool   // an earlier one selects the same
}

// Verify says whether what happened is what should have. A count that may be
// too low, because entries had to make room, verifies nothing and says so. An
// error is a *controlapi.Error about the verification itself.
func (j *Journal) Verify(v controlapi.Verification) (controlapi.VerifyResult, error) {
	if len(v.Expect) == 0 && !v.Only {
		return controlapi.VerifyResult{}, invalid("expect is empty: say what should have happened, or with only that nothing should have")
	}
	list := make([]*expectation, len(v.Expect))
	for i, e := range v.Expect {
		made, err := newExpectation(e)
		if err != nil {
			return controlapi.VerifyResult{}, invalid("expect[%d]: %v", i, err)
		}
		for _, earlier := range list[:i] {
			made.again = made.again || earlier.text == made.text
		}
		list[i] = made
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	var seen, others []*Record
	j.each(v.After, func(r *Record) {
		if !inScope(r, v.Account) {
			return
		}
		seen = append(seen, r)
		expected := false
		for _, e := range list {
			if e.selects(r) {
				expected = true
				if e.seen++; e.first == 0 {
					e.first = r.ID
				}
			}
		}
		if !expected {
			others = append(others, r)
		}
	})
	verified := verdict{gone: j.gone(v.Account, v.After)}
	for _, e := range list {
		verified.count(e, seen)
	}
	if v.InOrder {
		verified.order(list, seen)
	}
	if v.Only {
		verified.only(others)
	}
	return controlapi.VerifyResult{OK: len(verified.problems) == 0, Problems: verified.problems}, nil
}

func newExpectation(e controlapi.Expectation) (*expectation, error) {
	which, err := newSelector(e.Operation, e.Status, e.Caller, e.Fault)
	if err != nil {
		return nil, err
	}
	made := &expectation{selector: which, min: 1, max: -1, text: which.String()}
	for _, n := range []struct {
		name  string
		value *int
	}{{"count", e.Count}, {"min", e.Min}, {"max", e.Max}} {
		if n.value != nil && *n.value < 0 {
			return nil, fmt.Errorf("%s is %d and can't be negative", n.name, *n.value)
		}
	}
	switch {
	case e.Count != nil && (e.Min != nil || e.Max != nil):
		return nil, fmt.Errorf("count is exact: leave out min and max, or give them without it")
	case e.Count != nil:
		made.min, made.max = *e.Count, *e.Count
	case e.Min != nil:
		made.min = *e.Min
	case e.Max != nil:
		made.min = 0
	}
	if e.Max != nil {
		if made.max = *e.Max; made.min > made.max {
			return nil, fmt.Errorf("min is %d and max only %d", made.min, made.max)
		}
	}
	return made, nil
}

// verdict gathers the problems of a verification.
type verdict struct {
	gone     uint64
	problems []string
}

func (v *verdict) problem(format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf(format, args...))
}

// count holds an expectation to what was seen.
func (v *verdict) count(e *expectation, seen []*Record) {
	switch {
	case e.max >= 0 && e.seen > e.max:
		v.problem("%s: expected %s, seen %s, the last of them %s", e.text, e.wanted(), times(e.seen), brief(lastOf(e, seen)))
	case e.seen < e.min && v.gone > 0:
		v.problem("%s: can't be known: expected %s, seen %s, but %s", e.text, e.wanted(), times(e.seen), v.missing())
	case e.seen < e.min:
		v.problem("%s: expected %s, seen %s%s", e.text, e.wanted(), times(e.seen), nearMiss(e, seen))
	case e.max >= 0 && v.gone > 0:
		v.problem("%s: can't be known: seen %s, as expected, but %s", e.text, times(e.seen), v.missing())
	}
}

// order holds the first exchange of each expectation to that of the next. What
// is expected a second time is looked for after the one before it.
func (v *verdict) order(list []*expectation, seen []*Record) {
	if v.gone > 0 {
		v.problem("order: can't be known: %s", v.missing())
		return
	}
	var before *expectation
	for _, e := range list {
		if e.max == 0 || e.seen == 0 {
			continue // it is not there, and that is said already or is as expected
		}
		if e.again && before != nil {
			e.first = 0
			for _, r := range seen {
				if r.ID > before.first && e.selects(r) {
					e.first = r.ID
					break
				}
			}
			if e.first == 0 {
				v.problem("order: %s was expected again after %s (#%d) and was not seen after it", e.text, before.text, before.first)
				return
			}
		}
		if before != nil && e.first <= before.first {
			v.problem("order: %s was expected before %s, but its first exchange is #%d and the other's #%d", before.text, e.text, before.first, e.first)
		}
		before = e
	}
}

// only says what happened that nothing expects.
func (v *verdict) only(others []*Record) {
	const shown = 5
	switch {
	case len(others) > 0:
		words := []string{}
		for _, r := range others[:min(len(others), shown)] {
			words = append(words, brief(r))
		}
		if more := len(others) - shown; more > 0 {
			words = append(words, fmt.Sprintf("and %d more", more))
		}
		v.problem("only: nothing else was expected, seen %s more: %s", exchanges(uint64(len(others))), strings.Join(words, "; "))
	case v.gone > 0:
		v.problem("only: can't be known: %s", v.missing())
	}
}

func (v *verdict) missing() string {
	return exchanges(v.gone) + " had to make room in the journal: make it larger, clear it before, or verify after a later id"
}
