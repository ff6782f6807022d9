package items

import (
	"encoding/json"
	"fmt"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// ClientRequestRules returns the rules about requests that real clients send although
// the published document does not allow them.
func ClientRequestRules() []check.Rule {
	const (
		javaOps = "[W] the Java client sends upper case; [T] its integration test runs against real servers"
		noType  = "[T] a Rust client sends no Content-Type, its tests run against real servers; [R] connect issue 61: " +
			"another type is 400 for its body, not 415"
		noTitle = "[C] the JS SDK's quick start; [T] terraform provider's acceptance test and a Rust client for an " +
			"empty one"
		powerShell = "[C] a PowerShell module sends them so; encoding/json of Go reads them so"
		vaultName  = "[R] external-secrets 3129 and 3130: PushSecret sends the name"
	)
	return check.WithDefaults(rule.Rule{
		Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write},
		Operations: operation.OfNewItem("UpdateVaultItem"),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "patch/op-in-any-case", Tag: "Patch", Level: rule.Must, Evidence: javaOps,
			Text:       "The names of the operations may be in any case: ADD, REPLACE, Remove",
			Operations: operation.OfNewItem("PatchVaultItem")},
			Check: checkOperationsInAnyCase},
		{Rule: rule.Rule{ID: "items/accepts-any-content-type", Tag: "Items", Level: rule.Must, Evidence: noType,
			Text: "POST, PUT and PATCH with a JSON body are accepted whatever the " +
				"Content-Type is, and without one",
			Long: true, Operations: operation.OfNewItem("UpdateVaultItem", "PatchVaultItem")},
			Check: checkAnyContentType},
		{Rule: rule.Rule{ID: "items/accepts-no-title", Tag: "Items", Level: rule.Must, Evidence: noTitle,
			Text:       "An item can be created without a title or with an empty one, and then has none",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				for _, title := range []string{"", `"title":"",`} {
					it := s.Do("CreateVaultItem", call.RawJSON(untitledNoteJSON(s, title))).ExpectStatus(200).
						Item()
					s.Expect(s.WaitForNewItem(it.ID).Title).To(gomega.BeEmpty(), "title as read")
				}
			}},
		{Rule: rule.Rule{ID: "items/replace-accepts-no-title", Tag: "Items", Level: rule.Must, Evidence: noTitle,
			Text: "A PUT without a title, or with an empty one, is accepted and removes the title"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				for i, title := range []string{`"title":"",`, ""} {
					s.Do("UpdateVaultItem", call.Item(it.ID), call.RawJSON(untitledNoteJSON(s, title))).
						ExpectStatus(200)
					s.Expect(s.WaitForVersionAfter(it.ID, it.Version+i).Title).To(gomega.BeEmpty(),
						"title after the PUT")
				}
			}},
		{Rule: rule.Rule{ID: "items/accepts-vault-name", Tag: "Items", Level: rule.Must, Evidence: vaultName,
			Text:       "A POST whose vault.id is the name of the vault creates the item in the vault",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				it := s.CreateFromJSON(
					`"category":"SECURE_NOTE","vault":{"id":` + call.EncodeJSON(s.Server.Vault.Name) + `}`)
				s.Expect(it.Vault.ID).To(gomega.Equal(s.Vault()), "vault.id as read")
			}},
		{Rule: rule.Rule{ID: "items/replace-accepts-vault-name", Tag: "Items", Level: rule.Observed,
			Evidence: vaultName + " on a create; [G] that a PUT accepts it too",
			Text:     "A PUT whose vault.id is the name of the vault replaces the item, which stays in the vault"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				in := call.Note()
				in.Title, in.Vault = s.UniqueName("by name"), &connect.VaultRef{ID: s.Server.Vault.Name}
				s.Replace(it, in).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Title).To(gomega.Equal(in.Title), "title after the PUT")
				s.Expect(got.Vault.ID).To(gomega.Equal(s.Vault()), "vault.id after the PUT")
			}},
		{Rule: rule.Rule{ID: "auth/last-bearer-counts", Tag: "Auth", Level: rule.Should,
			Evidence: "[C] a Puppet backend sends the name of the header twice",
			Text:     "The token is the text after the last `Bearer ` of the Authorization header",
			Touches:  rule.ReadOnly, Operations: []string{"GetVaults"}},
			Check: func(s *check.Session) {
				s.Do("GetVaults", call.Authorization("Authorization: Bearer "+s.Server.Token)).ExpectStatus(200)
			}},
		{Rule: rule.Rule{ID: "items/keys-in-any-case", Tag: "Items", Level: rule.Must, Evidence: powerShell,
			Text: "The names of members in a POST and a PUT may be in any case, at every depth"},
			Check: checkKeysInAnyCase},
		{Rule: rule.Rule{ID: "patch/keys-in-any-case", Tag: "Patch", Level: rule.Should,
			Evidence:   powerShell + "; [G] that a PATCH is read in the same way",
			Text:       "The names of members in a PATCH and in its values may be in any case",
			Operations: operation.OfNewItem("PatchVaultItem")},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				operations := `[{"Op":"replace","PATH":"/favorite","Value":true},
					{"op":"add","path":"/fields","value":{"Label":"case","VALUE":"in-any-case"}}]`
				s.Do("PatchVaultItem", call.Item(it.ID), call.RawJSON(operations)).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(got.Favorite).To(gomega.BeTrue(), "favorite after the PATCH")
				s.Expect(s.FieldWithLabel(got, "case").Value).To(gomega.Equal("in-any-case"),
					"value of the field that was added")
			}},
		{Rule: rule.Rule{ID: "items/last-of-two-keys", Tag: "Items", Level: rule.Observed,
			Evidence:   "[G] as encoding/json of Go reads them",
			Text:       "Of two members whose names differ only in case, the last one is used",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				it := s.CreateFromJSON(
					`"category":"SECURE_NOTE","vault":{"id":""},"fields":[{"label":"case","value":"first","Value":"last"}]`)
				s.Expect(s.FieldWithLabel(it, "case").Value).To(gomega.Equal("last"), "value of the field")
			}},
	})
}

// checkOperationsInAnyCase sends a PATCH whose operations are in upper and mixed case.
func checkOperationsInAnyCase(s *check.Session) {
	it := s.Create(call.FullItem())
	s.Patch(it.ID,
		call.Patch("REPLACE", "/title", s.UniqueName("upper case")),
		call.Patch("Add", "/fields", connect.FieldInput{Label: "case", Value: "added"}),
		connect.PatchOperation{Op: "REMOVE", Path: "/urls", Value: json.RawMessage(`""`)},
	).ExpectStatus(200)
	got := s.WaitForVersionAfter(it.ID, it.Version)
	s.Expect(got.Title).NotTo(gomega.Equal(it.Title), "title after REPLACE")
	s.Expect(s.FieldWithLabel(got, "case").Value).To(gomega.Equal("added"), "value of the field after Add")
	s.Expect(got.URLs).To(gomega.BeEmpty(), "urls after REMOVE")
}

// checkAnyContentType writes with content types that are not application/json.
func checkAnyContentType(s *check.Session) {
	noteJSON := func(members string) string {
		return s.ItemJSON(`"category":"SECURE_NOTE","vault":{"id":` + call.EncodeJSON(s.Vault()) + `}` + members)
	}
	const unset = `[{"op":"replace","path":"/favorite","value":false}]`
	for _, contentType := range []string{
		"", "application/x-www-form-urlencoded", "text/json", `application\json`, "application/json-patch+json",
	} {
		created := s.Do("CreateVaultItem", call.RawBody(noteJSON(""), contentType)).ExpectStatus(200).Item()
		it := s.WaitForNewItem(created.ID)
		s.Do("UpdateVaultItem", call.Item(it.ID), call.RawBody(noteJSON(`,"favorite":true`), contentType)).
			ExpectStatus(200)
		s.Do("PatchVaultItem", call.Item(it.ID), call.RawBody(unset, contentType)).ExpectStatus(200)
		favorite := s.WaitForVersionAfter(it.ID, it.Version+1).Favorite
		s.Expect(favorite).To(gomega.BeFalse(), "favorite after writes of the type %q", contentType)
	}
}

// checkKeysInAnyCase creates and replaces an item with member names in mixed case.
func checkKeysInAnyCase(s *check.Session) {
	write := func(value string) string {
		return fmt.Sprintf(`{"Title":%s,"TAGS":[%s,%s],"Vault":{"Id":%s},"Category":"LOGIN",
			"Fields":[{"Purpose":"USERNAME","VALUE":%s}]}`,
			call.EncodeJSON(s.UniqueName("Case")), call.EncodeJSON(call.Tag), call.EncodeJSON(call.RunPrefix(s.ID)),
			call.EncodeJSON(s.Vault()), call.EncodeJSON(value))
	}
	created := s.Do("CreateVaultItem", call.RawJSON(write("created"))).ExpectStatus(200).Item()
	it := s.WaitForNewItem(created.ID)
	s.Expect(it.Title).To(gomega.HavePrefix(call.RunPrefix(s.ID)), "title as read")
	s.Expect(s.Field(it, "username").Value).To(gomega.Equal("created"), "user name after the POST")
	s.Do("UpdateVaultItem", call.Item(it.ID), call.RawJSON(write("replaced"))).ExpectStatus(200)
	s.Expect(s.Field(s.WaitForVersionAfter(it.ID, it.Version), "username").Value).To(gomega.Equal("replaced"),
		"user name after the PUT")
}

// untitledNoteJSON returns the body of a note. title is a JSON member with a comma
// after it, or empty.
func untitledNoteJSON(s *check.Session, title string) string {
	return fmt.Sprintf(`{%s"category":"SECURE_NOTE","tags":[%s,%s],"vault":{"id":%s}}`,
		title, call.EncodeJSON(call.Tag), call.EncodeJSON(call.RunPrefix(s.ID)), call.EncodeJSON(s.Vault()))
}
