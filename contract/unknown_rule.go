package contract

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
)

// maxSuggested is how many rules an error suggests.
const maxSuggested = 8

// UnknownRule returns the error for an id, or a pattern of ids, that no rule
// has: it names the rules that may have been meant, the nearest first.
func UnknownRule(pattern string) error {
	suggested := suggestRules(pattern)
	if len(suggested) == 0 {
		return fmt.Errorf("no rule matches %q; connectmock contract list shows them", pattern)
	}
	return fmt.Errorf("no rule matches %q; did you mean: %s", pattern, strings.Join(suggested, ", "))
}

// suggestRules returns the rules that may have been meant by pattern: those
// spelt nearly the same, those with the same word behind the slash, and those of
// the chapter it names.
func suggestRules(pattern string) []string {
	var ids, chapters []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
		chapters = append(chapters, chapterOf(r.ID))
	}
	chapter, word, _ := strings.Cut(pattern, "/")
	suggested := nearest.FindSimilar(pattern, ids)
	if known := nearest.Word(chapter, chapters); known != "" {
		var words []string
		for _, id := range ids {
			if rest, ok := strings.CutPrefix(id, known+"/"); ok {
				words = append(words, rest)
			}
		}
		if word == "" {
			suggested = append([]string{known + "/*"}, suggested...)
		}
		suggested = append(suggested, withWord(known, word, words)...)
	}
	for _, id := range ids {
		if word != "" && strings.Contains(id, word) {
			suggested = append(suggested, id)
		}
	}
	var once []string
	for _, id := range suggested {
		if !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	return once[:min(len(once), maxSuggested)]
}

// withWord returns the rules of a chapter whose first word is nearest to that
// of the wrong one, all of the chapter if none is near.
func withWord(chapter, wrong string, words []string) []string {
	first := func(word string) string {
		return strings.FieldsFunc(word+"-", func(r rune) bool { return r == '-' || r == '/' })[0]
	}
	var firsts []string
	for _, w := range words {
		firsts = append(firsts, first(w))
	}
	meant := ""
	if strings.Trim(wrong, "-/") != "" {
		meant = nearest.Word(first(wrong), firsts)
	}
	var near []string
	for i, w := range words {
		if meant == "" || firsts[i] == meant {
			near = append(near, path.Join(chapter, w))
		}
	}
	return near
}

func chapterOf(id string) string {
	chapter, _, _ := strings.Cut(id, "/")
	return chapter
}

// meantLevel returns what to add to the error about an unknown level.
func meantLevel(wrong Level) string {
	if near := nearest.Word(string(wrong), []string{string(Must), string(Should), string(Observed)}); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
