package contract

import (
	"net/http"

	"github.com/connectmock/connectmock/openapi"
)

// orderRules returns the rules about requests that are invalid in two ways. They
// define which error the server reports, and so what a caller can find out.
func orderRules() []rule {
	var list []rule
	for _, op := range operationsWhere(func(op *openapi.Operation) bool { return hasPathParameter(op, "vaultUuid") }) {
		list = append(list, rule{Rule{ID: "order/token-before-ids/" + op.ID, Tag: "Auth", Level: Should,
			Evidence:   "[R] the observed order of checks; [D] a request without a token is rejected",
			Text:       op.ID + " without a token returns 401 even if the ids are malformed",
			Touches:    touchedBy(op),
			Operations: []string{op.ID}},
			func(s *session) {
				s.do(op.ID, authorization(""), vault("fake"), item("fake"), file("fake")).expectError(http.StatusUnauthorized, "")
			}})
	}
	return append(list,
		rule{
			Rule{ID: "order/token-before-parameters", Tag: "Auth", Level: Observed,
				Evidence:   "[R] the observed order of checks; [G] that parameters are no exception",
				Text:       "An invalid token returns 401 even if a parameter is invalid too",
				Touches:    ReadOnly,
				Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				s.do("GetApiActivity", authorization(""), query("limit", "x")).expectError(http.StatusUnauthorized, "")
				s.do("GetVaults", authorization(""), query("filter", "'")).expectError(http.StatusUnauthorized, "")
			}},
		rule{
			Rule{ID: "order/token-before-body", Tag: "Auth", Level: Should,
				Evidence:   "[R] the observed order of checks; [D] a request without a token is rejected",
				Text:       "An invalid token returns 401 even if the body is not JSON",
				Touches:    OwnItems,
				Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem"}},
			func(s *session) {
				for _, op := range operationsWithBody() {
					s.do(op.ID, withToken("connectmock-no-token"), vault(noVault), item(noItem), rawJSON(`{"`)).
						expectError(http.StatusUnauthorized, "")
				}
			}},
		rule{
			Rule{ID: "order/ids-before-scope", Tag: "Auth", Level: Observed,
				Evidence:   "[R] GET /v1/vaults/foo, POST .../[object Object]/items/; a .NET test of DELETE saw the other order",
				Text:       "A malformed item id returns 400 even if the token does not see the vault",
				Touches:    ReadOnly,
				Needs:      []Capability{Read},
				Operations: []string{"GetVaultItemById", "GetItemFiles"}},
			func(s *session) {
				for _, op := range []string{"GetVaultItemById", "GetItemFiles"} {
					s.do(op, vault(noVault), item("fake")).expectError(http.StatusBadRequest, "")
				}
			}},
		rule{
			Rule{ID: "order/scope-before-body", Tag: "Auth", Level: Observed,
				Evidence:   "[G] a caller that may not write learns nothing about bodies",
				Text:       "An invalid body returns 403 if the token does not see the vault",
				Touches:    OwnItems,
				Needs:      []Capability{Write, Other},
				Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem"}},
			func(s *session) {
				it := s.createNote()
				for _, op := range operationsWithBody() {
					s.do(op.ID, withToken(s.server.otherToken), item(it.ID), rawJSON(`{"`)).
						expectError(http.StatusForbidden, "")
				}
				s.expectUnchanged(it)
			}},
		rule{
			Rule{ID: "order/scope-before-existence", Tag: "Auth", Level: Should, Evidence: "[R] the observed order of checks",
				Text:       "An item that does not exist returns 403 if the token does not see the vault",
				Touches:    ReadOnly,
				Needs:      []Capability{Read, Other},
				Operations: []string{"GetVaultItemById", "GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
			func(s *session) {
				for _, op := range []string{"GetVaultItemById", "GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"} {
					s.do(op, withToken(s.server.otherToken), item(noItem), file(noFile)).expectError(http.StatusForbidden, "")
				}
			}},
		rule{Rule{ID: "order/body-before-existence", Tag: "Auth", Level: Observed, Evidence: "[G] as most servers do",
			Text:       "A body that is not JSON returns 400 even if the item does not exist",
			Touches:    OwnItems,
			Needs:      []Capability{Write},
			Operations: []string{"UpdateVaultItem", "PatchVaultItem"}},
			func(s *session) {
				for _, op := range []string{"UpdateVaultItem", "PatchVaultItem"} {
					s.do(op, item(noItem), rawJSON(`{"`)).expectError(http.StatusBadRequest, "")
				}
			}})
}

// operationsWithBody returns the operations that have a request body.
func operationsWithBody() []*openapi.Operation {
	return operationsWhere(func(op *openapi.Operation) bool { return op.Spec().RequestBody != nil })
}
