package contract

import "slices"

// Level says how binding a rule is.
type Level string

// The levels.
const (
	Must     Level = "MUST"     // documented and observed, or a client breaks without it
	Should   Level = "SHOULD"   // documented, or observed by tests of others
	Observed Level = "OBSERVED" // recorded behaviour only; a server may differ and still be one
)

// Rule is one requirement that a Connect server meets.
type Rule struct {
	ID         string // stable: "items/create-answers-200"
	Tag        string // Vaults, Items, Patch, Files, Activity, Health, Auth, Errors
	Level      Level
	Evidence   string // how it is known, with the tag: "[D] ..."
	Text       string // what the server does, in one sentence
	Needs      []Capability
	Operations []string // operationIds that the check calls
	Touches    Touches  // zero: the rule runs alone
	Long       bool     // the check sends more than 12 requests, so it starts first
}

// Creates reports whether checking the rule creates items.
func (r Rule) Creates() bool { return slices.Contains(r.Needs, Write) }

// needsMock reports whether no real server can meet the rule, because checking it takes
// the control of a mock.
func (r Rule) needsMock() bool { return slices.Contains(r.Needs, Control) }

// rule is a Rule with its check. The check reports failures to the session.
type rule struct {
	Rule
	check func(*session)
}

// Rules returns all rules in the order in which a run checks them.
func Rules() []Rule {
	var list []Rule
	for _, r := range rules() {
		list = append(list, r.Rule)
	}
	return list
}

// rules returns all rules with their checks.
func rules() []rule {
	var all []rule
	for _, group := range [][]rule{
		healthRules(),
		authRules(), scopeRules(), orderRules(),
		vaultRules(), vaultFilterRules(),
		itemRules(), itemBodyRules(), itemFieldRules(), itemCodeRules(), itemPasswordRules(), recipeRules(), timestampRules(),
		itemCategoryRules(), itemIdentityRules(),
		itemWriteRules(), itemFilterRules(), filterOperatorRules(),
		patchRules(), patchMemberRules(), patchFieldRules(),
		clientRequestRules(),
		fileRules(),
		activityRules(),
		errorRules(), negativeRules(),
		isolationRules(), modelRules(), controlledRules(),
	} {
		all = append(all, group...)
	}
	return all
}
