package contract

import (
	"fmt"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/onsi/gomega"
)

// timestampRules returns the rules about what changes from one second to the next:
// updatedAt, which servers store in whole seconds [R], and one-time codes.
func timestampRules() []rule {
	return []rule{
		{Rule{ID: "items/replace-moves-updated-at", Tag: "Items", Level: Should,
			Evidence: "[D] published document: updatedAt is a date that the server sets; [G] that each write sets it",
			Text:     "A PUT in a later second sets updatedAt of the item to a later time, also in lists",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("UpdateVaultItem", "GetVaultItems")},
			func(s *session) {
				s.expectUpdatedAtMoves(func(it connect.Item) *response { return s.replace(it, noteInput()) })
			}},
		{Rule{ID: "patch/moves-updated-at", Tag: "Patch", Level: Should,
			Evidence: "[D] published document: updatedAt is a date that the server sets; [G] that each write sets it",
			Text:     "A PATCH in a later second sets updatedAt of the item to a later time, also in lists",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations("PatchVaultItem", "GetVaultItems")},
			func(s *session) {
				s.expectUpdatedAtMoves(func(it connect.Item) *response { return s.patch(it.ID, replaceOp("/favorite", true)) })
			}},
		{Rule{ID: "items/updated-at-stays", Tag: "Items", Level: Should,
			Evidence:   "[D] published document: a refused request changes nothing, and an empty PATCH does not modify the item",
			Text:       "Reads, refused writes and an empty PATCH change neither updatedAt nor the version of an item",
			Touches:    OwnItems,
			Needs:      []Capability{Write},
			Operations: createOperations("GetVaultItems", "GetItemFiles", "UpdateVaultItem", "PatchVaultItem")},
			func(s *session) {
				it := withoutVolatile(s.create(noteInput()))
				s.waitForNextSecond()
				s.do("GetItemFiles", item(it.ID))
				s.findItems("title eq " + quote(it.Title))
				s.patch(it.ID).expectStatus(200)
				s.patch(it.ID, removeOp("/fields/nosuchfieldnosuchfieldnos")).expectClientError()
				s.replace(it, connect.ItemInput{Category: "NO_CATEGORY"}).expectClientError()
				got := withoutVolatile(s.readItem(it.ID))
				s.Expect(got.UpdatedAt).To(gomega.Equal(it.UpdatedAt), "updatedAt")
				s.Expect(got.Version).To(gomega.Equal(it.Version), "version")
			}},
		{Rule{ID: "vaults/updated-at-moves", Tag: "Vaults", Level: Should,
			Evidence:   "[D] API reference: when the vault or its contents were last changed",
			Text:       "PUT, PATCH and DELETE of an item each set updatedAt of the vault to a later time",
			Touches:    VaultState,
			Needs:      []Capability{Write},
			Operations: createOperations("UpdateVaultItem", "PatchVaultItem", "GetVaultById")},
			func(s *session) {
				it := s.create(noteInput())
				s.expectVaultUpdated("PUT", func() { s.replace(it, noteInput()).expectStatus(200) })
				s.expectVaultUpdated("PATCH", func() { s.patch(it.ID, replaceOp("/favorite", true)).expectStatus(200) })
				s.expectVaultUpdated("DELETE", func() { s.do("DeleteVaultItem", item(it.ID)).expectStatus(204) })
			}},
		{Rule{ID: "fields/otp-changes-with-time", Tag: "Items", Level: Observed,
			Evidence: "[D] API reference: the value is an otpauth:// URL, with its own period; [G] that it may be a second",
			Text:     "The code of a URL with a period of one second is another one a second later",
			Touches:  OwnItems,
			Needs:    []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				f := connect.FieldInput{ID: "TOTP_code", Label: "code", Type: "OTP",
					Value: seedURL() + "&algorithm=SHA512&digits=8&period=1"}
				id := s.create(noteWith(f)).ID
				first := s.fieldWithLabel(s.readItem(id), "code").TOTP
				s.Expect(first).To(gomega.MatchRegexp(`^\d{8}$`), "totp of the field with the one-time code")
				s.waitForNextSecond()
				// One of 100 million pairs of codes is the same by chance.
				s.Expect(s.fieldWithLabel(s.readItem(id), "code").TOTP).NotTo(gomega.Equal(first),
					"totp of the field with the one-time code, a second later")
			}},
	}
}

// expectUpdatedAtMoves creates an item, changes it in a later second and asserts that
// updatedAt is later, in the item and in the list, and createdAt the same.
func (s *session) expectUpdatedAtMoves(change func(connect.Item) *response) {
	it := withoutVolatile(s.create(noteInput()))
	s.waitForNextSecond()
	change(it).expectStatus(200)
	got := withoutVolatile(s.waitForVersionAfter(it.ID, it.Version))
	s.Expect(got.UpdatedAt.Time).To(gomega.BeTemporally(">", it.UpdatedAt.Time), "updatedAt of the changed item")
	s.Expect(got.CreatedAt).To(gomega.Equal(it.CreatedAt), "createdAt of the changed item")
	s.eventually(func() error {
		for _, listed := range s.findItems("title eq " + quote(it.Title)) {
			if listed.ID == it.ID && listed.UpdatedAt.Equal(got.UpdatedAt.Time) {
				return nil
			}
		}
		return fmt.Errorf("the item is not listed with its updatedAt, %s", got.UpdatedAt)
	})
}

// expectVaultUpdated makes a change in a later second and waits until updatedAt of the
// vault is later than before.
func (s *session) expectVaultUpdated(name string, change func()) {
	before := decodeBody[connect.Vault](s.do("GetVaultById").expectStatus(200))
	s.waitForNextSecond()
	change()
	s.eventually(func() error {
		now := decodeBody[connect.Vault](s.do("GetVaultById").expectStatus(200))
		if !now.UpdatedAt.After(before.UpdatedAt.Time) {
			return fmt.Errorf("updatedAt of the vault is %s before and %s after the %s", before.UpdatedAt, now.UpdatedAt, name)
		}
		return nil
	})
}

// waitForNextSecond returns when the server's clock, in whole seconds, shows a later
// time. It moves the clock of a mock that the run controls, and waits for any other.
func (s *session) waitForNextSecond() {
	const second = time.Second
	var err error
	switch {
	case s.server.advanceClock != nil:
		s.server.advanceClock(second)
	case s.server.account != "":
		s.clockMoved.Store(true)
		_, err = s.server.control.SetClock(s.ctx, s.server.account, controlapi.ClockChange{Advance: controlapi.Duration(second)})
	default:
		err = sleep.For(s.ctx, second)
	}
	if err != nil {
		abort(err)
	}
}
