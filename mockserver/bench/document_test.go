package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReplaceMarked_ReplacesOnlyBetweenItsMarkers(t *testing.T) {
	t.Parallel()
	const text = "one\n<!-- bench:a -->\nold\n<!-- /bench:a -->\ntwo\n<!-- bench:b -->\n<!-- /bench:b -->\nthree\n"
	cases := []struct {
		name, text, marker, want, err string
	}{
		{"old text", text, "a",
			"one\n<!-- bench:a -->\nNEW\n<!-- /bench:a -->\ntwo\n<!-- bench:b -->\n<!-- /bench:b -->\nthree\n", ""},
		{"no text yet", text, "b",
			"one\n<!-- bench:a -->\nold\n<!-- /bench:a -->\ntwo\n<!-- bench:b -->\nNEW\n<!-- /bench:b -->\nthree\n", ""},
		{"unknown", text, "c", "", `"<!-- bench:c -->" occurs 0 times`},
		{"twice", text + text, "a", "", "occurs 2 times"},
		{"not closed", "<!-- bench:a -->\n", "a", "", `"<!-- /bench:a -->" occurs 0 times`},
		{"closed first", "<!-- /bench:a -->\n<!-- bench:a -->\n", "a", "", "does not end"},
		{"another marker in between", "<!-- bench:a -->\n<!-- bench:b -->\n<!-- /bench:a -->\n<!-- /bench:b -->\n",
			"a", "", "does not end"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := replaceMarked(c.text, c.marker, "NEW\n")
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want one with %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWriteDocument_ChangesAllOrNothing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "figures.md")
	const before = "<!-- bench:a -->\n<!-- /bench:a -->\n"
	if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &table{name: "a", columns: []string{"workload", "ratio", "target"}, rows: [][]string{{"x|y", "0.80",
		"met"}}, notes: []string{"A note."}}
	if err := writeDocument(file, []*table{a, {name: "b", columns: []string{"workload"}}}); err == nil {
		t.Error("no error for a table without markers")
	}
	if got, _ := os.ReadFile(file); string(got) != before {
		t.Errorf("the file was changed to\n%s", got)
	}
	if err := writeDocument(file, []*table{a}); err != nil {
		t.Fatal(err)
	}
	const want = "<!-- bench:a -->\n| workload | ratio | target |\n| --- | --: | --- |\n| x\\|y | 0.80 | met |\n\nA note.\n<!-- /bench:a -->\n"
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestTarget_SaysWhetherItIsMet(t *testing.T) {
	t.Parallel()
	cases := []struct {
		target target
		got    float64
		want   string
	}{
		{target{}, 1, ""},
		{atLeast(0.8, "0.80"), 0.8, "0.80: met"},
		{atLeast(0.8, "0.80"), 0.6, "0.80: missed by 25 %"},
		{atLeast(0.8, "0.80"), 0.799, "0.80: missed by 1 %"},
		{atMost(50, "50 ms"), 49, "50 ms: met"},
		{atMost(50, "50 ms"), 60, "50 ms: missed by 20 %"},
	}
	for _, c := range cases {
		if got := c.target.verdict(c.got); got != c.want {
			t.Errorf("%v of %q: %q, want %q", c.got, c.target.text, got, c.want)
		}
	}
}

// Without markers for a table, a run would end with an error after many minutes.
func TestDocument_HasMarkersForEveryTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	begins := regexp.MustCompile(`r\.table\("([a-z-]+)"|r\.measureGrowth\(ctx, "([a-z-]+)"`)
	found := 0
	for _, source := range sources {
		code, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range begins.FindAllStringSubmatch(string(code), -1) {
			found++
			if _, err := replaceMarked(string(text), m[1]+m[2], ""); err != nil {
				t.Errorf("%s: %v", source, err)
			}
		}
	}
	if markers := strings.Count(string(text), "<!-- bench:"); found != markers {
		t.Errorf("%d tables in the code, %d in the document", found, markers)
	}
}
