package files

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/onsi/gomega"
)

// KnownFileRules returns the rule about files whose content is known. It needs the
// control API of a mock, to put the files into an account of its own.
func KnownFileRules() []check.Rule {
	return []check.Rule{
		{Rule: rule.Rule{ID: "files/known-content", Tag: "Files", Level: rule.Must,
			Evidence: "[D] published document; what the files have is known from the fixture that the rule loads",
			Text:     "Files have the names, the sizes and the bytes that were stored, alone, in lists and inline",
			Touches:  rule.ReadOnly, Needs: []rule.Capability{rule.Control},
			Operations: []string{"GetVaults", "GetVaultItems", "GetVaultItemById", "GetItemFiles",
				"GetDetailsOfFileById", "DownloadFileByID"}},
			Check: checkKnownFiles},
	}
}

// knownFile is a file whose content a rule knows.
type knownFile struct {
	name    string
	content []byte
}

// checkKnownFiles loads a fixture with files and compares all that the API says of them.
func checkKnownFiles(s *check.Session) {
	known := []knownFile{
		{"text.txt", []byte("two lines,\r\nthe second without an end")},
		{"bytes.bin", []byte("\x00\x01\xff\xfe\r\n\n\x80 and more")},
		{"empty.txt", nil},
		{"long.txt", []byte(strings.Repeat("0123456789abcdef", 2000))},
	}
	account := s.CreateAccount()
	vaultName := s.UniqueName("files")
	loadFiles(s, account, vaultName, known)
	token := call.WithToken(account.Token)

	found := s.Do("GetVaults", token, call.Filter("name eq "+call.Quote(vaultName))).ExpectStatus(200).Vaults()
	s.Expect(found).To(gomega.HaveLen(1), "vaults of the name that was loaded")
	list := s.Do("GetVaultItems", token, call.Vault(found[0].ID)).ExpectStatus(200).Items()
	s.Expect(list).To(gomega.HaveLen(1), "items of the vault that was loaded")
	at := []call.Option{token, call.Vault(found[0].ID), call.Item(list[0].ID)}
	it := s.Do("GetVaultItemById", at...).ExpectStatus(200).Item()
	expectKnownFiles(s, it.Files, known, false)
	expectKnownFiles(s, s.Do("GetItemFiles", at...).ExpectStatus(200).Files(), known, false)
	inline := append(at[:len(at):len(at)], call.Query("inline_content", "true"))
	expectKnownFiles(s, s.Do("GetItemFiles", inline...).ExpectStatus(200).Files(), known, true)
	for i, f := range it.Files {
		details := check.DecodeBody[connect.File](s.Do("GetDetailsOfFileById", append(inline, call.File(f.ID))...).
			ExpectStatus(200))
		expectKnownFiles(s, []connect.File{details}, known[i:i+1], true)
		res := s.Do("DownloadFileByID", append(at[:len(at):len(at)], call.File(f.ID))...).ExpectStatus(200)
		expectSameBytes(s, res.Body, known[i].content, f)
		s.Expect(res.Header.Get("Content-Length")).To(gomega.Equal(strconv.Itoa(len(known[i].content))),
			"header Content-Length of %s", known[i].name)
	}
}

// expectKnownFiles asserts that a list has the known files, in their order.
func expectKnownFiles(s *check.Session, list []connect.File, known []knownFile, inline bool) {
	s.Expect(list).To(gomega.HaveLen(len(known)), "files of the item that was loaded")
	for i, f := range list {
		s.Expect(f.Name).To(gomega.Equal(known[i].name), "name of a file")
		s.Expect(f.Size).To(gomega.Equal(int64(len(known[i].content))), "size of %s", f.Name)
		if inline {
			expectSameBytes(s, f.Content, known[i].content, f)
		}
	}
}

// loadFiles adds a vault with a document to an account.
func loadFiles(s *check.Session, account controlapi.Account, vaultName string, known []knownFile) {
	files := make([]map[string]string, len(known))
	for i, f := range known {
		files[i] = map[string]string{"name": f.name, "base64": base64.StdEncoding.EncodeToString(f.content)}
	}
	fixture := call.EncodeJSON(map[string]any{"vaults": []any{map[string]any{
		"name":  vaultName,
		"items": []any{map[string]any{"title": "Known Files", "category": "DOCUMENT", "files": files}},
	}}})
	if _, err := s.Server.Control.LoadFixture(s.Ctx, account.ID, strings.NewReader(fixture), true); err != nil {
		check.Abort(fmt.Errorf("the mock did not load the files of the rule: %w", err))
	}
}
