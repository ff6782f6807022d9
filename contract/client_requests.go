package contract

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// clientRequestRules returns the rules about requests that real clients send and
// that the published document does not allow.
func clientRequestRules() []rule {
	const (
		javaOps    = "[W] the Java client sends upper case; [T] its integration test runs against real servers"
		noType     = "[T] a Rust client sends no Content-Type, its tests run against real servers; [R] connect issue 61: another type is 400 for its body, not 415"
		noTitle    = "[C] the JS SDK's quick start; [T] terraform provider's acceptance test and a Rust client for an empty one"
		powerShell = "[C] a PowerShell module sends them so; encoding/json of Go reads them so"
		vaultName  = "[R] external-secrets 3129 and 3130: its PushSecret sends the name"
	)
	return []rule{
		{Rule{ID: "patch/op-in-any-case", Tag: "Patch", Level: Must, Evidence: javaOps,
			Text:  "The names of the operations are taken in any case: ADD, REPLACE, Remove",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			checkOperationsInAnyCase},
		{Rule{ID: "items/accepts-any-content-type", Tag: "Items", Level: Must, Evidence: noType,
			Text:  "POST, PUT and PATCH with a JSON body are accepted whatever the Content-Type is, and without one",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem", "PatchVaultItem")},
			checkAnyContentType},
		{Rule{ID: "items/accepts-no-title", Tag: "Items", Level: Must, Evidence: noTitle,
			Text:  "An item can be created without a title and with an empty one, and has none then",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				for _, title := range []string{"", `"title":"",`} {
					it := s.do("CreateVaultItem", rawBody(s.untitled(title), "application/json")).expect(http.StatusOK).item()
					s.Expect(s.readFirst(it.ID).Title).To(gomega.BeEmpty(), "title as read")
				}
			}},
		{Rule{ID: "items/replace-accepts-no-title", Tag: "Items", Level: Must, Evidence: noTitle,
			Text:  "A PUT without a title, or with an empty one, is accepted and takes the title away",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := s.create(note())
				for i, title := range []string{`"title":"",`, ""} {
					s.do("UpdateVaultItem", item(it.ID), rawBody(s.untitled(title), "application/json")).expect(http.StatusOK)
					s.Expect(s.readAfter(it.ID, it.Version+i).Title).To(gomega.BeEmpty(), "title after the PUT")
				}
			}},
		{Rule{ID: "items/accepts-vault-name", Tag: "Items", Level: Must, Evidence: vaultName,
			Text:  "A POST whose vault.id is the name of the path's vault makes the item in that vault",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.createRaw(`"category":"SECURE_NOTE","vault":{"id":` + jsonText(s.run.found.vault.Name) + `}`)
				s.Expect(it.Vault.ID).To(gomega.Equal(s.vault()), "vault.id as read")
			}},
		{Rule{ID: "items/replace-accepts-vault-name", Tag: "Items", Level: Observed, Evidence: vaultName + " on a create; [G] that a PUT takes it too",
			Text:  "A PUT whose vault.id is the name of the path's vault replaces the item, which stays in that vault",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := s.create(note())
				in := note()
				in.Title, in.Vault = s.unique("by name"), &connect.VaultRef{ID: s.run.found.vault.Name}
				s.replace(it, in).expect(http.StatusOK)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(got.Title).To(gomega.Equal(in.Title), "title after the PUT")
				s.Expect(got.Vault.ID).To(gomega.Equal(s.vault()), "vault.id after the PUT")
			}},
		{Rule{ID: "auth/last-bearer-counts", Tag: "Auth", Level: Should, Evidence: "[C] a Puppet backend sends the name of the header twice",
			Text: "The token is what follows the last `Bearer ` of the Authorization header", Operations: []string{"GetVaults"}},
			func(s *session) {
				s.do("GetVaults", authorization("Authorization: Bearer "+s.run.target.Token)).expect(http.StatusOK)
			}},
		{Rule{ID: "items/keys-in-any-case", Tag: "Items", Level: Must, Evidence: powerShell,
			Text:  "The names of members in a POST and a PUT are read without regard to case, at every depth",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			checkKeysInAnyCase},
		{Rule{ID: "patch/keys-in-any-case", Tag: "Patch", Level: Should, Evidence: powerShell + "; [G] that a PATCH is read so too",
			Text:  "The names of members in a PATCH and in its values are read without regard to case",
			Needs: []Capability{Write}, Operations: making("PatchVaultItem")},
			func(s *session) {
				it := s.create(note())
				operations := `[{"Op":"replace","PATH":"/favorite","Value":true},
					{"op":"add","path":"/fields","value":{"Label":"case","VALUE":"read"}}]`
				s.do("PatchVaultItem", item(it.ID), rawBody(operations, "application/json")).expect(http.StatusOK)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(got.Favorite).To(gomega.BeTrue(), "favorite after the PATCH")
				s.Expect(s.labelled(got, "case").Value).To(gomega.Equal("read"), "value of the field that was added")
			}},
		{Rule{ID: "items/last-of-two-keys", Tag: "Items", Level: Observed, Evidence: "[G] as encoding/json of Go reads them",
			Text:  "Of two members whose names differ in case only, the last counts",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.createRaw(`"category":"SECURE_NOTE","vault":{"id":""},"fields":[{"label":"case","value":"first","Value":"last"}]`)
				s.Expect(s.labelled(it, "case").Value).To(gomega.Equal("last"), "value of the field")
			}},
	}
}

func checkOperationsInAnyCase(s *session) {
	it := s.create(full())
	s.patch(it.ID,
		patchOp("REPLACE", "/title", s.unique("upper case")),
		patchOp("Add", "/fields", connect.FieldInput{Label: "case", Value: "added"}),
		connect.PatchOperation{Op: "REMOVE", Path: "/urls", Value: json.RawMessage(`""`)},
	).expect(http.StatusOK)
	got := s.readAfter(it.ID, it.Version)
	s.Expect(got.Title).NotTo(gomega.Equal(it.Title), "title after REPLACE")
	s.Expect(s.labelled(got, "case").Value).To(gomega.Equal("added"), "value of the field after Add")
	s.Expect(got.URLs).To(gomega.BeEmpty(), "urls after REMOVE")
}

func checkAnyContentType(s *session) {
	note := func(members string) string {
		return s.rawItem(`"category":"SECURE_NOTE","vault":{"id":` + jsonText(s.vault()) + `}` + members)
	}
	const unset = `[{"op":"replace","path":"/favorite","value":false}]`
	for _, kind := range []string{
		"", "application/x-www-form-urlencoded", "text/json", `application\json`, "application/json-patch+json",
	} {
		made := s.do("CreateVaultItem", rawBody(note(""), kind)).expect(http.StatusOK).item()
		it := s.readFirst(made.ID)
		s.do("UpdateVaultItem", item(it.ID), rawBody(note(`,"favorite":true`), kind)).expect(http.StatusOK)
		s.do("PatchVaultItem", item(it.ID), rawBody(unset, kind)).expect(http.StatusOK)
		favorite := s.readAfter(it.ID, it.Version+1).Favorite
		s.Expect(favorite).To(gomega.BeFalse(), "favorite after writes of the type %q", kind)
	}
}

func checkKeysInAnyCase(s *session) {
	write := func(value string) string {
		return fmt.Sprintf(`{"Title":%s,"TAGS":[%s,%s],"Vault":{"Id":%s},"Category":"LOGIN",
			"Fields":[{"Purpose":"USERNAME","VALUE":%s}]}`,
			jsonText(s.unique("Case")), jsonText(tag), jsonText(prefix(s.run.id)), jsonText(s.vault()), jsonText(value))
	}
	made := s.do("CreateVaultItem", rawBody(write("created"), "application/json")).expect(http.StatusOK).item()
	it := s.readFirst(made.ID)
	s.Expect(it.Title).To(gomega.HavePrefix(prefix(s.run.id)), "title as read")
	s.Expect(s.field(it, "username").Value).To(gomega.Equal("created"), "user name after the POST")
	s.do("UpdateVaultItem", item(it.ID), rawBody(write("replaced"), "application/json")).expect(http.StatusOK)
	s.Expect(s.field(s.readAfter(it.ID, it.Version), "username").Value).To(gomega.Equal("replaced"), "user name after the PUT")
}

// untitled returns the body of a note; title is a JSON member with a comma after
// it, or empty.
func (s *session) untitled(title string) string {
	return fmt.Sprintf(`{%s"category":"SECURE_NOTE","tags":[%s,%s],"vault":{"id":%s}}`,
		title, jsonText(tag), jsonText(prefix(s.run.id)), jsonText(s.vault()))
}
