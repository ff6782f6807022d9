package yamlsource

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type person struct {
	Name  string        `yaml:"name"`
	Age   int           `yaml:"age"`
	Wait  time.Duration `yaml:"wait"`
	Likes []string      `yaml:"likes"`
}

// read decodes a text as a person, and returns the problems as text.
func read(text string) (p person, mistakes string) {
	var ps Problems
	if n := Parse("person.yaml", []byte(text), "write something", &ps); n != nil {
		Decode(n, &p, &ps)
	}
	if err := ps.Err(); err != nil {
		mistakes = err.Error()
	}
	return p, mistakes
}

func TestDecode_FollowsAnchorsAndMerges(t *testing.T) {
	t.Parallel()
	got, mistakes := read("wait: 5s\nlikes: [&tea tea, *tea]\n<<: [{ name: Ada, age: 36 }, { name: Bob }]\nname: Eve\n")
	want := person{Name: "Eve", Age: 36, Wait: 5 * time.Second, Likes: []string{"tea", "tea"}}
	if diff := cmp.Diff(want, got); diff != "" || mistakes != "" {
		t.Errorf("-want +got:\n%s\n%s", diff, mistakes)
	}
}

func TestParse_ReportsProblemsWithoutValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "person.yaml: the text is empty (write something)",
		"\xff":                          "person.yaml: not UTF-8 text",
		"name: Ada\n---\nname: Bob":     "person.yaml:3:1: a second document in one text (one text is one document)\n    3 | name\n        ^",
		"nmae: Ada":                     "person.yaml:1:1: unknown key \"nmae\" (did you mean \"name\"?)\n    1 | nmae\n        ^",
		"name: !secret Ada":             "person.yaml:1:7: a tag has no meaning here\n    1 | name: !secret\n              ^",
		"name: *ada":                    "person.yaml:1:7: no anchor &ada in this text\n    1 | name: *\n              ^",
		"<<: [Ada]":                     "person.yaml:1:6: << takes a mapping\n    1 | <<: [Ada\n             ^",
		"{ name: hunter2, aeg: 3 }":     "person.yaml:1:18: unknown key \"aeg\" (did you mean \"age\"?)\n    1 | { name: …, aeg\n                   ^",
		"{ name: 'a\n\"hunter', ag: 3}": "person.yaml:2:11: unknown key \"ag\" (did you mean \"age\"?)",
		"wait: -1s":                     "person.yaml:1:7: must be a duration (like 200ms, 5s or 1m30s)\n    1 | wait: -1s\n              ^",
		"likes:":                        "person.yaml:1:8: a key without a value (leave the key out, or write \"\")",
	} {
		if _, got := read(text); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// A few lines can expand to billions of values, or refer to themselves.
func TestParse_LimitsAliases(t *testing.T) {
	t.Parallel()
	many := func(of string) string { return "[" + strings.Repeat(of+", ", 1000) + "]" }
	for text, want := range map[string]string{
		"a: &a x\nb: &b " + many("*a") + "\nc: &c " + many("*b") + "\nd: " + many("*c"): "aliases make too much of this text",
		"a: &a [ *a ]":        "aliases that lead to one another",
		"a: &a " + many("*a"): "aliases that lead to one another",
		"a: &a { <<: *a }":    "aliases that lead to one another",
		"a: &a { <<: *b }\nb: &b { <<: [ *a, *a ] }": "aliases that lead to one another",
	} {
		if _, got := read(text); !strings.Contains(got, want) {
			t.Errorf("%.40q: got %.200s", text, got)
		}
	}
}

func TestProblem_ShowsNoEntriesOfAList(t *testing.T) {
	t.Parallel()
	_, got := read(`likes: [hunter2, 'hunter, 3', "hunter\" 4", hunter 5, {a: 1}]`)
	want := "person.yaml:1:55: must be text, not a mapping\n    1 | likes: […, {\n                   ^"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Special spaces that were copied from a page look like plain ones, but YAML does not accept them.
func TestProblem_NamesSpecialSpaces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"likes:\n\u00a0\u00a0- tea\n":      "U+00A0",
		"name: Ada\n\u3000age: 36\n":       "U+3000",
		"name:\u00a0Ada\n":                 "U+00A0",
		"likes:\n  -\u2003aeg: 1\n":        "U+2003",
		"nmae: a\u00a0b\n":                 "", // part of a value
		"nmae: Ada\nlikes: [\"\u00a0\"]\n": "",
	} {
		_, got := read(text)
		if !strings.Contains(got, "person.yaml:") || !strings.Contains(got, want) || (want == "") == strings.Contains(got, "write plain spaces") {
			t.Errorf("%q: %s", text, got)
		}
	}
}
