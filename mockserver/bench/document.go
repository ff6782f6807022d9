package main

import (
	"fmt"
	"os"
	"strings"
)

// writeDocument writes tables between their markers in a file. It writes nothing if a table has no markers.
func writeDocument(file string, tables []*table) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text := string(data)
	for _, t := range tables {
		if text, err = replaceMarked(text, t.name, t.markdown()); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// replaceMarked replaces the text between <!-- bench:NAME --> and <!-- /bench:NAME -->. Each marker must occur once, in
// this order, with no other marker in between.
func replaceMarked(text, name, content string) (string, error) {
	opening, closing := "<!-- bench:"+name+" -->\n", "<!-- /bench:"+name+" -->\n"
	for _, marker := range []string{opening, closing} {
		if n := strings.Count(text, marker); n != 1 {
			return "", fmt.Errorf("the line %q occurs %d times, not once", strings.TrimSpace(marker), n)
		}
	}
	before, rest, _ := strings.Cut(text, opening)
	inside, after, closed := strings.Cut(rest, closing)
	if !closed || strings.Contains(inside, "<!-- bench:") || strings.Contains(inside, "<!-- /bench:") {
		return "", fmt.Errorf("%q does not end before the next marker", strings.TrimSpace(opening))
	}
	return before + opening + content + closing + after, nil
}
