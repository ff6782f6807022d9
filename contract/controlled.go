package contract

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/onsi/gomega"
)

// controlledRules returns the rules that need the control API of a mock: they compare
// responses with data that the rule has put there, in an account of its own.
func controlledRules() []rule {
	return []rule{
		{Rule{ID: "files/known-content", Tag: "Files", Level: Must,
			Evidence: "[D] published document; what the files have is known from the fixture that the rule loads",
			Text:     "Files have the names, the sizes and the bytes that were stored, alone, in lists and inline",
			Touches:  ReadOnly,
			Needs:    []Capability{Control},
			Operations: []string{"GetVaults", "GetVaultItems", "GetVaultItemById", "GetItemFiles", "GetDetailsOfFileById",
				"DownloadFileByID"}},
			checkKnownFiles},
		{Rule{ID: "isolation/accounts", Tag: "Isolation", Level: Must,
			Evidence:   "[D] a token belongs to one account, and tokens are for the vaults of their account",
			Text:       "No list, no filter and no id finds an item of another account, not even in a vault of the same id",
			Touches:    OwnItems,
			Needs:      []Capability{Write, Control},
			Operations: createOperations("GetVaultItems")},
			checkAccounts},
		{Rule{ID: "auth/revoked-after-use", Tag: "Auth", Level: Must,
			Evidence:   "[D] a token can be revoked; [G] that it is refused at once",
			Text:       "A token that has just been used is refused with 401 once it is revoked",
			Touches:    ReadOnly,
			Needs:      []Capability{Control},
			Operations: []string{"GetVaults"}},
			checkRevokedToken},
	}
}

// knownFile is a file whose content a rule knows.
type knownFile struct {
	name    string
	content []byte
}

// checkKnownFiles loads a fixture with files and compares all that the API says of them.
func checkKnownFiles(s *session) {
	known := []knownFile{
		{"text.txt", []byte("two lines,\r\nthe second without an end")},
		{"bytes.bin", []byte("\x00\x01\xff\xfe\r\n\n\x80 and more")},
		{"empty.txt", nil},
		{"long.txt", []byte(strings.Repeat("0123456789abcdef", 2000))},
	}
	account := s.createAccount()
	vaultName := s.uniqueName("files")
	s.loadFiles(account, vaultName, known)
	token := withToken(account.Token)

	found := s.do("GetVaults", token, query("filter", "name eq "+quote(vaultName))).expectStatus(http.StatusOK).vaults()
	s.Expect(found).To(gomega.HaveLen(1), "vaults of the name that was loaded")
	list := s.do("GetVaultItems", token, vault(found[0].ID)).expectStatus(http.StatusOK).items()
	s.Expect(list).To(gomega.HaveLen(1), "items of the vault that was loaded")
	at := []option{token, vault(found[0].ID), item(list[0].ID)}
	it := s.do("GetVaultItemById", at...).expectStatus(http.StatusOK).item()
	s.expectKnownFiles(it.Files, known, false)
	s.expectKnownFiles(s.do("GetItemFiles", at...).expectStatus(http.StatusOK).files(), known, false)
	inline := append(at[:len(at):len(at)], query("inline_content", "true"))
	s.expectKnownFiles(s.do("GetItemFiles", inline...).expectStatus(http.StatusOK).files(), known, true)
	for i, f := range it.Files {
		details := decodeBody[connect.File](s.do("GetDetailsOfFileById", append(inline, file(f.ID))...).
			expectStatus(http.StatusOK))
		s.expectKnownFiles([]connect.File{details}, known[i:i+1], true)
		res := s.do("DownloadFileByID", append(at[:len(at):len(at)], file(f.ID))...).expectStatus(http.StatusOK)
		s.expectSameBytes(res.Body, known[i].content, f)
		s.Expect(res.Header.Get("Content-Length")).To(gomega.Equal(strconv.Itoa(len(known[i].content))),
			"header Content-Length of %s", known[i].name)
	}
}

// expectKnownFiles asserts that a list has the known files, in their order.
func (s *session) expectKnownFiles(list []connect.File, known []knownFile, inline bool) {
	s.Expect(list).To(gomega.HaveLen(len(known)), "files of the item that was loaded")
	for i, f := range list {
		s.Expect(f.Name).To(gomega.Equal(known[i].name), "name of a file")
		s.Expect(f.Size).To(gomega.Equal(int64(len(known[i].content))), "size of %s", f.Name)
		if inline {
			s.expectSameBytes(f.Content, known[i].content, f)
		}
	}
}

// loadFiles adds a vault with a document to an account.
func (s *session) loadFiles(account controlapi.Account, vaultName string, known []knownFile) {
	files := make([]map[string]string, len(known))
	for i, f := range known {
		files[i] = map[string]string{"name": f.name, "base64": base64.StdEncoding.EncodeToString(f.content)}
	}
	fixture := encodeJSON(map[string]any{"vaults": []any{map[string]any{
		"name":  vaultName,
		"items": []any{map[string]any{"title": "Known Files", "category": "DOCUMENT", "files": files}},
	}}})
	if _, err := s.server.control.LoadFixture(s.ctx, account.ID, strings.NewReader(fixture), true); err != nil {
		abort(fmt.Errorf("the mock did not load the files of the rule: %w", err))
	}
}

// checkAccounts looks for a new item with the token of another account that has the
// same vaults.
func checkAccounts(s *session) {
	account := s.createAccount()
	token := withToken(account.Token)
	in := noteInput()
	in.Title, in.Tags = s.uniqueName("here"), []string{strings.ReplaceAll(s.uniqueName("tag"), " ", "-")}
	it := s.create(in)
	whole, part, tagged := "title eq "+quote(in.Title), "title co "+quote(in.Title[3:]), "tag eq "+quote(in.Tags[0])
	for _, filter := range []string{"", whole, part, tagged, part + " or " + part, whole + " or " + tagged,
		part + " and " + tagged + " or " + whole, whole + " or " + part + " and " + tagged} {
		var options []option
		if filter != "" {
			s.expectFound(filter, in.Title)
			options = append(options, query("filter", filter))
		}
		res := s.do("GetVaultItems", append(options, token)...)
		if res.Status != http.StatusOK {
			res.expectError(http.StatusForbidden, "") // the other account does not have the vault
			continue
		}
		for _, found := range res.items() {
			s.Expect(found.ID).NotTo(gomega.Equal(it.ID), "id of an item found in another account by the filter %q", filter)
		}
	}
	s.do("GetVaultItemById", token, item(it.ID)).expectErrorOneOf(http.StatusForbidden, http.StatusNotFound)
	s.expectSame(it, "the item in its own account")
}

// checkRevokedToken uses a token before and after it is revoked.
func checkRevokedToken(s *session) {
	account, control, name := s.createAccount(), s.server.control, s.uniqueName("revoked")
	issued, err := control.IssueToken(s.ctx, controlapi.Token{Name: name, Account: account.ID})
	if err != nil {
		abort(fmt.Errorf("the mock issued no token: %w", err))
	}
	s.redactor.Add(issued.Value)
	for range 2 {
		s.do("GetVaults", withToken(issued.Value)).expectStatus(http.StatusOK)
	}
	if err := control.RevokeToken(s.ctx, account.ID, name); err != nil {
		abort(fmt.Errorf("the mock revoked no token: %w", err))
	}
	s.do("GetVaults", withToken(issued.Value)).expectError(http.StatusUnauthorized, "")
	s.do("GetVaults", withToken(account.Token)).expectStatus(http.StatusOK)
}

// createAccount creates an account with the initial data of that of the target. It is
// deleted after the check.
func (s *session) createAccount() controlapi.Account {
	account, err := s.server.control.CreateAccount(s.ctx,
		controlapi.NewAccount{Name: s.uniqueName("account"), From: s.server.account})
	if err != nil {
		abort(fmt.Errorf("the mock created no account: %w", err))
	}
	s.redactor.Add(account.Token)
	s.accounts = append(s.accounts, account.ID)
	return account
}

// deleteAccounts deletes the accounts that the check created.
func (s *session) deleteAccounts() error {
	const limit = 30 * time.Second
	ctx, cancel := context.WithTimeoutCause(s.grace, limit, errors.New("it took too long"))
	defer cancel()
	var errs []error
	for _, id := range s.accounts {
		if err := s.server.control.DeleteAccount(ctx, id); err != nil {
			errs = append(errs, fmt.Errorf("the account %s of the mock was not deleted: %w", id, err))
		}
	}
	s.accounts = nil
	return errors.Join(errs...)
}
