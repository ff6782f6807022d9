package access

import (
	"fmt"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// RevocationRules returns the rule about a token that is revoked. It needs the control
// API of a mock, to issue and to revoke one.
func RevocationRules() []check.Rule {
	return []check.Rule{
		{Rule: rule.Rule{ID: "auth/revoked-after-use", Tag: "Auth", Level: rule.Must,
			Evidence: "[D] a token can be revoked; [G] that it is refused at once",
			Text:     "A token that has just been used is refused with 401 once it is revoked",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Control}, Operations: []string{"GetVaults"}},
			Check: checkRevokedToken},
	}
}

// checkRevokedToken uses a token before and after it is revoked.
func checkRevokedToken(s *check.Session) {
	account, control, name := s.CreateAccount(), s.Server.Control, s.UniqueName("revoked")
	issued, err := control.IssueToken(s.Ctx, controlapi.Token{Name: name, Account: account.ID})
	if err != nil {
		check.Abort(fmt.Errorf("the mock issued no token: %w", err))
	}
	s.Redactor.Add(issued.Value)
	for range 2 {
		s.Do("GetVaults", call.WithToken(issued.Value)).ExpectStatus(200)
	}
	if err := control.RevokeToken(s.Ctx, account.ID, name); err != nil {
		check.Abort(fmt.Errorf("the mock revoked no token: %w", err))
	}
	s.Do("GetVaults", call.WithToken(issued.Value)).ExpectError(401, "")
	s.Do("GetVaults", call.WithToken(account.Token)).ExpectStatus(200)
}
