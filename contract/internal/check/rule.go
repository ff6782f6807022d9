package check

import (
	"github.com/connectmock/connectmock/contract/rule"
)

// Rule is a rule with its check. The check reports failures to the session.
type Rule struct {
	rule.Rule
	Check func(*Session)
}

// WithDefaults returns a list of rules with what they have in common. The defaults give
// each rule its tag, unless it has one. A rule that does not say what it touches has the
// touches of the defaults, and their needs and operations where it has none.
func WithDefaults(defaults rule.Rule, list []Rule) []Rule {
	for i := range list {
		r := &list[i].Rule
		if r.Tag == "" {
			r.Tag = defaults.Tag
		}
		if r.Touches != 0 {
			continue
		}
		r.Touches = defaults.Touches
		if r.Needs == nil {
			r.Needs = defaults.Needs
		}
		if r.Operations == nil {
			r.Operations = defaults.Operations
		}
	}
	return list
}
