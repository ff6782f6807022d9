package contract

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
)

// inspection finds out what a run knows about the server before the first rule.
type inspection struct{ *check.Server }

// add adds a capability of the target.
func (info inspection) add(c rule.Capability, have bool, why string) {
	info.Capabilities.Add(string(c), have, why)
}

// addToken adds the capability that comes with a token for the vault. reason is why
// there is no token.
func (info inspection) addToken(c rule.Capability, token, reason string) {
	switch {
	case token == "":
		info.add(c, false, reason)
	case info.Vault.ID == "":
		info.add(c, false, "the token sees no vault to use it for")
	default:
		info.add(c, true, "given")
	}
}

// inspectTarget finds out what the target can do. It only sends reads. A capability
// that it can't see is missing, with the reason.
func (r *run) inspectTarget(ctx context.Context) {
	info := inspection{&r.Server}
	s := r.NewSession(ctx)
	agent := call.RunPrefix(r.ID) + "-" + strings.ToLower(rand.Text())
	vaults, err := s.Try("GetVaults", call.Header("User-Agent", agent))
	r.setUpError = r.setUpProblem(vaults, err)
	if err != nil {
		r.unreachable = err
		for _, c := range rule.AllCapabilities() {
			info.add(c, false, fmt.Sprintf("the target can't be used: %v", err))
		}
		return
	}
	info.Version = vaults.Header.Get(check.VersionHeader)
	info.findVaults(r.target, vaults)
	info.findItems(s)
	r.setUpError = cmp.Or(r.setUpError, info.checkNamedVaults(r.target, vaults))
	if r.setUpError == nil {
		r.setUpError = r.issueTokens(ctx, agent)
	}
	info.findWrite(r.target, r.missingTokenReason("no control was given"))
	info.addToken(rule.Reader, info.ReaderToken, r.missingTokenReason("no read-only token was given"))
	info.addToken(rule.Writer, info.WriterToken, r.missingTokenReason("no write-only token was given"))
	info.addToken(rule.Other, info.OtherToken, r.missingTokenReason("no token of another scope was given"))
	if len(info.RefusedTokens) == 0 {
		info.add(rule.Refused, false, r.missingTokenReason("no expired, revoked or foreign token was given"))
	} else {
		info.add(rule.Refused, true, "given")
	}
	info.findLog(s)
	if info.Account == "" {
		info.add(rule.Control, false, r.missingTokenReason("no control was given, which only a mock has"))
	} else {
		info.add(rule.Control, true, "given")
	}
}

// setUpProblem returns what the response to the first request, or its error, shows
// to be wrong with the set-up.
func (r *run) setUpProblem(res *check.Response, err error) error {
	probe := suite.Probe{Target: r.target.URL}
	switch {
	case err != nil:
		probe.Err = errors.New(r.Redactor.Redact(err.Error()))
	default:
		probe.Status, probe.Header, probe.Body = res.Status, res.Header, res.Body
	}
	if err := probe.Problem(); err != nil {
		return errors.New(r.Redactor.Redact(err.Error()))
	}
	return nil
}

// checkNamedVaults returns an error if the token does not see the vaults of the
// target. It ignores a response that is not a list of vaults: the rules check that.
func (info inspection) checkNamedVaults(t Target, res *check.Response) error {
	var list []connect.Vault
	switch {
	case res.Decode(&list) != nil:
		return nil
	case info.Vault.ID == "" && t.Vault != "":
		return suite.CheckVault(t.Vault, info.Vaults)
	case info.OtherVault.ID == "" && t.OtherVault != "":
		return suite.CheckVault(t.OtherVault, info.Vaults)
	}
	return nil
}

// findVaults chooses the vaults to use from the list of vaults.
func (info inspection) findVaults(t Target, res *check.Response) {
	problem := ""
	if res.Status != 200 {
		problem = fmt.Sprintf("the list of vaults returned %d", res.Status)
	} else if err := res.Decode(&info.Vaults); err != nil {
		problem = "the list of vaults is not an array of vaults"
	}
	for _, v := range info.Vaults {
		switch {
		case info.Vault.ID == "" && (t.Vault == "" || t.Vault == v.ID):
			info.Vault = v
		case info.OtherVault.ID == "" && (t.OtherVault == "" || t.OtherVault == v.ID):
			info.OtherVault = v
		}
	}
	switch {
	case problem != "":
		info.add(rule.Read, false, problem)
	case info.Vault.ID == "" && t.Vault != "":
		info.add(rule.Read, false, fmt.Sprintf("the token does not see the vault %s", t.Vault))
	case info.Vault.ID == "":
		info.add(rule.Read, false, "the token sees no vault")
	default:
		info.add(rule.Read, true, fmt.Sprintf("vault %s", info.Vault.ID))
	}
	if info.OtherVault.ID == "" {
		info.add(rule.OtherVault, false, "the token does not see a second vault, or not the one that was named")
	} else {
		info.add(rule.OtherVault, true, fmt.Sprintf("vault %s", info.OtherVault.ID))
	}
}

// findItems looks for an item in the vault and for items with files in any vault.
// It reads only a few items: they may be real.
func (info inspection) findItems(s *check.Session) {
	if info.Vault.ID == "" {
		for _, c := range []rule.Capability{rule.Items, rule.Documents, rule.Files, rule.SmallFiles, rule.LargeFile} {
			info.add(c, false, "the token sees no vault to look into")
		}
		return
	}
	const maxRead = 20
	candidates := check.SortDocumentsFirst(info.listItems(s))
	if len(candidates) > 0 && candidates[0].Category == "DOCUMENT" {
		info.ListedDocument = candidates[0]
	}
	for i, summary := range candidates {
		if i == maxRead || info.ItemWithSmallFiles.ID != "" && info.ItemWithLargeFile.ID != "" {
			break
		}
		var it connect.Item
		res, err := s.Try("GetVaultItemById", call.Vault(summary.Vault.ID), call.Item(summary.ID))
		if err == nil && res.Status == 200 && res.Decode(&it) == nil && len(it.Files) > 0 {
			info.addItemWithFiles(it)
		}
	}
	documentReason := cmp.Or(info.ListedDocument.ID, "no item of category DOCUMENT is listed")
	info.add(rule.Documents, info.ListedDocument.ID != "", documentReason)
	info.add(rule.Items, info.SampleItem.ID != "", fmt.Sprintf("the vault has %d items", info.Vault.Items))
	for _, c := range []struct {
		capability rule.Capability
		item       connect.Item
		content    string
	}{
		{rule.Files, info.ItemWithFiles, "a file"},
		{rule.SmallFiles, info.ItemWithSmallFiles, "only small files"},
		{rule.LargeFile, info.ItemWithLargeFile, "a file over 100 KB"},
	} {
		if c.item.ID == "" {
			info.add(c.capability, false,
				fmt.Sprintf("none of the items that were read, at most %d, has %s", maxRead, c.content))
		} else {
			info.add(c.capability, true, fmt.Sprintf("item %s has %s", c.item.ID, c.content))
		}
	}
}

// listItems returns the items of all vaults and sets the sample item.
func (info inspection) listItems(s *check.Session) (all []connect.Summary) {
	for _, v := range info.Vaults {
		var list []connect.Summary
		res, err := s.Try("GetVaultItems", call.Vault(v.ID))
		if err != nil || res.Status != 200 || res.Decode(&list) != nil {
			continue
		}
		if v.ID == info.Vault.ID && len(list) > 0 {
			info.SampleItem = list[0]
		}
		all = append(all, list...)
	}
	return all
}

// addItemWithFiles uses an item with files where there is none yet. By default files
// of up to 100 KB are sent inline; whether a KB is 1000 or 1024 bytes is not
// documented, so sizes in between are neither small nor large.
func (info inspection) addItemWithFiles(it connect.Item) {
	small, large, content := true, false, false
	for _, file := range it.Files {
		small = small && file.Size < 100*1000
		large = large || file.Size > 100*1024
		content = content || file.Size > 0
	}
	if info.ItemWithFiles.ID == "" {
		info.ItemWithFiles = it
	}
	if info.ItemWithSmallFiles.ID == "" && small && content {
		info.ItemWithSmallFiles = it
	}
	if info.ItemWithLargeFile.ID == "" && large {
		info.ItemWithLargeFile = it
	}
}

// findWrite adds the capability to write. No server whose control is not known to be
// its own is written to without a named vault. otherwise says why it is not known.
func (info inspection) findWrite(t Target, otherwise string) {
	switch {
	case !t.AllowWrites:
		info.add(rule.Write, false, "writes are not allowed; allow them and name a vault")
	case info.Account == "" && (t.OnlyMock || t.Vault == ""):
		info.add(rule.Write, false, "writes are allowed only to a mock whose control is known; "+otherwise)
	case info.Vault.ID == "":
		info.add(rule.Write, false, "the token does not see the vault to write to")
	default:
		info.add(rule.Write, true, fmt.Sprintf("to vault %s", info.Vault.ID))
	}
}

// findLog requests one record of the activity log.
func (info inspection) findLog(s *check.Session) {
	res, err := s.Try("GetApiActivity", call.Query("limit", "1"))
	switch {
	case err != nil:
		info.add(rule.Log, false, fmt.Sprintf("the activity log can't be read: %v", err))
	case res.Status == 403 || res.Status == 404:
		info.add(rule.Log, false, fmt.Sprintf("the activity log returned %d", res.Status))
	default:
		info.add(rule.Log, true, "the activity log can be read") // the rules check the response
	}
}
