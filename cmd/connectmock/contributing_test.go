package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestContributing_NamesFilesThatExist(t *testing.T) {
	t.Parallel()
	text := fileText(t, "../../CONTRIBUTING.md")
	paths := regexp.MustCompile("`([a-z]+/[^` ]*\\.[a-z]+)`").FindAllStringSubmatch(text, -1)
	if len(paths) < 20 {
		t.Errorf("found only %d paths of files", len(paths))
	}
	for _, path := range paths {
		if _, err := os.Stat(filepath.Join("../..", path[1])); err != nil {
			t.Errorf("CONTRIBUTING.md names %s: %v", path[1], err)
		}
	}
}

func TestContributing_RunsTestsThatExist(t *testing.T) {
	t.Parallel()
	text := fileText(t, "../../CONTRIBUTING.md")
	commands := regexp.MustCompile("`go test \\./(\\S+) -run (\\w+)").FindAllStringSubmatch(text, -1)
	if len(commands) < 2 {
		t.Errorf("found only %d commands", len(commands))
	}
	for _, command := range commands {
		files, err := filepath.Glob(filepath.Join("../..", command[1], "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		var source strings.Builder
		for _, name := range files {
			source.WriteString(fileText(t, name))
		}
		if !regexp.MustCompile(`\nfunc Test\w*` + command[2]).MatchString(source.String()) {
			t.Errorf("CONTRIBUTING.md runs %s, which no test of %s matches", command[2], command[1])
		}
	}
}

// fileText returns the content of a file.
func fileText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
