package contract

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// vaultFilterRules returns the rules about filters of vaults.
func vaultFilterRules() []rule {
	return []rule{
		{Rule{ID: "vault-filters/title-eq", Tag: "Vaults", Level: Must, Evidence: "[W] Go SDK, JS SDK; [R] op",
			Text:    "title eq finds the vault with that name and no vault with another name",
			Touches: ReadOnly,
			Needs:   []Capability{Read}},
			func(s *session) { s.expectVaultFound("title eq " + quote(s.server.vault.Name)) }},
		{Rule{ID: "vault-filters/name-eq", Tag: "Vaults", Level: Must, Evidence: "[D] published document; [T] Java client",
			Text:    "name eq finds the same vaults as title eq",
			Touches: ReadOnly,
			Needs:   []Capability{Read}},
			func(s *session) { s.expectVaultFound("name eq " + quote(s.server.vault.Name)) }},
		{Rule{ID: "vault-filters/without-case", Tag: "Vaults", Level: Should,
			Evidence: "[T] operator's end-to-end test; connect issue 73 of 2023 says otherwise [R]",
			Text:     "Names of vaults are compared without regard to case",
			Touches:  ReadOnly,
			Needs:    []Capability{Read}},
			func(s *session) { s.expectVaultFound("title eq " + quote(swapCase(s.server.vault.Name))) }},
		{Rule{ID: "vault-filters/whole-name", Tag: "Vaults", Level: Must, Evidence: "[T] Java client: eq is not co",
			Text:    "eq compares the whole name of a vault",
			Touches: ReadOnly,
			Needs:   []Capability{Read}},
			func(s *session) {
				name := []rune(s.server.vault.Name)
				part := string(name[:len(name)-1])
				list := s.do("GetVaults", query("filter", "title eq "+quote(part))).expectStatus(200).vaults()
				s.Expect(vaultIDs(list)).NotTo(gomega.ContainElement(s.vault()), "ids of the vaults found by a part of the name")
			}},
		{Rule{ID: "vault-filters/or", Tag: "Vaults", Level: Should,
			Evidence: "[T] Java client, on items; one filter language for both lists",
			Text:     "or finds the vaults with either name",
			Touches:  ReadOnly,
			Needs:    []Capability{OtherVault}},
			func(s *session) {
				server := s.server
				list := s.do("GetVaults",
					query("filter", "title eq "+quote(server.vault.Name)+" or title eq "+quote(server.otherVault.Name))).expectStatus(200).
					vaults()
				s.Expect(vaultIDs(list)).To(gomega.ContainElements(server.vault.ID, server.otherVault.ID), "ids of the vaults found")
				for _, v := range list {
					s.Expect(strings.ToLower(v.Name)).
						To(gomega.BeElementOf(strings.ToLower(server.vault.Name), strings.ToLower(server.otherVault.Name)),
							"name of a vault found, in lower case")
				}
			}},
		{Rule{ID: "vault-filters/no-match", Tag: "Vaults", Level: Must, Evidence: "[T] Java client",
			Text:    "A filter for a name that no vault has returns 200 and an empty array",
			Touches: ReadOnly,
			Needs:   []Capability{Read}},
			func(s *session) {
				res := s.do("GetVaults", query("filter", "title eq "+quote(s.uniqueName("no vault")))).expectStatus(200)
				s.Expect(strings.TrimSpace(string(res.Body))).To(gomega.Equal("[]"), "the body")
			}},
		{Rule{ID: "vault-filters/empty", Tag: "Vaults", Level: Observed,
			Evidence: "[C] Rust client sends a parameter without a value; [G] that an empty filter is no filter",
			Text:     "An empty filter finds every vault",
			Touches:  ReadOnly,
			Needs:    []Capability{Read}},
			func(s *session) {
				list := s.do("GetVaults", rawQuery("filter=")).expectStatus(200).vaults()
				s.Expect(vaultIDs(list)).To(gomega.ConsistOf(vaultIDs(s.do("GetVaults").expectStatus(200).vaults())),
					"ids of the vaults found by an empty filter")
			}},
		{Rule{ID: "vault-filters/encodings", Tag: "Vaults", Level: Must,
			Evidence: "[W] Go SDK: + and %22; JS SDK: %20 and %22; third-party clients: raw quotes",
			Text:     "A filter may be form-encoded, percent-encoded or have raw quotes",
			Touches:  ReadOnly,
			Needs:    []Capability{Read}},
			func(s *session) {
				filter := "title eq " + quote(s.server.vault.Name)
				for _, q := range filterEncodings(filter) {
					s.expectVault(s.do("GetVaults", rawQuery("filter="+q)).expectStatus(200).vaults(), q)
				}
				s.expectVault(s.do("GetVaults", trailingSlash(), query("filter", filter)).expectStatus(200).vaults(),
					"a trailing slash")
			}},
		{Rule{ID: "vault-filters/single-quotes", Tag: "Vaults", Level: Should, Evidence: "[D] changelog 1.5.2",
			Text:    "A filter with single quotes returns 400",
			Touches: ReadOnly,
			Needs:   []Capability{Read}},
			func(s *session) { s.do("GetVaults", query("filter", "title eq 'vault'")).expectError(400, "") }},
		{Rule{ID: "vault-filters/damaged-query", Tag: "Vaults", Level: Observed,
			Evidence: "[W] JS SDK sends an & in a name as it is; the Go SDK never stops if a filter is ignored; [G] the status",
			Text:     "A filter with a % that encodes nothing, or cut short by an &, returns 400 or finds no vault of another name",
			Touches:  ReadOnly,
			Needs:    []Capability{Read}},
			func(s *session) {
				for _, word := range []string{"100%", "100%zz", "a%2", "Demo & Co"} {
					s.expectNotIgnored(s.do("GetVaults", rawQuery(damagedFilter(word))), word)
				}
			}},
	}
}

// expectVaultFound asserts that a filter finds the vault of the run, and no vault with
// another name.
func (s *session) expectVaultFound(filter string) {
	s.expectVault(s.do("GetVaults", query("filter", filter)).expectStatus(200).vaults(), filter)
}

// expectVault asserts that a list has the vault of the run, and no vault with another
// name. filter is how it was found, for messages.
func (s *session) expectVault(list []connect.Vault, filter string) {
	s.Expect(vaultIDs(list)).To(gomega.ContainElement(s.vault()), "ids of the vaults found by %s", filter)
	for _, v := range list {
		s.Expect(strings.EqualFold(v.Name, s.server.vault.Name)).To(gomega.BeTrue(),
			"whether the vault found by %s has the requested name", filter)
	}
}

// quote returns a text as a value in a filter.
func quote(value string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(value, `\`, `\\`), `"`, `\"`) + `"`
}

// filterEncodings returns a filter in the encodings that clients use in a query:
// form-encoded, percent-encoded, and percent-encoded with raw quotes.
func filterEncodings(filter string) []string {
	form := url.QueryEscape(filter)
	percent := strings.ReplaceAll(form, "+", "%20")
	return []string{form, percent, strings.ReplaceAll(percent, "%22", `"`)}
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
