package filter

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestMatch_ComparesTitleAndTags(t *testing.T) {
	t.Parallel()
	const it = "Grüße from ACME"
	tags := []string{"Prod", "eu/west"}
	tests := []struct {
		q                  string
		match, caseMatters bool // caseMatters: no match where case does
	}{
		{`title eq "Grüße from ACME"`, true, false},
		{`title eq "grÜSSE from acme"`, false, false}, // ß is not SS in simple folding
		{`title eq "GRÜßE FROM acme"`, true, true},
		{`title eq "Grüße"`, false, false},
		{`title eq ""`, false, false},
		{`title co "from"`, true, false},
		{`title co "FROM acme"`, true, true},
		{`title co ""`, true, false},
		{`title co "form"`, false, false},
		{`title sw "Grüß"`, true, false},
		{`title sw "GRÜ"`, true, true},
		{`title sw "from"`, false, false},
		{`title ew "ACME"`, true, false},
		{`title ew "acme"`, true, true},
		{`title ew "from"`, false, false},
		{`title sw "rüß"`, false, false}, // contained, but not at the start
		{`title ew "ACM"`, false, false}, // contained, but not at the end
		{`title ew "x ACME"`, false, false},
		{`title ew ""`, true, false},
		{`title pr`, true, false},
		{`title ne "other"`, true, false},
		{`title ne "Grüße from ACME"`, false, false},
		{`tag eq "Prod"`, true, false},
		{`tag eq "prod"`, true, true},
		{`tag eq "eu"`, false, false},
		{`tag co "/w"`, true, false},
		{`tag sw "EU"`, true, true},
		{`tag ew "st"`, true, false},
		{`tag sw "u/"`, false, false},  // contained, but not at the start
		{`tag ew "wes"`, false, false}, // contained, but not at the end
		{`tag pr`, true, false},
		{`tag ne "other"`, true, false},
		{`tag ne "Prod"`, false, false}, // one of them is
		{`tag eq "Prod" and tag eq "eu/west"`, true, false},
		{`tag eq "Prod" and tag eq "dev"`, false, false},
		{`tag eq "dev" or title co "from"`, true, false},
		{`not (tag eq "dev")`, true, false},
		{`not (tag eq "dev" or tag pr)`, false, false},
	}
	for _, test := range tests {
		t.Run(test.q, func(t *testing.T) {
			t.Parallel()
			f, err := ParseItems(test.q)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Match(it, tags); got != test.match {
				t.Errorf("matches: %t, want %t", got, test.match)
			}
			f.CaseSensitive = true
			if got, want := f.Match(it, tags), test.match && !test.caseMatters; got != want {
				t.Errorf("matches where case matters: %t, want %t", got, want)
			}
		})
	}
}

func TestMatch_HandlesItemsWithoutTitleAndTags(t *testing.T) {
	t.Parallel()
	var all *Filter
	if !all.Match("", nil) {
		t.Error("no filter must match every item")
	}
	for _, q := range []string{`tag pr`, `tag eq ""`, `tag co ""`, `title pr`, `title eq "a"`} {
		f, err := ParseItems(q)
		if err != nil {
			t.Fatal(err)
		}
		if f.Match("", nil) {
			t.Errorf("%s matches an item without title and tags", q)
		}
	}
}

func TestFold_AgreesWithEqualFold(t *testing.T) {
	t.Parallel()
	// Runes with more than two folds, or with folds of different lengths in bytes.
	unusual := []rune("kK\u212AsS\u017FåÅ\u212BσςΣßẞµμΜθϑΘϴiIİıÿŸ🙂")
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if folded := foldRune(r); folded != foldRune(unicode.SimpleFold(r)) {
			t.Fatalf("%U and %U fold to different runes", r, unicode.SimpleFold(r))
		}
	}
	text := rapid.StringOfN(rapid.OneOf(rapid.SampledFrom(unusual), rapid.Rune()), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		if rapid.Bool().Draw(t, "similar") {
			b = rapid.SampledFrom([]string{strings.ToUpper(a), strings.ToLower(a), strings.ToTitle(a)}).Draw(t, "case of b")
		}
		if got, want := Fold(a) == Fold(b), strings.EqualFold(a, b); got != want {
			t.Errorf("%q and %q: the folds are equal: %t, EqualFold: %t", a, b, got, want)
		}
		if Fold(Fold(a)) != Fold(a) {
			t.Errorf("the fold of %q folds again", a)
		}
		if Fold(a+b) != Fold(a)+Fold(b) {
			t.Errorf("%q and %q fold differently together", a, b)
		}
	})
}
