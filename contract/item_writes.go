package contract

import (
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// itemWriteRules returns the rules about replacing and deleting items.
func itemWriteRules() []rule {
	return []rule{
		{Rule{ID: "items/replace-answers-old-version", Tag: "Items", Level: Must,
			Evidence: "[T] terraform provider expects it, and an apply fails otherwise",
			Text:     "PUT returns 200 and the item with the version before the PUT",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				got := s.replace(it, noteInput()).expectStatus(200).item()
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Version).To(gomega.Equal(it.Version), "version")
			}},
		{Rule{ID: "items/replace-then-next-version", Tag: "Items", Level: Must,
			Evidence: "[T] terraform provider waits for it and fails an apply otherwise",
			Text:     "After each PUT the version of the item is one higher",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				for version := it.Version; version < it.Version+3; version++ {
					s.replace(it, noteInput()).expectStatus(200)
					s.Expect(s.waitForVersionAfter(it.ID, version).Version).To(gomega.Equal(version+1), "version after the PUT")
				}
			}},
		{Rule{ID: "items/replace-by-path", Tag: "Items", Level: Must,
			Evidence: "[D] published document: the id in the path identifies the item; whether another id in the body is " +
				"refused is not known",
			Text:    "A PUT whose body has the id of another item does not change that item",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it, other := s.create(noteInput()), s.create(noteInput())
				in := noteInput()
				in.Title, in.ID, in.Vault, in.Tags = s.uniqueName("of another"), other.ID, &it.Vault, []string{tag,
					runPrefix(s.id)}
				s.do("UpdateVaultItem", item(it.ID), body(in))
				// A server that changes the item in the path must have done so before the read.
				s.patch(it.ID, replaceOp("/favorite", true)).expectStatus(200)
				s.waitForItem(it.ID, "the patch after it", func(it connect.Item) bool { return it.Favorite })
				s.expectSame(other, "the other item")
			}},
		{Rule{ID: "items/replace-answers-new-content", Tag: "Items", Level: Must, Evidence: "[D] published document",
			Text:    "PUT returns the new title and fields, and so does the next read",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				in := loginInput()
				in.Title, in.Fields[1].Value = s.uniqueName("replaced"), "other-kite-52"
				replaced := s.replace(it, in).expectStatus(200).item()
				for _, got := range []connect.Item{replaced, s.waitForVersionAfter(it.ID, it.Version)} {
					s.Expect(got.Title).To(gomega.Equal(in.Title), "title")
					s.Expect(s.field(got, "password").Value).To(gomega.Equal("other-kite-52"), "value of the field password")
				}
			}},
		{Rule{ID: "items/replace-is-wholesale", Tag: "Items", Level: Must,
			Evidence: "[T] terraform provider's end-to-end test, Java client; [D] published document",
			Text:     "A PUT removes what it does not have: fields, sections, tags, urls and favorite",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(fullInput())
				in := loginInput()
				in.Tags = []string{"green"}
				s.replace(it, in).expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(fieldIDs(got)).To(gomega.ConsistOf("username", "password", "notesPlain"), "ids of the fields")
				s.Expect(s.field(got, "notesPlain").Value).To(gomega.BeEmpty(), "value of the field notesPlain")
				s.Expect(s.withoutSuiteTags(got.Tags)).To(gomega.Equal([]string{"green"}), "tags")
				s.Expect(got.Sections).To(gomega.BeEmpty(), "sections")
				s.Expect(got.URLs).To(gomega.BeEmpty(), "urls")
				s.Expect(got.Favorite).To(gomega.BeFalse(), "favorite")
			}},
		{Rule{ID: "items/replace-brings-standard-fields", Tag: "Items", Level: Must,
			Evidence: "[T] terraform provider's end-to-end test, Java client",
			Text:     "A LOGIN replaced without fields has its three standard fields, without values",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				s.replace(it, connect.ItemInput{Category: "LOGIN"}).expectStatus(200)
				got := s.waitForVersionAfter(it.ID, it.Version)
				s.Expect(fieldIDs(got)).To(gomega.ConsistOf("username", "password", "notesPlain"), "ids of the fields")
				for _, f := range got.Fields {
					s.Expect(f.Value).To(gomega.BeEmpty(), "value of the field %s", f.ID)
				}
			}},
		{Rule{ID: "items/replace-keeps-identity", Tag: "Items", Level: Must,
			Evidence: "[C] operator and Vault plugin select by createdAt",
			Text:     "A PUT changes neither id, vault nor createdAt, and updatedAt is not earlier than before",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := withoutVolatile(s.create(noteInput()))
				s.replace(it, noteInput()).expectStatus(200)
				got := withoutVolatile(s.waitForVersionAfter(it.ID, it.Version))
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Vault).To(gomega.Equal(it.Vault), "vault")
				s.Expect(got.CreatedAt).To(gomega.Equal(it.CreatedAt), "createdAt")
				s.Expect(got.UpdatedAt.Time).To(gomega.BeTemporally(">=", it.UpdatedAt.Time), "updatedAt")
			}},
		{Rule{ID: "items/replace-keeps-category", Tag: "Items", Level: Observed,
			Evidence: "[C] clients choose the fields of an item by its category; [G] whether the PUT is refused or ignored",
			Text:     "A PUT with another category does not change the category of an item",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(noteInput())
				if res := s.replace(it, connect.ItemInput{Category: "LOGIN"}); res.Status != 200 {
					res.expectClientError()
				}
				// A server that changes the category must have done so before the read.
				s.patch(it.ID, replaceOp("/favorite", true)).expectStatus(200)
				got := s.waitForItem(it.ID, "the patch after it", func(it connect.Item) bool { return it.Favorite })
				s.Expect(got.Category).To(gomega.Equal(it.Category), "category")
			}},
		{Rule{ID: "items/replace-with-what-was-read", Tag: "Items", Level: Must,
			Evidence: "[W] Go and JS SDK send back the whole response, with read-only members, codes and millisecond dates",
			Text:     "An item that is read and sent back changes only its version, not its dates, codes or passwords",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				in := fullInput()
				in.Fields = append(in.Fields,
					connect.FieldInput{ID: "TOTP_code", Label: "code", Type: "OTP", Value: seedURL()},
					connect.FieldInput{ID: "day", Label: "day", Type: "DATE", Value: "2031-03-05"},
					connect.FieldInput{ID: "month", Label: "month", Type: "MONTH_YEAR", Value: "203107"},
					connect.FieldInput{ID: "generated", Label: "generated", Type: "CONCEALED", Generate: true},
				)
				it := s.create(in)
				res := s.do("GetVaultItemById", item(it.ID)).expectStatus(200)
				before := withoutVolatile(res.item())
				back := res.object()
				back["createdAt"] = before.CreatedAt.Format("2006-01-02T15:04:05.000Z")
				back["lastEditedBy"] = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
				replaced := withoutVolatile(s.do("UpdateVaultItem", item(it.ID), body(back)).expectStatus(200).item())
				for _, after := range []connect.Item{replaced, withoutVolatile(s.waitForVersionAfter(it.ID, it.Version))} {
					after.Version, after.UpdatedAt = before.Version, before.UpdatedAt
					s.Expect(after).To(gomega.Equal(before), "the item sent back unchanged")
				}
			}},
		{Rule{ID: "items/replace-generates", Tag: "Items", Level: Must, Evidence: "[T] Ansible's integration tests",
			Text:    "generate in a PUT sets a new password",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				in := connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{{Purpose: "PASSWORD", Generate: true}}}
				it := s.create(in)
				s.replace(it, in).expectStatus(200)
				value := s.field(s.waitForVersionAfter(it.ID, it.Version), "password").Value
				s.Expect(value).To(gomega.HaveLen(32), "generated value of the field password")
				s.Expect(value).NotTo(gomega.Equal(s.field(it, "password").Value),
					"value of the field password, which was generated before")
			}},
		{Rule{ID: "items/replace-is-listed", Tag: "Items", Level: Must,
			Evidence: "[C] external-secrets and operator compare the version of a list",
			Text:     "The list and the filters use the new title, tags and version of a replaced item",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				old := noteInput()
				oldTag, newTag := strings.ReplaceAll(s.uniqueName("old"), " ", "-"), strings.ReplaceAll(s.uniqueName("new"), " ",
					"-")
				old.Tags = []string{oldTag}
				it := s.create(old)
				s.expectFound("tag eq "+quote(oldTag), it.Title)
				in := noteInput()
				in.Title, in.Tags = s.uniqueName("renamed"), []string{newTag}
				s.replace(it, in).expectStatus(200)
				s.expectFound("title eq "+quote(in.Title), in.Title)
				s.expectFound("tag eq "+quote(newTag), in.Title)
				s.expectFound("title eq " + quote(it.Title))
				s.expectFound("tag eq " + quote(oldTag))
				listed := s.findItems("title eq " + quote(in.Title))[0]
				s.Expect(listed.Version).To(gomega.Equal(s.readItem(it.ID).Version), "version of the listed item")
				s.Expect(s.withoutSuiteTags(listed.Tags)).To(gomega.Equal(in.Tags), "tags of the listed item")
			}},
		{Rule{ID: "items/replace-wants-vault", Tag: "Items", Level: Observed,
			Evidence: "[R] js SDK issue 122; the status is not recorded",
			Text:     "A PUT without a vault in its body is refused and changes nothing",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				in := connect.ItemInput{ID: it.ID, Title: it.Title, Category: it.Category, Tags: it.Tags}
				s.do("UpdateVaultItem", item(it.ID), body(in)).expectClientError()
				s.expectSame(it, "the item after the refused PUT")
			}},
		{Rule{ID: "items/refused-replace-changes-nothing", Tag: "Items", Level: Must,
			Evidence: "[R] terraform 311: the text of the refusal",
			Text:     "A refused PUT leaves the item and its version as they were",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem")},
			func(s *session) {
				it := s.create(loginInput())
				in := loginInput()
				in.Title = s.uniqueName("never")
				in.Fields = append(in.Fields, connect.FieldInput{Label: "m", Type: "MONTH_YEAR", Value: "soon"})
				s.replace(it, in).expectError(400, "")
				s.expectSame(it, "the item after the refused PUT")
			}},
		{Rule{ID: "items/delete-answers-204", Tag: "Items", Level: Must,
			Evidence: "[D] published document; [C] the Go SDK takes 204 only",
			Text:     "DELETE returns 204 and no body",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				res := s.do("DeleteVaultItem", item(s.create(noteInput()).ID)).expectStatus(204)
				s.Expect(res.Body).To(gomega.BeEmpty(), "the body")
			}},
		{Rule{ID: "items/delete-is-for-good", Tag: "Items", Level: Must,
			Evidence: "[D] changelog 1.1.0; [T] the text not found",
			Text:     "Every operation on a deleted item returns 404 not found, and no list shows it",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem", "PatchVaultItem", "GetItemFiles")},
			func(s *session) {
				it := s.create(noteInput())
				s.do("GetItemFiles", item(it.ID)) // a server that caches responses caches this one
				s.do("DeleteVaultItem", item(it.ID)).expectStatus(204)
				s.waitForDeletion(it.ID)
				s.expectFound("title eq " + quote(it.Title))
				for _, res := range []*response{
					s.do("GetVaultItemById", item(it.ID)), s.replace(it, noteInput()),
					s.patch(it.ID, replaceOp("/favorite", true)), s.do("DeleteVaultItem", item(it.ID)),
					s.do("GetItemFiles", item(it.ID)),
				} {
					res.expectError(404, "not found")
				}
				for _, listed := range s.do("GetVaultItems").expectStatus(200).items() {
					s.Expect(listed.ID).NotTo(gomega.Equal(it.ID), "id of an item in the list, where one was deleted")
				}
			}},
		{Rule{ID: "items/delete-is-of-one", Tag: "Items", Level: Must, Evidence: "[D] published document",
			Text:    "Deleting an item does not change another one with the same title",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				in := loginInput()
				in.Title = s.uniqueName("twin")
				first, second := s.create(in), s.create(in)
				s.do("DeleteVaultItem", item(first.ID)).expectStatus(204)
				s.waitForDeletion(first.ID)
				s.expectSame(second, "the item that was not deleted")
				s.eventually(func() error {
					list := s.findItems("title eq " + quote(in.Title))
					if len(list) != 1 || list[0].ID != second.ID {
						return fmt.Errorf("%d items are found, expected only the one that was not deleted", len(list))
					}
					return nil
				})
			}},
		{Rule{ID: "items/delete-trailing-slash", Tag: "Items", Level: Should,
			Evidence: "[W] JS SDK, on lists; no other client redirects",
			Text:     "DELETE with a trailing slash deletes the item",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				it := s.create(noteInput())
				s.do("DeleteVaultItem", item(it.ID), trailingSlash()).expectStatus(204)
				s.waitForDeletion(it.ID)
			}},
		{Rule{ID: "items/reads-change-nothing", Tag: "Items", Level: Must,
			Evidence: "[C] operator and terraform provider read to see whether something changed",
			Text:     "Reading an item, listing it and listing its files do not change it",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("GetItemFiles")},
			func(s *session) {
				it := s.create(fullInput())
				s.do("GetItemFiles", item(it.ID))
				s.expectFound("title eq "+quote(it.Title), it.Title)
				first := s.readItem(it.ID)
				s.Expect(withoutVolatile(s.readItem(it.ID))).To(gomega.Equal(withoutVolatile(first)), "the item read again")
				s.Expect(first.UpdatedAt.Time).To(gomega.BeTemporally("~", it.UpdatedAt.Time, time.Second), "updatedAt")
			}},
	}
}

// replace sends a PUT for an item that the suite created. It adds the id and the tags
// of the suite, and the vault and the title if in has none.
func (s *session) replace(old connect.Item, in connect.ItemInput) *response {
	in.ID = old.ID
	if in.Vault == nil {
		in.Vault = &connect.VaultRef{ID: old.Vault.ID}
	}
	if in.Title == "" {
		in.Title = old.Title
	}
	in.Tags = append(in.Tags[:len(in.Tags):len(in.Tags)], tag, runPrefix(s.id))
	return s.do("UpdateVaultItem", item(old.ID), body(in))
}
