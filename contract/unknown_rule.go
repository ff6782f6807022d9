package contract

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
)

// maxSuggested is the number of rules that an error suggests.
const maxSuggested = 8

// UnknownRule returns the error for a pattern that matches the id of no rule. It
// suggests the rules that may be meant, the most similar first.
func UnknownRule(pattern string) error {
	suggested := suggestRules(pattern)
	if len(suggested) == 0 {
		return fmt.Errorf("no rule matches %q; connectmock contract list shows them", pattern)
	}
	return fmt.Errorf("no rule matches %q; did you mean: %s", pattern, strings.Join(suggested, ", "))
}

// suggestRules returns the rules that may be meant by pattern: those with a similar
// id, those with the same word after the slash, and those of the same group.
func suggestRules(pattern string) []string {
	var ids, groups []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
		groups = append(groups, groupOf(r.ID))
	}
	group, word, _ := strings.Cut(pattern, "/")
	suggested := nearest.FindSimilar(pattern, ids)
	if known := nearest.Word(group, groups); known != "" {
		var words []string
		for _, id := range ids {
			if rest, ok := strings.CutPrefix(id, known+"/"); ok {
				words = append(words, rest)
			}
		}
		if word == "" {
			suggested = append([]string{known + "/*"}, suggested...)
		}
		suggested = append(suggested, rulesNearWord(known, word, words)...)
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

// rulesNearWord returns the rules of a group whose first word is the most similar to
// that of word, or all rules of the group if none is similar. words has the ids of
// the group without the group.
func rulesNearWord(group, word string, words []string) []string {
	first := func(word string) string {
		return strings.FieldsFunc(word+"-", func(r rune) bool { return r == '-' || r == '/' })[0]
	}
	var firsts []string
	for _, w := range words {
		firsts = append(firsts, first(w))
	}
	meant := ""
	if strings.Trim(word, "-/") != "" {
		meant = nearest.Word(first(word), firsts)
	}
	var near []string
	for i, w := range words {
		if meant == "" || firsts[i] == meant {
			near = append(near, path.Join(group, w))
		}
	}
	return near
}

// groupOf returns the first part of a rule's id.
func groupOf(id string) string {
	group, _, _ := strings.Cut(id, "/")
	return group
}

// suggestLevel returns the end of the error about an unknown level: the level that
// may be meant.
func suggestLevel(unknown Level) string {
	if near := nearest.Word(string(unknown), []string{string(Must), string(Should), string(Observed)}); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
