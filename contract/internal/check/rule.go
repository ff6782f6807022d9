package check

import (
	"github.com/connectmock/connectmock/contract/rule"
)

// Rule is a rule with its check. The check reports failures to the session.
type Rule struct {
	rule.Rule
	Check func(*Session)
}
