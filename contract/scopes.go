package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// scopeRules returns the rules about requests that a valid token must not make.
func scopeRules() []rule {
	list := append(readerRules(), writerRules()...)
	for _, op := range operationsWhere(func(op *openapi.Operation) bool { return hasPathParameter(op, "vaultUuid") }) {
		list = append(list,
			rule{
				Rule{ID: "scopes/other-vault/" + op.ID, Tag: "Auth", Level: Must,
					Evidence:   "[R] external-secrets issue 4205, connect issue 82",
					Text:       op.ID + " with a token that does not see the vault returns 403",
					Touches:    touchedBy(op),
					Needs:      neededCapabilities(op, Other),
					Operations: []string{op.ID}},
				func(s *session) { s.expectForbidden(op, s.server.otherToken, http.StatusForbidden) }},
			rule{
				Rule{ID: "scopes/unknown-vault/" + op.ID, Tag: "Auth", Level: Must,
					Evidence:   "[T] Java client's integration test; [R] external-secrets looks for it",
					Text:       op.ID + " with a well-formed id of a vault that does not exist returns 403",
					Touches:    touchedBy(op),
					Needs:      neededCapabilities(op),
					Operations: []string{op.ID}},
				func(s *session) {
					id := s.itemOrUnknown()
					if isWrite(op) && hasPathParameter(op, "itemUuid") {
						id = s.createNote().ID // a server that ignores the vault must not write to an item of others
					}
					s.do(op.ID, vault(noVault), item(id), file(noFile), validBody(op, noVault, s.uniqueName("nowhere"))).
						expectError(http.StatusForbidden, "")
				}})
	}
	return append(list,
		rule{
			Rule{ID: "scopes/not-listed", Tag: "Auth", Level: Must,
				Evidence:   "[D] published document; [T] Java client's integration test",
				Text:       "A vault that a token does not see is not in its list of vaults, and no filter finds it",
				Touches:    ReadOnly,
				Needs:      []Capability{Read, Other},
				Operations: []string{"GetVaults"}},
			func(s *session) {
				otherToken, v := withToken(s.server.otherToken), s.server.vault
				name, other := quote(v.Name), quote(s.uniqueName("no vault"))
				for _, q := range []option{query(), query("filter", "name eq "+name), query("filter", "title eq "+name),
					query("filter", "title eq "+other+" or title eq "+name)} {
					for _, seen := range s.do("GetVaults", otherToken, q).expectStatus(http.StatusOK).vaults() {
						s.Expect(seen.ID).NotTo(gomega.Equal(v.ID), "id of a vault that is listed")
					}
				}
			}},
		rule{
			Rule{ID: "scopes/not-found", Tag: "Auth", Level: Should,
				Evidence:   "[D] published document; [T] Java client, on items; [G] that the language is the same for vaults",
				Text:       "A filter of vaults with co, or and and finds no vault that the token does not see, or returns 400",
				Touches:    ReadOnly,
				Needs:      []Capability{Read, Other},
				Operations: []string{"GetVaults"}},
			func(s *session) {
				name, other := quote(s.server.vault.Name), quote(s.uniqueName("no vault"))
				for _, filter := range []string{"title co " + name, "title co " + name + " or title co " + name,
					"title eq " + other + " or name co " + name, "title eq " + other + " or title co " + name + " and title eq " + name,
					"title eq " + name + " and title co " + name} {
					res := s.do("GetVaults", withToken(s.server.otherToken), query("filter", filter))
					if res.Status == http.StatusBadRequest {
						res.expectError(http.StatusBadRequest, "")
						continue
					}
					s.Expect(vaultIDs(res.expectStatus(http.StatusOK).vaults())).NotTo(gomega.ContainElement(s.vault()),
						"ids of the vaults found by %s", filter)
				}
			}},
		rule{
			Rule{ID: "scopes/text", Tag: "Auth", Level: Observed,
				Evidence: "[R] external-secrets issue 4205, connect issue 82; [D] the published document has `vault ... is not " +
					"in scope`",
				Text:       "The error for a vault that the token does not see has Authorization and the id of the vault",
				Touches:    ReadOnly,
				Needs:      []Capability{Read},
				Operations: []string{"GetVaultById"}},
			func(s *session) {
				s.do("GetVaultById", vault(noVault)).expectError(http.StatusForbidden,
					`^(Authorization: token does not have access to vault `+noVault+`|vault `+noVault+` is not in scope)$`)
			}},
		rule{Rule{ID: "scopes/no-oracle", Tag: "Auth", Level: Should, Evidence: "[R] the same text was recorded for both",
			Text:       "The error for a vault that the token does not see is the same as for a vault that does not exist",
			Touches:    ReadOnly,
			Needs:      []Capability{Read, Other},
			Operations: []string{"GetVaultById"}},
			func(s *session) {
				otherToken := withToken(s.server.otherToken)
				hidden := s.do("GetVaultById", otherToken).expectError(http.StatusForbidden, "")
				absent := s.do("GetVaultById", otherToken, vault(noVault)).expectError(http.StatusForbidden, "")
				s.Expect(strings.ReplaceAll(hidden, s.vault(), noVault)).To(gomega.Equal(absent),
					"message about a hidden vault, against one that does not exist")
			}})
}

// expectForbidden calls an operation on an existing item with a token that must not do
// so. It asserts one of the statuses and that nothing changed, and returns the message.
func (s *session) expectForbidden(op *openapi.Operation, token string, statuses ...int) string {
	if !isWrite(op) {
		return s.do(op.ID, withToken(token), item(s.itemOrUnknown()), file(noFile)).expectErrorOneOf(statuses...)
	}
	title := s.uniqueName("forbidden")
	if op.ID == "CreateVaultItem" {
		message := s.do(op.ID, withToken(token), validBody(op, s.vault(), title)).expectErrorOneOf(statuses...)
		s.expectNoItem(title)
		return message
	}
	it := s.createNote()
	message := s.do(op.ID, withToken(token), item(it.ID), validBody(op, s.vault(), title)).expectErrorOneOf(statuses...)
	s.expectUnchanged(it)
	return message
}

// createNote creates a note, waits until it can be read and returns it as it is read.
func (s *session) createNote() connect.Item {
	in := connect.ItemInput{Category: "SECURE_NOTE", Fields: []connect.FieldInput{{Label: "label", Value: "value"}}}
	return s.waitForNewItem(s.tryCreate(in).expectStatus(http.StatusOK).item().ID)
}

// expectNoItem asserts that the vault has no item with that title.
func (s *session) expectNoItem(title string) {
	found := s.do("GetVaultItems", query("filter", fmt.Sprintf("title eq %q", title))).expectStatus(http.StatusOK).items()
	s.Expect(found).To(gomega.BeEmpty(), "items with the title %q", title)
}

// expectUnchanged asserts that an item of the suite has not changed.
func (s *session) expectUnchanged(it connect.Item) {
	now := s.readItem(it.ID)
	s.Expect(now.Version).To(gomega.Equal(it.Version), "version of the item")
	s.Expect(now.Title).To(gomega.Equal(it.Title), "title of the item")
	s.Expect(now.Tags).To(gomega.Equal(it.Tags), "tags of the item")
	s.Expect(now.Fields).To(gomega.Equal(it.Fields), "fields of the item")
}

// readerRules returns the rules about tokens that may read and not write.
func readerRules() []rule {
	list := []rule{
		{Rule{ID: "scopes/reader-reads", Tag: "Auth", Level: Must, Evidence: "[D] published document",
			Text:       "A read-only token can read the vault, the list of items and an item",
			Touches:    ReadOnly,
			Needs:      []Capability{Read, Reader, Items},
			Operations: []string{"GetVaults", "GetVaultById", "GetVaultItems", "GetVaultItemById"}},
			func(s *session) {
				reader := withToken(s.server.readerToken)
				var ids []string
				for _, v := range s.do("GetVaults", reader).expectStatus(http.StatusOK).vaults() {
					ids = append(ids, v.ID)
				}
				s.Expect(ids).To(gomega.ContainElement(s.vault()), "ids of the vaults listed")
				s.do("GetVaultById", reader).expectStatus(http.StatusOK)
				s.do("GetVaultItems", reader).expectStatus(http.StatusOK)
				s.do("GetVaultItemById", reader, item(s.server.sampleItem.ID)).expectStatus(http.StatusOK)
			}},
		{Rule{ID: "scopes/reader-text", Tag: "Auth", Level: Observed,
			Evidence: "[R] in part: `token does not have permission to perform create on vault`; servers up to 1.1.1 had " +
				"another text [R terraform issue 24]",
			Text:       "The error for a create or a PATCH with a read-only token says that the token may not write",
			Touches:    OwnItems,
			Needs:      []Capability{Write, Reader},
			Operations: []string{"CreateVaultItem", "PatchVaultItem"}},
			func(s *session) {
				for id, verb := range map[string]string{"CreateVaultItem": "create", "PatchVaultItem": "(update|patch)"} { // [G] the second
					message := s.expectForbidden(s.document.Operation(id), s.server.readerToken,
						http.StatusForbidden, http.StatusUnauthorized)
					s.Expect(message).To(gomega.MatchRegexp(
						"does not have permission to perform "+verb+" on vault|does not have write access to the Vault"),
						"message of the refusal")
				}
			}},
	}
	for _, op := range operationsWhere(isWrite) {
		list = append(list, rule{Rule{ID: "scopes/reader-cannot-write/" + op.ID, Tag: "Auth", Level: Must,
			Evidence:   "[R] 403 by later servers, 401 by those up to 1.1.1 (terraform issue 24)",
			Text:       op.ID + " with a read-only token is refused and changes nothing",
			Touches:    OwnItems,
			Needs:      []Capability{Write, Reader},
			Operations: []string{op.ID}},
			func(s *session) {
				s.expectForbidden(op, s.server.readerToken, http.StatusForbidden, http.StatusUnauthorized)
			}})
	}
	return list
}

// writerForbidden returns the operations that read items or files of a vault.
func writerForbidden() []string {
	return []string{"GetVaultItems", "GetVaultItemById", "GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}
}

// writerRules returns the rules about tokens that may write and not read.
func writerRules() []rule {
	return []rule{
		{Rule{ID: "scopes/writer-cannot-read", Tag: "Auth", Level: Should,
			Evidence:   "[D] permissions of tokens; [G] that the status is 403",
			Text:       "A write-only token can't read or list items, nor list, read or download their files",
			Touches:    ReadOnly,
			Needs:      []Capability{Read, Writer, Items},
			Operations: writerForbidden()},
			func(s *session) {
				for _, op := range writerForbidden() {
					s.do(op, withToken(s.server.writerToken), item(s.server.sampleItem.ID), file(noFile)).
						expectError(http.StatusForbidden, "")
				}
			}},
		{Rule{ID: "scopes/writer-cannot-read-vault", Tag: "Auth", Level: Observed,
			Evidence:   "[D] permissions of tokens; [G] that reading a vault needs the permission to read, and the status",
			Text:       "A write-only token can't read a vault",
			Touches:    ReadOnly,
			Needs:      []Capability{Read, Writer},
			Operations: []string{"GetVaultById"}},
			func(s *session) {
				s.do("GetVaultById", withToken(s.server.writerToken)).expectError(http.StatusForbidden, "")
			}},
		{Rule{ID: "scopes/writer-cannot-read-by-patch", Tag: "Auth", Level: Should,
			Evidence:   "[D] changelog 1.7.1; [G] that the status is 403",
			Text:       "A write-only token can't read an item with a PATCH",
			Touches:    OwnItems,
			Needs:      []Capability{Write, Writer},
			Operations: []string{"PatchVaultItem"}},
			func(s *session) {
				it := s.createNote()
				for _, patch := range []string{`[]`, `[{"op":"replace","path":"/favorite","value":true}]`} {
					res := s.do("PatchVaultItem", withToken(s.server.writerToken), item(it.ID), rawJSON(patch))
					s.Expect(string(res.Body)).NotTo(gomega.ContainSubstring(it.Title), "the body")
					res.expectError(http.StatusForbidden, "")
				}
				s.expectUnchanged(it)
			}},
		{Rule{ID: "scopes/writer-deletes", Tag: "Auth", Level: Should, Evidence: "[D] permissions of tokens",
			Text:       "A write-only token can delete an item",
			Touches:    OwnItems,
			Needs:      []Capability{Write, Writer},
			Operations: []string{"DeleteVaultItem"}},
			func(s *session) {
				it := s.createNote()
				s.do("DeleteVaultItem", withToken(s.server.writerToken), item(it.ID)).expectStatus(http.StatusNoContent)
				s.waitForDeletion(it.ID)
			}},
	}
}

// waitForDeletion waits until an item does not exist.
func (s *session) waitForDeletion(id string) {
	s.eventually(func() error {
		if res := s.do("GetVaultItemById", item(id)); res.Status != http.StatusNotFound {
			return fmt.Errorf("the deleted item %s returns %d", id, res.Status)
		}
		return nil
	})
}
