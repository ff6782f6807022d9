package faults

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// refuse is the error about a member of a fault.
func refuse(member, format string, args ...any) error {
	return &controlapi.Error{Status: 400, Message: member + ": " + fmt.Sprintf(format, args...)}
}

// checkName holds a name to what can stand in a path and in a table.
func checkName(d *controlapi.Fault) error {
	const most = 100
	switch {
	case len(d.Name) > most:
		return refuse("name", "must not be longer than %d bytes", most)
	case strings.ContainsFunc(d.Name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '/' }):
		return refuse("name", "must have no slash and no control character: it is part of a path")
	case d.Name == "." || d.Name == "..":
		return refuse("name", "must not be a dot or two: it is part of a path")
	}
	return nil
}

// list is words for people.
func list(words []string) string { return strings.Join(words, ", ") }

// didYouMean is the end of an error about a wrong word: the nearest valid one,
// and all of them.
func didYouMean(wrong string, valid []string) string {
	if len(valid) == 0 {
		return ""
	}
	hint := "; there are: " + list(valid)
	if near := nearest(wrong, valid); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near) + " There are: " + list(valid)
	}
	return hint
}

// nearest is the word of a list that a wrong one most likely stands for, "" if
// none is close.
func nearest(wrong string, valid []string) string {
	best, distance := "", len(wrong)/3+2
	for _, v := range valid {
		if d := edits(strings.ToLower(wrong), strings.ToLower(v)); d < distance {
			best, distance = v, d
		}
	}
	return best
}

// edits is the number of bytes to insert, drop or change to make a into b.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := min(row[j], row[j+1]) + 1
			if a[i] == b[j] {
				next = min(next, diagonal)
			} else {
				next = min(next, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
