package contract

import (
	"fmt"
	"net/http"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// isolationRules returns the rules about operations that must not affect other objects.
func isolationRules() []rule {
	return append(wrongParentRules(),
		rule{
			Rule{ID: "isolation/lists-apart", Tag: "Isolation", Level: Must,
				Evidence:   "[D] published document; [T] Java client's integration test",
				Text:       "The list of a vault has only items of that vault",
				Touches:    ReadOnly,
				Needs:      []Capability{Read, OtherVault},
				Operations: []string{"GetVaultItems"}},
			func(s *session) {
				vaults := map[string]string{} // by item
				for _, v := range []string{s.vault(), s.server.otherVault.ID} {
					for _, it := range s.do("GetVaultItems", vault(v)).expectStatus(http.StatusOK).items() {
						s.Expect(it.Vault.ID).To(gomega.Equal(v), "vault.id of item %s", it.ID)
						s.Expect(vaults).NotTo(gomega.HaveKey(it.ID), "ids of the items in the lists of the vaults before this one")
						vaults[it.ID] = v
					}
				}
			}},
		rule{
			Rule{ID: "isolation/use-after-delete", Tag: "Isolation", Level: Must,
				Evidence: "[D] changelog 1.1.0: deleting is permanent; [T] integration tests of the Java client and the operator",
				Text:     "No operation finds a deleted item, and no list shows it",
				Touches:  OwnItems, Long: true,
				Needs: []Capability{Write},
				Operations: []string{"CreateVaultItem", "DeleteVaultItem", "GetVaultItemById", "UpdateVaultItem", "PatchVaultItem",
					"GetItemFiles", "GetVaultItems"}},
			checkUseAfterDelete},
		rule{
			Rule{ID: "isolation/failed-create", Tag: "Isolation", Level: Must,
				Evidence:   "[D] published document: 400 means that nothing was created",
				Text:       "A refused POST creates no item",
				Touches:    OwnItems,
				Needs:      []Capability{Write},
				Operations: []string{"CreateVaultItem", "GetVaultItems"}},
			checkFailedCreate},
		rule{
			Rule{ID: "isolation/failed-replace", Tag: "Isolation", Level: Must,
				Evidence:   "[D] published document: 400 means that nothing was changed",
				Text:       "A refused PUT does not change the item",
				Touches:    OwnItems,
				Needs:      []Capability{Write},
				Operations: []string{"UpdateVaultItem", "GetVaultItemById"}},
			func(s *session) {
				it := s.createNote()
				for _, invalid := range []string{
					fmt.Sprintf(`{"vault":{"id":%q},"category":"NO_CATEGORY","title":"changed"}`, s.vault()),
					fmt.Sprintf(
						`{"vault":{"id":%q},"category":"SECURE_NOTE","title":"changed","fields":[{"label":"a","value":"b"},{"label":"c","type":"NO_TYPE"}]}`, s.vault()),
					fmt.Sprintf(`{"vault":{"id":%q},"category":"SECURE_NOTE","title":"changed","favorite":"yes"}`, s.vault()),
				} {
					s.do("UpdateVaultItem", item(it.ID), rawJSON(invalid)).expectError(http.StatusBadRequest, "")
				}
				s.expectUnchanged(it)
			}},
		rule{
			Rule{ID: "isolation/failed-patch", Tag: "Isolation", Level: Must,
				Evidence:   "[D] published document: 400 means that nothing was changed",
				Text:       "A PATCH whose last operation is refused does not change the item",
				Touches:    OwnItems,
				Needs:      []Capability{Write},
				Operations: []string{"PatchVaultItem", "GetVaultItemById"}},
			func(s *session) {
				it := s.createNote()
				s.do("PatchVaultItem", item(it.ID),
					rawJSON(`[{"op":"replace","path":"/title","value":"changed"},{"op":"replace","path":"/favorite","value":true},`+
						`{"op":"replace","path":"/fields/connectmock-no-such-field/value","value":"changed"}]`)).
					expectError(http.StatusBadRequest, "")
				s.expectUnchanged(it)
			}},
		rule{
			Rule{ID: "isolation/neighbours", Tag: "Isolation", Level: Must,
				Evidence: "[D] titles need not be unique; an operation applies to the item in its path",
				Text:     "Changing or deleting an item does not change another one with the same title",
				Touches:  OwnItems, Long: true,
				Needs: []Capability{Write},
				Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem",
					"GetVaultItemById"}},
			checkNeighbours},
		rule{
			Rule{ID: "isolation/lists-are-bare", Tag: "Isolation", Level: Must,
				Evidence:   "[D] API reference: lists have no sections and no fields",
				Text:       "A list of items has no values of fields",
				Touches:    OwnItems,
				Needs:      []Capability{Write},
				Operations: []string{"CreateVaultItem", "GetVaultItems"}},
			func(s *session) {
				const secret = "list-canary-7731"
				it := s.create(connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{
					{Purpose: "PASSWORD", Value: secret}, {Label: "other", Type: "CONCEALED", Value: secret},
				}})
				s.eventually(func() error {
					res := s.do("GetVaultItems", query("filter", fmt.Sprintf("title eq %q", it.Title))).expectStatus(http.StatusOK)
					s.Expect(string(res.Body)).NotTo(gomega.ContainSubstring(secret), "the body")
					if len(res.items()) != 1 {
						return fmt.Errorf("the list has %d items of the new title", len(res.items()))
					}
					return nil
				})
			}})
}

// wrongParentRules returns the rules about paths with an existing vault, item or file
// that do not belong together.
func wrongParentRules() []rule {
	list := []rule{
		{Rule{ID: "isolation/file-of-another-item", Tag: "Isolation", Level: Should,
			Evidence:   "[D] published document: a file belongs to the item of its path",
			Text:       "A file in the path of another item returns 404",
			Touches:    ReadOnly,
			Needs:      []Capability{Files},
			Operations: []string{"GetVaultItems", "GetDetailsOfFileById", "DownloadFileByID"}},
			func(s *session) {
				it := s.server.itemWithFiles
				wrong := noItem
				for _, other := range s.do("GetVaultItems", vault(it.Vault.ID)).expectStatus(http.StatusOK).items() {
					if other.ID != it.ID {
						wrong = other.ID
						break
					}
				}
				for _, op := range []string{"GetDetailsOfFileById", "DownloadFileByID"} {
					s.do(op, vault(it.Vault.ID), item(it.ID), file(it.Files[0].ID)).expectStatus(http.StatusOK)
					s.do(op, vault(it.Vault.ID), item(wrong), file(it.Files[0].ID)).expectError(http.StatusNotFound, `not found`)
				}
			}},
		{Rule{ID: "isolation/file-through-another-vault", Tag: "Isolation", Level: Should,
			Evidence:   "[D] published document: an item belongs to the vault of its path",
			Text:       "Files in the path of another vault that the token sees return 404",
			Touches:    ReadOnly,
			Needs:      []Capability{Files, OtherVault},
			Operations: []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
			func(s *session) {
				it := s.server.itemWithFiles
				wrong := s.server.otherVault.ID
				if wrong == it.Vault.ID {
					wrong = s.vault()
				}
				for _, op := range []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"} {
					s.do(op, vault(wrong), item(it.ID), file(it.Files[0].ID)).expectError(http.StatusNotFound, `not found`)
				}
			}},
		{Rule{ID: "isolation/wrong-vault/GetVaultItemById", Tag: "Isolation", Level: Must,
			Evidence:   "[D] published document; [T] 404 for an item that is not in the vault",
			Text:       "An item in the path of another vault that the token sees returns 404",
			Touches:    ReadOnly,
			Needs:      []Capability{Items, OtherVault},
			Operations: []string{"GetVaultItemById"}},
			func(s *session) {
				s.do("GetVaultItemById", vault(s.server.otherVault.ID), item(s.server.sampleItem.ID)).
					expectError(http.StatusNotFound, `not found`)
			}},
	}
	for _, op := range operationsWhere(
		func(op *openapi.Operation) bool { return isWrite(op) && hasPathParameter(op, "itemUuid") }) {
		list = append(list,
			rule{
				Rule{ID: "isolation/wrong-vault/" + op.ID, Tag: "Isolation", Level: Must,
					Evidence:   "[D] published document; [T] 404 for an item that is not in the vault",
					Text:       op.ID + " of an item in the path of another vault returns 404 and changes nothing",
					Touches:    OwnItems,
					Needs:      []Capability{Write, OtherVault},
					Operations: []string{op.ID}},
				func(s *session) {
					it, wrong := s.createNote(), s.server.otherVault.ID
					s.do(op.ID, vault(wrong), item(it.ID), validBody(op, wrong, s.uniqueName("wrong vault"))).
						expectError(http.StatusNotFound, `not found`)
					s.expectUnchanged(it)
				}})
	}
	return list
}

// checkUseAfterDelete calls every operation on a deleted item.
func checkUseAfterDelete(s *session) {
	it := s.createNote()
	s.do("DeleteVaultItem", item(it.ID)).expectStatus(http.StatusNoContent)
	s.waitForDeletion(it.ID)
	for _, op := range operationsWhere(func(op *openapi.Operation) bool { return hasPathParameter(op, "itemUuid") }) {
		s.do(op.ID, item(it.ID), file(noFile), validBody(op, s.vault(), it.Title)).expectError(http.StatusNotFound,
			`not found`)
	}
	s.eventually(func() error {
		for _, listed := range s.do("GetVaultItems").expectStatus(http.StatusOK).items() {
			if listed.ID == it.ID {
				return fmt.Errorf("the deleted item %s is in the list", it.ID)
			}
		}
		return nil
	})
	s.expectNoItem(it.Title)
	s.do("GetVaultItemById", item(it.ID)).expectError(http.StatusNotFound, `not found`)
}

// checkFailedCreate sends invalid items and looks for them in the vault.
func checkFailedCreate(s *session) {
	for _, invalid := range []string{
		`{"category":"NO_CATEGORY","title":%q}`,
		`{"category":"SECURE_NOTE","title":%q,"fields":[{"label":"a","value":"b"},{"label":"c","type":"NO_TYPE"}]}`,
		`{"category":"SECURE_NOTE","title":%q,"favorite":"yes"}`,
		`{"category":"CUSTOM","title":%q}`,
		`{"category":"DOCUMENT","title":%q}`,
	} {
		title := s.uniqueName("refused")
		s.do("CreateVaultItem", rawJSON(fmt.Sprintf(invalid, title))).expectError(http.StatusBadRequest,
			"")
		s.expectNoItem(title)
	}
}

// checkNeighbours writes to one of two items with the same title.
func checkNeighbours(s *session) {
	title := s.uniqueName("twin")
	first := s.create(
		connect.ItemInput{Category: "SECURE_NOTE", Title: title,
			Fields: []connect.FieldInput{{Label: "label", Value: "one"}}})
	second := s.create(
		connect.ItemInput{Category: "SECURE_NOTE", Title: title,
			Fields: []connect.FieldInput{{Label: "label", Value: "two"}}})
	s.Expect(second.ID).NotTo(gomega.Equal(first.ID), "id of the second of two items")
	second = s.readItem(second.ID)
	for _, step := range []struct {
		op     string
		status int
	}{{"UpdateVaultItem", 200}, {"PatchVaultItem", 200}, {"DeleteVaultItem", 204}} {
		op := s.document.Operation(step.op)
		s.do(step.op, item(first.ID), validBody(op, s.vault(), title)).expectStatus(step.status)
		s.expectUnchanged(second)
	}
	s.waitForDeletion(first.ID)
	s.expectUnchanged(second)
}
