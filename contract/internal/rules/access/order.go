package access

import (
	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi"
)

// OrderRules returns the rules about requests that are invalid in two ways. They
// define which error the server reports, and so what a caller can find out.
func OrderRules() []check.Rule {
	var list []check.Rule
	for _, op := range operation.Where(func(op *openapi.Operation) bool {
		return operation.HasParameter(op, "vaultUuid")
	}) {
		list = append(list, check.Rule{Rule: rule.Rule{ID: "order/token-before-ids/" + op.ID, Tag: "Auth",
			Level:    rule.Should,
			Evidence: "[R] the observed order of checks; [D] a request without a token is rejected",
			Text:     op.ID + " without a token returns 401 even if the ids are malformed",
			Touches:  operation.Touches(op), Operations: []string{op.ID}},
			Check: func(s *check.Session) {
				s.Do(op.ID, call.Authorization(""), call.Vault("fake"), call.Item("fake"), call.File("fake")).
					ExpectError(401, "")
			}})
	}
	return append(list,
		check.Rule{
			Rule: rule.Rule{ID: "order/token-before-parameters", Tag: "Auth", Level: rule.Observed,
				Evidence: "[R] the observed order of checks; [G] that parameters are no exception",
				Text:     "An invalid token returns 401 even if a parameter is invalid too",
				Touches:  rule.ReadOnly, Operations: []string{"GetApiActivity", "GetVaults"}},
			Check: func(s *check.Session) {
				s.Do("GetApiActivity", call.Authorization(""), call.Query("limit", "x")).ExpectError(401, "")
				s.Do("GetVaults", call.Authorization(""), call.Filter("'")).ExpectError(401, "")
			}},
		check.Rule{
			Rule: rule.Rule{ID: "order/token-before-body", Tag: "Auth", Level: rule.Should,
				Evidence: "[R] the observed order of checks; [D] a request without a token is rejected",
				Text:     "An invalid token returns 401 even if the body is not JSON",
				Touches:  rule.OwnItems, Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem"}},
			Check: func(s *check.Session) {
				for _, op := range operation.WithBody() {
					s.Do(op.ID, call.WithToken("connectmock-no-token"), call.Vault(call.NoVault),
						call.Item(call.NoItem), call.RawJSON(`{"`)).
						ExpectError(401, "")
				}
			}},
		check.Rule{
			Rule: rule.Rule{ID: "order/ids-before-scope", Tag: "Auth", Level: rule.Observed,
				Evidence: "[R] GET /v1/vaults/foo, POST .../[object Object]/items/; " +
					"a .NET test of DELETE saw the other order",
				Text:    "A malformed item id returns 400 even if the token does not see the vault",
				Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read},
				Operations: []string{"GetVaultItemById", "GetItemFiles"}},
			Check: func(s *check.Session) {
				for _, op := range []string{"GetVaultItemById", "GetItemFiles"} {
					s.Do(op, call.Vault(call.NoVault), call.Item("fake")).ExpectError(400, "")
				}
			}},
		check.Rule{
			Rule: rule.Rule{ID: "order/scope-before-body", Tag: "Auth", Level: rule.Observed,
				Evidence: "[G] a caller that may not write learns nothing about bodies",
				Text:     "An invalid body returns 403 if the token does not see the vault",
				Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write, rule.Other},
				Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem"}},
			Check: func(s *check.Session) {
				it := s.CreateNote()
				for _, op := range operation.WithBody() {
					s.Do(op.ID, call.WithToken(s.Server.OtherToken), call.Item(it.ID), call.RawJSON(`{"`)).
						ExpectError(403, "")
				}
				s.ExpectUnchanged(it)
			}},
		check.Rule{
			Rule: rule.Rule{ID: "order/scope-before-existence", Tag: "Auth", Level: rule.Should,
				Evidence: "[R] the observed order of checks",
				Text:     "An item that does not exist returns 403 if the token does not see the vault",
				Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Read, rule.Other},
				Operations: []string{"GetVaultItemById", "GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
			Check: func(s *check.Session) {
				for _, op := range []string{"GetVaultItemById", "GetItemFiles", "GetDetailsOfFileById",
					"DownloadFileByID"} {
					s.Do(op, call.WithToken(s.Server.OtherToken), call.Item(call.NoItem), call.File(call.NoFile)).
						ExpectError(403, "")
				}
			}},
		check.Rule{Rule: rule.Rule{ID: "order/body-before-existence", Tag: "Auth", Level: rule.Observed,
			Evidence: "[G] as most servers do",
			Text:     "A body that is not JSON returns 400 even if the item does not exist",
			Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write},
			Operations: []string{"UpdateVaultItem", "PatchVaultItem"}},
			Check: func(s *check.Session) {
				for _, op := range []string{"UpdateVaultItem", "PatchVaultItem"} {
					s.Do(op, call.Item(call.NoItem), call.RawJSON(`{"`)).ExpectError(400, "")
				}
			}})
}
