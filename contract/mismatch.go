package contract

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/matchers"
	"github.com/onsi/gomega/types"
)

// mismatches says in words why a value does not match, one text for each
// difference; negated: why it should not have matched. got is the value as it
// may be shown; empty: the value itself.
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
		return sets(elements(m.Elements), actual, true)
	case *matchers.ContainElementsMatcher:
		return sets(elements(m.Elements), actual, false)
	}
	want, known := expectation(m)
	if !known {
		return []string{m.FailureMessage(actual)}
	}
	if got == "" {
		got = show(actual)
	}
	switch m.(type) {
	case *matchers.HaveLenMatcher:
		got = fmt.Sprintf("%d: %s", reflect.ValueOf(actual).Len(), got)
	case *matchers.ContainSubstringMatcher:
		if negated { // the whole of it may be long, and holds what it must not
			return []string{"expected nothing with " + want + ", but it is there"}
		}
		want = "a text with " + want
	}
	if negated {
		return []string{"expected anything but " + want + ", got " + got}
	}
	return []string{"expected " + want + ", got " + got}
}

// expectation says what a matcher accepts; known is false for other matchers.
func expectation(m types.GomegaMatcher) (text string, known bool) {
	switch m := m.(type) {
	case *matchers.EqualMatcher:
		return show(m.Expected), true
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
		return show(m.Substr), true
	case *matchers.HavePrefixMatcher:
		return "a text that begins with " + show(m.Prefix), true
	case *matchers.BeNumericallyMatcher:
		return "a number " + m.Comparator + " " + show(m.CompareTo[0]), true
	case *matchers.BeTemporallyMatcher:
		return moment(m), true
	case *matchers.BeElementOfMatcher:
		return "one of " + show(m.Elements), true
	case *matchers.ContainElementMatcher:
		return "a list with " + show(m.Element), true
	case *matchers.HaveKeyMatcher:
		return "one of them to be " + show(m.Key), true
	case *matchers.HaveKeyWithValueMatcher:
		return "the value of " + show(m.Key) + " to be " + show(m.Value), true
	}
	return "", false
}

func moment(m *matchers.BeTemporallyMatcher) string {
	at := m.CompareTo.Format(time.RFC3339Nano)
	if m.Comparator == "~" {
		return fmt.Sprintf("%s, give or take %s", at, m.Threshold[0])
	}
	return "a time " + m.Comparator + " " + at
}

// elements returns what was given to a matcher of elements: one list, or each
// of them.
func elements(given []any) []any {
	if len(given) == 1 {
		if list, ok := plain(given[0]).([]any); ok {
			return list
		}
	}
	list, _ := plain(given).([]any)
	return list
}

// sets says which elements a list lacks and, if complete, which it should not have.
func sets(want []any, actual any, complete bool) (all []string) {
	got, ok := plain(actual).([]any)
	if !ok {
		return []string{fmt.Sprintf("expected a list, got %s", show(actual))}
	}
	missing := except(want, got)
	extra := except(got, want)
	if len(missing) > 0 {
		all = append(all, fmt.Sprintf("expected %s as well, got %s", show(missing), show(got)))
	}
	if complete && len(extra) > 0 {
		all = append(all, fmt.Sprintf("did not expect %s; expected %s in any order", show(extra), show(want)))
	}
	return all
}

// except returns a list without others, each removed once.
func except(list, others []any) []any {
	left := slices.Clone(list)
	for _, o := range others {
		if i := slices.IndexFunc(left, func(e any) bool { return reflect.DeepEqual(e, o) }); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	return left
}

// show returns a value for a message, cut if it is long.
func show(v any) string {
	const most = 200
	if v = plain(v); v == nil {
		return "none"
	}
	text := compact(conceal(v))
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}

func compact(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
