package contract

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// itemWriteRules returns the rules about replacing and deleting items.
func itemWriteRules() []rule {
	return []rule{
		{Rule{ID: "items/replace-answers-old-version", Tag: "Items", Level: Must, Evidence: "[T] terraform provider reckons with it and fails an apply otherwise",
			Text:  "PUT answers 200 and the item with the version it had before",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := s.create(note())
				got := s.replace(it, note()).expect(200).item()
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Version).To(gomega.Equal(it.Version), "version")
			}},
		{Rule{ID: "items/replace-then-next-version", Tag: "Items", Level: Must, Evidence: "[T] terraform provider waits for it and fails an apply otherwise",
			Text:  "After each PUT the item is read with the next version, and once only",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := s.create(note())
				for version := it.Version; version < it.Version+3; version++ {
					s.replace(it, note()).expect(200)
					s.Expect(s.readAfter(it.ID, version).Version).To(gomega.Equal(version+1), "version after the PUT")
				}
			}},
		{Rule{ID: "items/replace-by-path", Tag: "Items", Level: Must, Evidence: "[D] published document: the path names the item; whether another id in the body is refused is not known",
			Text:  "A PUT whose body has the id of another item does nothing to that item",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it, other := s.create(note()), s.create(note())
				in := note()
				in.Title, in.ID, in.Vault, in.Tags = s.unique("of another"), other.ID, &it.Vault, []string{tag, prefix(s.run.id)}
				s.do("UpdateVaultItem", item(it.ID), body(in))
				// If the server changes the item of the path, wait until that is visible.
				s.patch(it.ID, replaceOp("/favorite", true)).expect(200)
				s.readWhen(it.ID, "the patch after it", func(it connect.Item) bool { return it.Favorite })
				s.Expect(settled(s.read(other.ID))).To(gomega.Equal(settled(other)), "the other item")
			}},
		{Rule{ID: "items/replace-answers-new-content", Tag: "Items", Level: Must, Evidence: "[D] published document",
			Text:  "PUT answers the new title and fields, and so does the next read",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := s.create(login())
				in := login()
				in.Title, in.Fields[1].Value = s.unique("replaced"), "other-kite-52"
				answered := s.replace(it, in).expect(200).item()
				for _, got := range []connect.Item{answered, s.readAfter(it.ID, it.Version)} {
					s.Expect(got.Title).To(gomega.Equal(in.Title), "title")
					s.Expect(s.field(got, "password").Value).To(gomega.Equal("other-kite-52"), "value of the field password")
				}
			}},
		{Rule{ID: "items/replace-is-wholesale", Tag: "Items", Level: Must, Evidence: "[T] terraform provider's end-to-end test, Java client; [D] published document",
			Text:  "What a PUT does not send is gone: fields, sections, tags, urls and favorite are not merged",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := s.create(full())
				in := login()
				in.Tags = []string{"green"}
				s.replace(it, in).expect(200)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(fieldIDs(got)).To(gomega.ConsistOf("username", "password", "notesPlain"), "ids of the fields")
				s.Expect(s.field(got, "notesPlain").Value).To(gomega.BeEmpty(), "value of the field notesPlain")
				s.Expect(s.own(got.Tags)).To(gomega.Equal([]string{"green"}), "tags")
				s.Expect(got.Sections).To(gomega.BeEmpty(), "sections")
				s.Expect(got.URLs).To(gomega.BeEmpty(), "urls")
				s.Expect(got.Favorite).To(gomega.BeFalse(), "favorite")
			}},
		{Rule{ID: "items/replace-brings-standard-fields", Tag: "Items", Level: Must, Evidence: "[T] terraform provider's end-to-end test, Java client",
			Text:  "A LOGIN replaced without fields has its three standard fields, empty",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := s.create(login())
				s.replace(it, connect.ItemInput{Category: "LOGIN"}).expect(200)
				got := s.readAfter(it.ID, it.Version)
				s.Expect(fieldIDs(got)).To(gomega.ConsistOf("username", "password", "notesPlain"), "ids of the fields")
				for _, f := range got.Fields {
					s.Expect(f.Value).To(gomega.BeEmpty(), "value of the field %s", f.ID)
				}
			}},
		{Rule{ID: "items/replace-keeps-identity", Tag: "Items", Level: Must, Evidence: "[C] operator and Vault plugin choose by createdAt",
			Text:  "An item keeps its id, vault and createdAt through a PUT, and is not updated before it was",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := settled(s.create(note()))
				s.replace(it, note()).expect(200)
				got := settled(s.readAfter(it.ID, it.Version))
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Vault).To(gomega.Equal(it.Vault), "vault")
				s.Expect(got.CreatedAt).To(gomega.Equal(it.CreatedAt), "createdAt")
				s.Expect(got.UpdatedAt.Time).To(gomega.BeTemporally(">=", it.UpdatedAt.Time), "updatedAt")
			}},
		{Rule{ID: "items/replace-with-what-was-read", Tag: "Items", Level: Must, Evidence: "[W] Go and JS SDK send the whole answer back, read-only members, codes and millisecond dates included",
			Text:  "An item that is read and sent back unchanged, but for what a server decides itself, stays the same but for its version: dates, codes and passwords too",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				in := full()
				in.Fields = append(in.Fields,
					connect.FieldInput{ID: "TOTP_code", Label: "code", Type: "OTP", Value: seedURL()},
					connect.FieldInput{ID: "day", Label: "day", Type: "DATE", Value: "2031-03-05"},
					connect.FieldInput{ID: "month", Label: "month", Type: "MONTH_YEAR", Value: "203107"},
					connect.FieldInput{ID: "made", Label: "made", Type: "CONCEALED", Generate: true},
				)
				it := s.create(in)
				a := s.do("GetVaultItemById", item(it.ID)).expect(200)
				before := settled(a.item())
				back := a.members()
				back["createdAt"] = before.CreatedAt.Format("2006-01-02T15:04:05.000Z")
				back["lastEditedBy"] = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
				answered := settled(s.do("UpdateVaultItem", item(it.ID), body(back)).expect(200).item())
				for _, after := range []connect.Item{answered, settled(s.readAfter(it.ID, it.Version))} {
					after.Version, after.UpdatedAt = before.Version, before.UpdatedAt
					s.Expect(after).To(gomega.Equal(before), "the item sent back unchanged")
				}
			}},
		{Rule{ID: "items/replace-generates", Tag: "Items", Level: Must, Evidence: "[T] Ansible's integration tests",
			Text:  "generate in a PUT makes a new password",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				in := connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{{Purpose: "PASSWORD", Generate: true}}}
				it := s.create(in)
				s.replace(it, in).expect(200)
				value := s.field(s.readAfter(it.ID, it.Version), "password").Value
				s.Expect(value).To(gomega.HaveLen(32), "generated value of the field password")
				s.Expect(value).NotTo(gomega.Equal(s.field(it, "password").Value), "value of the field password, which was generated before")
			}},
		{Rule{ID: "items/replace-is-listed", Tag: "Items", Level: Must, Evidence: "[C] external-secrets and operator compare the version of a list",
			Text:  "The list shows a replaced item with its new title, tags and version, and filters know them too",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				old := note()
				oldTag, newTag := strings.ReplaceAll(s.unique("old"), " ", "-"), strings.ReplaceAll(s.unique("new"), " ", "-")
				old.Tags = []string{oldTag}
				it := s.create(old)
				s.finds("tag eq "+quoted(oldTag), it.Title)
				in := note()
				in.Title, in.Tags = s.unique("renamed"), []string{newTag}
				s.replace(it, in).expect(200)
				s.finds("title eq "+quoted(in.Title), in.Title)
				s.finds("tag eq "+quoted(newTag), in.Title)
				s.finds("title eq " + quoted(it.Title))
				s.finds("tag eq " + quoted(oldTag))
				listed := s.filtered("title eq " + quoted(in.Title))[0]
				s.Expect(listed.Version).To(gomega.Equal(s.read(it.ID).Version), "version of the listed item")
				s.Expect(s.own(listed.Tags)).To(gomega.Equal(in.Tags), "tags of the listed item")
			}},
		{Rule{ID: "items/replace-wants-vault", Tag: "Items", Level: Observed, Evidence: "[R] js SDK issue 122; the status is not recorded",
			Text:  "A PUT without a vault in its body is refused and changes nothing",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := s.create(login())
				data, err := json.Marshal(connect.ItemInput{ID: it.ID, Title: it.Title, Category: it.Category, Tags: it.Tags})
				if err != nil {
					panic(infraError{err})
				}
				s.do("UpdateVaultItem", item(it.ID), rawBody(string(data), "application/json")).refusedSomehow()
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item after the refused PUT")
			}},
		{Rule{ID: "items/refused-replace-changes-nothing", Tag: "Items", Level: Must, Evidence: "[R] terraform 311: the text of the refusal",
			Text:  "A refused PUT leaves the item and its version as they were",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem")},
			func(s *session) {
				it := s.create(login())
				in := login()
				in.Title = s.unique("never")
				in.Fields = append(in.Fields, connect.FieldInput{Label: "m", Type: "MONTH_YEAR", Value: "soon"})
				s.replace(it, in).refused(400, "")
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(it)), "the item after the refused PUT")
			}},
		{Rule{ID: "items/delete-answers-204", Tag: "Items", Level: Must, Evidence: "[D] published document; [C] the Go SDK takes 204 only",
			Text:  "DELETE answers 204 and no body",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				a := s.do("DeleteVaultItem", item(s.create(note()).ID)).expect(204)
				s.Expect(a.Body).To(gomega.BeEmpty(), "the body")
			}},
		{Rule{ID: "items/delete-is-for-good", Tag: "Items", Level: Must, Evidence: "[D] changelog 1.1.0; [T] that the text says not found",
			Text:  "A deleted item is answered 404 not found by every operation on it, and no list shows it",
			Needs: []Capability{Write}, Operations: making("UpdateVaultItem", "PatchVaultItem", "GetItemFiles")},
			func(s *session) {
				it := s.create(note())
				s.do("GetItemFiles", item(it.ID)) // who remembers answers remembers this one
				s.do("DeleteVaultItem", item(it.ID)).expect(204)
				s.gone(it.ID)
				s.finds("title eq " + quoted(it.Title))
				for _, a := range []*answer{
					s.do("GetVaultItemById", item(it.ID)), s.replace(it, note()),
					s.patch(it.ID, replaceOp("/favorite", true)), s.do("DeleteVaultItem", item(it.ID)),
					s.do("GetItemFiles", item(it.ID)),
				} {
					a.refused(404, "not found")
				}
				for _, listed := range s.do("GetVaultItems").expect(200).items() {
					s.Expect(listed.ID).NotTo(gomega.Equal(it.ID), "id of an item in the list, where one was deleted")
				}
			}},
		{Rule{ID: "items/delete-is-of-one", Tag: "Items", Level: Must, Evidence: "[D] published document",
			Text:  "Deleting an item leaves another one of the same title as it was",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				in := login()
				in.Title = s.unique("twin")
				first, second := s.create(in), s.create(in)
				s.do("DeleteVaultItem", item(first.ID)).expect(204)
				s.gone(first.ID)
				s.Expect(settled(s.read(second.ID))).To(gomega.Equal(settled(second)), "the item that was not deleted")
				s.eventually(func() error {
					list := s.filtered("title eq " + quoted(in.Title))
					if len(list) != 1 || list[0].ID != second.ID {
						return fmt.Errorf("%d items are found, expected the one that is left", len(list))
					}
					return nil
				})
			}},
		{Rule{ID: "items/delete-trailing-slash", Tag: "Items", Level: Should, Evidence: "[W] JS SDK, on lists; no other client redirects",
			Text:  "DELETE with a slash at its end deletes",
			Needs: []Capability{Write}, Operations: making()},
			func(s *session) {
				it := s.create(note())
				s.do("DeleteVaultItem", item(it.ID), trailingSlash()).expect(204)
				s.gone(it.ID)
			}},
		{Rule{ID: "items/reads-change-nothing", Tag: "Items", Level: Must, Evidence: "[C] operator and terraform provider read to see whether something changed",
			Text:  "Reading an item, listing it and listing its files change neither its version nor anything else of it",
			Needs: []Capability{Write}, Operations: making("GetItemFiles")},
			func(s *session) {
				it := s.create(full())
				s.do("GetItemFiles", item(it.ID))
				s.finds("title eq "+quoted(it.Title), it.Title)
				first := s.read(it.ID)
				s.Expect(settled(s.read(it.ID))).To(gomega.Equal(settled(first)), "the item read again")
				s.Expect(first.UpdatedAt.Time).To(gomega.BeTemporally("~", it.UpdatedAt.Time, time.Second), "updatedAt")
			}},
	}
}

// replace sends a PUT for an item that the suite created. It adds the id, the vault
// and the title where in has none, and the tags of the suite.
func (s *session) replace(old connect.Item, in connect.ItemInput) *answer {
	in.ID = old.ID
	if in.Vault == nil {
		in.Vault = &connect.VaultRef{ID: old.Vault.ID}
	}
	if in.Title == "" {
		in.Title = old.Title
	}
	in.Tags = append(in.Tags[:len(in.Tags):len(in.Tags)], tag, prefix(s.run.id))
	return s.do("UpdateVaultItem", item(old.ID), body(in))
}
