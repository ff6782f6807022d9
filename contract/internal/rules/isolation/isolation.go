// Package isolation has the rules about operations that must not affect other objects.
package isolation

import (
	"fmt"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Rules returns the rules about operations that must not affect other objects.
func Rules() []check.Rule {
	return append(wrongParentRules(),
		check.Rule{
			Rule: rule.Rule{ID: "isolation/lists-apart", Tag: "Isolation", Level: rule.Must,
				Evidence: "[D] published document; [T] Java client's integration test",
				Text:     "The list of a vault has only items of that vault",
				Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Read, rule.OtherVault},
				Operations: []string{"GetVaultItems"}},
			Check: func(s *check.Session) {
				vaults := map[string]string{} // by item
				for _, v := range []string{s.Vault(), s.Server.OtherVault.ID} {
					for _, it := range s.Do("GetVaultItems", call.Vault(v)).ExpectStatus(200).Items() {
						s.Expect(it.Vault.ID).To(gomega.Equal(v), "vault.id of item %s", it.ID)
						s.Expect(vaults).NotTo(gomega.HaveKey(it.ID),
							"ids of the items in the lists of the vaults before this one")
						vaults[it.ID] = v
					}
				}
			}},
		check.Rule{
			Rule: rule.Rule{ID: "isolation/use-after-delete", Tag: "Isolation", Level: rule.Must,
				Evidence: "[D] changelog 1.1.0: deleting is permanent; " +
					"[T] integration tests of the Java client and the operator",
				Text:    "No operation finds a deleted item, and no list shows it",
				Touches: rule.OwnItems, Long: true, Needs: []rule.Capability{rule.Write},
				Operations: []string{"CreateVaultItem", "DeleteVaultItem", "GetVaultItemById", "UpdateVaultItem",
					"PatchVaultItem", "GetItemFiles", "GetVaultItems"}},
			Check: checkUseAfterDelete},
		check.Rule{
			Rule: rule.Rule{ID: "isolation/failed-create", Tag: "Isolation", Level: rule.Must,
				Evidence: "[D] published document: 400 means that nothing was created",
				Text:     "A refused POST creates no item",
				Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write},
				Operations: []string{"CreateVaultItem", "GetVaultItems"}},
			Check: checkFailedCreate},
		check.Rule{
			Rule: rule.Rule{ID: "isolation/failed-replace", Tag: "Isolation", Level: rule.Must,
				Evidence: "[D] published document: 400 means that nothing was changed",
				Text:     "A refused PUT does not change the item",
				Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write},
				Operations: []string{"UpdateVaultItem", "GetVaultItemById"}},
			Check: func(s *check.Session) {
				it := s.CreateNote()
				for _, invalid := range []string{
					fmt.Sprintf(`{"vault":{"id":%q},"category":"NO_CATEGORY","title":"changed"}`, s.Vault()),
					fmt.Sprintf(
						`{"vault":{"id":%q},"category":"SECURE_NOTE","title":"changed","fields":[{"label":"a","value":"b"},{"label":"c","type":"NO_TYPE"}]}`, s.Vault()),
					fmt.Sprintf(`{"vault":{"id":%q},"category":"SECURE_NOTE","title":"changed","favorite":"yes"}`,
						s.Vault())} {
					s.Do("UpdateVaultItem", call.Item(it.ID), call.RawJSON(invalid)).ExpectError(400, "")
				}
				s.ExpectUnchanged(it)
			}},
		check.Rule{
			Rule: rule.Rule{ID: "isolation/failed-patch", Tag: "Isolation", Level: rule.Must,
				Evidence: "[D] published document: 400 means that nothing was changed",
				Text:     "A PATCH whose last operation is refused does not change the item",
				Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write},
				Operations: []string{"PatchVaultItem", "GetVaultItemById"}},
			Check: func(s *check.Session) {
				it := s.CreateNote()
				s.Do("PatchVaultItem", call.Item(it.ID),
					call.RawJSON(`[{"op":"replace","path":"/title","value":"changed"},{"op":"replace","path":"/favorite","value":true},`+
						`{"op":"replace","path":"/fields/connectmock-no-such-field/value","value":"changed"}]`)).
					ExpectError(400, "")
				s.ExpectUnchanged(it)
			}},
		check.Rule{
			Rule: rule.Rule{ID: "isolation/neighbours", Tag: "Isolation", Level: rule.Must,
				Evidence: "[D] titles need not be unique; an operation applies to the item in its path",
				Text:     "Changing or deleting an item does not change another one with the same title",
				Touches:  rule.OwnItems, Long: true, Needs: []rule.Capability{rule.Write},
				Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem",
					"GetVaultItemById"}},
			Check: checkNeighbours},
		check.Rule{
			Rule: rule.Rule{ID: "isolation/lists-are-bare", Tag: "Isolation", Level: rule.Must,
				Evidence: "[D] API reference: lists have no sections and no fields",
				Text:     "A list of items has no values of fields",
				Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write},
				Operations: []string{"CreateVaultItem", "GetVaultItems"}},
			Check: func(s *check.Session) {
				const secret = "list-canary-7731"
				it := s.Create(connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{
					{Purpose: "PASSWORD", Value: secret}, {Label: "other", Type: "CONCEALED", Value: secret},
				}})
				s.Eventually(func() error {
					res := s.Do("GetVaultItems", call.Filter("title eq "+call.Quote(it.Title))).ExpectStatus(200)
					s.Expect(string(res.Body)).NotTo(gomega.ContainSubstring(secret), "the body")
					if len(res.Items()) != 1 {
						return fmt.Errorf("the list has %d items of the new title", len(res.Items()))
					}
					return nil
				})
			}})
}

// wrongParentRules returns the rules about paths with an existing vault, item or file
// that do not belong together.
func wrongParentRules() []check.Rule {
	list := check.WithDefaults(rule.Rule{Tag: "Isolation"}, []check.Rule{
		{Rule: rule.Rule{ID: "isolation/file-of-another-item", Level: rule.Should,
			Evidence: "[D] published document: a file belongs to the item of its path",
			Text:     "A file in the path of another item returns 404",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Files},
			Operations: []string{"GetVaultItems", "GetDetailsOfFileById", "DownloadFileByID"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithFiles
				wrong := call.NoItem
				for _, other := range s.Do("GetVaultItems", call.Vault(it.Vault.ID)).ExpectStatus(200).Items() {
					if other.ID != it.ID {
						wrong = other.ID
						break
					}
				}
				for _, op := range []string{"GetDetailsOfFileById", "DownloadFileByID"} {
					s.Do(op, call.Vault(it.Vault.ID), call.Item(it.ID), call.File(it.Files[0].ID)).ExpectStatus(200)
					s.Do(op, call.Vault(it.Vault.ID), call.Item(wrong), call.File(it.Files[0].ID)).
						ExpectError(404, `not found`)
				}
			}},
		{Rule: rule.Rule{ID: "isolation/file-through-another-vault", Level: rule.Should,
			Evidence: "[D] published document: an item belongs to the vault of its path",
			Text:     "Files in the path of another vault that the token sees return 404",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Files, rule.OtherVault},
			Operations: []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
			Check: func(s *check.Session) {
				it := s.Server.ItemWithFiles
				wrong := s.Server.OtherVault.ID
				if wrong == it.Vault.ID {
					wrong = s.Vault()
				}
				for _, op := range []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"} {
					s.Do(op, call.Vault(wrong), call.Item(it.ID), call.File(it.Files[0].ID)).
						ExpectError(404, `not found`)
				}
			}},
		{Rule: rule.Rule{ID: "isolation/wrong-vault/GetVaultItemById", Level: rule.Must,
			Evidence: "[D] published document; [T] 404 for an item that is not in the vault",
			Text:     "An item in the path of another vault that the token sees returns 404",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Items, rule.OtherVault},
			Operations: []string{"GetVaultItemById"}},
			Check: func(s *check.Session) {
				s.Do("GetVaultItemById", call.Vault(s.Server.OtherVault.ID), call.Item(s.Server.SampleItem.ID)).
					ExpectError(404, `not found`)
			}},
	})
	for _, op := range operation.Where(
		func(op *openapi.Operation) bool {
			return operation.IsWrite(op) && operation.HasParameter(op, "itemUuid")
		}) {
		list = append(list,
			check.Rule{
				Rule: rule.Rule{ID: "isolation/wrong-vault/" + op.ID, Tag: "Isolation", Level: rule.Must,
					Evidence: "[D] published document; [T] 404 for an item that is not in the vault",
					Text:     op.ID + " of an item in the path of another vault returns 404 and changes nothing",
					Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write, rule.OtherVault},
					Operations: []string{op.ID}},
				Check: func(s *check.Session) {
					it, wrong := s.CreateNote(), s.Server.OtherVault.ID
					s.Do(op.ID, call.Vault(wrong), call.Item(it.ID),
						call.ValidBody(op, wrong, s.UniqueName("wrong vault"))).
						ExpectError(404, `not found`)
					s.ExpectUnchanged(it)
				}})
	}
	return list
}

// checkUseAfterDelete calls every operation on a deleted item.
func checkUseAfterDelete(s *check.Session) {
	it := s.CreateNote()
	s.Do("DeleteVaultItem", call.Item(it.ID)).ExpectStatus(204)
	s.WaitForDeletion(it.ID)
	for _, op := range operation.Where(func(op *openapi.Operation) bool {
		return operation.HasParameter(op, "itemUuid")
	}) {
		s.Do(op.ID, call.Item(it.ID), call.File(call.NoFile), call.ValidBody(op, s.Vault(), it.Title)).ExpectError(404,
			`not found`)
	}
	s.Eventually(func() error {
		for _, listed := range s.Do("GetVaultItems").ExpectStatus(200).Items() {
			if listed.ID == it.ID {
				return fmt.Errorf("the deleted item %s is in the list", it.ID)
			}
		}
		return nil
	})
	s.ExpectNoItem(it.Title)
	s.Do("GetVaultItemById", call.Item(it.ID)).ExpectError(404, `not found`)
}

// checkFailedCreate sends invalid items and looks for them in the vault.
func checkFailedCreate(s *check.Session) {
	for _, invalid := range []string{
		`{"category":"NO_CATEGORY","title":%q}`,
		`{"category":"SECURE_NOTE","title":%q,"fields":[{"label":"a","value":"b"},{"label":"c","type":"NO_TYPE"}]}`,
		`{"category":"SECURE_NOTE","title":%q,"favorite":"yes"}`,
		`{"category":"CUSTOM","title":%q}`,
		`{"category":"DOCUMENT","title":%q}`,
	} {
		title := s.UniqueName("refused")
		s.Do("CreateVaultItem", call.RawJSON(fmt.Sprintf(invalid, title))).ExpectError(400,
			"")
		s.ExpectNoItem(title)
	}
}

// checkNeighbours writes to one of two items with the same title.
func checkNeighbours(s *check.Session) {
	title := s.UniqueName("twin")
	first := s.Create(
		connect.ItemInput{Category: "SECURE_NOTE", Title: title,
			Fields: []connect.FieldInput{{Label: "label", Value: "one"}}})
	second := s.Create(
		connect.ItemInput{Category: "SECURE_NOTE", Title: title,
			Fields: []connect.FieldInput{{Label: "label", Value: "two"}}})
	s.Expect(second.ID).NotTo(gomega.Equal(first.ID), "id of the second of two items")
	second = s.ReadItem(second.ID)
	for _, step := range []struct {
		op     string
		status int
	}{{"UpdateVaultItem", 200}, {"PatchVaultItem", 200}, {"DeleteVaultItem", 204}} {
		op := s.Document.Operation(step.op)
		s.Do(step.op, call.Item(first.ID), call.ValidBody(op, s.Vault(), title)).ExpectStatus(step.status)
		s.ExpectUnchanged(second)
	}
	s.WaitForDeletion(first.ID)
	s.ExpectUnchanged(second)
}
