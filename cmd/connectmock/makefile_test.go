package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// make test skips the tests that REPEATED selects, and then runs those of the packages in
// REPEATED_IN: a test with such a name in another package would run nowhere. All tests of
// the packages in SEQUENTIAL run without the race detector.
func TestMakefile_RunsEveryTest(t *testing.T) {
	t.Parallel()
	repeated := regexp.MustCompile(makefileVariable(t, "REPEATED"))
	packages := strings.Fields(makefileVariable(t, "REPEATED_IN"))
	sequential := strings.Fields(makefileVariable(t, "SEQUENTIAL"))
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
			if !slices.Contains(packages, pkg) && !slices.Contains(sequential, pkg) {
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

// The race detector leaves out the packages in SEQUENTIAL, so neither they nor their tests may start a goroutine or
// wait for one.
func TestMakefile_RunsConcurrentPackagesWithTheRaceDetector(t *testing.T) {
	t.Parallel()
	concurrent := []string{`"sync"`, `"sync/atomic"`, `"golang.org/x/sync/errgroup"`, `"net/http"`, `"net/http/httptest"`}
	for _, pkg := range strings.Fields(makefileVariable(t, "SEQUENTIAL")) {
		names, err := filepath.Glob(filepath.Join("../..", pkg, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("SEQUENTIAL names %s, which has no files: %v", pkg, err)
		}
		for _, name := range names {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range file.Imports {
				if slices.Contains(concurrent, spec.Path.Value) {
					t.Errorf("%s imports %s: take %s out of SEQUENTIAL", name, spec.Path.Value, pkg)
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if _, starts := n.(*ast.GoStmt); starts {
					t.Errorf("%s starts a goroutine: take %s out of SEQUENTIAL", name, pkg)
				}
				return true
			})
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
	joined := strings.ReplaceAll(string(text), "\\\n", " ")
	for line := range strings.Lines(joined) {
		if value, ok := strings.CutPrefix(line, name+" := "); ok {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("the Makefile does not set %s", name)
	return ""
}
