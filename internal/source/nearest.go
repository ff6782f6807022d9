package source

import (
	"fmt"
	"slices"
	"strings"
)

// DidYouMean is the hint for a wrong word among valid ones: the nearest, or the
// whole list if it is short enough to read.
func DidYouMean(wrong string, valid []string) string {
	if n := Nearest(wrong, valid); n != "" {
		return fmt.Sprintf("did you mean %q?", n)
	}
	if len(valid) == 0 {
		return ""
	}
	valid = slices.Sorted(slices.Values(valid))
	if len(valid) > 24 {
		valid = append(valid[:24], "...")
	}
	return "one of " + strings.Join(valid, ", ")
}

// Nearest is the word of a list that a wrong one most likely stands for, "" if
// none is close.
func Nearest(wrong string, valid []string) string {
	best, distance := "", len(wrong)/3+2
	for _, v := range valid {
		if d := edits(strings.ToLower(wrong), strings.ToLower(v), distance); d < distance {
			best, distance = v, d
		}
	}
	return best
}

// edits is the number of letters to insert, drop, change or swap with their
// neighbour to make a into b, or limit if it is not less.
func edits(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
