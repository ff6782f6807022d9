package cli

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
)

// Table returns rows in columns, under a line of titles if there is one. It
// escapes control characters.
func Table(titles string, rows func(addRow func(cells ...any))) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if titles != "" {
		fmt.Fprintln(t, titles)
	}
	rows(func(cells ...any) {
		for i, cell := range cells {
			if i > 0 {
				fmt.Fprint(t, "\t")
			}
			fmt.Fprint(t, Printable(fmt.Sprint(cell)))
		}
		fmt.Fprintln(t)
	})
	_ = t.Flush() // into memory
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ") // of empty cells at the end
	}
	return strings.Join(lines, "\n")
}

// TableOf returns a table with a row for each item.
func TableOf[T any](titles string, items []T, row func(T) []any) string {
	return Table(titles, func(addRow func(...any)) {
		for _, item := range items {
			addRow(row(item)...)
		}
	})
}

// Count returns a number with its noun, as "1 item" and "2 items".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// EscapePath returns a path as it was on the wire, without control characters
// that would start a line or colour the terminal.
func EscapePath(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// Printable returns a text on one line, with control characters escaped.
func Printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

// Indent indents each line of a text and escapes control characters, because
// some of it comes from the server.
func Indent(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.WriteString("    " + Printable(strings.ReplaceAll(line, "\t", "  ")) + "\n")
	}
	return b.String()
}
