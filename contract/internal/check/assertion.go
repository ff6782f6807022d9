package check

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/onsi/gomega/types"
)

// assertion compares a part of a response with what a rule expects. A failure ends
// the check. Its text has the response, the part, the expected value and the actual
// one.
type assertion struct {
	session  *Session
	response *Response // that has the value; nil: the newest one that has it
	actual   any
}

// Expect returns an assertion about a value of a response.
func (s *Session) Expect(actual any) assertion { return assertion{session: s, actual: actual} }

// Expect returns an assertion about a value of this response.
func (res *Response) Expect(actual any) assertion { return assertion{res.session, res, actual} }

// To fails the check unless the value matches. part is the name of the value in the
// response: "version", "value of the field password".
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

// mismatches returns why the value does not match. If the value is a body, its
// secrets are masked, and a body that can't be parsed is not shown.
func (a assertion) mismatches(m types.GomegaMatcher, negated bool) []string {
	var text string
	switch v := a.actual.(type) {
	case string:
		text = v
	case []byte:
		text = string(v)
	}
	for _, res := range a.session.newestResponses() {
		if text != "" && strings.TrimSpace(text) == strings.TrimSpace(string(res.Body)) {
			return mismatches(m, text, res.ShortBody(), negated)
		}
	}
	return mismatches(m, a.actual, "", negated)
}

func (a assertion) fail(part string, mismatches []string) {
	text := part + ": " + strings.Join(mismatches, "\n")
	if len(mismatches) > 1 {
		text = part + ":\n  " + strings.Join(mismatches, "\n  ")
	}
	if res := a.sourceResponse(part); res != nil {
		text = res.String() + ": " + text
	}
	panic(Failure{text})
}

// sourceResponse returns the response that has the value, nil if there was no
// response. If the rule does not say which one it is, sourceResponse returns the
// newest response with a member that part mentions and that has this value, or else
// the newest response.
func (a assertion) sourceResponse(part string) *Response {
	if a.response != nil {
		return a.response
	}
	responses := a.session.newestResponses()
	if len(responses) == 0 {
		return nil
	}
	value := toJSONValue(a.actual)
	words := strings.FieldsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' })
	for _, res := range responses {
		if document := any(nil); res.Decode(&document) == nil && hasMember(document, words, value) {
			return res
		}
	}
	return responses[0]
}

// hasMember reports whether an object at any depth of a document has a member with
// one of the names and that value.
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

// toJSONValue returns a value as a JSON decoder returns it, or the value itself if it
// can't be encoded.
func toJSONValue(v any) (document any) {
	text, err := json.Marshal(v)
	if err != nil || json.Unmarshal(text, &document) != nil {
		return v
	}
	return document
}
