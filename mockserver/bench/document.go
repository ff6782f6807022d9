package main

import (
	"fmt"
	"os"
	"strings"
)

// writeDocument puts tables between their markers in a file. Nothing is written
// unless every table has its place.
func writeDocument(file string, tables []*table) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	filled := string(text)
	for _, t := range tables {
		if filled, err = replaceMarked(filled, t.name, t.markdown()); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return os.WriteFile(file, []byte(filled), 0o644)
}

// replaceMarked replaces what stands between <!-- bench:NAME --> and
// <!-- /bench:NAME -->. Each marker must be there once, in this order.
func replaceMarked(text, name, content string) (string, error) {
	opening, closing := "<!-- bench:"+name+" -->\n", "<!-- /bench:"+name+" -->\n"
	if n := strings.Count(text, opening); n != 1 {
		return "", fmt.Errorf("the line %q is there %d times, not once", strings.TrimSpace(opening), n)
	}
	if n := strings.Count(text, closing); n != 1 {
		return "", fmt.Errorf("the line %q is there %d times, not once", strings.TrimSpace(closing), n)
	}
	before, rest, _ := strings.Cut(text, opening)
	inside, after, closed := strings.Cut(rest, closing)
	if !closed || strings.Contains(inside, "<!-- bench:") || strings.Contains(inside, "<!-- /bench:") {
		return "", fmt.Errorf("%q does not end before the next marker", strings.TrimSpace(opening))
	}
	return before + opening + content + closing + after, nil
}
