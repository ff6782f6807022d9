package main

import (
	"fmt"
	"io"
	"strings"
)

// table is a table of figures in Markdown: printed row by row, and kept for the document.
type table struct {
	name    string // of its markers in the document
	columns []string
	rows    [][]string
	notes   []string
	source  string // date and commit: the tables of a document need not be of one run
	out     io.Writer
}

// add adds a row, with a cell for each column, and prints it.
func (t *table) add(cells ...string) {
	t.rows = append(t.rows, cells)
	fmt.Fprint(t.out, markdownRow(cells))
}

// note adds a sentence below the table and prints it.
func (t *table) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
	fmt.Fprintln(t.out, t.notes[len(t.notes)-1])
}

// head returns the names of the columns and the line below them. Figures are aligned right.
func (t *table) head() string {
	line := "| --- |" + strings.Repeat(" --: |", max(0, len(t.columns)-2)) + " --- |\n"
	return markdownRow(t.columns) + line
}

// markdown returns the table for the document.
func (t *table) markdown() string {
	var text strings.Builder
	text.WriteString(t.head())
	for _, row := range t.rows {
		text.WriteString(markdownRow(row))
	}
	for _, note := range append(t.notes, t.source) {
		if note != "" {
			fmt.Fprintf(&text, "\n%s\n", note)
		}
	}
	return text.String()
}

func markdownRow(cells []string) string {
	escaped := make([]string, len(cells))
	for i, cell := range cells {
		escaped[i] = strings.ReplaceAll(cell, "|", `\|`)
	}
	return "| " + strings.Join(escaped, " | ") + " |\n"
}

// target is what a figure is compared with. The zero value is no target.
type target struct {
	limit  float64
	isMost bool // the figure must not exceed limit; otherwise it must not be below
	text   string
}

func atLeast(limit float64, text string) target { return target{limit: limit, text: text} }

func atMost(limit float64, text string) target { return target{limit: limit, isMost: true, text: text} }

// verdict returns the last cell of a row: the target, and whether got meets it or by how much it does not.
func (t target) verdict(got float64) string {
	if t.text == "" {
		return ""
	}
	missed := 1 - got/t.limit
	if t.isMost {
		missed = -missed
	}
	if missed <= 0 {
		return t.text + ": met"
	}
	return fmt.Sprintf("%s: missed by %.0f %%", t.text, max(1, 100*missed))
}
