package vaults

import (
	"strings"
	"unicode"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// FilterRules returns the rules about filters of vaults.
func FilterRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Vaults", Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Read},
	}, []check.Rule{
		{Rule: rule.Rule{ID: "vault-filters/title-eq", Level: rule.Must, Evidence: "[W] Go SDK, JS SDK; [R] op",
			Text: "title eq finds the vault with that name and no vault with another name"},
			Check: func(s *check.Session) { expectVaultFound(s, "title eq "+call.Quote(s.Server.Vault.Name)) }},
		{Rule: rule.Rule{ID: "vault-filters/name-eq", Level: rule.Must,
			Evidence: "[D] published document; [T] Java client",
			Text:     "name eq finds the same vaults as title eq"},
			Check: func(s *check.Session) { expectVaultFound(s, "name eq "+call.Quote(s.Server.Vault.Name)) }},
		{Rule: rule.Rule{ID: "vault-filters/without-case", Level: rule.Should,
			Evidence: "[T] operator's end-to-end test; connect issue 73 of 2023 says otherwise [R]",
			Text:     "Names of vaults are compared without regard to case"},
			Check: func(s *check.Session) {
				expectVaultFound(s, "title eq "+call.Quote(swapCase(s.Server.Vault.Name)))
			}},
		{Rule: rule.Rule{ID: "vault-filters/whole-name", Level: rule.Must, Evidence: "[T] Java client: eq is not co",
			Text: "eq compares the whole name of a vault"},
			Check: func(s *check.Session) {
				name := []rune(s.Server.Vault.Name)
				part := string(name[:len(name)-1])
				list := s.Do("GetVaults", call.Filter("title eq "+call.Quote(part))).ExpectStatus(200).Vaults()
				s.Expect(check.VaultIDs(list)).NotTo(gomega.ContainElement(s.Vault()),
					"ids of the vaults found by a part of the name")
			}},
		{Rule: rule.Rule{ID: "vault-filters/or", Level: rule.Should,
			Evidence: "[T] Java client, on items; one filter language for both lists",
			Text:     "or finds the vaults with either name",
			Needs:    []rule.Capability{rule.OtherVault}},
			Check: func(s *check.Session) {
				server := s.Server
				list := s.Do("GetVaults",
					call.Filter("title eq "+call.Quote(server.Vault.Name)+" or title eq "+
						call.Quote(server.OtherVault.Name))).ExpectStatus(200).
					Vaults()
				s.Expect(check.VaultIDs(list)).To(gomega.ContainElements(server.Vault.ID, server.OtherVault.ID),
					"ids of the vaults found")
				for _, v := range list {
					s.Expect(strings.ToLower(v.Name)).
						To(gomega.BeElementOf(strings.ToLower(server.Vault.Name),
							strings.ToLower(server.OtherVault.Name)), "name of a vault found, in lower case")
				}
			}},
		{Rule: rule.Rule{ID: "vault-filters/no-match", Level: rule.Must, Evidence: "[T] Java client",
			Text: "A filter for a name that no vault has returns 200 and an empty array"},
			Check: func(s *check.Session) {
				res := s.Do("GetVaults", call.Filter("title eq "+call.Quote(s.UniqueName("no vault")))).
					ExpectStatus(200)
				s.Expect(strings.TrimSpace(string(res.Body))).To(gomega.Equal("[]"), "the body")
			}},
		{Rule: rule.Rule{ID: "vault-filters/empty", Level: rule.Observed,
			Evidence: "[C] Rust client sends a parameter without a value; [G] that an empty filter is no filter",
			Text:     "An empty filter finds every vault"},
			Check: func(s *check.Session) {
				list := s.Do("GetVaults", call.RawQuery("filter=")).ExpectStatus(200).Vaults()
				s.Expect(check.VaultIDs(list)).
					To(gomega.ConsistOf(check.VaultIDs(s.Do("GetVaults").ExpectStatus(200).Vaults())),
						"ids of the vaults found by an empty filter")
			}},
		{Rule: rule.Rule{ID: "vault-filters/encodings", Level: rule.Must,
			Evidence: "[W] Go SDK: + and %22; JS SDK: %20 and %22; third-party clients: raw quotes",
			Text:     "A filter may be form-encoded, percent-encoded or have raw quotes"},
			Check: func(s *check.Session) {
				filter := "title eq " + call.Quote(s.Server.Vault.Name)
				for _, q := range call.FilterEncodings(filter) {
					expectVault(s, s.Do("GetVaults", call.RawQuery("filter="+q)).ExpectStatus(200).Vaults(), q)
				}
				expectVault(s, s.Do("GetVaults", call.TrailingSlash(), call.Filter(filter)).ExpectStatus(200).Vaults(),
					"a trailing slash")
			}},
		{Rule: rule.Rule{ID: "vault-filters/single-quotes", Level: rule.Should, Evidence: "[D] changelog 1.5.2",
			Text: "A filter with single quotes returns 400"},
			Check: func(s *check.Session) {
				s.Do("GetVaults", call.Filter("title eq 'vault'")).ExpectError(400, "")
			}},
		{Rule: rule.Rule{ID: "vault-filters/damaged-query", Level: rule.Observed,
			Evidence: "[W] JS SDK sends an & in a name as it is; " +
				"the Go SDK never stops if a filter is ignored; [G] the status",
			Text: "A filter with a % that encodes nothing, or cut short by an &, returns 400 or " +
				"finds no vault of another name"},
			Check: func(s *check.Session) {
				for _, word := range []string{"100%", "100%zz", "a%2", "Demo & Co"} {
					s.ExpectNotIgnored(s.Do("GetVaults", call.RawQuery(call.DamagedFilter(word))), word)
				}
			}},
	})
}

// expectVaultFound asserts that a filter finds the vault of the run, and no vault with
// another name.
func expectVaultFound(s *check.Session, filter string) {
	expectVault(s, s.Do("GetVaults", call.Filter(filter)).ExpectStatus(200).Vaults(), filter)
}

// expectVault asserts that a list has the vault of the run, and no vault with another
// name. filter is how it was found, for messages.
func expectVault(s *check.Session, list []connect.Vault, filter string) {
	s.Expect(check.VaultIDs(list)).To(gomega.ContainElement(s.Vault()), "ids of the vaults found by %s", filter)
	for _, v := range list {
		s.Expect(strings.EqualFold(v.Name, s.Server.Vault.Name)).To(gomega.BeTrue(),
			"whether the vault found by %s has the requested name", filter)
	}
}

// swapCase returns a text with its upper case letters in lower case and the others in
// upper case.
func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}
