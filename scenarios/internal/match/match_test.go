package match

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/internal/yamlsource"
)

func node(t *testing.T, text string) *yamlsource.Node {
	t.Helper()
	var ps yamlsource.Problems
	n := yamlsource.Parse("x.yaml", []byte(text), "", &ps)
	Check(n, &ps)
	if err := ps.Err(); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

func value(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want, got string
		exactly   bool
		wrong     []string // none: it matches
	}{
		{want: `1`, got: `1`},
		{want: `1`, got: `1.0`},
		{want: `1`, got: `"1"`, wrong: []string{`the whole: expected 1, got "1"`}},
		{want: `"1"`, got: `1`, wrong: []string{`the whole: expected "1", got 1`}},
		{want: `a`, got: `"A"`, wrong: []string{`the whole: expected "a", got "A"`}},
		{want: `true`, got: `"true"`, wrong: []string{`the whole: expected true, got "true"`}},
		{want: `null`, got: `null`},
		{want: `null`, got: `false`, wrong: []string{`the whole: expected null, got false`}},
		{want: `0`, got: `null`, wrong: []string{`the whole: expected 0, got null`}},
		{want: `{a: null}`, got: `{}`, wrong: []string{`/a: expected null, got no such member`}},
		{want: `{a: 1}`, got: `{"a": 1, "b": 2}`},
		{want: `{a: 1}`, got: `{"a": 1, "b": 2}`, exactly: true, wrong: []string{`/b: expected no such member, got 2`}},
		{want: `{a: {b: 1}}`, got: `{"a": {"b": 2}}`, wrong: []string{`/a/b: expected 1, got 2`}},
		{want: `{a/b~c: 1}`, got: `{"a/b~c": 2}`, wrong: []string{`/a~1b~0c: expected 1, got 2`}},
		{want: `[1, {a: 2}]`, got: `[1, {"a": 2, "b": 3}]`},
		{want: `[1]`, got: `[1, 2]`, wrong: []string{`the whole: expected a list of 1 element, got [1,2]`}},
		{want: `[1, 2]`, got: `[2, 1]`, wrong: []string{`/0: expected 1, got 2`, `/1: expected 2, got 1`}},
		{want: `{}`, got: `[]`, wrong: []string{`the whole: expected an object, got []`}},
		{want: `[]`, got: `{}`, wrong: []string{`the whole: expected a list, got {}`}},
		{want: `{$matches: "^[a-z]+$"}`, got: `"abc"`},
		{want: `{$matches: "^[a-z]+$"}`, got: `"ABC"`, wrong: []string{`the whole: expected a text that matches "^[a-z]+$", got "ABC"`}},
		{want: `{$matches: "1"}`, got: `1`, wrong: []string{`the whole: expected a text that matches "1", got 1`}},
		{want: `{$startsWith: a, $endsWith: c, $contains: b, $len: 3}`, got: `"abc"`},
		{want: `{$endsWith: x}`, got: `"abc"`, wrong: []string{`the whole: expected a text that ends with "x", got "abc"`}},
		{want: `{$contains: {id: 2}}`, got: `[{"id": 1}, {"id": 2, "x": 3}]`},
		{want: `{$contains: 2}`, got: `["2"]`, wrong: []string{`the whole: expected a list with an element like 2, got ["2"]`}},
		{want: `{$contains: {a: 1}}`, got: `{"a": 1, "b": 2}`, exactly: true},
		{want: `{$contains: x}`, got: `5`, wrong: []string{`the whole: expected something that contains "x", got 5`}},
		{want: `{$len: {$gte: 2, $lt: 4}}`, got: `[1, 2, 3]`},
		{want: `{$len: 2}`, got: `"äö"`},
		{want: `{$len: 2}`, got: `{"a": 1}`, wrong: []string{`the whole: expected a length of 2, got 1`}},
		{want: `{$len: 1}`, got: `1`, wrong: []string{`the whole: expected something with a length, got 1`}},
		{want: `{$unordered: [1, {a: 1}, {a: 1, b: 2}]}`, got: `[{"a": 1, "b": 2}, 1, {"a": 1, "c": 3}]`},
		{want: `{$unordered: [{a: 1}, {a: 1, b: 2}]}`, got: `[{"a": 1, "b": 2}, {"a": 2}]`,
			wrong: []string{`the whole: expected a list, in any order, with an element like {"a":1,"b":2}, got [{"a":1,"b":2},{"a":2}]`}},
		{want: `{$unordered: [1]}`, got: `[1, 1]`, wrong: []string{`the whole: expected a list of 1 element in any order, got [1,1]`}},
		{want: `{$each: {$gt: 0}}`, got: `[1, 2, -1]`, wrong: []string{`/2: expected more than 0, got -1`}},
		{want: `{$each: 1}`, got: `[]`},
		{want: `{$any: true}`, got: `null`},
		{want: `{a: {$any: true}}`, got: `{}`, wrong: []string{`/a: expected {"$any":true}, got no such member`}},
		{want: `{$any: number}`, got: `1.5`},
		{want: `{$any: "null"}`, got: `null`},
		{want: `{$any: null}`, got: `null`},
		{want: `{$any: text}`, got: `1`, wrong: []string{`the whole: expected any text, got 1`}},
		{want: `{a: {$absent: true}}`, got: `{}`},
		{want: `{a: {$absent: true}}`, got: `{"a": null}`, wrong: []string{`/a: expected no such member, got null`}},
		{want: `{a: {$absent: false}}`, got: `{}`, wrong: []string{`/a: expected some value, got no such member`}},
		{want: `{$gt: 1, $gte: 2, $lt: 3, $lte: 2}`, got: `2`},
		{want: `{$gt: 2}`, got: `"3"`, wrong: []string{`the whole: expected more than 2, got "3"`}},
		{want: `{$lte: "2026-01-01"}`, got: `"2025-12-31T00:00:00Z"`},
		{want: `{$lt: "a"}`, got: `"a"`, wrong: []string{`the whole: expected less than "a", got "a"`}},
		{want: `{$not: {$contains: x}}`, got: `"abc"`},
		{want: `{$not: {a: 1}}`, got: `{"a": 1, "b": 2}`, wrong: []string{`the whole: expected anything but this, got {"a":1,"b":2}`}},
		{want: `{$oneOf: [1, {$matches: x}]}`, got: `"xx"`},
		{want: `{$oneOf: [1, 2]}`, got: `3`, wrong: []string{`the whole: expected one of [1,2], got 3`}},
		{want: `{b: {$ref: /a}}`, got: `{"a": [1], "b": [1]}`},
		{want: `{b: {$ref: /a}}`, got: `{"a": 1, "b": "1"}`, wrong: []string{`/b: expected the value of /a, 1, got "1"`}},
		{want: `{b: {$ref: /c}}`, got: `{"a": 1, "b": "1"}`,
			wrong: []string{`/b: expected the value of /c, but there is no /c, got "1"`}},
		{want: `x`, got: `"s3cret and more"`, wrong: []string{`the whole: expected "x", got "*** and more"`}},
	} {
		m := Matcher{
			Exactly: c.exactly, Render: func(n *yamlsource.Node) (any, error) { return n.GoValue(), nil },
			Redact: func(s string) string { return strings.ReplaceAll(s, "s3cret", "***") },
		}
		mismatches, err := m.Match(node(t, c.want), value(t, c.got))
		var got []string
		for _, one := range mismatches {
			got = append(got, one.String())
		}
		if diff := cmp.Diff(c.wrong, got); diff != "" || err != nil {
			t.Errorf("%s and %s: %v\n%s", c.want, c.got, err, diff)
		}
	}
}

// Every hint names an operator that exists.
func TestCheck_SuggestsOperatorsForThoseOfOtherLanguages(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"$regex": `did you mean "$matches"?`, "$pattern": `did you mean "$matches"?`, "$eq": "write the value itself",
		"$ne": `did you mean "$not"?`, "$in": `did you mean "$oneOf"?`, "$size": `did you mean "$len"?`,
		"$exists": `"$any: true"`, "$type": `"$any: text"`, "$elemMatch": `did you mean "$contains"?`,
		"$all": `"$each"`, "$prefix": `did you mean "$startsWith"?`, "$suffix": `did you mean "$endsWith"?`,
		"$mathces": `did you mean "$matches"?`, "$nothingOfTheKind": "one of $absent, ",
	} {
		var ps yamlsource.Problems
		Check(yamlsource.Parse("x.yaml", []byte("{"+name+": x}"), "", &ps), &ps)
		err := ps.Err()
		if err == nil || !strings.Contains(err.Error(), `unknown operator "`+name+`" (`) ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %s", name, err, want)
			continue
		}
		for _, operator := range regexp.MustCompile(`\$\w+`).FindAllString(foreignOperator(name), -1) {
			if !slices.Contains(Operators(), operator) {
				t.Errorf("%s: %s is none", name, operator)
			}
		}
	}
}
