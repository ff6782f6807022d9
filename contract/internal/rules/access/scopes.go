package access

import (
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi"
	"github.com/onsi/gomega"
)

// ScopeRules returns the rules about requests that a valid token must not make.
func ScopeRules() []check.Rule {
	list := append(readerRules(), writerRules()...)
	for _, op := range operation.Where(func(op *openapi.Operation) bool {
		return operation.HasParameter(op, "vaultUuid")
	}) {
		list = append(list,
			check.Rule{
				Rule: rule.Rule{ID: "scopes/other-vault/" + op.ID, Tag: "Auth", Level: rule.Must,
					Evidence: "[R] external-secrets issue 4205, connect issue 82",
					Text:     op.ID + " with a token that does not see the vault returns 403",
					Touches:  operation.Touches(op), Needs: operation.Needs(op, rule.Other),
					Operations: []string{op.ID}},
				Check: func(s *check.Session) { expectForbidden(s, op, s.Server.OtherToken, 403) }},
			check.Rule{
				Rule: rule.Rule{ID: "scopes/unknown-vault/" + op.ID, Tag: "Auth", Level: rule.Must,
					Evidence: "[T] Java client's integration test; [R] external-secrets looks for it",
					Text:     op.ID + " with a well-formed id of a vault that does not exist returns 403",
					Touches:  operation.Touches(op), Needs: operation.Needs(op), Operations: []string{op.ID}},
				Check: func(s *check.Session) {
					id := s.ItemOrUnknown()
					if operation.IsWrite(op) && operation.HasParameter(op, "itemUuid") {
						id = s.CreateNote().ID // a server that ignores the vault must not write to an item of others
					}
					s.Do(op.ID, call.Vault(call.NoVault), call.Item(id), call.File(call.NoFile),
						call.ValidBody(op, call.NoVault, s.UniqueName("nowhere"))).
						ExpectError(403, "")
				}})
	}
	return append(list,
		check.Rule{
			Rule: rule.Rule{ID: "scopes/not-listed", Tag: "Auth", Level: rule.Must,
				Evidence: "[D] published document; [T] Java client's integration test",
				Text:     "A vault that a token does not see is not in its list of vaults, and no filter finds it",
				Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Read, rule.Other},
				Operations: []string{"GetVaults"}},
			Check: func(s *check.Session) {
				otherToken, v := call.WithToken(s.Server.OtherToken), s.Server.Vault
				name, other := call.Quote(v.Name), call.Quote(s.UniqueName("no vault"))
				for _, q := range []call.Option{call.Query(), call.Filter("name eq " + name),
					call.Filter("title eq " + name), call.Filter("title eq " + other + " or title eq " + name)} {
					for _, seen := range s.Do("GetVaults", otherToken, q).ExpectStatus(200).Vaults() {
						s.Expect(seen.ID).NotTo(gomega.Equal(v.ID), "id of a vault that is listed")
					}
				}
			}},
		check.Rule{
			Rule: rule.Rule{ID: "scopes/not-found", Tag: "Auth", Level: rule.Should,
				Evidence: "[D] published document; [T] Java client, on items; " +
					"[G] that the language is the same for vaults",
				Text: "A filter of vaults with co, or and and finds no vault that the token " +
					"does not see, or returns 400",
				Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read, rule.Other},
				Operations: []string{"GetVaults"}},
			Check: func(s *check.Session) {
				name, other := call.Quote(s.Server.Vault.Name), call.Quote(s.UniqueName("no vault"))
				for _, filter := range []string{"title co " + name, "title co " + name + " or title co " + name,
					"title eq " + other + " or name co " + name,
					"title eq " + other + " or title co " + name + " and title eq " + name,
					"title eq " + name + " and title co " + name} {
					res := s.Do("GetVaults", call.WithToken(s.Server.OtherToken), call.Filter(filter))
					if res.Status == 400 {
						res.ExpectError(400, "")
						continue
					}
					s.Expect(check.VaultIDs(res.ExpectStatus(200).Vaults())).NotTo(gomega.ContainElement(s.Vault()),
						"ids of the vaults found by %s", filter)
				}
			}},
		check.Rule{
			Rule: rule.Rule{ID: "scopes/text", Tag: "Auth", Level: rule.Observed,
				Evidence: "[R] external-secrets issue 4205, connect issue 82; " +
					"[D] the published document has `vault ... is not in scope`",
				Text: "The error for a vault that the token does not see has Authorization " +
					"and the id of the vault",
				Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read}, Operations: []string{"GetVaultById"}},
			Check: func(s *check.Session) {
				s.Do("GetVaultById", call.Vault(call.NoVault)).ExpectError(403,
					`^(Authorization: token does not have access to vault `+call.NoVault+`|vault `+call.NoVault+
						` is not in scope)$`)
			}},
		check.Rule{Rule: rule.Rule{ID: "scopes/no-oracle", Tag: "Auth", Level: rule.Should,
			Evidence: "[R] the same text was recorded for both",
			Text: "The error for a vault that the token does not see is the same as for a " +
				"vault that does not exist",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read, rule.Other},
			Operations: []string{"GetVaultById"}},
			Check: func(s *check.Session) {
				otherToken := call.WithToken(s.Server.OtherToken)
				hidden := s.Do("GetVaultById", otherToken).ExpectError(403, "")
				absent := s.Do("GetVaultById", otherToken, call.Vault(call.NoVault)).ExpectError(403, "")
				s.Expect(strings.ReplaceAll(hidden, s.Vault(), call.NoVault)).To(gomega.Equal(absent),
					"message about a hidden vault, against one that does not exist")
			}})
}

// expectForbidden calls an operation on an existing item with a token that must not do
// so. It asserts one of the statuses and that nothing changed, and returns the message.
func expectForbidden(s *check.Session, op *openapi.Operation, token string, statuses ...int) string {
	if !operation.IsWrite(op) {
		return s.Do(op.ID, call.WithToken(token), call.Item(s.ItemOrUnknown()), call.File(call.NoFile)).
			ExpectErrorOneOf(statuses...)
	}
	title := s.UniqueName("forbidden")
	if op.ID == "CreateVaultItem" {
		message := s.Do(op.ID, call.WithToken(token), call.ValidBody(op, s.Vault(), title)).
			ExpectErrorOneOf(statuses...)
		s.ExpectNoItem(title)
		return message
	}
	it := s.CreateNote()
	message := s.Do(op.ID, call.WithToken(token), call.Item(it.ID), call.ValidBody(op, s.Vault(), title)).
		ExpectErrorOneOf(statuses...)
	s.ExpectUnchanged(it)
	return message
}

// readerRules returns the rules about tokens that may read and not write.
func readerRules() []check.Rule {
	list := check.WithDefaults(rule.Rule{Tag: "Auth"}, []check.Rule{
		{Rule: rule.Rule{ID: "scopes/reader-reads", Level: rule.Must, Evidence: "[D] published document",
			Text:    "A read-only token can read the vault, the list of items and an item",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read, rule.Reader, rule.Items},
			Operations: []string{"GetVaults", "GetVaultById", "GetVaultItems", "GetVaultItemById"}},
			Check: func(s *check.Session) {
				reader := call.WithToken(s.Server.ReaderToken)
				var ids []string
				for _, v := range s.Do("GetVaults", reader).ExpectStatus(200).Vaults() {
					ids = append(ids, v.ID)
				}
				s.Expect(ids).To(gomega.ContainElement(s.Vault()), "ids of the vaults listed")
				s.Do("GetVaultById", reader).ExpectStatus(200)
				s.Do("GetVaultItems", reader).ExpectStatus(200)
				s.Do("GetVaultItemById", reader, call.Item(s.Server.SampleItem.ID)).ExpectStatus(200)
			}},
		{Rule: rule.Rule{ID: "scopes/reader-text", Level: rule.Observed,
			Evidence: "[R] in part: `token does not have permission to perform create on vault`; " +
				"servers up to 1.1.1 had another text [R terraform issue 24]",
			Text:    "The error for a create or a PATCH with a read-only token says that the token may not write",
			Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write, rule.Reader},
			Operations: []string{"CreateVaultItem", "PatchVaultItem"}},
			Check: func(s *check.Session) {
				for id, verb := range map[string]string{"CreateVaultItem": "create",
					"PatchVaultItem": "(update|patch)"} { // [G] the second
					message := expectForbidden(s, s.Document.Operation(id), s.Server.ReaderToken,
						403, 401)
					s.Expect(message).To(gomega.MatchRegexp(
						"does not have permission to perform "+verb+
							" on vault|does not have write access to the Vault"), "message of the refusal")
				}
			}},
	})
	for _, op := range operation.Where(operation.IsWrite) {
		list = append(list, check.Rule{Rule: rule.Rule{ID: "scopes/reader-cannot-write/" + op.ID, Tag: "Auth",
			Level:    rule.Must,
			Evidence: "[R] 403 by later servers, 401 by those up to 1.1.1 (terraform issue 24)",
			Text:     op.ID + " with a read-only token is refused and changes nothing",
			Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write, rule.Reader}, Operations: []string{op.ID}},
			Check: func(s *check.Session) {
				expectForbidden(s, op, s.Server.ReaderToken, 403, 401)
			}})
	}
	return list
}

// writerForbidden returns the operations that read items or files of a vault.
func writerForbidden() []string {
	return []string{"GetVaultItems", "GetVaultItemById", "GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}
}

// writerRules returns the rules about tokens that may write and not read.
func writerRules() []check.Rule {
	return check.WithDefaults(rule.Rule{Tag: "Auth"}, []check.Rule{
		{Rule: rule.Rule{ID: "scopes/writer-cannot-read", Level: rule.Should,
			Evidence: "[D] permissions of tokens; [G] that the status is 403",
			Text:     "A write-only token can't read or list items, nor list, read or download their files",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Read, rule.Writer, rule.Items},
			Operations: writerForbidden()},
			Check: func(s *check.Session) {
				for _, op := range writerForbidden() {
					s.Do(op, call.WithToken(s.Server.WriterToken), call.Item(s.Server.SampleItem.ID),
						call.File(call.NoFile)).
						ExpectError(403, "")
				}
			}},
		{Rule: rule.Rule{ID: "scopes/writer-cannot-read-vault", Level: rule.Observed,
			Evidence: "[D] permissions of tokens; " +
				"[G] that reading a vault needs the permission to read, and the status",
			Text:    "A write-only token can't read a vault",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read, rule.Writer},
			Operations: []string{"GetVaultById"}},
			Check: func(s *check.Session) {
				s.Do("GetVaultById", call.WithToken(s.Server.WriterToken)).ExpectError(403, "")
			}},
		{Rule: rule.Rule{ID: "scopes/writer-cannot-read-by-patch", Level: rule.Should,
			Evidence: "[D] changelog 1.7.1; [G] that the status is 403",
			Text:     "A write-only token can't read an item with a PATCH",
			Touches:  rule.OwnItems, Needs: []rule.Capability{rule.Write, rule.Writer},
			Operations: []string{"PatchVaultItem"}},
			Check: func(s *check.Session) {
				it := s.CreateNote()
				for _, patch := range []string{`[]`, `[{"op":"replace","path":"/favorite","value":true}]`} {
					res := s.Do("PatchVaultItem", call.WithToken(s.Server.WriterToken), call.Item(it.ID),
						call.RawJSON(patch))
					s.Expect(string(res.Body)).NotTo(gomega.ContainSubstring(it.Title), "the body")
					res.ExpectError(403, "")
				}
				s.ExpectUnchanged(it)
			}},
		{Rule: rule.Rule{ID: "scopes/writer-deletes", Level: rule.Should, Evidence: "[D] permissions of tokens",
			Text:    "A write-only token can delete an item",
			Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write, rule.Writer},
			Operations: []string{"DeleteVaultItem"}},
			Check: func(s *check.Session) {
				it := s.CreateNote()
				s.Do("DeleteVaultItem", call.WithToken(s.Server.WriterToken), call.Item(it.ID)).ExpectStatus(204)
				s.WaitForDeletion(it.ID)
			}},
	})
}
