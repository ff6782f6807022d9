// Package rules has the rules of the contract with their checks, one package a subject.
package rules

import (
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/rules/access"
	"github.com/connectmock/connectmock/contract/internal/rules/activity"
	"github.com/connectmock/connectmock/contract/internal/rules/fields"
	"github.com/connectmock/connectmock/contract/internal/rules/files"
	"github.com/connectmock/connectmock/contract/internal/rules/filters"
	"github.com/connectmock/connectmock/contract/internal/rules/health"
	"github.com/connectmock/connectmock/contract/internal/rules/isolation"
	"github.com/connectmock/connectmock/contract/internal/rules/items"
	"github.com/connectmock/connectmock/contract/internal/rules/model"
	"github.com/connectmock/connectmock/contract/internal/rules/patch"
	"github.com/connectmock/connectmock/contract/internal/rules/refusals"
	"github.com/connectmock/connectmock/contract/internal/rules/vaults"
)

// All returns all rules with their checks, in the order in which a run checks them.
func All() []check.Rule {
	var all []check.Rule
	for _, group := range [][]check.Rule{
		health.Rules(),
		access.AuthRules(), access.ScopeRules(), access.OrderRules(),
		vaults.Rules(), vaults.FilterRules(),
		items.Rules(), items.BodyRules(),
		fields.Rules(), fields.CodeRules(), fields.PasswordRules(), fields.RecipeRules(),
		items.TimestampRules(),
		items.CategoryRules(), items.IdentityRules(),
		items.ReplaceRules(), items.DeleteRules(), items.ReadRules(), filters.Rules(), filters.OperatorRules(),
		patch.Rules(), patch.MemberRules(), patch.FieldRules(),
		items.ClientRequestRules(),
		files.Rules(),
		activity.Rules(),
		refusals.Rules(), refusals.NegativeRules(),
		isolation.Rules(), model.Rules(),
		files.KnownFileRules(), isolation.AccountRules(), access.RevocationRules(),
	} {
		all = append(all, group...)
	}
	return all
}
