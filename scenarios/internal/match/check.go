package match

import (
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// Check reports mistakes in an expectation before it is used: unknown operators, operators mixed with members,
// arguments of the wrong kind.
func Check(n *yamlsource.Node, ps *yamlsource.Problems) {
	switch {
	case n == nil:
	case n.Kind == yamlsource.List:
		for _, item := range n.Items {
			Check(item, ps)
		}
	case n.Kind == yamlsource.Map:
		operators := IsOperators(n)
		for _, p := range n.Pairs {
			if expression.IsTemplate(p.Key) {
				ps.Add(p.KeyAt, "compare it in a check", "a member's name can't be a template")
			} else if strings.HasPrefix(p.Key, "$") != operators {
				ps.Add(p.KeyAt, "an object has either members or operators", "%q beside %q", p.Key, n.Pairs[0].Key)
			} else if operators {
				checkOperator(p, ps)
			} else {
				Check(p.Value, ps)
			}
		}
	}
}

func checkOperator(p yamlsource.Pair, ps *yamlsource.Problems) {
	n, text := p.Value, ""
	wrong := func(wanted string) { ps.Add(n.At, "", "%s takes %s, not %s", p.Key, wanted, n.Kind) }
	if n.Kind == yamlsource.Text {
		text = n.Raw
	}
	templated := expression.IsTemplate(text)
	switch p.Key {
	case "$matches":
		if n.Kind != yamlsource.Text {
			wrong("a pattern")
		} else if _, err := regexp.Compile(text); err != nil && !templated {
			ps.Add(n.At, "", "invalid pattern: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
	case "$startsWith", "$endsWith":
		if n.Kind != yamlsource.Text {
			wrong("a text")
		}
	case "$ref":
		if n.Kind != yamlsource.Text || !templated && !strings.HasPrefix(text, "/") {
			wrong("a JSON pointer such as /createdAt")
		}
	case "$gt", "$gte", "$lt", "$lte":
		if n.Kind != yamlsource.Text && n.Kind != yamlsource.Number {
			wrong("a number or a text")
		}
	case "$len":
		if n.Kind != yamlsource.Number && !templated && !IsOperators(n) {
			wrong("a number")
		}
		Check(n, ps)
	case "$unordered", "$oneOf":
		if n.Kind != yamlsource.List {
			wrong("a list")
		}
		Check(n, ps)
	case "$contains", "$not", "$each":
		Check(n, ps)
	case "$any":
		if n.Value != true && !slices.Contains(kinds(), n.Raw) && !(n.Kind == yamlsource.Null && n.Raw == "null") {
			wrong("true or one of " + strings.Join(kinds(), ", "))
		}
	case "$absent":
		if n.Kind != yamlsource.Bool {
			wrong("true")
		}
	default:
		hint := nearest.Hint(p.Key, Operators())
		if meant := foreignOperator(p.Key); meant != "" {
			hint = meant
		}
		ps.Add(p.KeyAt, hint, "unknown operator %q", p.Key)
	}
}

// foreignOperator returns a hint for an operator of another language, such as MongoDB or JSON Schema, and "" for any
// other word.
func foreignOperator(name string) string {
	switch strings.ToLower(name) {
	case "$regex", "$regexp", "$pattern", "$like", "$match":
		return nearest.DidYouMean("$matches")
	case "$eq", "$equals", "$is", "$const":
		return "write the value itself, without an operator"
	case "$ne", "$neq", "$nin":
		return nearest.DidYouMean("$not")
	case "$in", "$enum", "$anyof", "$or":
		return nearest.DidYouMean("$oneOf")
	case "$size", "$length", "$count":
		return nearest.DidYouMean("$len")
	case "$exists", "$defined", "$present":
		return `"$any: true" for a member that exists, "$absent: true" for one that does not`
	case "$type":
		return `write the kind of the value as in "$any: text"`
	case "$elemmatch", "$includes", "$has":
		return nearest.DidYouMean("$contains")
	case "$all", "$every":
		return `"$each" is for every element, "$unordered" for a list in any order`
	case "$prefix":
		return nearest.DidYouMean("$startsWith")
	case "$suffix":
		return nearest.DidYouMean("$endsWith")
	}
	return ""
}
