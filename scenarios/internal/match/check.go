package match

import (
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/source"
	"github.com/connectmock/connectmock/scenarios/internal/formula"
)

// Check finds the mistakes of an expectation before it is used: unknown
// operators, operators among members, arguments of the wrong kind.
func Check(n *source.Node, ps *source.Problems) {
	switch {
	case n == nil:
	case n.Kind == source.List:
		for _, item := range n.Items {
			Check(item, ps)
		}
	case n.Kind == source.Map:
		operators := IsOperators(n)
		for _, p := range n.Pairs {
			if formula.Templated(p.Key) {
				ps.Add(p.KeyAt, "compare it in a check", "a member's name is no template")
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

func checkOperator(p source.Pair, ps *source.Problems) {
	n, text := p.Value, ""
	wrong := func(wanted string) { ps.Add(n.At, "", "%s takes %s, not %s", p.Key, wanted, n.Kind) }
	if n.Kind == source.Text {
		text = n.Raw
	}
	templated := formula.Templated(text)
	switch p.Key {
	case "$matches":
		if n.Kind != source.Text {
			wrong("a pattern")
		} else if _, err := regexp.Compile(text); err != nil && !templated {
			ps.Add(n.At, "", "the pattern can't be read: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
	case "$startsWith", "$endsWith":
		if n.Kind != source.Text {
			wrong("a text")
		}
	case "$ref":
		if n.Kind != source.Text || !templated && !strings.HasPrefix(text, "/") {
			wrong("a JSON pointer such as /createdAt")
		}
	case "$gt", "$gte", "$lt", "$lte":
		if n.Kind != source.Text && n.Kind != source.Number {
			wrong("a number or a text")
		}
	case "$len":
		if n.Kind != source.Number && !templated && !IsOperators(n) {
			wrong("a number")
		}
		Check(n, ps)
	case "$unordered", "$oneOf":
		if n.Kind != source.List {
			wrong("a list")
		}
		Check(n, ps)
	case "$contains", "$not", "$each":
		Check(n, ps)
	case "$any":
		if n.Value != true && !slices.Contains(kinds(), n.Raw) && !(n.Kind == source.Null && n.Raw == "null") {
			wrong("true or one of " + strings.Join(kinds(), ", "))
		}
	case "$absent":
		if n.Kind != source.Bool {
			wrong("true")
		}
	default:
		ps.Add(p.KeyAt, source.DidYouMean(p.Key, Operators()), "unknown operator %q", p.Key)
	}
}
