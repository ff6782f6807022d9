// Package quickstart_test checks that the quick starts have the same form. The tests of cmd/connectmock run them.
package quickstart_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// folders returns the name of each quick start.
func folders(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	if len(names) < 15 {
		t.Fatalf("only %d quick starts were found: %v", len(names), names)
	}
	return names
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Readers find the same parts everywhere, the output that the tests expect, and how far it is proven.
func TestReadmes_HaveOneForm(t *testing.T) {
	t.Parallel()
	for _, name := range folders(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			readme, after := read(t, name, "README.md"), 0
			for _, part := range []string{
				"# ", "\n\n## Install\n\n", "\n\n## Run\n\n```sh\n",
				"```text\n" + read(t, name, "expected.txt") + "```\n", "\n## How this is tested\n\n**",
			} {
				at := strings.Index(readme[after:], part)
				if at < 0 {
					t.Fatalf("README.md has no %q after byte %d", part, after)
				}
				after += at
			}
			_, err := os.Stat(filepath.Join(name, "requests.yaml"))
			kind := "Run"
			if err == nil {
				kind = "Replayed"
			}
			if tested := readme[after:]; !strings.Contains(tested, "\n**"+kind+"**") ||
				(kind == "Replayed") != strings.Contains(tested, "\nconnectmock scenario run requests.yaml\n") {
				t.Errorf("README.md does not say how it is tested, which is %q: %s", kind, tested)
			}
			if !strings.Contains(readme, "\nconnectmock exec ") && !strings.Contains(readme, "\nkubectl apply ") {
				t.Error("README.md starts no mock")
			}
		})
	}
}

// A program has less than 20 lines, not counting comments and empty lines.
func TestPrograms_AreShort(t *testing.T) {
	t.Parallel()
	isComment := regexp.MustCompile(`^\s*(//|#|$)`)
	for _, name := range folders(t) {
		var programs []string
		err := filepath.WalkDir(name, func(path string, e os.DirEntry, err error) error {
			if err == nil && e.IsDir() && e.Name() == "node_modules" {
				return filepath.SkipDir
			}
			if err == nil && isProgram(path) {
				programs = append(programs, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(programs) == 0 {
			t.Errorf("%s has no program", name)
		}
		for _, path := range programs {
			lines := slices.DeleteFunc(strings.Split(read(t, path), "\n"), isComment.MatchString)
			if len(lines) >= 20 {
				t.Errorf("%s has %d lines", path, len(lines))
			}
		}
	}
}

// isProgram reports whether a reader has to understand a file.
func isProgram(path string) bool {
	switch base := filepath.Base(path); {
	case base == "requests.yaml", strings.HasSuffix(base, "_test.go"):
		return false
	}
	return slices.Contains([]string{
		".cs", ".go", ".java", ".mjs", ".pp", ".ps1", ".py", ".rb", ".sh", ".tf", ".tpl", ".yaml", ".yml",
	}, filepath.Ext(path))
}

// Who opens this folder finds each quick start.
func TestIndex_ListsEveryQuickStart(t *testing.T) {
	t.Parallel()
	index := read(t, "README.md")
	for _, name := range folders(t) {
		if strings.Count(index, "]("+name+"/README.md)") != 1 {
			t.Errorf("README.md does not link to %s once", name)
		}
	}
}

// The matrix of clients has each quick start and each replay, and no other.
func TestMatrix_ListsEveryClient(t *testing.T) {
	t.Parallel()
	replays, err := filepath.Glob("../clients/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, name := range folders(t) {
		want = append(want, "quickstart/"+name+"/README.md")
	}
	for _, path := range replays {
		want = append(want, "clients/"+filepath.Base(path))
	}
	var listed []string
	row := regexp.MustCompile(`(?m)^\|.*\]\(\.\./examples/([^)]+)\) \|$`)
	for _, m := range row.FindAllStringSubmatch(read(t, "..", "..", "docs", "clients.md"), -1) {
		listed = append(listed, m[1])
	}
	slices.Sort(want)
	slices.Sort(listed)
	if !slices.Equal(listed, want) {
		t.Errorf("docs/clients.md has rows for\n%s\nwant\n%s", strings.Join(listed, "\n"), strings.Join(want, "\n"))
	}
}
