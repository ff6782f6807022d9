package contract

import (
	"fmt"
	"net/http"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// isolationRules returns the rules about objects that must not affect each other.
func isolationRules() []rule {
	return append(wrongParentRules(),
		rule{Rule{ID: "isolation/lists-apart", Tag: "Isolation", Level: Must, Evidence: "[D] published document; [T] Java client's integration test",
			Text:       "The list of a vault has items of that vault only",
			Needs:      []Capability{Read, OtherVault},
			Operations: []string{"GetVaultItems"}},
			func(s *session) {
				in := map[string]string{}
				for _, v := range []string{s.vault(), s.run.found.second.ID} {
					for _, it := range s.do("GetVaultItems", vault(v)).expect(http.StatusOK).items() {
						s.Expect(it.Vault.ID).To(gomega.Equal(v), "vault.id of item %s", it.ID)
						s.Expect(in).NotTo(gomega.HaveKey(it.ID), "ids of the items in the lists of the vaults before this one")
						in[it.ID] = v
					}
				}
			}},
		rule{Rule{ID: "isolation/use-after-delete", Tag: "Isolation", Level: Must, Evidence: "[D] changelog 1.1.0: deleting is permanent; [T] integration tests of the Java client and the operator",
			Text:       "A deleted item is gone for every operation and from every list",
			Needs:      []Capability{Write},
			Operations: []string{"CreateVaultItem", "DeleteVaultItem", "GetVaultItemById", "UpdateVaultItem", "PatchVaultItem", "GetItemFiles", "GetVaultItems"}},
			checkUseAfterDelete},
		rule{Rule{ID: "isolation/failed-create", Tag: "Isolation", Level: Must, Evidence: "[D] published document: 400 means that nothing was created",
			Text:       "A create that is refused leaves no item behind",
			Needs:      []Capability{Write},
			Operations: []string{"CreateVaultItem", "GetVaultItems"}},
			checkFailedCreate},
		rule{Rule{ID: "isolation/failed-replace", Tag: "Isolation", Level: Must, Evidence: "[D] published document: 400 means that nothing was changed",
			Text:       "A replace that is refused leaves the item as it was",
			Needs:      []Capability{Write},
			Operations: []string{"UpdateVaultItem", "GetVaultItemById"}},
			func(s *session) {
				it := s.note()
				for _, bad := range []string{
					fmt.Sprintf(`{"vault":{"id":%q},"category":"NO_CATEGORY","title":"changed"}`, s.vault()),
					fmt.Sprintf(`{"vault":{"id":%q},"category":"SECURE_NOTE","title":"changed","fields":[{"label":"a","value":"b"},{"label":"c","type":"NO_TYPE"}]}`, s.vault()),
					fmt.Sprintf(`{"vault":{"id":%q},"category":"SECURE_NOTE","title":"changed","favorite":"yes"}`, s.vault()),
				} {
					s.do("UpdateVaultItem", item(it.ID), rawBody(bad, "application/json")).refused(http.StatusBadRequest, "")
				}
				s.unchanged(it)
			}},
		rule{Rule{ID: "isolation/failed-patch", Tag: "Isolation", Level: Must, Evidence: "[D] published document: 400 means that nothing was changed",
			Text:       "A patch whose last operation is refused leaves the item as it was",
			Needs:      []Capability{Write},
			Operations: []string{"PatchVaultItem", "GetVaultItemById"}},
			func(s *session) {
				it := s.note()
				s.do("PatchVaultItem", item(it.ID), rawBody(`[{"op":"replace","path":"/title","value":"changed"},{"op":"replace","path":"/favorite","value":true},`+
					`{"op":"replace","path":"/fields/connectmock-no-such-field/value","value":"changed"}]`, "application/json")).
					refused(http.StatusBadRequest, "")
				s.unchanged(it)
			}},
		rule{Rule{ID: "isolation/neighbours", Tag: "Isolation", Level: Must, Evidence: "[D] titles need not be unique; an operation is about the item of its path",
			Text:       "Changing or deleting an item leaves another of the same title alone",
			Needs:      []Capability{Write},
			Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem", "GetVaultItemById"}},
			checkNeighbours},
		rule{Rule{ID: "isolation/lists-are-bare", Tag: "Isolation", Level: Must, Evidence: "[D] API reference: lists have no sections and no fields",
			Text:       "A list of items shows no value of a field",
			Needs:      []Capability{Write},
			Operations: []string{"CreateVaultItem", "GetVaultItems"}},
			func(s *session) {
				const secret = "list-canary-7731"
				it := s.create(connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{
					{Purpose: "PASSWORD", Value: secret}, {Label: "other", Type: "CONCEALED", Value: secret},
				}})
				s.eventually(func() error {
					a := s.do("GetVaultItems", query("filter", fmt.Sprintf("title eq %q", it.Title))).expect(http.StatusOK)
					s.Expect(string(a.Body)).NotTo(gomega.ContainSubstring(secret), "the body")
					if len(a.items()) != 1 {
						return fmt.Errorf("the list has %d items of the new title", len(a.items()))
					}
					return nil
				})
			}})
}

// wrongParentRules returns the rules about paths of existing objects that do not
// belong together.
func wrongParentRules() []rule {
	list := []rule{
		{Rule{ID: "isolation/file-of-another-item", Tag: "Isolation", Level: Should, Evidence: "[D] published document: a file belongs to the item of its path",
			Text:       "A file is answered 404 through another item of the vault",
			Needs:      []Capability{Files},
			Operations: []string{"GetVaultItems", "GetDetailsOfFileById", "DownloadFileByID"}},
			func(s *session) {
				d := s.run.found.document
				wrong := noItem
				for _, it := range s.do("GetVaultItems", vault(d.Vault.ID)).expect(http.StatusOK).items() {
					if it.ID != d.ID {
						wrong = it.ID
						break
					}
				}
				for _, op := range []string{"GetDetailsOfFileById", "DownloadFileByID"} {
					s.do(op, vault(d.Vault.ID), item(d.ID), file(d.Files[0].ID)).expect(http.StatusOK)
					s.do(op, vault(d.Vault.ID), item(wrong), file(d.Files[0].ID)).refused(http.StatusNotFound, `not found`)
				}
			}},
		{Rule{ID: "isolation/file-through-another-vault", Tag: "Isolation", Level: Should, Evidence: "[D] published document: an item belongs to the vault of its path",
			Text:       "Files are answered 404 through another vault the token sees",
			Needs:      []Capability{Files, OtherVault},
			Operations: []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}},
			func(s *session) {
				d := s.run.found.document
				wrong := s.run.found.second.ID
				if wrong == d.Vault.ID {
					wrong = s.vault()
				}
				for _, op := range []string{"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"} {
					s.do(op, vault(wrong), item(d.ID), file(d.Files[0].ID)).refused(http.StatusNotFound, `not found`)
				}
			}},
		{Rule{ID: "isolation/wrong-vault/GetVaultItemById", Tag: "Isolation", Level: Must, Evidence: "[D] published document; [T] 404 for an item that is not in the vault",
			Text:       "An item is answered 404 through another vault the token sees",
			Needs:      []Capability{Items, OtherVault},
			Operations: []string{"GetVaultItemById"}},
			func(s *session) {
				s.do("GetVaultItemById", vault(s.run.found.second.ID), item(s.run.found.sample.ID)).refused(http.StatusNotFound, `not found`)
			}},
	}
	for _, op := range operations(func(op *openapi.Operation) bool { return writes(op) && names(op, "itemUuid") }) {
		list = append(list, rule{Rule{ID: "isolation/wrong-vault/" + op.ID, Tag: "Isolation", Level: Must, Evidence: "[D] published document; [T] 404 for an item that is not in the vault",
			Text:       op.ID + " of an item through another vault is answered 404 and changes nothing",
			Needs:      []Capability{Write, OtherVault},
			Operations: []string{op.ID}},
			func(s *session) {
				it, wrong := s.note(), s.run.found.second.ID
				s.do(op.ID, vault(wrong), item(it.ID), acceptable(op, wrong, s.unique("wrong vault"))).refused(http.StatusNotFound, `not found`)
				s.unchanged(it)
			}})
	}
	return list
}

func checkUseAfterDelete(s *session) {
	it := s.note()
	s.do("DeleteVaultItem", item(it.ID)).expect(http.StatusNoContent)
	s.gone(it.ID)
	for _, op := range operations(func(op *openapi.Operation) bool { return names(op, "itemUuid") }) {
		s.do(op.ID, item(it.ID), file(noFile), acceptable(op, s.vault(), it.Title)).refused(http.StatusNotFound, `not found`)
	}
	s.eventually(func() error {
		for _, listed := range s.do("GetVaultItems").expect(http.StatusOK).items() {
			if listed.ID == it.ID {
				return fmt.Errorf("the deleted item %s is in the list", it.ID)
			}
		}
		return nil
	})
	s.absent(it.Title)
	s.do("GetVaultItemById", item(it.ID)).refused(http.StatusNotFound, `not found`)
}

func checkFailedCreate(s *session) {
	for _, bad := range []string{
		`{"category":"NO_CATEGORY","title":%q}`,
		`{"category":"SECURE_NOTE","title":%q,"fields":[{"label":"a","value":"b"},{"label":"c","type":"NO_TYPE"}]}`,
		`{"category":"SECURE_NOTE","title":%q,"favorite":"yes"}`,
		`{"category":"CUSTOM","title":%q}`,
		`{"category":"DOCUMENT","title":%q}`,
	} {
		title := s.unique("refused")
		s.do("CreateVaultItem", rawBody(fmt.Sprintf(bad, title), "application/json")).refused(http.StatusBadRequest, "")
		s.absent(title)
	}
}

func checkNeighbours(s *session) {
	title := s.unique("twin")
	first := s.create(connect.ItemInput{Category: "SECURE_NOTE", Title: title, Fields: []connect.FieldInput{{Label: "kept", Value: "one"}}})
	second := s.create(connect.ItemInput{Category: "SECURE_NOTE", Title: title, Fields: []connect.FieldInput{{Label: "kept", Value: "two"}}})
	s.Expect(second.ID).NotTo(gomega.Equal(first.ID), "id of the second of two items")
	second = s.do("GetVaultItemById", item(second.ID)).expect(http.StatusOK).item()
	for _, step := range []struct {
		op     string
		status int
	}{{"UpdateVaultItem", 200}, {"PatchVaultItem", 200}, {"DeleteVaultItem", 204}} {
		op := s.run.document.Operation(step.op)
		s.do(step.op, item(first.ID), acceptable(op, s.vault(), title)).expect(step.status)
		s.unchanged(second)
	}
	s.gone(first.ID)
	s.unchanged(second)
}
