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
	text       string
	expression *Expression // nil: literal text
}

// IsTemplate reports whether a text contains an expression.
func IsTemplate(text string) bool { return strings.Contains(text, "{{") }

// ParseTemplate compiles the expressions in a text, which may use the names in scope.
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
			return t, append(mistakes, SyntaxError{Offset: at - 2, Message: "{{ is not closed",
				Hint: `for a literal {{ write {{ "{{" }}`})
		}
		code := strings.TrimSpace(after[:end])
		begin := at + strings.Index(after[:end], code)
		if f, m := Compile(code, names); m != nil {
			m.Offset += begin
			mistakes = append(mistakes, *m)
		} else {
			t.parts = append(t.parts, part{expression: f})
		}
		rest, at = after[end+2:], at+end+2
	}
}

// closing returns the index of the }} that ends an expression, or -1 if there is none. It skips strings and braces in
// the expression.
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

// Variables returns the names that the expressions use.
func (t *Template) Variables() []string {
	var all []string
	for _, p := range t.parts {
		if p.expression != nil {
			all = append(all, p.expression.uses...)
		}
	}
	return all
}

// Render evaluates the template. One that is a single expression gives the expression's value, any other gives text.
func (t *Template) Render(env map[string]any) (any, error) {
	if len(t.parts) == 1 && t.parts[0].expression != nil {
		return t.parts[0].expression.Eval(env)
	}
	var b strings.Builder
	for _, p := range t.parts {
		if p.expression == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := p.expression.Eval(env)
		if err != nil {
			return nil, err
		}
		text, err := Text(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.expression, err)
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// RenderText evaluates the template to text.
func (t *Template) RenderText(env map[string]any) (string, error) {
	v, err := t.Render(env)
	if err != nil {
		return "", err
	}
	return Text(v)
}

// Text formats a value as part of a text: numbers without an exponent, lists and objects as JSON. Null is an error,
// because the word is never what was meant.
func Text(v any) (string, error) {
	switch x := v.(type) {
	case nil:
		return "", fmt.Errorf("is null, not text")
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
