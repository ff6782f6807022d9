// Package nearest finds the known word that a misspelt one probably stands for. Every "did you mean" uses it. It does
// not know what the words are.
package nearest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// maxCompared is how many letters of a word are compared.
const maxCompared = 64

// maxWords is how many valid words Word and Hint compare: a text may have a thousand mistakes, each in the name of one
// of a thousand vaults.
const maxWords = 2000

// DidYouMean returns the question about the words that are probably meant: `did you mean "a" or "b"?`. Without words it
// is empty.
func DidYouMean(words ...string) string {
	if len(words) == 0 {
		return ""
	}
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = strconv.Quote(word)
	}
	last := len(words) - 1
	list := quoted[last]
	if last > 0 {
		list = strings.Join(quoted[:last], ", ") + " or " + list
	}
	return "did you mean " + list + "?"
}

// Hint returns the end of a message about a wrong word: the nearest valid word,
// or the whole list if it is short enough to read. It is empty if there are no
// valid words.
func Hint(wrong string, valid []string) string {
	if word := Word(wrong, valid); word != "" {
		return DidYouMean(word)
	}
	if len(valid) == 0 {
		return ""
	}
	valid = slices.Sorted(slices.Values(valid[:min(len(valid), maxWords)]))
	if len(valid) > 24 {
		valid = append(valid[:24], "...")
	}
	return "one of " + strings.Join(valid, ", ")
}

// HintWithList returns the end of a message about a wrong word, with all valid
// words in the order given: "; there are: a, b". The nearest stands before them.
// It is empty if there are no valid words.
func HintWithList(wrong string, valid []string) string {
	list := "here are: " + strings.Join(valid, ", ")
	switch word := Word(wrong, valid); {
	case len(valid) == 0:
		return ""
	case word == "":
		return "; t" + list
	default:
		return "; " + DidYouMean(word) + " T" + list
	}
}

// HintSimilar returns the end of a message about a wrong text: "; " and the question about the similar ones that
// FindSimilar finds. It is empty if there are none.
func HintSimilar(wrong string, among []string) string {
	if similar := FindSimilar(wrong, among); len(similar) > 0 {
		return "; " + DidYouMean(similar...)
	}
	return ""
}

// Word returns the valid word nearest to wrong without regard to case, or "" if
// none is near: if in each more than a third of the letters and one more differ.
func Word(wrong string, valid []string) string {
	a := letters(wrong, "")
	best, limit := "", len(a)/3+2
	for _, v := range valid[:min(len(valid), maxWords)] {
		if d := distance(a, letters(v, ""), limit); d < limit {
			best, limit = v, d
		}
	}
	return best
}

// FindSimilar returns the texts that wanted probably stands for, the nearest first, three at most: texts that differ
// only in case, spaces or a few letters, or that contain one another. It returns neither wanted itself nor duplicates.
func FindSimilar(wanted string, among []string) []string {
	type candidate struct {
		text     string
		distance int
	}
	var near []candidate
	plain := letters(wanted, " \t-_")
	for _, text := range among {
		if text == wanted || wanted == "" {
			continue
		}
		if d, ok := similarity(plain, letters(text, " \t-_")); ok {
			near = append(near, candidate{text, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var texts []string
	for _, c := range near {
		if len(texts) < 3 && !slices.Contains(texts, c.text) {
			texts = append(texts, c.text)
		}
	}
	return texts
}

// similarity returns in how many letters two texts differ, and whether they are
// similar: whether that is a third of the letters or less. For a text within
// another the number is one more than a third.
func similarity(a, b []rune) (int, bool) {
	few := (max(len(a), len(b)) + 2) / 3
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	if d := distance(a, b, few+1); d <= few && d < len(long) {
		return d, true
	}
	if len(short) >= 3 && strings.Contains(string(long), string(short)) {
		return few + 1, true
	}
	return 0, false
}

// letters returns the first maxCompared letters of a text in lower case, without
// those in skip.
func letters(text, skip string) []rune {
	var all []rune
	for _, r := range strings.ToLower(text) {
		if len(all) == maxCompared {
			break
		}
		if !strings.ContainsRune(skip, r) {
			all = append(all, r)
		}
	}
	return all
}

// distance returns the number of letters to insert, drop, change or swap with
// their neighbour to make a into b, or limit if it is not less.
func distance(a, b []rune, limit int) int {
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
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
