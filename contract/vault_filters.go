package contract

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

func vaultFilterRules() []rule {
	return []rule{
		{Rule{ID: "vault-filters/title-eq", Tag: "Vaults", Level: Must, Evidence: "[W] Go SDK, JS SDK; [R] op",
			Text:  "A vault is found by title eq, with its id, and no vault of another name with it",
			Needs: []Capability{Read}},
			func(s *session) { s.findsVault("title eq " + quoted(s.run.found.vault.Name)) }},
		{Rule{ID: "vault-filters/name-eq", Tag: "Vaults", Level: Must, Evidence: "[D] published document; [T] Java client",
			Text:  "A vault is found by name eq as by title eq",
			Needs: []Capability{Read}},
			func(s *session) { s.findsVault("name eq " + quoted(s.run.found.vault.Name)) }},
		{Rule{ID: "vault-filters/without-case", Tag: "Vaults", Level: Should, Evidence: "[T] operator's end-to-end test; connect issue 73 of 2023 says otherwise [R]",
			Text:  "A vault's name is matched without regard to case",
			Needs: []Capability{Read}},
			func(s *session) { s.findsVault("title eq " + quoted(swapCase(s.run.found.vault.Name))) }},
		{Rule{ID: "vault-filters/whole-name", Tag: "Vaults", Level: Must, Evidence: "[T] Java client: eq is not co",
			Text:  "eq wants the whole name: a part of it finds no vault of that name",
			Needs: []Capability{Read}},
			func(s *session) {
				name := []rune(s.run.found.vault.Name)
				part := string(name[:len(name)-1])
				list := s.do("GetVaults", query("filter", "title eq "+quoted(part))).expect(200).vaults()
				s.Expect(vaultIDs(list)).NotTo(gomega.ContainElement(s.vault()), "ids of the vaults found by a part of the name")
			}},
		{Rule{ID: "vault-filters/or", Tag: "Vaults", Level: Should, Evidence: "[T] Java client, on items; one filter language for both lists",
			Text:  "or finds the vaults of both names",
			Needs: []Capability{OtherVault}},
			func(s *session) {
				f := s.run.found
				list := s.do("GetVaults", query("filter", "title eq "+quoted(f.vault.Name)+" or title eq "+quoted(f.second.Name))).expect(200).vaults()
				s.Expect(vaultIDs(list)).To(gomega.ContainElements(f.vault.ID, f.second.ID), "ids of the vaults found")
				for _, v := range list {
					s.Expect(strings.ToLower(v.Name)).To(gomega.BeElementOf(strings.ToLower(f.vault.Name), strings.ToLower(f.second.Name)), "name of a vault found, in lower case")
				}
			}},
		{Rule{ID: "vault-filters/no-match", Tag: "Vaults", Level: Must, Evidence: "[T] Java client",
			Text:  "A name no vault has is answered 200 and an empty array",
			Needs: []Capability{Read}},
			func(s *session) {
				a := s.do("GetVaults", query("filter", "title eq "+quoted(s.unique("no vault")))).expect(200)
				s.Expect(strings.TrimSpace(string(a.Body))).To(gomega.Equal("[]"), "the body")
			}},
		{Rule{ID: "vault-filters/empty", Tag: "Vaults", Level: Observed, Evidence: "[C] Rust client sends a parameter without a value; [G] that an empty filter is none",
			Text:  "An empty filter finds every vault",
			Needs: []Capability{Read}},
			func(s *session) {
				list := s.do("GetVaults", rawQuery("filter=")).expect(200).vaults()
				s.Expect(vaultIDs(list)).To(gomega.ConsistOf(vaultIDs(s.do("GetVaults").expect(200).vaults())), "ids of the vaults found by an empty filter")
			}},
		{Rule{ID: "vault-filters/encodings", Tag: "Vaults", Level: Must, Evidence: "[W] Go SDK: + and %22; JS SDK: %20 and %22; third-party clients: raw quotes",
			Text:  "A filter is read whether it is form-encoded, percent-encoded or has raw quotes",
			Needs: []Capability{Read}},
			func(s *session) {
				filter := "title eq " + quoted(s.run.found.vault.Name)
				for _, q := range encodings(filter) {
					s.isVault(s.do("GetVaults", rawQuery("filter="+q)).expect(200).vaults(), q)
				}
				s.isVault(s.do("GetVaults", trailingSlash(), query("filter", filter)).expect(200).vaults(), "a trailing slash")
			}},
		{Rule{ID: "vault-filters/single-quotes", Tag: "Vaults", Level: Should, Evidence: "[D] changelog 1.5.2",
			Text:  "A filter with single quotes is answered 400",
			Needs: []Capability{Read}},
			func(s *session) { s.do("GetVaults", query("filter", "title eq 'vault'")).refused(400, "") }},
	}
}

// findsVault asserts that the filter finds the vault in use.
func (s *session) findsVault(filter string) {
	s.isVault(s.do("GetVaults", query("filter", filter)).expect(200).vaults(), filter)
}

// isVault asserts that a list has the vault in use, and none of another name.
func (s *session) isVault(list []connect.Vault, by string) {
	s.Expect(vaultIDs(list)).To(gomega.ContainElement(s.vault()), "ids of the vaults found by %s", by)
	for _, v := range list {
		s.Expect(strings.EqualFold(v.Name, s.run.found.vault.Name)).To(gomega.BeTrue(), "whether the vault found by %s has the name asked for", by)
	}
}

// quoted returns a text as a value of a filter.
func quoted(value string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(value, `\`, `\\`), `"`, `\"`) + `"`
}

// encodings returns a filter in the encodings that clients use in a query: form,
// percent, and percent without the quotes.
func encodings(filter string) []string {
	form := url.QueryEscape(filter)
	percent := strings.ReplaceAll(form, "+", "%20")
	return []string{form, percent, strings.ReplaceAll(percent, "%22", `"`)}
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}
