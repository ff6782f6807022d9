package isolation

import (
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/onsi/gomega"
)

// AccountRules returns the rule about accounts. It needs the control API of a mock, to
// create an account.
func AccountRules() []check.Rule {
	return []check.Rule{
		{Rule: rule.Rule{ID: "isolation/accounts", Tag: "Isolation", Level: rule.Must,
			Evidence: "[D] a token belongs to one account, and tokens are for the vaults of their account",
			Text: "No list, no filter and no id finds an item of another account, not even " +
				"in a vault of the same id",
			Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write, rule.Control},
			Operations: operation.OfNewItem("GetVaultItems")},
			Check: checkAccounts},
	}
}

// checkAccounts looks for a new item with the token of another account that has the
// same vaults.
func checkAccounts(s *check.Session) {
	account := s.CreateAccount()
	token := call.WithToken(account.Token)
	in := call.Note()
	in.Title, in.Tags = s.UniqueName("here"), []string{strings.ReplaceAll(s.UniqueName("tag"), " ", "-")}
	it := s.Create(in)
	whole, part, tagged := "title eq "+call.Quote(in.Title), "title co "+call.Quote(in.Title[3:]),
		"tag eq "+call.Quote(in.Tags[0])
	for _, filter := range []string{"", whole, part, tagged, part + " or " + part, whole + " or " + tagged,
		part + " and " + tagged + " or " + whole, whole + " or " + part + " and " + tagged} {
		var options []call.Option
		if filter != "" {
			s.ExpectFound(filter, in.Title)
			options = append(options, call.Filter(filter))
		}
		res := s.Do("GetVaultItems", append(options, token)...)
		if res.Status != 200 {
			res.ExpectError(403, "") // the other account does not have the vault
			continue
		}
		for _, found := range res.Items() {
			s.Expect(found.ID).NotTo(gomega.Equal(it.ID),
				"id of an item found in another account by the filter %q", filter)
		}
	}
	s.Do("GetVaultItemById", token, call.Item(it.ID)).ExpectErrorOneOf(403, 404)
	s.ExpectSame(it, "the item in its own account")
}
