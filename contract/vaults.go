package contract

import (
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// vaultRules returns the rules about vaults.
func vaultRules() []rule {
	return []rule{
		{Rule{ID: "vaults/list", Tag: "Vaults", Level: Must, Evidence: "[D] published document; [C] op reads a bare array",
			Text:       "GET /v1/vaults returns 200 and an array of vaults",
			Touches:    ReadOnly,
			Operations: []string{"GetVaults"}},
			func(s *session) { s.do("GetVaults").expectStatus(200).vaults() }},
		{Rule{ID: "vaults/list-shows-scope", Tag: "Vaults", Level: Must,
			Evidence: "[D] published document; [R] Connect README of 2025",
			Text:     "Each vault of the token is listed once",
			Touches:  ReadOnly,
			Needs:    []Capability{Read}},
			func(s *session) {
				list := s.do("GetVaults").expectStatus(200).vaults()
				seen := map[string]int{}
				for _, v := range list {
					seen[v.ID]++
				}
				s.Expect(seen).To(gomega.HaveKeyWithValue(s.vault(), 1), "how often each vault is listed, by id")
				s.Expect(seen).To(gomega.HaveLen(len(list)), "the different vaults that are listed")
			}},
		{Rule{ID: "vaults/list-trailing-slash", Tag: "Vaults", Level: Must, Evidence: "[W] JS SDK",
			Text:    "GET /v1/vaults/ returns the same as GET /v1/vaults, without a redirect",
			Touches: ReadOnly,
			Needs:   []Capability{Read}},
			func(s *session) {
				plain := s.do("GetVaults").expectStatus(200).vaults()
				slash := s.do("GetVaults", trailingSlash()).expectStatus(200).vaults()
				s.Expect(vaultIDs(slash)).To(gomega.ConsistOf(vaultIDs(plain)),
					"ids of the vaults listed, requested with a trailing slash")
			}},
		{Rule{ID: "vaults/get", Tag: "Vaults", Level: Must, Evidence: "[D] published document",
			Text:    "GET of a vault by its id returns the vault as the list shows it",
			Touches: VaultState,
			Needs:   []Capability{Read}, Operations: []string{"GetVaultById"}},
			func(s *session) {
				s.eventually(func() error {
					before := decodeBody[connect.Vault](s.do("GetVaultById").expectStatus(200))
					list := s.do("GetVaults").expectStatus(200).vaults()
					after := decodeBody[connect.Vault](s.do("GetVaultById").expectStatus(200))
					i := slices.IndexFunc(list, func(v connect.Vault) bool { return v.ID == s.vault() })
					if i < 0 || !isBetween(before, list[i], after) {
						return fmt.Errorf("the list and the vault do not agree on vault %s", s.vault())
					}
					return nil
				})
			}},
		{Rule{ID: "vaults/get-other", Tag: "Vaults", Level: Must, Evidence: "[D] published document",
			Text:    "GET of another vault returns that vault",
			Touches: ReadOnly,
			Needs:   []Capability{OtherVault}, Operations: []string{"GetVaultById"}},
			func(s *session) {
				second := s.server.otherVault
				got := decodeBody[connect.Vault](s.do("GetVaultById", vault(second.ID)).expectStatus(200))
				s.Expect(got.ID).To(gomega.Equal(second.ID), "id")
				s.Expect(got.Name).To(gomega.Equal(second.Name), "name")
				s.Expect(got.CreatedAt).To(gomega.Equal(second.CreatedAt), "createdAt")
			}},
		{Rule{ID: "vaults/items-counts", Tag: "Vaults", Level: Should,
			Evidence: "[D] published document; [R] python SDK issue 13",
			Text:     "items of a vault is the number of its items, before and after one is created and deleted",
			Touches:  VaultState, Long: true,
			Needs: []Capability{Write}, Operations: createOperations("GetVaultById")},
			func(s *session) {
				s.expectItemCount("")
				it := s.create(noteInput())
				s.expectItemCount(it.ID)
				s.do("DeleteVaultItem", item(it.ID)).expectStatus(204)
				s.waitForDeletion(it.ID)
				s.expectItemCount("")
			}},
		{Rule{ID: "vaults/content-version-grows", Tag: "Vaults", Level: Observed,
			Evidence: "[R] python SDK issue 13, the rule inferred",
			Text:     "Each POST, PUT, PATCH and DELETE of an item increases contentVersion of the vault, not attributeVersion",
			Touches:  VaultState,
			Needs:    []Capability{Write}, Operations: createOperations("GetVaultById", "UpdateVaultItem", "PatchVaultItem")},
			func(s *session) {
				before := decodeBody[connect.Vault](s.do("GetVaultById").expectStatus(200))
				last := before
				expectGrowth := func(change string) {
					s.eventually(func() error {
						now := decodeBody[connect.Vault](s.do("GetVaultById").expectStatus(200))
						if now.ContentVersion <= last.ContentVersion {
							return fmt.Errorf("contentVersion is %d before and %d after the %s", last.ContentVersion, now.ContentVersion,
								change)
						}
						last = now
						return nil
					})
				}
				it := s.create(noteInput())
				expectGrowth("create")
				s.replace(it, noteInput()).expectStatus(200)
				expectGrowth("replace")
				s.patch(it.ID, replaceOp("/favorite", true)).expectStatus(200)
				expectGrowth("patch")
				s.do("DeleteVaultItem", item(it.ID)).expectStatus(204)
				expectGrowth("delete")
				s.Expect(last.AttributeVersion).To(gomega.Equal(before.AttributeVersion), "attributeVersion")
			}},
		{Rule{ID: "vaults/updated-with-items", Tag: "Vaults", Level: Should,
			Evidence: "[D] API reference: when the vault or its contents were last changed",
			Text:     "updatedAt of a vault is not before createdAt of its newest item, and createdAt does not change",
			Touches:  VaultState,
			Needs:    []Capability{Write}, Operations: createOperations("GetVaultById")},
			func(s *session) {
				it := s.create(noteInput())
				itemCreated := connect.At(it.CreatedAt.Time)
				s.eventually(func() error {
					v := decodeBody[connect.Vault](s.do("GetVaultById").expectStatus(200))
					if v.UpdatedAt.Before(itemCreated.Time) {
						return fmt.Errorf("the vault was updated at %s, an item in it was created at %s", v.UpdatedAt, itemCreated)
					}
					s.Expect(v.CreatedAt).To(gomega.Equal(s.server.vault.CreatedAt), "createdAt")
					return nil
				})
			}},
	}
}

// isBetween reports whether v can be the state of a vault between before and after. If
// no client wrote to the vault, all three are the same.
func isBetween(before, v, after connect.Vault) bool {
	if before == after {
		return v == before
	}
	increasing := before.ContentVersion <= v.ContentVersion && v.ContentVersion <= after.ContentVersion &&
		!v.UpdatedAt.Before(before.UpdatedAt.Time) && !v.UpdatedAt.After(after.UpdatedAt.Time)
	// Writes to the items of a vault change these.
	v.ContentVersion, v.UpdatedAt, v.Items = before.ContentVersion, before.UpdatedAt, before.Items
	return increasing && v == before
}

// expectItemCount waits until the vault counts as many items as its list has. If id is
// not empty, the list must have that item. Other clients may write to the vault, so
// expectItemCount waits for two reads of the vault without a write in between. After 50
// attempts it accepts a difference of one item for each write.
func (s *session) expectItemCount(id string) {
	const maxAttempts = 50
	attempts := 0
	s.eventually(func() error {
		before := decodeBody[connect.Vault](s.do("GetVaultById").expectStatus(200))
		list := s.do("GetVaultItems").expectStatus(200).items()
		after := decodeBody[connect.Vault](s.do("GetVaultById").expectStatus(200))
		listed := slices.ContainsFunc(list, func(it connect.Summary) bool { return it.ID == id })
		attempts++
		switch writes := after.ContentVersion - before.ContentVersion; {
		case before != after && attempts < maxAttempts:
			return fmt.Errorf("the vault changes all the time")
		case id != "" && !listed:
			return fmt.Errorf("the new item is not listed")
		case after.Items > len(list)+writes || after.Items < len(list)-writes:
			return fmt.Errorf("the vault counts %d items, but its list has %d", after.Items, len(list))
		}
		return nil
	})
}

// vaultIDs returns the ids of vaults.
func vaultIDs(list []connect.Vault) []string {
	ids := make([]string, len(list))
	for i, v := range list {
		ids[i] = v.ID
	}
	return ids
}
