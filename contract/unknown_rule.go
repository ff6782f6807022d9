package contract

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/nearest"
)

// checkPattern returns an error for a pattern that matches no rule.
func checkPattern(pattern string) error {
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf("rule pattern %q: %w", pattern, err)
	}
	if !slices.ContainsFunc(Rules(), func(r rule.Rule) bool { return rule.Matches(pattern, r.ID) }) {
		return UnknownRule(pattern)
	}
	return nil
}

// maxSuggested is the number of rules that an error suggests.
const maxSuggested = 4

// UnknownRule returns the error for a pattern that matches the id of no rule. It
// suggests the rules that may be meant, the most similar first.
func UnknownRule(pattern string) error {
	if !strings.Contains(pattern, "/") && strings.Contains(pattern, "*") {
		return fmt.Errorf(`no rule matches %q: a * does not match a /; "*/*" matches the rules of each group, and "*/*/*" those`+
			" that have one for each operation", pattern)
	}
	suggested := suggestRules(pattern)
	if len(suggested) == 0 {
		return fmt.Errorf("no rule matches %q; connectmock contract list shows them", pattern)
	}
	return fmt.Errorf("no rule matches %q; %s", pattern, nearest.DidYouMean(suggested...))
}

// suggestRules returns the rules that may be meant by pattern: those with a similar id,
// those of the same group that begin with a similar word, and those with the same word
// after the slash.
func suggestRules(pattern string) []string {
	var ids, groups, names []string
	for _, r := range Rules() {
		group, name, _ := strings.Cut(r.ID, "/")
		ids, groups, names = append(ids, r.ID), append(groups, group), append(names, name)
	}
	group, word, hasGroup := strings.Cut(pattern, "/")
	suggested := nearest.FindSimilar(pattern, ids)
	if !hasGroup {
		suggested = append(suggested, rulesNamed(nearest.FindSimilar(pattern, names), ids)...)
	}
	if known := nearest.Word(group, groups); known != "" {
		if strings.Trim(word, "*?-/") == "" {
			suggested = append([]string{known + "/*"}, suggested...)
		} else {
			suggested = append(suggested, rulesNearWord(known, word, ids)...)
		}
	}
	const leastWord = 4 // letters of a word that says something
	for _, id := range ids {
		if len(word) >= leastWord && strings.Contains(id, word) {
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
// that of word.
func rulesNearWord(group, word string, ids []string) (near []string) {
	first := func(word string) string {
		return strings.FieldsFunc(word+"-", func(r rune) bool { return r == '-' || r == '/' })[0]
	}
	var firsts []string
	for _, id := range ids {
		if rest, ok := strings.CutPrefix(id, group+"/"); ok {
			firsts = append(firsts, first(rest))
		}
	}
	meant := nearest.Word(first(word), firsts)
	for _, id := range ids {
		if rest, ok := strings.CutPrefix(id, group+"/"); ok && first(rest) == meant {
			near = append(near, id)
		}
	}
	return near
}

// rulesNamed returns the rules with one of the names, which follow the group.
func rulesNamed(names, ids []string) (list []string) {
	for _, id := range ids {
		if _, name, _ := strings.Cut(id, "/"); slices.Contains(names, name) {
			list = append(list, id)
		}
	}
	return list
}

// suggestLevel returns the end of the error about an unknown level: the level that
// may be meant.
func suggestLevel(unknown rule.Level) string {
	if near := nearest.Word(string(unknown),
		[]string{string(rule.Must), string(rule.Should), string(rule.Observed)}); near != "" {
		return "; " + nearest.DidYouMean(near)
	}
	return ""
}
