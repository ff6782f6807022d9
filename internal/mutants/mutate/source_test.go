package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../../.."

// places returns where mutations are and what they do, in order.
func places(all []mutation) (list []string) {
	for _, m := range all {
		list = append(list, place(m)+" "+m.operator+" "+m.about)
	}
	return list
}

func TestShuffle_DependsOnTheSeedAlone(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) []string {
		found, err := packageMutations(filepath.Join(root, "mockserver/internal/filter"))
		if err != nil {
			t.Fatal(err)
		}
		return places(shuffle(found, seed))
	}
	first := draw(7)
	if diff := cmp.Diff(first, draw(7)); diff != "" {
		t.Errorf("a seed draws other mutations the second time (-first +second):\n%s", diff)
	}
	other := draw(8)
	if slices.Equal(first, other) {
		t.Error("two seeds draw the same mutations in the same order")
	}
	slices.Sort(first)
	slices.Sort(other)
	if diff := cmp.Diff(first, other); diff != "" {
		t.Errorf("the order is not all that a seed changes (-seed 7 +seed 8):\n%s", diff)
	}
}

func TestShuffle_LetsOperatorsTakeTurns(t *testing.T) {
	t.Parallel()
	var all []mutation
	for range 20 {
		all = append(all, mutation{operator: "string"})
	}
	all = append(all, mutation{operator: "bound"}, mutation{operator: "negate"})
	var first []string
	for _, m := range shuffle(all, 1)[:3] {
		first = append(first, m.operator)
	}
	slices.Sort(first)
	if diff := cmp.Diff([]string{"bound", "negate", "string"}, first); diff != "" {
		t.Errorf("the first three mutations (-want +got):\n%s", diff)
	}
}

func TestDefaultPackages_HaveMutationsOfEachOperator(t *testing.T) {
	t.Parallel()
	missing := operatorNames()
	for _, dir := range defaultPackages() {
		found, err := packageMutations(filepath.Join(root, dir))
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("%s has no mutations", dir)
		}
		for _, m := range found {
			missing = slices.DeleteFunc(missing, func(name string) bool { return name == m.operator })
			if base := filepath.Base(m.file); base == "metrics.go" {
				t.Errorf("%s is changed, and nobody would notice", place(m))
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("no mutations of the operators %q", missing)
	}
}

func TestPackageMutations_LeaveTestsOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.go": "package p\n\nvar n = 1\n", "a_test.go": "package p\n\nvar m = 2\n", "metrics.go": "package p\n\nvar o = 3\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	found, err := packageMutations(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || filepath.Base(found[0].file) != "a.go" || found[0].line != 3 {
		t.Errorf("mutations are not the one of a.go, line 3: %+v", found)
	}
}

func TestDiff_ShowsWholeLines(t *testing.T) {
	t.Parallel()
	const source = "package p\n\nfunc f() {\n\tif ok {\n\t\tg(1)\n\t}\n\th()\n}\n"
	found, err := fileMutations("p.go", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	var diffs []string
	for _, m := range found {
		diffs = append(diffs, m.diff([]byte(source)))
	}
	want := []string{
		"@@ -4 @@\n-\tif ok {\n+\tif !(ok) {\n",
		"@@ -4 @@\n-\tif ok {\n-\t\tg(1)\n-\t}\n",
		"@@ -5 @@\n-\t\tg(1)\n",
		"@@ -5 @@\n-\t\tg(1)\n+\t\tg(2)\n",
		"@@ -7 @@\n-\th()\n",
	}
	if diff := cmp.Diff(want, diffs); diff != "" {
		t.Errorf("diffs (-want +got):\n%s", diff)
	}
}

func TestMutate_ListsWithoutBuilding(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	set := settings{seed: 3, count: 2, dry: true, packages: []string{filepath.Join(root, "mockserver/internal/auth")}}
	if err := mutate(t.Context(), set, &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "\n"); got != 2 || strings.Count(out.String(), "/auth/") != 2 {
		t.Errorf("the list is not of two changes of the package:\n%s", &out)
	}
	out.Reset()
	file := filepath.Join(root, "mockserver/internal/items/otp.go")
	at := settings{dry: true, count: 1, at: file + ":40"}
	if err := mutate(t.Context(), at, &out); err != nil || !strings.Contains(out.String(), "otp.go:40: number: ") {
		t.Errorf("the list is not of what begins at a line: %v\n%s", err, &out)
	}
	for place, want := range map[string]string{
		"otp.go": "FILE:LINE", "otp.go:x": "FILE:LINE", file + ":1": "nothing",
		filepath.Join(root, "missing/a.go") + ":1": "missing",
	} {
		at.at = place
		if err := mutate(t.Context(), at, &out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error does not have %q: %v", place, want, err)
		}
	}
	set.packages = []string{filepath.Join(root, "missing")}
	if err := mutate(t.Context(), set, &out); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("the error does not name the package that is missing: %v", err)
	}
}
