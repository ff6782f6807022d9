package openapi

import (
	"regexp"
	"regexp/syntax"
)

// newPattern returns a matcher for the pattern of a schema. A repeated class of ASCII, as in the pattern of ids, is
// matched with a table: ids are checked on every request. Other patterns are matched with package regexp.
func newPattern(expr string) (func(string) bool, error) {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	if match := tableMatcher(tree); match != nil {
		return match, nil
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, err
	}
	return re.MatchString, nil
}

// tableMatcher returns a matcher for ^[class]{min,max}$ with a class of ASCII, or nil if the pattern has another form.
func tableMatcher(tree *syntax.Regexp) func(string) bool {
	if tree.Op != syntax.OpConcat || len(tree.Sub) != 3 ||
		tree.Sub[0].Op != syntax.OpBeginText || tree.Sub[2].Op != syntax.OpEndText {
		return nil
	}
	repeat := tree.Sub[1]
	if repeat.Op != syntax.OpRepeat || repeat.Max < 0 || repeat.Sub[0].Op != syntax.OpCharClass {
		return nil
	}
	var table [256]bool
	class := repeat.Sub[0].Rune
	for i := 0; i < len(class); i += 2 {
		if class[i+1] > 127 {
			return nil
		}
		for r := class[i]; r <= class[i+1]; r++ {
			table[r] = true
		}
	}
	atLeast, atMost := repeat.Min, repeat.Max
	return func(s string) bool {
		if len(s) < atLeast || len(s) > atMost {
			return false
		}
		for i := range len(s) {
			if !table[s[i]] {
				return false
			}
		}
		return true
	}
}
