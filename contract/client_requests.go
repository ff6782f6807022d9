package contract

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// clientRequestRules returns the rules about requests that real clients send although
// the published document does not allow them.
func clientRequestRules() []rule {
	const (
		javaOps = "[W] the Java client sends upper case; [T] its integration test runs against real servers"
		noType  = "[T] a Rust client sends no Content-Type, its tests run against real servers; [R] connect issue 61: " +
			"another type is 400 for its body, not 415"
		noTitle = "[C] the JS SDK's quick start; [T] terraform provider's acceptance test and a Rust client for an " +
			"empty one"
		powerShell = "[C] a PowerShell module sends them so; encoding/json of Go reads them so"
		vaultName  = "[R] external-secrets 3129 and 3130: PushSecret sends the name"
	)
	return []rule{
		{Rule{ID: "patch/op-in-any-case", Tag: "Patch", Level: Must, Evidence: javaOps,
			Text:    "The names of the operations may be in any case: ADD, REPLACE, Remove",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			checkOperationsInAnyCase},
		{Rule{ID: "items/accepts-any-content-type", Tag: "Items", Level: Must, Evidence: noType,
			Text:    "POST, PUT and PATCH with a JSON body are accepted whatever the Content-Type is, and without one",
			Touches: OwnItems, Long: true,
			Needs: []Capability{Write}, Operations: createOperations("UpdateVaultItem", "PatchVaultItem")},
			checkAnyContentType},
		{Rule{ID: "items/accepts-no-title", Tag: "Items", Level: Must, Evidence: noTitle,
			Text:    "An item can be created without a title or with an empty one, and then has none",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				for _, title := range []string{"", `"title":"",`} {
					it := s.do("CreateVaultItem", rawJSON(s.untitledNoteJSON(title))).expectStatus(http.StatusOK).
						item()
					s.Expect(s.waitForNewItem(it.ID).Title).To(gomega.BeEmpty(), "title as read")
				}
			}},
		{Rule{ID: "items/replace-accepts-no-title", Tag: "Items", Level: Must, Evidence: noTitle,
			Text:    "A PUT without a title, or with an empty one, is accepted and removes the title",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				for i, title := range []string{`"title":"",`, ""} {
					s.do("UpdateVaultItem", item(it.ID), rawJSON(s.untitledNoteJSON(title))).
						expectStatus(http.StatusOK)
					s.Expect(s.waitForVersionAfter(it.ID, it.Version+i).Title).To(gomega.BeEmpty(), "title after the PUT")
				}
			}},
		{Rule{ID: "items/accepts-vault-name", Tag: "Items", Level: Must, Evidence: vaultName,
			Text:    "A POST whose vault.id is the name of the vault creates the item in the vault",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.createFromJSON(`"category":"SECURE_NOTE","vault":{"id":` + encodeJSON(s.server.vault.Name) + `}`)
				s.Expect(it.Vault.ID).To(gomega.Equal(s.vault()), "vault.id as read")
			}},
		{Rule{ID: "items/replace-accepts-vault-name", Tag: "Items", Level: Observed,
			Evidence: vaultName + " on a create; [G] that a PUT accepts it too",
			Text:     "A PUT whose vault.id is the name of the vault replaces the item, which stays in the vault",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				in := noteInput()
				in.Title, in.Vault = s.uniqueName("by name"), &connect.VaultRef{ID: s.server.vault.Name}
				s.replace(it, in).expectStatus(http.StatusOK)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Title).To(gomega.Equal(in.Title), "title after the PUT")
				s.Expect(got.Vault.ID).To(gomega.Equal(s.vault()), "vault.id after the PUT")
			}},
		{Rule{ID: "auth/last-bearer-counts", Tag: "Auth", Level: Should,
			Evidence:   "[C] a Puppet backend sends the name of the header twice",
			Text:       "The token is the text after the last `Bearer ` of the Authorization header",
			Touches:    ReadOnly,
			Operations: []string{"GetVaults"}},
			func(s *session) {
				s.do("GetVaults", authorization("Authorization: Bearer "+s.server.token)).expectStatus(http.StatusOK)
			}},
		{Rule{ID: "items/keys-in-any-case", Tag: "Items", Level: Must, Evidence: powerShell,
			Text:    "The names of members in a POST and a PUT may be in any case, at every depth",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			checkKeysInAnyCase},
		{Rule{ID: "patch/keys-in-any-case", Tag: "Patch", Level: Should,
			Evidence: powerShell + "; [G] that a PATCH is read in the same way",
			Text:     "The names of members in a PATCH and in its values may be in any case",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				operations := `[{"Op":"replace","PATH":"/favorite","Value":true},
					{"op":"add","path":"/fields","value":{"Label":"case","VALUE":"in-any-case"}}]`
				s.do("PatchVaultItem", item(it.ID), rawJSON(operations)).expectStatus(http.StatusOK)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Favorite).To(gomega.BeTrue(), "favorite after the PATCH")
				s.Expect(s.fieldWithLabel(got, "case").Value).To(gomega.Equal("in-any-case"), "value of the field that was added")
			}},
		{Rule{ID: "items/last-of-two-keys", Tag: "Items", Level: Observed, Evidence: "[G] as encoding/json of Go reads them",
			Text:    "Of two members whose names differ only in case, the last one is used",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.createFromJSON(
					`"category":"SECURE_NOTE","vault":{"id":""},"fields":[{"label":"case","value":"first","Value":"last"}]`)
				s.Expect(s.fieldWithLabel(it, "case").Value).To(gomega.Equal("last"), "value of the field")
			}},
	}
}

// checkOperationsInAnyCase sends a PATCH whose operations are in upper and mixed case.
func checkOperationsInAnyCase(s *session) {
	it := s.create(fullInput())
	s.patch(it.ID,
		patchOp("REPLACE", "/title", s.uniqueName("upper case")),
		patchOp("Add", "/fields", connect.FieldInput{Label: "case", Value: "added"}),
		connect.PatchOperation{Op: "REMOVE", Path: "/urls", Value: json.RawMessage(`""`)},
	).expectStatus(http.StatusOK)
	got := s.waitForVersionAfter(it.ID, it.Version)
	s.Expect(got.Title).NotTo(gomega.Equal(it.Title), "title after REPLACE")
	s.Expect(s.fieldWithLabel(got, "case").Value).To(gomega.Equal("added"), "value of the field after Add")
	s.Expect(got.URLs).To(gomega.BeEmpty(), "urls after REMOVE")
}

// checkAnyContentType writes with content types that are not application/json.
func checkAnyContentType(s *session) {
	noteJSON := func(members string) string {
		return s.itemJSON(`"category":"SECURE_NOTE","vault":{"id":` + encodeJSON(s.vault()) + `}` + members)
	}
	const unset = `[{"op":"replace","path":"/favorite","value":false}]`
	for _, contentType := range []string{
		"", "application/x-www-form-urlencoded", "text/json", `application\json`, "application/json-patch+json",
	} {
		created := s.do("CreateVaultItem", rawBody(noteJSON(""), contentType)).expectStatus(http.StatusOK).item()
		it := s.waitForNewItem(created.ID)
		s.do("UpdateVaultItem", item(it.ID), rawBody(noteJSON(`,"favorite":true`), contentType)).expectStatus(http.StatusOK)
		s.do("PatchVaultItem", item(it.ID), rawBody(unset, contentType)).expectStatus(http.StatusOK)
		favorite := s.waitForVersionAfter(it.ID, it.Version+1).Favorite
		s.Expect(favorite).To(gomega.BeFalse(), "favorite after writes of the type %q", contentType)
	}
}

// checkKeysInAnyCase creates and replaces an item with member names in mixed case.
func checkKeysInAnyCase(s *session) {
	write := func(value string) string {
		return fmt.Sprintf(`{"Title":%s,"TAGS":[%s,%s],"Vault":{"Id":%s},"Category":"LOGIN",
			"Fields":[{"Purpose":"USERNAME","VALUE":%s}]}`,
			encodeJSON(s.uniqueName("Case")), encodeJSON(tag), encodeJSON(runPrefix(s.id)), encodeJSON(s.vault()),
			encodeJSON(value))
	}
	created := s.do("CreateVaultItem", rawJSON(write("created"))).expectStatus(http.StatusOK).item()
	it := s.waitForNewItem(created.ID)
	s.Expect(it.Title).To(gomega.HavePrefix(runPrefix(s.id)), "title as read")
	s.Expect(s.field(it, "username").Value).To(gomega.Equal("created"), "user name after the POST")
	s.do("UpdateVaultItem", item(it.ID), rawJSON(write("replaced"))).expectStatus(http.StatusOK)
	s.Expect(s.field(s.waitForVersionAfter(it.ID, it.Version), "username").Value).To(gomega.Equal("replaced"),
		"user name after the PUT")
}

// untitledNoteJSON returns the body of a note. title is a JSON member with a comma
// after it, or empty.
func (s *session) untitledNoteJSON(title string) string {
	return fmt.Sprintf(`{%s"category":"SECURE_NOTE","tags":[%s,%s],"vault":{"id":%s}}`,
		title, encodeJSON(tag), encodeJSON(runPrefix(s.id)), encodeJSON(s.vault()))
}
