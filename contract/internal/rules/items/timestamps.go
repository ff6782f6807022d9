package items

import (
	"fmt"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// TimestampRules returns the rules about what changes from one second to the next:
// updatedAt, which servers store in whole seconds [R], and one-time codes.
func TimestampRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write},
		Operations: operation.OfNewItem("GetVaultItems", "GetItemFiles", "UpdateVaultItem", "PatchVaultItem"),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "items/replace-moves-updated-at", Tag: "Items", Level: rule.Should,
			Evidence: "[D] published document: updatedAt is a date that the server sets; " +
				"[G] that each write sets it",
			Text:       "A PUT in a later second sets updatedAt of the item to a later time, also in lists",
			Operations: operation.OfNewItem("UpdateVaultItem", "GetVaultItems")},
			Check: func(s *check.Session) {
				expectUpdatedAtMoves(s, func(it connect.Item) *check.Response { return s.Replace(it, call.Note()) })
			}},
		{Rule: rule.Rule{ID: "patch/moves-updated-at", Tag: "Patch", Level: rule.Should,
			Evidence: "[D] published document: updatedAt is a date that the server sets; " +
				"[G] that each write sets it",
			Text:       "A PATCH in a later second sets updatedAt of the item to a later time, also in lists",
			Operations: operation.OfNewItem("PatchVaultItem", "GetVaultItems")},
			Check: func(s *check.Session) {
				expectUpdatedAtMoves(s,
					func(it connect.Item) *check.Response { return s.Patch(it.ID, call.Replace("/favorite", true)) })
			}},
		{Rule: rule.Rule{ID: "items/updated-at-stays", Tag: "Items", Level: rule.Should,
			Evidence: "[D] published document: a refused request changes nothing, and an empty " +
				"PATCH does not modify the item",
			Text: "Reads, refused writes and an empty PATCH change neither updatedAt nor the version of an item"},
			Check: func(s *check.Session) {
				it := check.WithoutVolatile(s.Create(call.Note()))
				s.WaitForNextSecond()
				s.Do("GetItemFiles", call.Item(it.ID))
				s.FindItems("title eq " + call.Quote(it.Title))
				s.Patch(it.ID).ExpectStatus(200)
				s.Patch(it.ID, call.Remove("/fields/nosuchfieldnosuchfieldnos")).ExpectClientError()
				s.Replace(it, connect.ItemInput{Category: "NO_CATEGORY"}).ExpectClientError()
				got := check.WithoutVolatile(s.ReadItem(it.ID))
				s.Expect(got.UpdatedAt).To(gomega.Equal(it.UpdatedAt), "updatedAt")
				s.Expect(got.Version).To(gomega.Equal(it.Version), "version")
			}},
		{Rule: rule.Rule{ID: "vaults/updated-at-moves", Tag: "Vaults", Level: rule.Should,
			Evidence: "[D] API reference: when the vault or its contents were last changed",
			Text:     "PUT, PATCH and DELETE of an item each set updatedAt of the vault to a later time",
			Touches:  rule.VaultState, Needs: []rule.Capability{rule.Write},
			Operations: operation.OfNewItem("UpdateVaultItem", "PatchVaultItem", "GetVaultById")},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				expectVaultUpdated(s, "PUT", func() { s.Replace(it, call.Note()).ExpectStatus(200) })
				expectVaultUpdated(s, "PATCH", func() {
					s.Patch(it.ID, call.Replace("/favorite", true)).ExpectStatus(200)
				})
				expectVaultUpdated(s, "DELETE", func() { s.Do("DeleteVaultItem", call.Item(it.ID)).ExpectStatus(204) })
			}},
		{Rule: rule.Rule{ID: "fields/otp-changes-with-time", Tag: "Items", Level: rule.Observed,
			Evidence: "[D] API reference: the value is an otpauth:// URL, with its own period; " +
				"[G] that it may be a second",
			Text:       "The code of a URL with a period of one second is another one a second later",
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				f := connect.FieldInput{ID: "TOTP_code", Label: "code", Type: "OTP",
					Value: call.OTPURL() + "&algorithm=SHA512&digits=8&period=1"}
				id := s.Create(call.NoteWith(f)).ID
				first := s.FieldWithLabel(s.ReadItem(id), "code").TOTP
				s.Expect(first).To(gomega.MatchRegexp(`^\d{8}$`), "totp of the field with the one-time code")
				s.WaitForNextSecond()
				// One of 100 million pairs of codes is the same by chance.
				s.Expect(s.FieldWithLabel(s.ReadItem(id), "code").TOTP).NotTo(gomega.Equal(first),
					"totp of the field with the one-time code, a second later")
			}},
	})
}

// expectUpdatedAtMoves creates an item, changes it in a later second and asserts that
// updatedAt is later, in the item and in the list, and createdAt the same.
func expectUpdatedAtMoves(s *check.Session, change func(connect.Item) *check.Response) {
	it := check.WithoutVolatile(s.Create(call.Note()))
	s.WaitForNextSecond()
	change(it).ExpectStatus(200)
	got := check.WithoutVolatile(s.WaitForVersionAfter(it.ID, it.Version))
	s.Expect(got.UpdatedAt.Time).To(gomega.BeTemporally(">", it.UpdatedAt.Time), "updatedAt of the changed item")
	s.Expect(got.CreatedAt).To(gomega.Equal(it.CreatedAt), "createdAt of the changed item")
	s.Eventually(func() error {
		for _, listed := range s.FindItems("title eq " + call.Quote(it.Title)) {
			if listed.ID == it.ID && listed.UpdatedAt.Equal(got.UpdatedAt.Time) {
				return nil
			}
		}
		return fmt.Errorf("the item is not listed with its updatedAt, %s", got.UpdatedAt)
	})
}

// expectVaultUpdated makes a change in a later second and waits until updatedAt of the
// vault is later than before.
func expectVaultUpdated(s *check.Session, name string, change func()) {
	before := check.DecodeBody[connect.Vault](s.Do("GetVaultById").ExpectStatus(200))
	s.WaitForNextSecond()
	change()
	s.Eventually(func() error {
		now := check.DecodeBody[connect.Vault](s.Do("GetVaultById").ExpectStatus(200))
		if !now.UpdatedAt.After(before.UpdatedAt.Time) {
			return fmt.Errorf("updatedAt of the vault is %s before and %s after the %s", before.UpdatedAt,
				now.UpdatedAt, name)
		}
		return nil
	})
}
