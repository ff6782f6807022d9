package journal

import (
	"cmp"
	"slices"
	"strings"
)

// Closest are those of some texts that may have been meant by another, the
// closest first, three at most: the same but for case and spaces, off by a few
// letters, or one within the other. The text itself is not among them, nor is
// any text twice.
func Closest(wanted string, among []string) []string {
	type candidate struct {
		text string
		far  int
	}
	var near []candidate
	plain := simple(wanted)
	for _, text := range among {
		if text == wanted || wanted == "" {
			continue
		}
		if far, ok := distance(plain, simple(text)); ok {
			near = append(near, candidate{text, far})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.far, b.far) })
	var texts []string
	for _, c := range near {
		if !slices.Contains(texts, c.text) {
			texts = append(texts, c.text)
		}
	}
	return texts[:min(len(texts), 3)]
}

// longest is how many letters of a text are compared.
const longest = 64

// simple is a text without what is easily mistaken: case, and spaces and their
// like.
func simple(text string) []rune {
	var letters []rune
	for _, r := range strings.ToLower(text) {
		if !strings.ContainsRune(" \t-_", r) {
			letters = append(letters, r)
		}
		if len(letters) == longest {
			break
		}
	}
	return letters
}

// distance is how many letters two texts differ in, and whether that is few: a
// third of them. A text within another is nearly as close as one that differs
// in as many letters as would be a mistake.
func distance(a, b []rune) (int, bool) {
	few := (max(len(a), len(b)) + 2) / 3
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(long)-len(short) <= few {
		if d := edits(a, b); d <= few && d < len(long) {
			return d, true
		}
	}
	if len(short) >= 3 && strings.Contains(string(long), string(short)) {
		return few + 1, true
	}
	return 0, false
}

// edits is the number of letters to insert, delete, replace or swap with their
// neighbour that make b of a.
func edits(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for k := range last {
		last[k] = k
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for k := range b {
			change := 1
			if a[i] == b[k] {
				change = 0
			}
			row[k+1] = min(last[k+1]+1, row[k]+1, last[k]+change)
			if i > 0 && k > 0 && a[i] == b[k-1] && a[i-1] == b[k] {
				row[k+1] = min(row[k+1], before[k-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
