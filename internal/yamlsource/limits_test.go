package yamlsource

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func TestParse_RefusesWhatIsNestedTooDeeply(t *testing.T) {
	t.Parallel()
	const n = 100_000 / 2
	var staircase strings.Builder
	for i := range 400 {
		staircase.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for name, c := range map[string]struct{ text, want string }{
		"brackets":          {strings.Repeat("[", n), "person.yaml:1:101: nested too deeply"},
		"closed brackets":   {strings.Repeat("[", n) + strings.Repeat("]", n), "person.yaml:1:101: nested too deeply"},
		"braces":            {strings.Repeat("{a: ", n), "person.yaml:1:401: nested too deeply"},
		"JSON":              {strings.Repeat(`{"a":`, n), "person.yaml:1:501: nested too deeply"},
		"dashes":            {strings.Repeat("- ", n), "person.yaml:1:201: nested too deeply"},
		"question marks":    {strings.Repeat("? ", n), "person.yaml:1:201: nested too deeply"},
		"block mappings":    {staircase.String(), "person.yaml:101:101: nested too deeply"},
		"mappings in lists": {"x:\n" + strings.Repeat("- a: ", n), "nested too deeply"},
		"tags":              {strings.Repeat("!!map ", n) + "x", "nested too deeply"},
		"anchors":           {strings.Repeat("&a ", n) + "x", "person.yaml:1:301: nested too deeply"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ps Problems
			if Parse("person.yaml", []byte(c.text), "", &ps) != nil || ps.Len() != 1 || !strings.Contains(ps.Err().Error(), c.want) {
				t.Errorf("%.200v", ps.Err())
			}
			if err := CheckLimits("person.yaml", []byte(c.text)); err == nil || len(err.Error()) > 1000 {
				t.Errorf("CheckLimits: %.2000v", err)
			}
		})
	}
}

func TestParse_RefusesLongKeysLargeMappingsAndTooManyMarks(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("k", 1000)
	for name, c := range map[string]struct{ text, want string }{
		"a long key":           {strings.Repeat("k", 1025) + ": 1", "person.yaml:1:1: a key of more than 1024 bytes"},
		"keys":                 {keys(2001), "person.yaml:2001:1: a mapping of more than 2000 keys"},
		"keys in braces":       {"{" + strings.Repeat("a: 1, ", 2001) + "}", "a mapping of more than 2000 keys"},
		"values in long paths": {key + ":\n  " + key + ":\n" + strings.Repeat("  - a\n", 100_000), "the text is too large"},
		"marks":                {strings.Repeat("[],", maxTokens/3+1), "the text is too large"},
	} {
		var ps Problems
		if Parse("person.yaml", []byte(c.text), "", &ps) != nil || !strings.Contains(ps.Err().Error(), c.want) {
			t.Errorf("%s: %.300v", name, ps.Err())
		}
	}
}

func TestParse_TakesWhatIsWithinTheLimits(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"brackets":       strings.Repeat("[", 99) + strings.Repeat("]", 99),
		"keys":           keys(2000),
		"a long list":    strings.Repeat("- { a: [1, 2], b: { c: 3 } }\n", 5000),
		"lists of lists": "a:\n" + strings.Repeat("- - b: 1\n    c:\n    - 1\n  - 2\n", 1000) + "d: 2\n",
		"many mappings":  strings.Repeat("- a:\n    b:\n      c: [ { d: 1 } ]\n  e:\n  - f\n", 1000),
		"punctuation":    "a: |\n" + strings.Repeat("  [[[[{{{{ - - - ? !!a &b : : :\n", 1000) + "b: '" + strings.Repeat("[", 500) + "'\n",
		"documents":      "---\na: 1",
	} {
		var ps Problems
		if Parse("person.yaml", []byte(text), "", &ps); ps.Len() > 0 {
			t.Errorf("%s: %.300v", name, ps.Err())
		}
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	return b.String()
}

// Not parallel: it counts what the whole process allocates.
func TestParse_NeedsMemoryInProportion(t *testing.T) {
	for name, text := range map[string]func(n int) string{
		"the same key":  func(n int) string { return strings.Repeat("a: 1\n", n) },
		"twice each":    func(n int) string { return strings.Repeat("- { a: 1, a: 2 }\n", n) },
		"unknown keys":  func(n int) string { return strings.Repeat("- { nmae: 1 }\n", n) },
		"one long line": func(n int) string { return "likes: [" + strings.Repeat("{}, ", n) + "]" },
	} {
		allocated := func(n int) uint64 {
			data := text(n)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var people struct {
				Likes []string `yaml:"likes"`
			}
			var ps Problems
			if node := Parse("person.yaml", []byte(data), "", &ps); node != nil {
				Decode(node, &people, &ps)
			}
			runtime.ReadMemStats(&after)
			if ps.Len() == 0 || len(ps.Err().Error()) > 20_000 {
				t.Errorf("%s: %.500v", name, ps.Err())
			}
			return after.TotalAlloc - before.TotalAlloc
		}
		if one, four := allocated(2500), allocated(10_000); four > 6*one {
			t.Errorf("%s: %d bytes for one, %d for four times as much", name, one, four)
		}
	}
}
