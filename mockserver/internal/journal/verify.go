package journal

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// expectation is an expectation of a verification with the entries that it
// selects.
type expectation struct {
	selector
	min, max int // max -1: no maximum
	text     string
	seen     int    // number of entries
	first    uint64 // id of the first entry; 0: none
	repeated bool   // an earlier expectation selects the same
}

// Verify compares the entries with what is expected. A count that may be too low,
// because entries were dropped, is reported as a problem. The error is a
// *controlapi.Error about the verification itself.
func (j *Journal) Verify(v controlapi.Verification) (controlapi.VerifyResult, error) {
	if len(v.Expect) == 0 && !v.Only {
		return controlapi.VerifyResult{}, invalid("expect is empty: " +
			"give what should have happened, or only: true if nothing should have")
	}
	list := make([]*expectation, len(v.Expect))
	for i, e := range v.Expect {
		expected, err := newExpectation(e)
		if err != nil {
			return controlapi.VerifyResult{}, invalid("expect[%d]: %v", i, err)
		}
		for _, earlier := range list[:i] {
			expected.repeated = expected.repeated || earlier.text == expected.text
		}
		list[i] = expected
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	var seen, others []*Record
	j.each(v.After, func(r *Record) {
		if !isOfAccount(r, v.Account) {
			return
		}
		seen = append(seen, r)
		expected := false
		for _, e := range list {
			if e.differences(r) == 0 {
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
	c := checker{dropped: j.dropped(v.Account, v.After)}
	for _, e := range list {
		c.checkCount(e, seen)
	}
	if v.InOrder {
		c.checkOrder(list, seen)
	}
	if v.Only {
		c.checkOnly(others)
	}
	return controlapi.VerifyResult{OK: len(c.problems) == 0, Problems: c.problems}, nil
}

func newExpectation(e controlapi.Expectation) (*expectation, error) {
	selected, err := newSelector(e.Operation, e.Status, e.Caller, e.Fault)
	if err != nil {
		return nil, err
	}
	expected := &expectation{selector: selected, min: 1, max: -1, text: selected.String()}
	for _, n := range []struct {
		name  string
		value *int
	}{{"count", e.Count}, {"min", e.Min}, {"max", e.Max}} {
		if n.value != nil && *n.value < 0 {
			return nil, fmt.Errorf("%s is %d, but must not be negative", n.name, *n.value)
		}
	}
	switch {
	case e.Count != nil && (e.Min != nil || e.Max != nil):
		return nil, fmt.Errorf("count is exact: leave out min and max, or give them without it")
	case e.Count != nil:
		expected.min, expected.max = *e.Count, *e.Count
	case e.Min != nil:
		expected.min = *e.Min
	case e.Max != nil:
		expected.min = 0
	}
	if e.Max != nil {
		if expected.max = *e.Max; expected.min > expected.max {
			return nil, fmt.Errorf("min is %d and max only %d", expected.min, expected.max)
		}
	}
	return expected, nil
}

// checker collects the problems of a verification.
type checker struct {
	dropped  uint64 // number of entries that may be missing
	problems []string
}

func (c *checker) addf(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// checkCount compares the number of entries with an expectation.
func (c *checker) checkCount(e *expectation, seen []*Record) {
	switch {
	case e.max >= 0 && e.seen > e.max:
		c.addf("%s: expected %s, seen %s, the last of them %s",
			e.text, e.countText(), timesText(e.seen), summary(lastOf(e, seen)))
	case e.seen < e.min && c.dropped > 0:
		c.addf("%s: uncertain: expected %s, seen %s, but %s",
			e.text, e.countText(), timesText(e.seen), c.droppedText())
	case e.seen < e.min:
		c.addf("%s: expected %s, seen %s%s", e.text, e.countText(), timesText(e.seen), nearestText(e, seen))
	case e.max >= 0 && c.dropped > 0:
		c.addf("%s: uncertain: seen %s, as expected, but %s", e.text, timesText(e.seen), c.droppedText())
	}
}

// checkOrder compares the first entry of each expectation with that of the next.
// For a repeated expectation it takes the first entry after the one before it.
func (c *checker) checkOrder(list []*expectation, seen []*Record) {
	if c.dropped > 0 {
		c.addf("order: uncertain: %s", c.droppedText())
		return
	}
	var before *expectation
	for _, e := range list {
		if e.max == 0 || e.seen == 0 {
			continue // there is no entry: checkCount has reported it, or it is as expected
		}
		if e.repeated && before != nil {
			e.first = 0
			for _, r := range seen {
				if r.ID > before.first && e.differences(r) == 0 {
					e.first = r.ID
					break
				}
			}
			if e.first == 0 {
				c.addf("order: %s was expected again after %s (#%d) and was not seen after it",
					e.text, before.text, before.first)
				return
			}
		}
		if before != nil && e.first <= before.first {
			c.addf("order: %s was expected before %s, but its first request is #%d and the other's #%d",
				before.text, e.text, before.first, e.first)
		}
		before = e
	}
}

// checkOnly reports entries that no expectation selects.
func (c *checker) checkOnly(others []*Record) {
	const maxShown = 5
	switch {
	case len(others) > 0:
		words := []string{}
		for _, r := range others[:min(len(others), maxShown)] {
			words = append(words, summary(r))
		}
		if more := len(others) - maxShown; more > 0 {
			words = append(words, fmt.Sprintf("and %d more", more))
		}
		c.addf("only: no other request was expected, seen %s: %s",
			requestsText(uint64(len(others))), strings.Join(words, "; "))
	case c.dropped > 0:
		c.addf("only: uncertain: %s", c.droppedText())
	}
}

// droppedText says how many entries may be missing, and what to do.
func (c *checker) droppedText() string {
	verb := " were"
	if c.dropped == 1 {
		verb = " was"
	}
	return requestsText(c.dropped) + verb + " dropped from the journal: " +
		"make it larger, clear it before the test, or verify after a later id"
}
