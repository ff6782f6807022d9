package contract

import (
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

func vaultRules() []rule {
	return []rule{
		{Rule{ID: "vaults/list", Tag: "Vaults", Level: Must, Evidence: "[D] published document; [C] op reads a bare array",
			Text:       "GET /v1/vaults answers 200 and an array of vaults",
			Operations: []string{"GetVaults"}},
			func(s *session) { s.do("GetVaults").expect(200).vaults() }},
		{Rule{ID: "vaults/list-shows-scope", Tag: "Vaults", Level: Must, Evidence: "[D] published document; [R] Connect README of 2025",
			Text:  "Each vault of the token is listed once",
			Needs: []Capability{Read}},
			func(s *session) {
				list := s.do("GetVaults").expect(200).vaults()
				seen := map[string]int{}
				for _, v := range list {
					seen[v.ID]++
				}
				s.Expect(seen).To(gomega.HaveKeyWithValue(s.vault(), 1), "how often each vault is listed, by id")
				s.Expect(seen).To(gomega.HaveLen(len(list)), "the different vaults that are listed")
			}},
		{Rule{ID: "vaults/list-trailing-slash", Tag: "Vaults", Level: Must, Evidence: "[W] JS SDK",
			Text:  "GET /v1/vaults/ is answered as GET /v1/vaults, not redirected",
			Needs: []Capability{Read}},
			func(s *session) {
				plain := s.do("GetVaults").expect(200).vaults()
				slash := s.do("GetVaults", trailingSlash()).expect(200).vaults()
				s.Expect(vaultIDs(slash)).To(gomega.ConsistOf(vaultIDs(plain)), "ids of the vaults listed, asked for with a slash at the end")
			}},
		{Rule{ID: "vaults/get", Tag: "Vaults", Level: Must, Evidence: "[D] published document",
			Text:  "GET of a vault by its id answers that vault as the list shows it",
			Needs: []Capability{Read}, Operations: []string{"GetVaultById"}},
			func(s *session) {
				s.eventually(func() error {
					before := into[connect.Vault](s.do("GetVaultById").expect(200))
					list := s.do("GetVaults").expect(200).vaults()
					after := into[connect.Vault](s.do("GetVaultById").expect(200))
					i := slices.IndexFunc(list, func(v connect.Vault) bool { return v.ID == s.vault() })
					if i < 0 || !between(before, list[i], after) {
						return fmt.Errorf("the list and the vault do not agree on vault %s", s.vault())
					}
					return nil
				})
			}},
		{Rule{ID: "vaults/get-other", Tag: "Vaults", Level: Must, Evidence: "[D] published document",
			Text:  "Two ids are answered by two vaults",
			Needs: []Capability{OtherVault}, Operations: []string{"GetVaultById"}},
			func(s *session) {
				second := s.run.found.second
				got := into[connect.Vault](s.do("GetVaultById", vault(second.ID)).expect(200))
				s.Expect(got.ID).To(gomega.Equal(second.ID), "id")
				s.Expect(got.Name).To(gomega.Equal(second.Name), "name")
				s.Expect(got.CreatedAt).To(gomega.Equal(second.CreatedAt), "createdAt")
			}},
		{Rule{ID: "vaults/items-counts", Tag: "Vaults", Level: Should, Evidence: "[D] published document; [R] python SDK issue 13",
			Text:  "A vault's items is the number of items in it, before and after one is made and deleted",
			Needs: []Capability{Write}, Operations: making("GetVaultById")},
			func(s *session) {
				s.itemsCounted("")
				it := s.create(note())
				s.itemsCounted(it.ID)
				s.do("DeleteVaultItem", item(it.ID)).expect(204)
				s.gone(it.ID)
				s.itemsCounted("")
			}},
		{Rule{ID: "vaults/content-version-grows", Tag: "Vaults", Level: Observed, Evidence: "[R] python SDK issue 13, the rule inferred",
			Text:  "A vault's contentVersion grows with an item's create, replace, patch and delete; attributeVersion stays",
			Needs: []Capability{Write}, Operations: making("GetVaultById", "UpdateVaultItem", "PatchVaultItem")},
			func(s *session) {
				before := into[connect.Vault](s.do("GetVaultById").expect(200))
				was := before
				grown := func(change string) {
					s.eventually(func() error {
						now := into[connect.Vault](s.do("GetVaultById").expect(200))
						if now.ContentVersion <= was.ContentVersion {
							return fmt.Errorf("contentVersion is %d before and %d after the %s", was.ContentVersion, now.ContentVersion, change)
						}
						was = now
						return nil
					})
				}
				it := s.create(note())
				grown("create")
				s.replace(it, note()).expect(200)
				grown("replace")
				s.patch(it.ID, replaceOp("/favorite", true)).expect(200)
				grown("patch")
				s.do("DeleteVaultItem", item(it.ID)).expect(204)
				grown("delete")
				s.Expect(was.AttributeVersion).To(gomega.Equal(before.AttributeVersion), "attributeVersion")
			}},
		{Rule{ID: "vaults/updated-with-items", Tag: "Vaults", Level: Should, Evidence: "[D] API reference: when the vault or its contents were last changed",
			Text:  "A vault's updatedAt is not before its newest item was made, and its createdAt stays",
			Needs: []Capability{Write}, Operations: making("GetVaultById")},
			func(s *session) {
				it := s.create(note())
				made := connect.At(it.CreatedAt.Time)
				s.eventually(func() error {
					v := into[connect.Vault](s.do("GetVaultById").expect(200))
					if v.UpdatedAt.Before(made.Time) {
						return fmt.Errorf("the vault was updated at %s, an item in it was made at %s", v.UpdatedAt, made)
					}
					s.Expect(v.CreatedAt).To(gomega.Equal(s.run.found.vault.CreatedAt), "createdAt")
					return nil
				})
			}},
	}
}

// between reports whether v, which was read after before and before after, agrees
// with one of them. If no client wrote to the vault, all three are the same.
func between(before, v, after connect.Vault) bool {
	if before == after {
		return v == before
	}
	counted := before.ContentVersion <= v.ContentVersion && v.ContentVersion <= after.ContentVersion &&
		!v.UpdatedAt.Before(before.UpdatedAt.Time) && !v.UpdatedAt.After(after.UpdatedAt.Time)
	// A write to the items of a vault changes these.
	v.ContentVersion, v.UpdatedAt, v.Items = before.ContentVersion, before.UpdatedAt, before.Items
	return counted && v == before
}

// itemsCounted waits until the number of items of the vault is that of its list, with
// the named item in it, if there is a name. Other clients may write to the vault, so
// it waits for a moment without writes. If there is none, it accepts a difference
// of as many items as there were writes.
func (s *session) itemsCounted(with string) {
	const moments = 50
	looks := 0
	s.eventually(func() error {
		before := into[connect.Vault](s.do("GetVaultById").expect(200))
		list := s.do("GetVaultItems").expect(200).items()
		after := into[connect.Vault](s.do("GetVaultById").expect(200))
		there := slices.ContainsFunc(list, func(it connect.Summary) bool { return it.ID == with })
		looks++
		switch writes := after.ContentVersion - before.ContentVersion; {
		case before != after && looks < moments:
			return fmt.Errorf("the vault changes all the time")
		case with != "" && !there:
			return fmt.Errorf("the new item is not listed")
		case after.Items > len(list)+writes || after.Items < len(list)-writes:
			return fmt.Errorf("the vault counts %d items and lists %d", after.Items, len(list))
		}
		return nil
	})
}

func vaultIDs(list []connect.Vault) []string {
	ids := make([]string, len(list))
	for i, v := range list {
		ids[i] = v.ID
	}
	return ids
}
