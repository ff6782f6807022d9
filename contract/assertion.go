package contract

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/onsi/gomega/types"
)

// assertion compares a part of a response with what a rule expects. A failure
// ends the check and says which part of which response is wrong, what was
// expected and what came.
type assertion struct {
	session *session
	answer  *answer // the response the value is from; nil: the newest that has it
	actual  any
}

// Expect asserts about a value from a response.
func (s *session) Expect(actual any) assertion { return assertion{session: s, actual: actual} }

// Expect asserts about a value from this response.
func (a *answer) Expect(actual any) assertion { return assertion{a.session, a, actual} }

// To fails the check unless the value matches. part names the part of the
// response that the value is, as the response calls it: "version", "value of
// the field password".
func (a assertion) To(m types.GomegaMatcher, part string, args ...any) {
	if ok, err := m.Match(a.actual); err != nil || !ok {
		a.fail(fmt.Sprintf(part, args...), a.mismatches(m, false))
	}
}

// NotTo fails the check if the value matches.
func (a assertion) NotTo(m types.GomegaMatcher, part string, args ...any) {
	if ok, err := m.Match(a.actual); err != nil || ok {
		a.fail(fmt.Sprintf(part, args...), a.mismatches(m, true))
	}
}

// mismatches says why the value does not match. It shows a whole body with its
// secrets masked, and does not show one that it can't parse.
func (a assertion) mismatches(m types.GomegaMatcher, negated bool) []string {
	var text string
	switch v := a.actual.(type) {
	case string:
		text = v
	case []byte:
		text = string(v)
	}
	for _, answer := range a.session.newest() {
		if text != "" && strings.TrimSpace(text) == strings.TrimSpace(string(answer.Body)) {
			return mismatches(m, text, answer.short(), negated)
		}
	}
	return mismatches(m, a.actual, "", negated)
}

func (a assertion) fail(part string, wrong []string) {
	text := part + ": " + strings.Join(wrong, "\n")
	if len(wrong) > 1 {
		text = part + ":\n  " + strings.Join(wrong, "\n  ")
	}
	if from := a.source(part); from != nil {
		text = from.String() + ": " + text
	}
	panic(failed{text})
}

// source returns the response the value is from, nil if there was none. Where
// the rule does not say, it is the newest response with a member that part
// mentions and that has this value, and the newest of all if there is none.
func (a assertion) source(part string) *answer {
	if a.answer != nil {
		return a.answer
	}
	answers := a.session.newest()
	if len(answers) == 0 {
		return nil
	}
	value := plain(a.actual)
	words := strings.FieldsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' })
	for _, answer := range answers {
		if document := any(nil); answer.decode(&document) == nil && hasMember(document, words, value) {
			return answer
		}
	}
	return answers[0]
}

// hasMember reports whether an object anywhere in a document has a member of one
// of the names with that value.
func hasMember(document any, names []string, value any) bool {
	switch x := document.(type) {
	case []any:
		return slices.ContainsFunc(x, func(e any) bool { return hasMember(e, names, value) })
	case map[string]any:
		for name, member := range x {
			if slices.Contains(names, name) && reflect.DeepEqual(member, value) || hasMember(member, names, value) {
				return true
			}
		}
	}
	return false
}

// plain returns a value as a JSON decoder would, itself if it has no form in
// JSON.
func plain(v any) (document any) {
	text, err := json.Marshal(v)
	if err != nil || json.Unmarshal(text, &document) != nil {
		return v
	}
	return document
}
