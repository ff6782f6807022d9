package main

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// make test skips the tests that REPEATED selects, and then runs those of the packages in
// REPEATED_IN: a test with such a name in another package would run nowhere.
func TestMakefile_RunsEveryTest(t *testing.T) {
	t.Parallel()
	repeated := regexp.MustCompile(makefileVariable(t, "REPEATED"))
	packages := strings.Fields(makefileVariable(t, "REPEATED_IN"))
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	var found []string
	err := fs.WalkDir(os.DirFS("../.."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path.Join("../..", name))
		for _, match := range function.FindAllSubmatch(text, -1) {
			pkg := "./" + path.Dir(name)
			if !repeated.Match(match[1]) {
				continue
			}
			if !slices.Contains(packages, pkg) {
				t.Errorf("%s: make test does not run %s: rename it, or add %s to REPEATED_IN", name, match[1], pkg)
			}
			found = append(found, pkg)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range packages {
		if !slices.Contains(found, pkg) {
			t.Errorf("REPEATED_IN names %s, which has no test that REPEATED selects", pkg)
		}
	}
}

// makefileVariable returns the value of a variable of the Makefile as it is written there.
func makefileVariable(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		if value, ok := strings.CutPrefix(string(line), name+" := "); ok {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("the Makefile does not set %s", name)
	return ""
}
