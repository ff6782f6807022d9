// Package vaults has the rules about vaults and their filters.
package vaults

import (
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Rules returns the rules about vaults.
func Rules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Vaults", Touches: rule.VaultState, Needs: []rule.Capability{rule.Write},
		Operations: operation.OfNewItem("GetVaultById"),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "vaults/list", Level: rule.Must,
			Evidence: "[D] published document; [C] op reads a bare array",
			Text:     "GET /v1/vaults returns 200 and an array of vaults",
			Touches:  rule.ReadOnly, Operations: []string{"GetVaults"}},
			Check: func(s *check.Session) { s.Do("GetVaults").ExpectStatus(200).Vaults() }},
		{Rule: rule.Rule{ID: "vaults/list-shows-scope", Level: rule.Must,
			Evidence: "[D] published document; [R] Connect README of 2025",
			Text:     "Each vault of the token is listed once",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Read}},
			Check: func(s *check.Session) {
				list := s.Do("GetVaults").ExpectStatus(200).Vaults()
				seen := map[string]int{}
				for _, v := range list {
					seen[v.ID]++
				}
				s.Expect(seen).To(gomega.HaveKeyWithValue(s.Vault(), 1), "how often each vault is listed, by id")
				s.Expect(seen).To(gomega.HaveLen(len(list)), "the different vaults that are listed")
			}},
		{Rule: rule.Rule{ID: "vaults/list-trailing-slash", Level: rule.Must, Evidence: "[W] JS SDK",
			Text:    "GET /v1/vaults/ returns the same as GET /v1/vaults, without a redirect",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read}},
			Check: func(s *check.Session) {
				plain := s.Do("GetVaults").ExpectStatus(200).Vaults()
				slash := s.Do("GetVaults", call.TrailingSlash()).ExpectStatus(200).Vaults()
				s.Expect(check.VaultIDs(slash)).To(gomega.ConsistOf(check.VaultIDs(plain)),
					"ids of the vaults listed, requested with a trailing slash")
			}},
		{Rule: rule.Rule{ID: "vaults/get", Level: rule.Must, Evidence: "[D] published document",
			Text:  "GET of a vault by its id returns the vault as the list shows it",
			Needs: []rule.Capability{rule.Read}, Operations: []string{"GetVaultById"}},
			Check: func(s *check.Session) {
				s.Eventually(func() error {
					before := check.DecodeBody[connect.Vault](s.Do("GetVaultById").ExpectStatus(200))
					list := s.Do("GetVaults").ExpectStatus(200).Vaults()
					after := check.DecodeBody[connect.Vault](s.Do("GetVaultById").ExpectStatus(200))
					i := slices.IndexFunc(list, func(v connect.Vault) bool { return v.ID == s.Vault() })
					if i < 0 || !isBetween(before, list[i], after) {
						return fmt.Errorf("the list and the vault do not agree on vault %s", s.Vault())
					}
					return nil
				})
			}},
		{Rule: rule.Rule{ID: "vaults/get-other", Level: rule.Must, Evidence: "[D] published document",
			Text:    "GET of another vault returns that vault",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.OtherVault}, Operations: []string{"GetVaultById"}},
			Check: func(s *check.Session) {
				second := s.Server.OtherVault
				got := check.DecodeBody[connect.Vault](s.Do("GetVaultById", call.Vault(second.ID)).ExpectStatus(200))
				s.Expect(got.ID).To(gomega.Equal(second.ID), "id")
				s.Expect(got.Name).To(gomega.Equal(second.Name), "name")
				s.Expect(got.CreatedAt).To(gomega.Equal(second.CreatedAt), "createdAt")
			}},
		{Rule: rule.Rule{ID: "vaults/items-counts", Level: rule.Should,
			Evidence: "[D] published document; [R] python SDK issue 13",
			Text:     "items of a vault is the number of its items, before and after one is created and deleted",
			Long:     true},
			Check: func(s *check.Session) {
				expectItemCount(s, "")
				it := s.Create(call.Note())
				expectItemCount(s, it.ID)
				s.Do("DeleteVaultItem", call.Item(it.ID)).ExpectStatus(204)
				s.WaitForDeletion(it.ID)
				expectItemCount(s, "")
			}},
		{Rule: rule.Rule{ID: "vaults/content-version-grows", Level: rule.Observed,
			Evidence: "[R] python SDK issue 13, the rule inferred",
			Text: "Each POST, PUT, PATCH and DELETE of an item increases contentVersion of the " +
				"vault, not attributeVersion",
			Operations: operation.OfNewItem("GetVaultById", "UpdateVaultItem", "PatchVaultItem")},
			Check: func(s *check.Session) {
				before := check.DecodeBody[connect.Vault](s.Do("GetVaultById").ExpectStatus(200))
				last := before
				expectGrowth := func(change string) {
					s.Eventually(func() error {
						now := check.DecodeBody[connect.Vault](s.Do("GetVaultById").ExpectStatus(200))
						if now.ContentVersion <= last.ContentVersion {
							return fmt.Errorf("contentVersion is %d before and %d after the %s", last.ContentVersion,
								now.ContentVersion, change)
						}
						last = now
						return nil
					})
				}
				it := s.Create(call.Note())
				expectGrowth("create")
				s.Replace(it, call.Note()).ExpectStatus(200)
				expectGrowth("replace")
				s.Patch(it.ID, call.Replace("/favorite", true)).ExpectStatus(200)
				expectGrowth("patch")
				s.Do("DeleteVaultItem", call.Item(it.ID)).ExpectStatus(204)
				expectGrowth("delete")
				s.Expect(last.AttributeVersion).To(gomega.Equal(before.AttributeVersion), "attributeVersion")
			}},
		{Rule: rule.Rule{ID: "vaults/updated-with-items", Level: rule.Should,
			Evidence: "[D] API reference: when the vault or its contents were last changed",
			Text:     "updatedAt of a vault is not before createdAt of its newest item, and createdAt does not change"},
			Check: func(s *check.Session) {
				it := s.Create(call.Note())
				itemCreated := connect.At(it.CreatedAt.Time)
				s.Eventually(func() error {
					v := check.DecodeBody[connect.Vault](s.Do("GetVaultById").ExpectStatus(200))
					if v.UpdatedAt.Before(itemCreated.Time) {
						return fmt.Errorf("the vault was updated at %s, an item in it was created at %s", v.UpdatedAt,
							itemCreated)
					}
					s.Expect(v.CreatedAt).To(gomega.Equal(s.Server.Vault.CreatedAt), "createdAt")
					return nil
				})
			}},
	})
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
func expectItemCount(s *check.Session, id string) {
	const maxAttempts = 50
	attempts := 0
	s.Eventually(func() error {
		before := check.DecodeBody[connect.Vault](s.Do("GetVaultById").ExpectStatus(200))
		list := s.Do("GetVaultItems").ExpectStatus(200).Items()
		after := check.DecodeBody[connect.Vault](s.Do("GetVaultById").ExpectStatus(200))
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
