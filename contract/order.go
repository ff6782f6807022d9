package contract

import (
	"net/http"

	"github.com/connectmock/connectmock/openapi"
)

// orderRules returns the rules about requests that are wrong in two ways. The order
// of the checks decides what a caller can find out.
func orderRules() []rule {
	var list []rule
	for _, op := range operations(func(op *openapi.Operation) bool { return names(op, "vaultUuid") }) {
		list = append(list, rule{Rule{ID: "order/token-before-ids/" + op.ID, Tag: "Auth", Level: Should,
			Evidence:   "[R] the observed order of checks; [D] a request without a token is rejected",
			Text:       op.ID + " without a token is answered 401 though the ids are malformed",
			Operations: []string{op.ID}},
			func(s *session) {
				s.do(op.ID, authorization(""), vault("fake"), item("fake"), file("fake")).refused(http.StatusUnauthorized, "")
			}})
	}
	return append(list,
		rule{Rule{ID: "order/token-before-parameters", Tag: "Auth", Level: Observed, Evidence: "[R] the observed order of checks; [G] that parameters are no exception",
			Text:       "A bad token is answered 401 though a parameter is wrong too",
			Operations: []string{"GetApiActivity", "GetVaults"}},
			func(s *session) {
				s.do("GetApiActivity", authorization(""), query("limit", "x")).refused(http.StatusUnauthorized, "")
				s.do("GetVaults", authorization(""), query("filter", "'")).refused(http.StatusUnauthorized, "")
			}},
		rule{Rule{ID: "order/token-before-body", Tag: "Auth", Level: Should, Evidence: "[R] the observed order of checks; [D] a request without a token is rejected",
			Text:       "A bad token is answered 401 though the body is no JSON",
			Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem"}},
			func(s *session) {
				for _, op := range withBody() {
					s.do(op.ID, as("connectmock-no-token"), vault(noVault), item(noItem), rawBody(`{"`, "application/json")).
						refused(http.StatusUnauthorized, "")
				}
			}},
		rule{Rule{ID: "order/ids-before-scope", Tag: "Auth", Level: Observed, Evidence: "[R] GET /v1/vaults/foo, POST .../[object Object]/items/; a .NET test of DELETE saw the other order",
			Text:       "A malformed item id in a vault out of reach is answered 400, as a malformed vault id is",
			Needs:      []Capability{Read},
			Operations: []string{"GetVaultItemById", "GetItemFiles"}},
			func(s *session) {
				for _, op := range []string{"GetVaultItemById", "GetItemFiles"} {
					s.do(op, vault(noVault), item("fake")).refused(http.StatusBadRequest, "")
				}
			}},
		rule{Rule{ID: "order/scope-before-body", Tag: "Auth", Level: Observed, Evidence: "[G] who may not write learns nothing of bodies",
			Text:       "A body that is wrong is answered 403 where the token does not see the vault",
			Needs:      []Capability{Write, Other},
			Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem"}},
			func(s *session) {
				it := s.note()
				for _, op := range withBody() {
					s.do(op.ID, as(s.run.target.OtherToken), item(it.ID), rawBody(`{"`, "application/json")).refused(http.StatusForbidden, "")
				}
				s.unchanged(it)
			}},
		rule{Rule{ID: "order/scope-before-existence", Tag: "Auth", Level: Should, Evidence: "[R] the observed order of checks",
			Text:       "An item that does not exist is answered 403 where the token does not see the vault",
			Needs:      []Capability{Read, Other},
			Operations: []string{"GetVaultItemById", "GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
			func(s *session) {
				for _, op := range []string{"GetVaultItemById", "GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"} {
					s.do(op, as(s.run.target.OtherToken), item(noItem), file(noFile)).refused(http.StatusForbidden, "")
				}
			}},
		rule{Rule{ID: "order/body-before-existence", Tag: "Auth", Level: Observed, Evidence: "[G] as most servers do",
			Text:       "A body that is no JSON is answered 400 though the item does not exist",
			Needs:      []Capability{Write},
			Operations: []string{"UpdateVaultItem", "PatchVaultItem"}},
			func(s *session) {
				for _, op := range []string{"UpdateVaultItem", "PatchVaultItem"} {
					s.do(op, item(noItem), rawBody(`{"`, "application/json")).refused(http.StatusBadRequest, "")
				}
			}})
}

func withBody() []*openapi.Operation {
	return operations(func(op *openapi.Operation) bool { return op.Spec().RequestBody != nil })
}
