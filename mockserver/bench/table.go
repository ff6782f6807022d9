package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is a block of figures: printed as it grows, kept for the document.
type table struct {
	name    string // of its marker in the document
	columns []string
	rows    [][]string
	notes   []string
	taken   string // when, and of which commit; the tables of a document need not be of one run
	out     io.Writer
}

func (t *table) head() {
	fmt.Fprintf(t.out, "\n%s\n", t.name)
	t.print(t.columns)
}

// add adds a row: a cell for each column.
func (t *table) add(cells ...string) {
	t.rows = append(t.rows, cells)
	t.print(cells)
}

// note adds a sentence below the table.
func (t *table) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
	fmt.Fprintln(t.out, t.notes[len(t.notes)-1])
}

// print writes a line for people. Rows are printed before the later ones are
// known, so widths follow from the heads; a cell that is too long pushes.
func (t *table) print(cells []string) {
	var line strings.Builder
	for i, cell := range cells {
		switch {
		case i == 0:
			line.WriteString(padded(cell, 30, false))
		case len(t.columns) == 2 || i == len(cells)-1:
			line.WriteString("  " + cell)
		default:
			line.WriteString("  " + padded(cell, max(8, utf8.RuneCountInString(t.columns[i])), true))
		}
	}
	fmt.Fprintln(t.out, strings.TrimRight(line.String(), " "))
}

func padded(cell string, width int, right bool) string {
	gap := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(cell)))
	if right {
		return gap + cell
	}
	return cell + gap
}

// markdown is the table for the document.
func (t *table) markdown() string {
	var text strings.Builder
	line := func(cells []string) {
		escaped := strings.ReplaceAll(strings.Join(cells, "\x00"), "|", `\|`)
		fmt.Fprintf(&text, "| %s |\n", strings.ReplaceAll(escaped, "\x00", " | "))
	}
	line(t.columns)
	rule := make([]string, len(t.columns))
	for i := range rule {
		rule[i] = mark(i == 0 || i == len(rule)-1, "---", "--:")
	}
	line(rule)
	for _, row := range t.rows {
		line(row)
	}
	for _, note := range append(t.notes, t.taken) {
		if note != "" {
			fmt.Fprintf(&text, "\n%s\n", note)
		}
	}
	return text.String()
}
