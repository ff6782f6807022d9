package filter

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	scim "github.com/scim2/filter-parser/v2"
	"pgregory.net/rapid"
)

// nodes generates filters of up to that depth.
func nodes(depth int) *rapid.Generator[Node] {
	compare := rapid.Custom(func(t *rapid.T) Node {
		c := Compare{
			Attribute: rapid.SampledFrom([]Attribute{Title, Tag}).Draw(t, "attribute"),
			Op:        rapid.SampledFrom([]Op{Eq, Co, Sw, Ew, Pr}).Draw(t, "op"),
		}
		if c.Op != Pr {
			letter := rapid.OneOf(rapid.SampledFrom([]rune("aA\"\\'() \n%é")), rapid.Rune())
			c.Value = rapid.StringOf(letter.Filter(func(r rune) bool { return r != 0 })).Draw(t, "value")
		}
		return c
	})
	if depth == 0 {
		return compare
	}
	return rapid.Custom(func(t *rapid.T) Node {
		deeper := nodes(depth - 1)
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return And{deeper.Draw(t, "left"), deeper.Draw(t, "right")}
		case 1:
			return Or{deeper.Draw(t, "left"), deeper.Draw(t, "right")}
		case 2:
			return Not{deeper.Draw(t, "x")}
		}
		return compare.Draw(t, "compare")
	})
}

// write returns a filter as text, with all possible parentheses.
func write(n Node) string {
	switch n := n.(type) {
	case And:
		return fmt.Sprintf("(%s) and (%s)", write(n.Left), write(n.Right))
	case Or:
		return fmt.Sprintf("(%s) or (%s)", write(n.Left), write(n.Right))
	case Not:
		return fmt.Sprintf("not (%s)", write(n.X))
	}
	c := n.(Compare)
	attribute := []string{Title: "title", Tag: "tag"}[c.Attribute]
	if c.Op == Pr {
		return attribute + " pr"
	}
	value, err := json.Marshal(c.Value)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%s %s %s", attribute, []string{Eq: "eq", Co: "co", Sw: "sw", Ew: "ew"}[c.Op], value)
}

func TestParse_ReadsWrittenFilters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := nodes(4).Draw(t, "filter")
		got, err := ParseItems(write(want))
		if err != nil {
			t.Fatalf("%s: %v", write(want), err)
		}
		if diff := cmp.Diff(&Filter{Root: want}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", write(want), diff)
		}
	})
}

func TestMatch_ObeysTheLawsOfLogic(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.SampledFrom([]rune("aAbBéÉ ")), 0, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := nodes(2).Draw(t, "a"), nodes(2).Draw(t, "b")
		title, tags := text.Draw(t, "title"), rapid.SliceOfN(text, 0, 3).Draw(t, "tags")
		exact := rapid.Bool().Draw(t, "exact")
		is := func(n Node) bool { return (&Filter{Root: n, CaseSensitive: exact}).Match(title, tags) }

		if is(And{a, b}) != (is(a) && is(b)) || is(Or{a, b}) != (is(a) || is(b)) || is(Not{a}) == is(a) {
			t.Error("and, or, not")
		}
		value := text.Draw(t, "value")
		for _, attribute := range []Attribute{Title, Tag} {
			op := func(op Op) bool { return is(Compare{attribute, op, value}) }
			if op(Eq) && !(op(Sw) && op(Ew)) || (op(Sw) || op(Ew)) && !op(Co) {
				t.Error("equal, then starts and ends; those, then contains")
			}
		}
		if !is(Compare{Title, Eq, title}) || is(Compare{Tag, Eq, value}) && len(tags) == 0 {
			t.Error("a text equals itself, and no tag equals nothing")
		}
		for _, tag := range tags {
			if !is(Compare{Tag, Eq, tag}) {
				t.Errorf("tag %q is not found", tag)
			}
		}
		if exact && is(Compare{Tag, Eq, value}) != slices.Contains(tags, value) {
			t.Error("tags where case matters")
		}
	})
}

func TestSingle_AgreesWithTheLibrary(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"title", "tag", "x", "Title", "not", "", "a.b", "a:b", "(title", "eq", "co", "EQ", "sw", "pr", `"0"`, `"1"`, `"0")`, "0", "true"})
	check := func(t interface{ Fatalf(string, ...any) }, shape string) {
		fast := single(shape)
		if fast == nil {
			return
		}
		slow, err := scim.ParseFilter([]byte(shape))
		if err != nil {
			t.Fatalf("the library refuses %s", shape)
		}
		if diff := cmp.Diff(slow, scim.Expression(fast)); diff != "" {
			t.Fatalf("%s (-library +single)\n%s", shape, diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 2, 4).Draw(t, "words")
		check(t, strings.Join(words, " "))
	})
	for _, shape := range []string{`title eq "0"`, `tag co "0"`, `category eq "0"`, `not eq "0"`} {
		if check(t, shape); single(shape) == nil {
			t.Errorf("%s is left to the library", shape)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, q := range []string{
		`title eq "x y"`, `(tag eq "a" or title co "b\"c") and not (title pr)`, `title eq 'x'`, `title eq "a`,
		`name sw "\u00e9\\"`, `title[tag eq "x"]`, `urn:a:title.b eq 1e5`, "title eq \"\uFFFD\xff\"", `((((`, `title eq "" `,
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		for _, parse := range []func(string) (*Filter, error){ParseVaults, ParseItems} {
			f, err := parse(q)
			if err != nil {
				checkError(t, err, "Validation: (invalid filter), ")
				continue
			}
			f.Match("title", []string{"tag"})
			if f == nil {
				continue
			}
			written := write(f.Root)
			if len(written) > maxBytes || depth(f.Root) > maxParentheses {
				continue // it has more parentheses now than it was sent with
			}
			again, err := ParseItems(written)
			if err != nil {
				t.Fatalf("what was read from %q is refused when written: %v", q, err)
			}
			if diff := cmp.Diff(f, again); diff != "" {
				t.Errorf("%q (-read +read again)\n%s", q, diff)
			}
		}
	})
}

// depth returns how deep the parentheses of write are nested.
func depth(n Node) int {
	switch n := n.(type) {
	case And:
		return 1 + max(depth(n.Left), depth(n.Right))
	case Or:
		return 1 + max(depth(n.Left), depth(n.Right))
	case Not:
		return 1 + depth(n.X)
	}
	return 0
}

func BenchmarkParse(b *testing.B) {
	for _, bench := range []struct{ name, q string }{
		{"eq", `title eq "Example Login"`},
		{"group", `(title eq "a" or title eq "b") and not (tag eq "c")`},
		{"refused", `title eq 'x'`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = ParseItems(bench.q)
			}
		})
	}
	b.Run("largest", func(b *testing.B) {
		q := `title pr`
		for range maxComparisons - 1 {
			q += ` or title pr`
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ParseItems(q); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("garbage", func(b *testing.B) { // the longest text that gets as far as the library
		q := "title eq 1"
		for len(q)+len(" and (title eq 1)") <= maxBytes {
			q += " and (title eq 1)"
		}
		b.ReportAllocs()
		for b.Loop() {
			_, _ = ParseItems(q + " x")
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	f, err := ParseItems(`title eq "Example Login" or tag eq "prod"`)
	if err != nil {
		b.Fatal(err)
	}
	tags := []string{"dev", "eu"}
	b.ReportAllocs()
	for b.Loop() {
		f.Match("Another Login", tags)
	}
}
