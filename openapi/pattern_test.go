package openapi

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"testing"

	"pgregory.net/rapid"
)

func TestTableMatcher_IsForOneForm(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]bool{
		`^[a-z0-9]{26}$`: true, `^[\da-z]{26}$`: true, `^[A-Z]{1,3}$`: true,
		`[a-z0-9]{26}`: false, `^[a-z]{2,}$`: false, `^[a-z]+$`: false, `^[^a]{2}$`: false, `^(ab){2}$`: false,
		`^[a-zä]{2}$`: false, `^x[a-z]{2}$`: false, `(?m)^[a-z]{2}$`: false,
	} {
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := tableMatcher(tree) != nil; got != want {
			t.Errorf("%s: %v", expr, got)
		}
	}
}

func TestNewPattern_MatchesAsRegexp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		class := rapid.SampledFrom([]string{`[a-c]`, `[\da-z]`, `[A-Z_.-]`, `[^x]`, `.`}).Draw(t, "class")
		low := rapid.IntRange(0, 4).Draw(t, "low")
		expr := fmt.Sprintf("^%s{%d,%d}$", class, low, low+rapid.IntRange(0, 2).Draw(t, "span"))
		match, err := newPattern(expr)
		if err != nil {
			t.Fatal(err)
		}
		text := rapid.OneOf(rapid.StringMatching("["+"a-eX0-9_\\n]{0,7}"), rapid.String()).Draw(t, "text")
		if want := regexp.MustCompile(expr).MatchString(text); match(text) != want {
			t.Fatalf("%s on %q: %v, regexp %v", expr, text, match(text), want)
		}
	})
}
