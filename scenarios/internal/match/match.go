// Package match compares what a scenario expects with the response: partially or exactly, with operators that start
// with $. Comparison depends on type and case and converts nothing.
//
// The package knows YAML nodes and JSON values. It does not know HTTP.
package match

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// Matcher compares JSON values with YAML nodes. Render must be set.
type Matcher struct {
	// Render returns the value of a node without operators, with its templates evaluated.
	Render func(*yamlsource.Node) (any, error)
	// Redact removes secrets from a value that a mismatch shows, encoded as JSON, before it is cut; nil: there are no
	// secrets.
	Redact func(string) string
	// Shown is the document with masked values, which mismatches show instead; nil: the document itself.
	Shown any
	// Exactly reports additional members of objects as mismatches.
	Exactly bool

	root       any
	mismatches []Mismatch
}

// Mismatch is one difference.
type Mismatch struct {
	Pointer  string // JSON pointer; "" is the whole
	Expected string
	Actual   string
}

// String formats the difference on one line.
func (m Mismatch) String() string {
	pointer := m.Pointer
	if pointer == "" {
		pointer = "the whole"
	}
	return fmt.Sprintf("%s: expected %s, got %s", pointer, m.Expected, m.Actual)
}

// maxMismatches is the maximum number of mismatches that are reported.
const maxMismatches = 10

// Match compares got with want and returns the first mismatches, none if it matches. An error means that the
// expectation is invalid.
func (m Matcher) Match(want *yamlsource.Node, got any) ([]Mismatch, error) {
	m.root = got
	if err := m.value(want, got, ""); err != nil {
		return nil, err
	}
	return m.mismatches, nil
}

// matches reports whether got matches want, without recording mismatches.
func (m *Matcher) matches(want *yamlsource.Node, got any) (bool, error) {
	inner := Matcher{Render: m.Render, Redact: m.Redact, Exactly: m.Exactly, root: m.root}
	err := inner.value(want, got, "")
	return len(inner.mismatches) == 0, err
}

func (m *Matcher) fail(pointer, expected string, got any) {
	if len(m.mismatches) < maxMismatches {
		m.mismatches = append(m.mismatches, Mismatch{pointer, expected, m.format(m.maskedAt(pointer, got))})
	}
}

// maskedAt returns the value of Shown at a pointer. A value that is derived from the document, such as a length, is
// returned unchanged.
func (m *Matcher) maskedAt(pointer string, got any) any {
	if m.Shown == nil {
		return got
	}
	if is, err := expression.Pointer(m.root, pointer); err != nil || !Equal(is, got) {
		return got
	}
	for {
		if shown, err := expression.Pointer(m.Shown, pointer); err == nil {
			return shown
		}
		cut := strings.LastIndexByte(pointer, '/')
		if cut < 0 {
			return m.Shown
		}
		pointer = pointer[:cut] // a masked value also masks its members
	}
}

func (m *Matcher) value(want *yamlsource.Node, got any, pointer string) error {
	switch {
	case IsOperators(want):
		return m.operators(want, got, pointer)
	case want.Kind == yamlsource.Map:
		return m.object(want, got, pointer)
	case want.Kind == yamlsource.List:
		return m.list(want, got, pointer)
	}
	literal, err := m.Render(want)
	if err != nil {
		return err
	}
	if !Equal(literal, got) {
		m.fail(pointer, m.format(literal), got)
	}
	return nil
}

func (m *Matcher) object(want *yamlsource.Node, got any, pointer string) error {
	object, ok := got.(map[string]any)
	if !ok {
		m.fail(pointer, "an object", got)
		return nil
	}
	for _, p := range want.Pairs {
		at := pointer + "/" + escape(p.Key)
		value, there := object[p.Key]
		if wants, absence := absent(p.Value); absence {
			if there == wants {
				m.presence(at, there, value)
			}
			continue
		}
		if !there {
			m.missing(p.Value, at)
			continue
		}
		if err := m.value(p.Value, value, at); err != nil {
			return err
		}
	}
	for _, key := range yamlsource.SortedKeys(object) {
		if m.Exactly && want.Get(key) == nil {
			m.fail(pointer+"/"+escape(key), "no such member", object[key])
		}
	}
	return nil
}

func (m *Matcher) presence(at string, there bool, value any) {
	if there {
		m.fail(at, "no such member", value)
	} else {
		m.mismatches = append(m.mismatches, Mismatch{at, "some value", "no such member"})
	}
}

func (m *Matcher) missing(want *yamlsource.Node, at string) {
	if len(m.mismatches) >= maxMismatches {
		return
	}
	expected := "what the expectation says"
	if literal, err := m.Render(want); err == nil {
		expected = m.format(literal)
	}
	m.mismatches = append(m.mismatches, Mismatch{at, expected, "no such member"})
}

// list compares two lists element by element.
func (m *Matcher) list(want *yamlsource.Node, got any, pointer string) error {
	list, ok := got.([]any)
	if !ok {
		m.fail(pointer, "a list", got)
		return nil
	}
	if len(list) != len(want.Items) {
		m.fail(pointer, count(len(want.Items)), got)
		return nil
	}
	for i, item := range want.Items {
		if err := m.value(item, list[i], fmt.Sprintf("%s/%d", pointer, i)); err != nil {
			return err
		}
	}
	return nil
}

func count(n int) string {
	if n == 1 {
		return "a list of 1 element"
	}
	return fmt.Sprintf("a list of %d elements", n)
}

// Equal reports whether two JSON values are equal. 1 equals 1.0 but not "1".
func Equal(a, b any) bool {
	if x, ok := number(a); ok {
		y, ok := number(b)
		return ok && x == y
	}
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, Equal)
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for key, value := range x {
			if other, there := y[key]; !there || !Equal(value, other) {
				return false
			}
		}
		return true
	case string, bool, nil:
		return a == b
	}
	return false
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, !math.IsNaN(n)
	}
	return 0, false
}

// maxShown is the maximum length of a value in a message.
const maxShown = 200

// Format formats a value for a message. It redacts before it cuts, because the rest of a secret that was cut would not
// be recognized.
func Format(v any, redact func(string) string) string {
	text := compact(v)
	if redact != nil {
		text = redact(text)
	}
	if len(text) <= maxShown {
		return text
	}
	switch x := v.(type) {
	case []any:
		return count(len(x))
	case map[string]any:
		return "an object with " + strings.Join(yamlsource.SortedKeys(x), ", ")
	}
	return textenc.Cut(text, maxShown)
}

func (m *Matcher) format(v any) string { return Format(v, m.Redact) }

func compact(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprintf("a %T", v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func escape(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}
