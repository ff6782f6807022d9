package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/starters"
)

// What starters say to run can be run: the commands and their flags exist.
func TestStarters_NameKnownCommands(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, s := range starters.All() {
		text, err := s.Text()
		if err != nil {
			t.Fatal(err)
		}
		text += "`" + s.Next("FILE") + "`"
		for _, m := range regexp.MustCompile("(?m)(?:`|\\$\\(|: |^#\\s+)(connectmock [a-z][^`)#\n]*)").FindAllStringSubmatch(text, -1) {
			line, _, _ := strings.Cut(m[1], "  ") // what it does follows
			seen++
			checkCommand(t, line, strings.Fields(line)[1:])
		}
	}
	if seen < 20 {
		t.Errorf("only %d commands were found", seen)
	}
}
