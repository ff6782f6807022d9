package mockserver_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

// vaultsFixture returns a fixture with a vault of each name.
func vaultsFixture(t testing.TB, names ...string) connecttest.Option {
	t.Helper()
	account := fixtures.Account{}
	for _, name := range names {
		account.Vaults = append(account.Vaults, fixtures.Vault{Name: name})
	}
	w := &fixtures.Fixture{Accounts: []fixtures.Account{account}}
	must(t, w.Complete())
	return connecttest.WithFixture(w)
}

func vaultNames(t tb, a response) string {
	t.Helper()
	var names []string
	for _, v := range decode[[]connect.Vault](t, a) {
		names = append(names, v.Name)
	}
	return strings.Join(names, "|")
}

func TestVault_EqualsTheList(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, listed := range s.vaults(t) {
		wantEqual(t, listed, s.vault(t, listed.ID), "%s", listed.Name)
		items := s.list(t, "/v1/vaults/"+listed.ID+"/items")
		writes := 1
		for _, it := range items {
			writes += it.Version
		}
		if listed.Items != len(items) || listed.ContentVersion != writes || listed.AttributeVersion != 1 {
			t.Errorf("%s says %+v, has %d items", listed.Name, listed, len(items))
		}
	}
}

func TestVault_HasSortedMembersWithoutEmptyOnes(t *testing.T) {
	t.Parallel()
	s := newServer(t, vaultsFixture(t, "Plain"), connecttest.WithClock(newClock().Now))
	v := s.vaults(t)[0]
	want := `{"attributeVersion":1,"contentVersion":1,"createdAt":"2026-05-01T12:00:00Z","id":"` + v.ID +
		`","items":0,"name":"Plain","type":"USER_CREATED","updatedAt":"2026-05-01T12:00:00Z"}`
	wantEqual(t, want, string(s.get(t, "/v1/vaults/"+v.ID).body), "the vault")
	wantEqual(t, "["+want+"]", string(s.get(t, "/v1/vaults").body), "the list")
	wantEqual(t, "[]", string(s.get(t, "/v1/vaults/"+v.ID+"/items").body), "items of an empty vault")
}

func TestVaults_Filter(t *testing.T) {
	t.Parallel()
	s := newServer(t, vaultsFixture(t, "Demo", "Demo & Co", `The "Box"`, "ÄÖ", "a;b", "100%", "a+b", `back\slash`,
		"it's", "Demo Two"))
	for query, want := range map[string]string{
		// as clients encode it
		`?filter=title+eq+%22Demo%22`:                        "Demo", // Go
		`?filter=title%20eq%20%22Demo%22`:                    "Demo", // JS
		`?filter=name%20eq%20%22Demo%22`:                     "Demo", // Python, Java
		`?filter=title%20eq%20"Demo"`:                        "Demo", // raw quotes
		`/?filter=title%20eq%20%22Demo%22`:                   "Demo", // JS, with the slash
		`?filter=title+eq+%22Demo+%26+Co%22`:                 "Demo & Co",
		`?filter=title+eq+%22%C3%84%C3%96%22`:                "ÄÖ",
		`?filter=title+eq+%22%c3%a4%c3%b6%22`:                "ÄÖ",
		`?filter=title+eq+%22demo%22`:                        "Demo",
		`?filter=NAME+EQ+%22DEMO%22`:                         "Demo",
		`?filter=title+eq+%22a%3Bb%22`:                       "a;b",
		`?filter=title+eq+%22100%25%22`:                      "100%",
		`?filter=title+eq+%22a%2Bb%22`:                       "a+b",
		`?filter=title+eq+%22it%27s%22`:                      "it's",
		`?filter=title+eq+%22The+%5C%22Box%5C%22%22`:         `The "Box"`, // escaped
		`?filter=title+eq+%22back%5C%5Cslash%22`:             `back\slash`,
		`?filter=title+eq+%22nothing%22`:                     "",
		`?filter=title+co+%22Demo%22`:                        "Demo|Demo & Co|Demo Two",
		`?filter=title+eq+%22Demo%22+or+name+eq+%22a%2Bb%22`: "Demo|a+b",
		`?filter=`:                    "Demo|Demo & Co|The \"Box\"|ÄÖ|a;b|100%|a+b|back\\slash|it's|Demo Two",
		`?=`:                          "Demo|Demo & Co|The \"Box\"|ÄÖ|a;b|100%|a+b|back\\slash|it's|Demo Two", // Rust
		`?Filter=title+eq+%22Demo%22`: "Demo|Demo & Co|The \"Box\"|ÄÖ|a;b|100%|a+b|back\\slash|it's|Demo Two",
	} {
		wantEqual(t, want, vaultNames(t, s.get(t, "/v1/vaults"+query)), "%s: found", query)
	}
	wantEqual(t, "[]", string(s.get(t, `/v1/vaults?filter=title+eq+%22nothing%22`).body), "nothing found")
	for _, filter := range []string{
		`title eq 'Demo'`, `title eq "Demo `, `title eq Demo`, `title`, `"Demo"`, `id eq "x"`, `tag eq "x"`,
		`title eq "a" and`, `(title eq "a"`, `title is "a"`, `title eq 7`, `title gt "a"`, `title eq "The "Box""`, strings.Repeat("(", 5000),
	} {
		e := s.get(t, "/v1/vaults?filter="+url.QueryEscape(filter)).apiError(t)
		if e.Status != 400 || !strings.HasPrefix(e.Message, "Validation: (invalid filter), ") {
			t.Errorf("%s: got %v", filter, &e)
		}
	}
	// What the JS client sends for "Demo & Co", and queries that are not valid.
	for _, query := range []string{`?filter=title%20eq%20%22Demo%20&%20Co%22`, `?filter=title+eq+%22a;b%22`,
		`?filter=title+eq+%22100%%22`, `?filter=a&filter=b`} {
		if e := s.get(t, "/v1/vaults"+query).apiError(t); e.Status != 400 {
			t.Errorf("%s: got %v", query, &e)
		}
	}
}

func TestVault_UnknownIsDenied(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.get(t, "/v1/vaults/"+noVault).wantError(t, connect.VaultDenied(noVault))
	for _, bad := range []string{"Office", "x", strings.ToUpper(noVault), noVault + "z", noVault[1:], noVault[1:] + "_",
		noVault[1:] + "é"} {
		s.get(t, "/v1/vaults/"+url.PathEscape(bad)).wantError(t, connect.InvalidVaultUUID())
		s.get(t, "/v1/vaults/"+url.PathEscape(bad)+"/items").wantError(t, connect.InvalidVaultUUID())
	}
}
