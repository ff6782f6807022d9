package expression

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpressions(t *testing.T) {
	t.Parallel()
	names := Scope{"res": {"status", "json"}, "item": nil, "secret": nil, "list": nil}
	env := map[string]any{
		"res": map[string]any{"status": 200, "json": map[string]any{"a": "x", "n": nil,
			"fields": []any{map[string]any{"id": "p", "value": 1}}}},
		"item":   "abc",
		"secret": func(name string) string { return "s-" + name },
		"list":   []any{200, 404, 404},
	}
	for _, c := range []struct {
		code string
		want any
		err  string
	}{
		{code: "res.status == 200", want: true},
		{code: "res.json.a == 'x' and item == 'abc'", want: true},
		{code: "res.json.n == nil", want: true},
		{code: "res.json.b", err: `res.json.b: there is no member "b"`},
		{code: "res.json.b == nil", err: `res.json.b == nil: there is no member "b"`},
		{code: "res.json.fields[0].value", want: 1},
		{code: "res.json.fields[1].value", err: "res.json.fields[1].value: there is no element 1 in a list of 1"},
		{code: "find(res.json.fields, .id == 'p').value", want: 1},
		{code: "find(res.json.fields, #.ix == 'p').value",
			err: `find(res.json.fields, #.ix == 'p').value: there is no member "ix"`},
		{code: "len(filter(list, # == 404))", want: 2},
		{code: "secret('pw')", want: "s-pw"},
		{code: "get(res.json, '/b', 5)", want: 5},
		{code: "has(res.json, '/fields/0/id')", want: true},
		{code: "1 == '1'", err: "invalid operation: == (mismatched types int and string)"},
		{code: "res.status == '200'", want: false},
		{code: "map(1..3, # * 2)", want: []any{2, 4, 6}},
		{code: "let x = res.status; x + 1", want: 201},
		{code: "res.stats", err: `res has no member "stats"`},
		{code: "res?.status", err: `"?." hides what is missing`},
		{code: "itm", err: `unknown variable "itm"`},
		{code: "now()", err: `unknown function "now"`},
		{code: "res.status ==", err: "unexpected token EOF"},
		{code: "repeat('a', 5)", want: "aaaaa"},
		{code: "{a: {b: res.status}}.a.b", want: 200},
	} {
		f, m := Compile(c.code, names)
		if m != nil {
			if m.Message != c.err {
				t.Errorf("%s: %+v, want %q", c.code, m, c.err)
			}
			continue
		}
		got, err := f.Eval(env)
		if err != nil {
			if err.Error() != c.err {
				t.Errorf("%s: error %q, want %q", c.code, err, c.err)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got); c.err != "" || diff != "" {
			t.Errorf("%s: %v, want error %q: %s", c.code, got, c.err, diff)
		}
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	names := Scope{"n": nil, "s": nil}
	env := map[string]any{"n": 3, "s": "x"}
	for text, want := range map[string]any{
		"plain":                        "plain",
		"{{ n }}":                      3,
		"a{{n}}b{{ s }}":               "a3bx",
		`{{ "{{" }}`:                   "{{",
		`{{ {a: {b: n}}.a.b }}`:        3,
		"{{ s + '}}' }}":               "x}}",
		"{{ n > 2 ? 'big' : s }}":      "big",
		"{{ [n, s] }}!":                `[3,"x"]!`,
		"é {{ n }} {\"a\": {\"b\":1}}": `é 3 {"a": {"b":1}}`,
	} {
		tpl, mistakes := ParseTemplate(text, names)
		if len(mistakes) > 0 {
			t.Errorf("%s: %+v", text, mistakes)
			continue
		}
		got, err := tpl.Render(env)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", text, err, diff)
		}
	}
	for text, offset := range map[string]int{"ab {{ nn }}": 6, "ab {{ n": 3, "é{{ s + xx }}": 9} {
		if _, mistakes := ParseTemplate(text, names); len(mistakes) != 1 || mistakes[0].Offset != offset {
			t.Errorf("%s: %+v, want offset %d", text, mistakes, offset)
		}
	}
}
