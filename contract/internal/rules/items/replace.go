package items

import (
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// ReplaceRules returns the rules about replacing items.
func ReplaceRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Items", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write},
		Operations: operation.OfNewItem("UpdateVaultItem"),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "items/replace-answers-old-version", Level: rule.Must,
			Evidence: "[T] terraform provider expects it, and an apply fails otherwise",
			Text:     "PUT returns 200 and the item with the version before the PUT"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				got := s.Replace(it, call.Note()).ExpectStatus(200).Item()
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Version).To(gomega.Equal(it.Version), "version")
			}},
		{Rule: rule.Rule{ID: "items/replace-then-next-version", Level: rule.Must,
			Evidence: "[T] terraform provider waits for it and fails an apply otherwise",
			Text:     "After each PUT the version of the item is one higher"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				for version := it.Version; version < it.Version+3; version++ {
					s.Replace(it, call.Note()).ExpectStatus(200)
					s.Expect(s.WaitForVersionAfter(it.ID, version).Version).To(gomega.Equal(version+1),
						"version after the PUT")
				}
			}},
		{Rule: rule.Rule{ID: "items/replace-by-path", Level: rule.Must,
			Evidence: "[D] published document: the id in the path identifies the item; " +
				"whether another id in the body is refused is not known",
			Text: "A PUT whose body has the id of another item does not change that item"},
			Check: func(s *check.Session) {
				it, other := s.Create(call.Note()), s.Create(call.Note())
				in := call.Note()
				in.Title, in.ID, in.Vault, in.Tags = s.UniqueName("of another"), other.ID, &it.Vault, []string{call.Tag,
					call.RunPrefix(s.ID)}
				s.Do("UpdateVaultItem", call.Item(it.ID), call.Body(in))
				// A server that changes the item in the path must have done so before the read.
				s.Patch(it.ID, call.Replace("/favorite", true)).ExpectStatus(200)
				s.WaitForItem(it.ID, "the patch after it", func(it connect.Item) bool { return it.Favorite })
				s.ExpectSame(other, "the other item")
			}},
		{Rule: rule.Rule{ID: "items/replace-answers-new-content", Level: rule.Must,
			Evidence: "[D] published document",
			Text:     "PUT returns the new title and fields, and so does the next read"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				in := call.Login()
				in.Title, in.Fields[1].Value = s.UniqueName("replaced"), "other-kite-52"
				replaced := s.Replace(it, in).ExpectStatus(200).Item()
				for _, got := range []connect.Item{replaced, s.WaitForVersionAfter(it.ID, it.Version)} {
					s.Expect(got.Title).To(gomega.Equal(in.Title), "title")
					s.Expect(s.Field(got, "password").Value).To(gomega.Equal("other-kite-52"),
						"value of the field password")
				}
			}},
		{Rule: rule.Rule{ID: "items/replace-is-wholesale", Level: rule.Must,
			Evidence: "[T] terraform provider's end-to-end test, Java client; [D] published document",
			Text:     "A PUT removes what it does not have: fields, sections, tags, urls and favorite"},
			Check: func(s *check.Session) {
				it := s.Create(call.FullItem())
				in := call.Login()
				in.Tags = []string{"green"}
				s.Replace(it, in).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(check.FieldIDs(got)).To(gomega.ConsistOf("username", "password", "notesPlain"),
					"ids of the fields")
				s.Expect(s.Field(got, "notesPlain").Value).To(gomega.BeEmpty(), "value of the field notesPlain")
				s.Expect(s.WithoutSuiteTags(got.Tags)).To(gomega.Equal([]string{"green"}), "tags")
				s.Expect(got.Sections).To(gomega.BeEmpty(), "sections")
				s.Expect(got.URLs).To(gomega.BeEmpty(), "urls")
				s.Expect(got.Favorite).To(gomega.BeFalse(), "favorite")
			}},
		{Rule: rule.Rule{ID: "items/replace-brings-standard-fields", Level: rule.Must,
			Evidence: "[T] terraform provider's end-to-end test, Java client",
			Text:     "A LOGIN replaced without fields has its three standard fields, without values"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				s.Replace(it, connect.ItemInput{Category: "LOGIN"}).ExpectStatus(200)
				got := s.WaitForVersionAfter(it.ID, it.Version)
				s.Expect(check.FieldIDs(got)).To(gomega.ConsistOf("username", "password", "notesPlain"),
					"ids of the fields")
				for _, f := range got.Fields {
					s.Expect(f.Value).To(gomega.BeEmpty(), "value of the field %s", f.ID)
				}
			}},
		{Rule: rule.Rule{ID: "items/replace-keeps-identity", Level: rule.Must,
			Evidence: "[C] operator and Vault plugin select by createdAt",
			Text:     "A PUT changes neither id, vault nor createdAt, and updatedAt is not earlier than before"},
			Check: func(s *check.Session) {
				it := check.WithoutVolatile(s.Create(call.Note()))
				s.Replace(it, call.Note()).ExpectStatus(200)
				got := check.WithoutVolatile(s.WaitForVersionAfter(it.ID, it.Version))
				s.Expect(got.ID).To(gomega.Equal(it.ID), "id")
				s.Expect(got.Vault).To(gomega.Equal(it.Vault), "vault")
				s.Expect(got.CreatedAt).To(gomega.Equal(it.CreatedAt), "createdAt")
				s.Expect(got.UpdatedAt.Time).To(gomega.BeTemporally(">=", it.UpdatedAt.Time), "updatedAt")
			}},
		{Rule: rule.Rule{ID: "items/replace-keeps-category", Level: rule.Observed,
			Evidence: "[C] clients choose the fields of an item by its category; " +
				"[G] whether the PUT is refused or ignored",
			Text: "A PUT with another category does not change the category of an item"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				if res := s.Replace(it, connect.ItemInput{Category: "LOGIN"}); res.Status != 200 {
					res.ExpectClientError()
				}
				// A server that changes the category must have done so before the read.
				s.Patch(it.ID, call.Replace("/favorite", true)).ExpectStatus(200)
				got := s.WaitForItem(it.ID, "the patch after it", func(it connect.Item) bool { return it.Favorite })
				s.Expect(got.Category).To(gomega.Equal(it.Category), "category")
			}},
		{Rule: rule.Rule{ID: "items/replace-with-what-was-read", Level: rule.Must,
			Evidence: "[W] Go and JS SDK send back the whole response, with read-only members, " +
				"codes and millisecond dates",
			Text: "An item that is read and sent back changes only its version, not its dates, codes or passwords"},
			Check: func(s *check.Session) {
				in := call.FullItem()
				in.Fields = append(in.Fields,
					connect.FieldInput{ID: "TOTP_code", Label: "code", Type: "OTP", Value: call.OTPURL()},
					connect.FieldInput{ID: "day", Label: "day", Type: "DATE", Value: "2031-03-05"},
					connect.FieldInput{ID: "month", Label: "month", Type: "MONTH_YEAR", Value: "203107"},
					connect.FieldInput{ID: "generated", Label: "generated", Type: "CONCEALED", Generate: true},
				)
				it := s.Create(in)
				res := s.Do("GetVaultItemById", call.Item(it.ID)).ExpectStatus(200)
				before := check.WithoutVolatile(res.Item())
				back := res.Object()
				back["createdAt"] = before.CreatedAt.Format("2006-01-02T15:04:05.000Z")
				back["lastEditedBy"] = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
				replaced := check.WithoutVolatile(s.Do("UpdateVaultItem", call.Item(it.ID), call.Body(back)).
					ExpectStatus(200).Item())
				for _, after := range []connect.Item{replaced,
					check.WithoutVolatile(s.WaitForVersionAfter(it.ID, it.Version))} {
					after.Version, after.UpdatedAt = before.Version, before.UpdatedAt
					s.Expect(after).To(gomega.Equal(before), "the item sent back unchanged")
				}
			}},
		{Rule: rule.Rule{ID: "items/replace-generates", Level: rule.Must,
			Evidence: "[T] Ansible's integration tests",
			Text:     "generate in a PUT sets a new password"},
			Check: func(s *check.Session) {
				in := connect.ItemInput{Category: "LOGIN",
					Fields: []connect.FieldInput{{Purpose: "PASSWORD", Generate: true}}}
				it := s.Create(in)
				s.Replace(it, in).ExpectStatus(200)
				value := s.Field(s.WaitForVersionAfter(it.ID, it.Version), "password").Value
				s.Expect(value).To(gomega.HaveLen(32), "generated value of the field password")
				s.Expect(value).NotTo(gomega.Equal(s.Field(it, "password").Value),
					"value of the field password, which was generated before")
			}},
		{Rule: rule.Rule{ID: "items/replace-is-listed", Level: rule.Must,
			Evidence: "[C] external-secrets and operator compare the version of a list",
			Text:     "The list and the filters use the new title, tags and version of a replaced item"},
			Check: func(s *check.Session) {
				old := call.Note()
				oldTag, newTag := strings.ReplaceAll(s.UniqueName("old"), " ", "-"),
					strings.ReplaceAll(s.UniqueName("new"), " ", "-")
				old.Tags = []string{oldTag}
				it := s.Create(old)
				s.ExpectFound("tag eq "+call.Quote(oldTag), it.Title)
				in := call.Note()
				in.Title, in.Tags = s.UniqueName("renamed"), []string{newTag}
				s.Replace(it, in).ExpectStatus(200)
				s.ExpectFound("title eq "+call.Quote(in.Title), in.Title)
				s.ExpectFound("tag eq "+call.Quote(newTag), in.Title)
				s.ExpectFound("title eq " + call.Quote(it.Title))
				s.ExpectFound("tag eq " + call.Quote(oldTag))
				listed := s.FindItems("title eq " + call.Quote(in.Title))[0]
				s.Expect(listed.Version).To(gomega.Equal(s.ReadItem(it.ID).Version), "version of the listed item")
				s.Expect(s.WithoutSuiteTags(listed.Tags)).To(gomega.Equal(in.Tags), "tags of the listed item")
			}},
		{Rule: rule.Rule{ID: "items/replace-wants-vault", Level: rule.Observed,
			Evidence: "[R] js SDK issue 122; the status is not recorded",
			Text:     "A PUT without a vault in its body is refused and changes nothing"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				in := connect.ItemInput{ID: it.ID, Title: it.Title, Category: it.Category, Tags: it.Tags}
				s.Do("UpdateVaultItem", call.Item(it.ID), call.Body(in)).ExpectClientError()
				s.ExpectSame(it, "the item after the refused PUT")
			}},
		{Rule: rule.Rule{ID: "items/refused-replace-changes-nothing", Level: rule.Must,
			Evidence: "[R] terraform 311: the text of the refusal",
			Text:     "A refused PUT leaves the item and its version as they were"},
			Check: func(s *check.Session) {
				it := s.Create(call.Login())
				in := call.Login()
				in.Title = s.UniqueName("never")
				in.Fields = append(in.Fields, connect.FieldInput{Label: "m", Type: "MONTH_YEAR", Value: "soon"})
				s.Replace(it, in).ExpectError(400, "")
				s.ExpectSame(it, "the item after the refused PUT")
			}},
	})
}
