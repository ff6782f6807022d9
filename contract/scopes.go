package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// scopeRules returns the rules about what a valid token may not do.
func scopeRules() []rule {
	list := append(readerRules(), writerRules()...)
	for _, op := range operations(func(op *openapi.Operation) bool { return names(op, "vaultUuid") }) {
		list = append(list,
			rule{Rule{ID: "scopes/other-vault/" + op.ID, Tag: "Auth", Level: Must, Evidence: "[R] external-secrets issue 4205, connect issue 82",
				Text:       op.ID + " is answered 403 to a token that does not see the vault",
				Needs:      access(op, Other),
				Operations: []string{op.ID}},
				func(s *session) { s.forbidden(op, s.run.target.OtherToken, http.StatusForbidden) }},
			rule{Rule{ID: "scopes/unknown-vault/" + op.ID, Tag: "Auth", Level: Must, Evidence: "[T] Java client's integration test; [R] external-secrets looks for it",
				Text:       op.ID + " of a well-formed vault id that does not exist is answered 403",
				Needs:      access(op),
				Operations: []string{op.ID}},
				func(s *session) {
					s.do(op.ID, vault(noVault), item(s.someItem()), file(noFile), acceptable(op, noVault, s.unique("nowhere"))).
						refused(http.StatusForbidden, "")
				}})
	}
	return append(list,
		rule{Rule{ID: "scopes/not-listed", Tag: "Auth", Level: Must, Evidence: "[D] published document; [T] Java client's integration test",
			Text:       "A vault a token does not see is not in its list of vaults, and no filter finds it",
			Needs:      []Capability{Read, Other},
			Operations: []string{"GetVaults"}},
			func(s *session) {
				other, v := as(s.run.target.OtherToken), s.run.found.vault
				for _, q := range []option{query(), query("filter", fmt.Sprintf("name eq %q", v.Name)), query("filter", fmt.Sprintf("title eq %q", v.Name))} {
					for _, seen := range s.do("GetVaults", other, q).expect(http.StatusOK).vaults() {
						s.Expect(seen.ID).NotTo(gomega.Equal(v.ID), "id of a vault that is listed")
					}
				}
			}},
		rule{Rule{ID: "scopes/text", Tag: "Auth", Level: Observed, Evidence: "[R] external-secrets issue 4205, connect issue 82; [D] the published document has `vault ... is not in scope`",
			Text:       "A vault out of reach is refused in a text that names Authorization and the vault's id",
			Needs:      []Capability{Read},
			Operations: []string{"GetVaultById"}},
			func(s *session) {
				s.do("GetVaultById", vault(noVault)).refused(http.StatusForbidden,
					`^(Authorization: token does not have access to vault `+noVault+`|vault `+noVault+` is not in scope)$`)
			}},
		rule{Rule{ID: "scopes/no-oracle", Tag: "Auth", Level: Should, Evidence: "[R] the same text was recorded for both",
			Text:       "A vault out of scope is refused in the same words as one that does not exist",
			Needs:      []Capability{Read, Other},
			Operations: []string{"GetVaultById"}},
			func(s *session) {
				other := as(s.run.target.OtherToken)
				hidden := s.do("GetVaultById", other).refused(http.StatusForbidden, "")
				absent := s.do("GetVaultById", other, vault(noVault)).refused(http.StatusForbidden, "")
				s.Expect(strings.ReplaceAll(hidden, s.vault(), noVault)).To(gomega.Equal(absent), "message about a hidden vault, against one that does not exist")
			}})
}

// forbidden calls an operation on an existing item with a token that must not, and
// asserts the refusal and that nothing changed.
func (s *session) forbidden(op *openapi.Operation, token string, statuses ...int) string {
	if !writes(op) {
		return s.do(op.ID, as(token), item(s.someItem()), file(noFile)).refusedOneOf(statuses...)
	}
	title := s.unique("forbidden")
	if op.ID == "CreateVaultItem" {
		message := s.do(op.ID, as(token), acceptable(op, s.vault(), title)).refusedOneOf(statuses...)
		s.absent(title)
		return message
	}
	it := s.note()
	message := s.do(op.ID, as(token), item(it.ID), acceptable(op, s.vault(), title)).refusedOneOf(statuses...)
	s.unchanged(it)
	return message
}

// note creates a note and returns it as it is read.
func (s *session) note() connect.Item {
	it := s.create(connect.ItemInput{Category: "SECURE_NOTE", Fields: []connect.FieldInput{{Label: "kept", Value: "as it is"}}})
	return s.do("GetVaultItemById", item(it.ID)).expect(http.StatusOK).item()
}

// absent asserts that the vault has no item of that title.
func (s *session) absent(title string) {
	found := s.do("GetVaultItems", query("filter", fmt.Sprintf("title eq %q", title))).expect(http.StatusOK).items()
	s.Expect(found).To(gomega.BeEmpty(), "items titled %q", title)
}

// unchanged asserts that an item of the suite is as it was.
func (s *session) unchanged(it connect.Item) {
	now := s.do("GetVaultItemById", item(it.ID)).expect(http.StatusOK).item()
	s.Expect(now.Version).To(gomega.Equal(it.Version), "version of the item")
	s.Expect(now.Title).To(gomega.Equal(it.Title), "title of the item")
	s.Expect(now.Tags).To(gomega.Equal(it.Tags), "tags of the item")
	s.Expect(now.Fields).To(gomega.Equal(it.Fields), "fields of the item")
}

func readerRules() []rule {
	list := []rule{
		{Rule{ID: "scopes/reader-reads", Tag: "Auth", Level: Must, Evidence: "[D] published document",
			Text:       "A read-only token sees the vault, its items and an item in full",
			Needs:      []Capability{Read, Reader, Items},
			Operations: []string{"GetVaults", "GetVaultById", "GetVaultItems", "GetVaultItemById"}},
			func(s *session) {
				reader := as(s.run.target.ReaderToken)
				var ids []string
				for _, v := range s.do("GetVaults", reader).expect(http.StatusOK).vaults() {
					ids = append(ids, v.ID)
				}
				s.Expect(ids).To(gomega.ContainElement(s.vault()), "ids of the vaults listed")
				s.do("GetVaultById", reader).expect(http.StatusOK)
				s.do("GetVaultItems", reader).expect(http.StatusOK)
				s.do("GetVaultItemById", reader, item(s.run.found.sample.ID)).expect(http.StatusOK)
			}},
		{Rule{ID: "scopes/reader-text", Tag: "Auth", Level: Observed, Evidence: "[R] in part: `token does not have permission to perform create on vault`; servers up to 1.1.1 said otherwise [R terraform issue 24]",
			Text:       "A create that a token may not do is refused in a text that says so",
			Needs:      []Capability{Write, Reader},
			Operations: []string{"CreateVaultItem"}},
			func(s *session) {
				op := s.run.document.Operation("CreateVaultItem")
				s.Expect(s.forbidden(op, s.run.target.ReaderToken, http.StatusForbidden, http.StatusUnauthorized)).To(
					gomega.MatchRegexp(`does not have permission to perform create on vault|does not have write access to the Vault`), "message of the refusal")
			}},
	}
	for _, op := range operations(writes) {
		list = append(list, rule{Rule{ID: "scopes/reader-cannot-write/" + op.ID, Tag: "Auth", Level: Must,
			Evidence:   "[R] 403 by later servers, 401 by those up to 1.1.1 (terraform issue 24)",
			Text:       op.ID + " is refused to a read-only token and changes nothing",
			Needs:      []Capability{Write, Reader},
			Operations: []string{op.ID}},
			func(s *session) {
				s.forbidden(op, s.run.target.ReaderToken, http.StatusForbidden, http.StatusUnauthorized)
			}})
	}
	return list
}

// writerRules returns the rules about tokens that may write and not read.
func writerRules() []rule {
	return []rule{
		{Rule{ID: "scopes/writer-cannot-read", Tag: "Auth", Level: Should, Evidence: "[D] permissions of tokens; [G] that the status is 403",
			Text:       "A write-only token can't read an item or its files",
			Needs:      []Capability{Read, Writer, Items},
			Operations: []string{"GetVaultItemById", "GetItemFiles"}},
			func(s *session) {
				for _, op := range []string{"GetVaultItemById", "GetItemFiles"} {
					s.do(op, as(s.run.target.WriterToken), item(s.run.found.sample.ID)).refused(http.StatusForbidden, "")
				}
			}},
		{Rule{ID: "scopes/writer-cannot-read-by-patch", Tag: "Auth", Level: Should, Evidence: "[D] changelog 1.7.1; [G] that the status is 403",
			Text:       "A write-only token can't read an item through the answer of a PATCH",
			Needs:      []Capability{Write, Writer},
			Operations: []string{"PatchVaultItem"}},
			func(s *session) {
				it := s.note()
				for _, patch := range []string{`[]`, `[{"op":"replace","path":"/favorite","value":true}]`} {
					a := s.do("PatchVaultItem", as(s.run.target.WriterToken), item(it.ID), rawBody(patch, "application/json"))
					s.Expect(string(a.Body)).NotTo(gomega.ContainSubstring(it.Title), "the body")
					a.refused(http.StatusForbidden, "")
				}
				s.unchanged(it)
			}},
		{Rule{ID: "scopes/writer-deletes", Tag: "Auth", Level: Should, Evidence: "[D] permissions of tokens",
			Text:       "A write-only token can delete an item",
			Needs:      []Capability{Write, Writer},
			Operations: []string{"DeleteVaultItem"}},
			func(s *session) {
				it := s.note()
				s.do("DeleteVaultItem", as(s.run.target.WriterToken), item(it.ID)).expect(http.StatusNoContent)
				s.gone(it.ID)
			}},
	}
}

// gone waits until an item no longer exists.
func (s *session) gone(id string) {
	s.eventually(func() error {
		if a := s.do("GetVaultItemById", item(id)); a.Status != http.StatusNotFound {
			return fmt.Errorf("the deleted item %s is answered %d", id, a.Status)
		}
		return nil
	})
}
