package check

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/onsi/gomega/matchers"
	"github.com/onsi/gomega/types"
)

// mismatches returns a text for each difference between a value and what a matcher
// accepts, or if negated why the value must not match. got is the text to show for
// the value; empty: the value itself.
func mismatches(m types.GomegaMatcher, actual any, got string, negated bool) []string {
	switch m := m.(type) {
	case *matchers.EqualMatcher:
		if !negated && got == "" {
			return differences(m.Expected, actual)
		}
	case *matchers.AndMatcher:
		var all []string
		for _, one := range m.Matchers {
			if ok, err := one.Match(actual); err != nil || !ok {
				all = append(all, mismatches(one, actual, got, false)...)
			}
		}
		return all
	case *matchers.HaveOccurredMatcher, *matchers.SucceedMatcher:
		return []string{fmt.Sprint(actual)}
	case *matchers.ConsistOfMatcher:
		return compareSets(matcherElements(m.Elements), actual, true)
	case *matchers.ContainElementsMatcher:
		return compareSets(matcherElements(m.Elements), actual, false)
	}
	want, known := expectation(m)
	if !known {
		return []string{m.FailureMessage(actual)}
	}
	if got == "" {
		got = showValue(actual)
	}
	switch m.(type) {
	case *matchers.HaveLenMatcher:
		got = fmt.Sprintf("%d: %s", reflect.ValueOf(actual).Len(), got)
	case *matchers.ContainSubstringMatcher:
		if negated { // got may be long and has what it must not have
			return []string{"expected nothing with " + want + ", but got it"}
		}
		want = "a text with " + want
	}
	if negated {
		return []string{"expected anything but " + want + ", got " + got}
	}
	return []string{"expected " + want + ", got " + got}
}

// expectation returns what a matcher accepts. known is false for other matchers.
func expectation(m types.GomegaMatcher) (text string, known bool) {
	switch m := m.(type) {
	case *matchers.EqualMatcher:
		return showValue(m.Expected), true
	case *matchers.BeTrueMatcher:
		return "true", true
	case *matchers.BeFalseMatcher:
		return "false", true
	case *matchers.BeNilMatcher:
		return "none", true
	case *matchers.BeZeroMatcher:
		return "0 or none", true
	case *matchers.BeEmptyMatcher:
		return "an empty value", true
	case *matchers.HaveLenMatcher:
		return fmt.Sprintf("a length of %d", m.Count), true
	case *matchers.MatchRegexpMatcher:
		return "a text that matches " + m.Regexp, true
	case *matchers.ContainSubstringMatcher:
		return showValue(m.Substr), true
	case *matchers.HavePrefixMatcher:
		return "a text that begins with " + showValue(m.Prefix), true
	case *matchers.BeNumericallyMatcher:
		return "a number " + m.Comparator + " " + showValue(m.CompareTo[0]), true
	case *matchers.BeTemporallyMatcher:
		return timeText(m), true
	case *matchers.BeElementOfMatcher:
		return "one of " + showValue(m.Elements), true
	case *matchers.ContainElementMatcher:
		return "a list with " + showValue(m.Element), true
	case *matchers.HaveKeyMatcher:
		return "one of them to be " + showValue(m.Key), true
	case *matchers.HaveKeyWithValueMatcher:
		return "the value of " + showValue(m.Key) + " to be " + showValue(m.Value), true
	}
	return "", false
}

func timeText(m *matchers.BeTemporallyMatcher) string {
	at := m.CompareTo.Format(time.RFC3339Nano)
	if m.Comparator == "~" {
		return fmt.Sprintf("%s ± %s", at, m.Threshold[0])
	}
	return "a time " + m.Comparator + " " + at
}

// matcherElements returns the elements that a matcher got, either as one list or
// one by one.
func matcherElements(args []any) []any {
	if len(args) == 1 {
		if list, ok := toJSONValue(args[0]).([]any); ok {
			return list
		}
	}
	list, _ := toJSONValue(args).([]any)
	return list
}

// compareSets returns texts about the elements that a list lacks and, if complete,
// about those that it must not have.
func compareSets(want []any, actual any, complete bool) (all []string) {
	got, ok := toJSONValue(actual).([]any)
	if !ok {
		return []string{fmt.Sprintf("expected a list, got %s", showValue(actual))}
	}
	missing := subtract(want, got)
	extra := subtract(got, want)
	if len(missing) > 0 {
		all = append(all, fmt.Sprintf("expected also %s, got %s", showValue(missing), showValue(got)))
	}
	if complete && len(extra) > 0 {
		all = append(all, fmt.Sprintf("did not expect %s; expected %s in any order", showValue(extra), showValue(want)))
	}
	return all
}

// subtract returns a list without the elements of others, each removed once.
func subtract(list, others []any) []any {
	remaining := slices.Clone(list)
	for _, o := range others {
		if i := slices.IndexFunc(remaining, func(e any) bool { return reflect.DeepEqual(e, o) }); i >= 0 {
			remaining = slices.Delete(remaining, i, i+1)
		}
	}
	return remaining
}

// showValue returns a value for a message, cut to 200 bytes.
func showValue(v any) string {
	const maxLength = 200
	if v = toJSONValue(v); v == nil {
		return "none"
	}
	return textenc.Cut(encodeCompact(redact.Conceal(v)), maxLength)
}

func encodeCompact(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
