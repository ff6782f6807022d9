package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sample is a module whose command is its own contract: it ends with 1 if double is wrong. Tests of two
// packages look at half and at third, nobody looks at unused.
var sample = map[string]string{
	"go.mod": "module sample\n\ngo 1.25\n",
	"main.go": `package main

import (
	"fmt"
	"os"

	"sample/sums"
)

func main() {
	if sums.Double(3) != 6 {
		fmt.Println("double is wrong")
		os.Exit(1)
	}
}
`,
	"sums/sums.go": `package sums

// Double returns 2n.
func Double(n int) int { return n * 2 }

// Half returns n/2.
func Half(n int) int { return n / 2 }

// Third returns n/3.
func Third(n int) int { return n / 3 }

// Unused is not called.
func Unused() bool { return true }
`,
	"sums/sums_test.go": `package sums

import "testing"

func TestHalf(t *testing.T) {
	if Half(6) != 3 {
		t.Error("half is wrong")
	}
}
`,
	"users/users_test.go": `package users

import (
	"testing"

	"sample/sums"
)

func TestThird(t *testing.T) {
	if sums.Third(6) != 2 {
		t.Error("third is wrong")
	}
}
`,
}

// newSample writes the sample and returns a runner for it.
func newSample(t *testing.T) *runner {
	t.Helper()
	root := t.TempDir()
	for name, text := range sample {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return &runner{
		root: root, command: ".", dir: t.TempDir(), out: t.Output(), contractLimit: time.Hour,
		unit: true, unitTests: []string{filepath.Join(root, "sums"), filepath.Join(root, "users")},
		unitLimits: map[string]time.Duration{},
	}
}

func TestRunner_SaysWhatNoticesEachChange(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a dozen programs")
	}
	r := newSample(t)
	found, err := packageMutations(filepath.Join(r.root, "sums"))
	if err != nil {
		t.Fatal(err)
	}
	// The first two do not compile, and the next ones take their place.
	broken := found[0]
	broken.text = "("
	results, err := r.runAll(t.Context(), append([]mutation{broken, broken}, found...), len(found))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, res := range results {
		got = append(got, strings.Join([]string{string(res.verdict), res.about, res.seenBy}, ": "))
	}
	want := []string{
		"killed by contract: returns the zero value, not n * 2: double is wrong",
		"killed by contract: 2 becomes 3: double is wrong",
		"killed by unit tests: returns the zero value, not n / 2: TestHalf",
		"killed by unit tests: 2 becomes 3: TestHalf",
		"killed by unit tests: returns the zero value, not n / 3: TestThird",
		"killed by unit tests: 3 becomes 4: TestThird",
		"survived: returns the zero value, not true: ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	for name, text := range sample {
		if now, err := os.ReadFile(filepath.Join(r.root, name)); err != nil || string(now) != text {
			t.Errorf("%s is not as it was before: %v", name, err)
		}
	}
}

func TestRunner_ReportsAChangeThatNeverEnds(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds programs")
	}
	r := newSample(t)
	r.contractLimit = time.Nanosecond
	found, err := packageMutations(filepath.Join(r.root, "sums"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.run(t.Context(), found[0])
	if err != nil {
		t.Fatal(err)
	}
	if res.verdict != timedOut {
		t.Errorf("the verdict is %q", res.verdict)
	}
}

func TestRunner_EndsIfNothingCompiles(t *testing.T) {
	t.Parallel()
	r := newSample(t)
	r.command = "./missing"
	source := filepath.Join(r.root, "main.go")
	results, err := r.runAll(t.Context(), make([]mutation, maxRefused+1), 1)
	if err == nil {
		t.Fatalf("no error for a file that can't be read, and %d results", len(results))
	}
	never := make([]mutation, maxRefused+1)
	for i := range never {
		never[i].file = source
	}
	if _, err = r.runAll(t.Context(), never, 1); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("the error does not say why nothing was built: %v", err)
	}
}

func TestRunner_KeepsWhatEndedBeforeAnInterrupt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := newSample(t)
	results, err := r.runAll(ctx, []mutation{{file: filepath.Join(r.root, "main.go")}}, 1)
	if err == nil || len(results) != 0 {
		t.Errorf("results %v, error %v", results, err)
	}
}

func TestRunner_TestsNoOtherServer(t *testing.T) {
	t.Parallel()
	got := withoutServer([]string{"PATH=/bin", "OP_CONNECT_HOST=http://host.example.com", "CONNECTMOCK_ALLOW_WRITES=true", "HOME=/"})
	if diff := cmp.Diff([]string{"PATH=/bin", "HOME=/"}, got); diff != "" {
		t.Errorf("the environment of a run (-want +got):\n%s", diff)
	}
}

func TestReport_ShowsSurvivorsWithTheirDiff(t *testing.T) {
	t.Parallel()
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	results := []result{
		{mutation{file: filepath.Join(wd, "a.go"), line: 3, operator: "number", about: "1 becomes 2"}, killedByContract, "items/list", "-1\n+2\n"},
		{mutation{file: filepath.Join(wd, "b.go"), line: 4, operator: "and-or", about: "|| becomes &&"}, survived, "", "-a\n+b\n"},
	}
	got := markdown(settings{seed: 7, packages: []string{"./x"}}, 9, results)
	want := `# Random changes of the source

2 changes: 1 killed by contract, 1 survived.

Seed 7, drawn from 9 places in ./x.

| verdict | place | operator | change | seen by |
|---|---|---|---|---|
| survived | b.go:4 | and-or | \|\| becomes && |  |
| killed by contract | a.go:3 | number | 1 becomes 2 | items/list |

## b.go:4

` + "```diff\n-a\n+b\n```\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the page (-want +got):\n%s", diff)
	}
	var table strings.Builder
	writeTable(&table, results)
	for _, line := range []string{
		"2 changes: 1 killed by contract, 1 survived", "b.go:4: || becomes &&\n-a\n+b\n", "killed by contract  a.go:3",
	} {
		if !strings.Contains(table.String(), line) {
			t.Errorf("%q is not in the table:\n%s", line, &table)
		}
	}
}
