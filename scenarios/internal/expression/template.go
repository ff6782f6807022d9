package expression

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Template is a text with {{ expressions }}.
type Template struct {
	parts []part
}

type part struct {
	text    string
	formula *Expression // nil: text as it is
}

// IsTemplate says whether a text holds an expression.
func IsTemplate(text string) bool { return strings.Contains(text, "{{") }

// ParseTemplate reads a text.
func ParseTemplate(text string, names Scope) (*Template, []SyntaxError) {
	t := &Template{}
	var mistakes []SyntaxError
	rest, at := text, 0
	for {
		before, after, found := strings.Cut(rest, "{{")
		if before != "" {
			t.parts = append(t.parts, part{text: before})
		}
		if !found {
			return t, mistakes
		}
		at += len(before) + 2
		end := closing(after)
		if end < 0 {
			return t, append(mistakes, SyntaxError{Offset: at - 2, Message: "{{ is not closed", Hint: `a {{ that is meant: {{ "{{" }}`})
		}
		code := strings.TrimSpace(after[:end])
		begin := at + strings.Index(after[:end], code)
		if f, m := Compile(code, names); m != nil {
			m.Offset += begin
			mistakes = append(mistakes, *m)
		} else {
			t.parts = append(t.parts, part{formula: f})
		}
		rest, at = after[end+2:], at+end+2
	}
}

// closing is where the }} is that ends an expression, -1 if there is none:
// texts and braces within the expression are stepped over.
func closing(s string) int {
	depth, quote := 0, rune(0)
	escaped := false
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case quote != 0:
			if r == '\\' {
				escaped = true
			} else if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case r == '{':
			depth++
		case r == '}' && depth > 0:
			depth--
		case r == '}' && strings.HasPrefix(s[i:], "}}"):
			return i
		}
	}
	return -1
}

// Variables are the names of all its expressions.
func (t *Template) Variables() []string {
	var all []string
	for _, p := range t.parts {
		if p.formula != nil {
			all = append(all, p.formula.uses...)
		}
	}
	return all
}

// Render is the value of a template that is one expression, of whatever type,
// and a text for any other.
func (t *Template) Render(env map[string]any) (any, error) {
	if len(t.parts) == 1 && t.parts[0].formula != nil {
		return t.parts[0].formula.Eval(env)
	}
	var b strings.Builder
	for _, p := range t.parts {
		if p.formula == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := p.formula.Eval(env)
		if err != nil {
			return nil, err
		}
		text, err := Text(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.formula, err)
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// RenderText is Render where only a text will do.
func (t *Template) RenderText(env map[string]any) (string, error) {
	v, err := t.Render(env)
	if err != nil {
		return "", err
	}
	return Text(v)
}

// Text is a value within a text: numbers without an exponent, lists and objects
// as JSON. Null is an error: nobody means the word.
func Text(v any) (string, error) {
	switch x := v.(type) {
	case nil:
		return "", fmt.Errorf("is null, which is no text")
	case string:
		return x, nil
	case bool:
		return strconv.FormatBool(x), nil
	case int:
		return strconv.Itoa(x), nil
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), nil
	case fmt.Stringer:
		return x.String(), nil
	}
	text, err := json.Marshal(v)
	return string(text), err
}
