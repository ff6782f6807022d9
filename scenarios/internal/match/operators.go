package match

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// Operator is an operator of expectations.
type Operator struct{ Name, About string }

// OperatorTable returns all operators with their descriptions.
func OperatorTable() []Operator {
	return []Operator{
		{"$matches", "A text that matches the regular expression."},
		{"$contains", "A text with this part, a list with such an element, or an object with these members."},
		{"$len", "Number of characters, elements or members."},
		{"$startsWith", "A text that starts with this text."},
		{"$endsWith", "A text that ends with this text."},
		{"$unordered", "A list with these elements in any order."},
		{"$each", "A list whose elements are all like this."},
		{"$any", "true for any value, or a kind: text, number, boolean, list, object, null."},
		{"$absent", "true if there must be no such member or header."},
		{"$gt", "A number or a text greater than this."},
		{"$gte", "A number or a text greater than this, or equal."},
		{"$lt", "A number or a text less than this."},
		{"$lte", "A number or a text less than this, or equal."},
		{"$not", "A value that is not like this."},
		{"$oneOf", "A value like one of these."},
		{"$ref", "The same value as at this JSON pointer of the response."},
	}
}

// Operators returns the names of all operators.
func Operators() []string {
	var names []string
	for _, o := range OperatorTable() {
		names = append(names, o.Name)
	}
	return names
}

// IsOperators reports whether a node is a mapping of operators.
func IsOperators(n *yamlsource.Node) bool {
	return n.Kind == yamlsource.Map && len(n.Pairs) > 0 && strings.HasPrefix(n.Pairs[0].Key, "$")
}

// absent returns the argument of a node {$absent: ...}. ok is false for other nodes.
func absent(n *yamlsource.Node) (wants, ok bool) {
	if !IsOperators(n) || n.Pairs[0].Key != "$absent" {
		return false, false
	}
	wants, ok = n.Pairs[0].Value.Value.(bool)
	return wants, ok
}

// operators checks that all operators match.
func (m *Matcher) operators(n *yamlsource.Node, got any, pointer string) error {
	for _, p := range n.Pairs {
		if err := m.operator(p.Key, p.Value, got, pointer); err != nil {
			return err
		}
	}
	return nil
}

func (m *Matcher) operator(name string, n *yamlsource.Node, got any, pointer string) error {
	switch name {
	case "$contains":
		return m.contains(n, got, pointer)
	case "$len":
		return m.length(n, got, pointer)
	case "$unordered":
		return m.unordered(n, got, pointer)
	case "$each":
		return m.each(n, got, pointer)
	case "$any":
		m.any(n, got, pointer)
		return nil
	case "$absent":
		if wants, _ := n.Value.(bool); wants {
			m.fail(pointer, "nothing", got)
		}
		return nil
	case "$not":
		matched, err := m.matches(n, got)
		if matched {
			m.fail(pointer, "anything but this", got)
		}
		return err
	case "$oneOf":
		return m.oneOf(n, got, pointer)
	}
	argument, err := m.Render(n)
	if err != nil {
		return err
	}
	switch name {
	case "$gt", "$gte", "$lt", "$lte":
		m.order(name, argument, got, pointer)
		return nil
	case "$ref":
		return m.ref(argument, got, pointer)
	}
	return m.text(name, argument, got, pointer)
}

// text checks $matches, $startsWith and $endsWith.
func (m *Matcher) text(name string, argument, got any, pointer string) error {
	want, ok := argument.(string)
	if !ok {
		return fmt.Errorf("%s takes a text, not %s", name, m.format(argument))
	}
	has, isText := got.(string)
	var holds bool
	switch name {
	case "$matches":
		pattern, err := regexp.Compile(want)
		if err != nil {
			return fmt.Errorf("$matches: %w", err)
		}
		holds = pattern.MatchString(has)
	case "$startsWith":
		holds = strings.HasPrefix(has, want)
	case "$endsWith":
		holds = strings.HasSuffix(has, want)
	}
	if !isText || !holds {
		m.fail(pointer, map[string]string{
			"$matches": "a text that matches ", "$startsWith": "a text that starts with ",
			"$endsWith": "a text that ends with ",
		}[name]+m.format(want), got)
	}
	return nil
}

// contains checks $contains: a part of a text, an element of a list, or members of an object.
func (m *Matcher) contains(n *yamlsource.Node, got any, pointer string) error {
	switch v := got.(type) {
	case string:
		want, err := m.Render(n)
		if err != nil {
			return err
		}
		if part, ok := want.(string); !ok || !strings.Contains(v, part) {
			m.fail(pointer, "a text that contains "+m.format(want), got)
		}
		return nil
	case []any:
		inner := Matcher{Render: m.Render, Redact: m.Redact, root: m.root}
		for _, element := range v {
			if ok, err := inner.matches(n, element); ok || err != nil {
				return err
			}
		}
		m.fail(pointer, "a list with an element like "+m.describe(n), got)
		return nil
	case map[string]any:
		inner := Matcher{Render: m.Render, Redact: m.Redact, root: m.root}
		err := inner.value(n, got, pointer)
		m.mismatches = append(m.mismatches, inner.mismatches...)
		return err
	}
	m.fail(pointer, "something that contains "+m.describe(n), got)
	return nil
}

func (m *Matcher) length(n *yamlsource.Node, got any, pointer string) error {
	var is int
	switch v := got.(type) {
	case string:
		is = utf8.RuneCountInString(v)
	case []any:
		is = len(v)
	case map[string]any:
		is = len(v)
	default:
		m.fail(pointer, "something with a length", got)
		return nil
	}
	inner := Matcher{Render: m.Render, Redact: m.Redact, root: m.root}
	if err := inner.value(n, is, pointer); err != nil {
		return err
	}
	for _, x := range inner.mismatches {
		m.mismatches = append(m.mismatches, Mismatch{pointer, "a length of " + x.Expected, x.Actual})
	}
	return nil
}

// kinds returns the arguments of $any.
func kinds() []string {
	return []string{"text", "number", "boolean", "list", "object", "null"}
}

func (m *Matcher) any(n *yamlsource.Node, got any, pointer string) {
	if n.Kind == yamlsource.Bool {
		return // any value will do
	}
	var is string
	switch got.(type) {
	case nil:
		is = "null"
	case string:
		is = "text"
	case bool:
		is = "boolean"
	case []any:
		is = "list"
	case map[string]any:
		is = "object"
	default:
		is = "number"
	}
	if is != n.Raw {
		m.fail(pointer, "any "+n.Raw, got)
	}
}

func (m *Matcher) oneOf(n *yamlsource.Node, got any, pointer string) error {
	for _, item := range n.Items {
		if ok, err := m.matches(item, got); ok || err != nil {
			return err
		}
	}
	m.fail(pointer, "one of "+m.describe(n), got)
	return nil
}

// order compares two numbers, or two texts byte by byte, which suits timestamps.
func (m *Matcher) order(name string, want, got any, pointer string) {
	words := map[string]string{"$gt": "more than ", "$gte": "at least ", "$lt": "less than ", "$lte": "at most "}
	var difference int
	w, numbers := number(want)
	g, ok := number(got)
	wantText, texts := want.(string)
	gotText, isText := got.(string)
	switch {
	case numbers && ok && g < w, texts && isText && gotText < wantText:
		difference = -1
	case numbers && ok && g > w, texts && isText && gotText > wantText:
		difference = 1
	case !(numbers && ok) && !(texts && isText):
		m.fail(pointer, words[name]+m.format(want), got)
		return
	}
	holds := map[string][]int{"$gt": {1}, "$gte": {0, 1}, "$lt": {-1}, "$lte": {-1, 0}}[name]
	if !slices.Contains(holds, difference) {
		m.fail(pointer, words[name]+m.format(want), got)
	}
}

// ref checks $ref: the value at another place of the same response.
func (m *Matcher) ref(argument, got any, pointer string) error {
	to, ok := argument.(string)
	if !ok {
		return fmt.Errorf("$ref takes a JSON pointer, not %s", m.format(argument))
	}
	other, err := expression.Pointer(m.root, to)
	if err != nil {
		m.fail(pointer, "the value of "+to+", but "+err.Error(), got)
	} else if !Equal(other, got) {
		m.fail(pointer, "the value of "+to+", "+m.format(m.maskedAt(to, other)), got)
	}
	return nil
}

func (m *Matcher) describe(n *yamlsource.Node) string {
	if v, err := m.Render(n); err == nil {
		return m.format(v)
	}
	return "what is expected"
}
