package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docBlock is a block of code on a page.
type docBlock struct {
	language string
	needs    []string // programs or places that tests do not have: `sh needs=docker,network`
	text     string
}

// codeFence matches a block: its language, what follows that, the text.
var codeFence = regexp.MustCompile("(?ms)^```(\\w*)([^\\n]*)\\n(.*?)^```$")

// readBlocks returns the blocks of a page in order.
func readBlocks(page string) (all []docBlock) {
	for _, m := range codeFence.FindAllStringSubmatch(page, -1) {
		b := docBlock{language: m[1], text: m[3]}
		if names, found := strings.CutPrefix(strings.TrimSpace(m[2]), "needs="); found {
			b.needs = strings.Split(names, ",")
		}
		all = append(all, b)
	}
	return all
}

// isCommands reports whether the block has commands for a shell.
func (b docBlock) isCommands() bool { return b.language == "sh" || b.language == "console" }

// commands returns the command lines of the block, with continued lines joined and without comments and output.
func (b docBlock) commands() (all []string) {
	for line := range strings.Lines(strings.ReplaceAll(b.text, "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if b.language == "console" {
			prompted := false
			if line, prompted = strings.CutPrefix(line, "$ "); !prompted {
				continue
			}
		}
		if line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}

// readDocs returns the text of each page of docs/ and of the other files for readers, by its path.
func readDocs(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(names) == 0 {
		t.Fatal("there are no pages: ", err)
	}
	all := map[string]string{}
	for _, name := range append(names, "../../README.md", "../../CONTRIBUTING.md", "../../SECURITY.md", "../../deploy/helm/connectmock/README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(filepath.ToSlash(name), "../../")] = string(text)
	}
	return all
}

// repository returns the folder of the repository.
func repository(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}
