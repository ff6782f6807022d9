package contract

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
)

// inspection finds out what a run knows about the server before the first rule.
type inspection struct{ *server }

// add adds a capability of the target.
func (info inspection) add(c Capability, have bool, why string) {
	info.capabilities.Add(string(c), have, why)
}

// addToken adds the capability that comes with a token for the vault. reason is why
// there is no token.
func (info inspection) addToken(c Capability, token, reason string) {
	switch {
	case token == "":
		info.add(c, false, reason)
	case info.vault.ID == "":
		info.add(c, false, "the token sees no vault to use it for")
	default:
		info.add(c, true, "given")
	}
}

// inspectTarget finds out what the target can do. It only sends reads. A capability
// that it can't see is missing, with the reason.
func (r *run) inspectTarget(ctx context.Context) {
	info := inspection{&r.server}
	s := r.newSession(ctx)
	agent := runPrefix(r.id) + "-" + strings.ToLower(rand.Text())
	vaults, err := s.try("GetVaults", header("User-Agent", agent))
	r.setUpError = r.setUpProblem(vaults, err)
	if err != nil {
		r.unreachable = err
		for _, c := range allCapabilities() {
			info.add(c, false, fmt.Sprintf("the target can't be used: %v", err))
		}
		return
	}
	info.version = vaults.Header.Get(versionHeader)
	info.findVaults(r.target, vaults)
	info.findItems(s)
	r.setUpError = cmp.Or(r.setUpError, info.checkNamedVaults(r.target, vaults))
	if r.setUpError == nil {
		r.setUpError = r.issueTokens(ctx, agent)
	}
	info.findWrite(r.target, r.missingTokenReason("no control was given"))
	info.addToken(Reader, info.readerToken, r.missingTokenReason("no read-only token was given"))
	info.addToken(Writer, info.writerToken, r.missingTokenReason("no write-only token was given"))
	info.addToken(Other, info.otherToken, r.missingTokenReason("no token of another scope was given"))
	if len(info.refusedTokens) == 0 {
		info.add(Refused, false, r.missingTokenReason("no expired, revoked or foreign token was given"))
	} else {
		info.add(Refused, true, "given")
	}
	info.findLog(s)
	if info.account == "" {
		info.add(Control, false, r.missingTokenReason("no control was given, which only a mock has"))
	} else {
		info.add(Control, true, "given")
	}
}

// setUpProblem returns what the response to the first request, or its error, shows
// to be wrong with the set-up.
func (r *run) setUpProblem(res *response, err error) error {
	probe := suite.Probe{Target: r.target.URL}
	switch {
	case err != nil:
		probe.Err = errors.New(r.redactor.Redact(err.Error()))
	default:
		probe.Status, probe.Header, probe.Body = res.Status, res.Header, res.Body
	}
	if err := probe.Problem(); err != nil {
		return errors.New(r.redactor.Redact(err.Error()))
	}
	return nil
}

// checkNamedVaults returns an error if the token does not see the vaults of the
// target. It ignores a response that is not a list of vaults: the rules check that.
func (info inspection) checkNamedVaults(t Target, res *response) error {
	var list []connect.Vault
	switch {
	case res.decode(&list) != nil:
		return nil
	case info.vault.ID == "" && t.Vault != "":
		return suite.CheckVault(t.Vault, info.vaults)
	case info.otherVault.ID == "" && t.OtherVault != "":
		return suite.CheckVault(t.OtherVault, info.vaults)
	}
	return nil
}

// findVaults chooses the vaults to use from the list of vaults.
func (info inspection) findVaults(t Target, res *response) {
	problem := ""
	if res.Status != 200 {
		problem = fmt.Sprintf("the list of vaults returned %d", res.Status)
	} else if err := res.decode(&info.vaults); err != nil {
		problem = "the list of vaults is not an array of vaults"
	}
	for _, v := range info.vaults {
		switch {
		case info.vault.ID == "" && (t.Vault == "" || t.Vault == v.ID):
			info.vault = v
		case info.otherVault.ID == "" && (t.OtherVault == "" || t.OtherVault == v.ID):
			info.otherVault = v
		}
	}
	switch {
	case problem != "":
		info.add(Read, false, problem)
	case info.vault.ID == "" && t.Vault != "":
		info.add(Read, false, fmt.Sprintf("the token does not see the vault %s", t.Vault))
	case info.vault.ID == "":
		info.add(Read, false, "the token sees no vault")
	default:
		info.add(Read, true, fmt.Sprintf("vault %s", info.vault.ID))
	}
	if info.otherVault.ID == "" {
		info.add(OtherVault, false, "the token does not see a second vault, or not the one that was named")
	} else {
		info.add(OtherVault, true, fmt.Sprintf("vault %s", info.otherVault.ID))
	}
}

// findItems looks for an item in the vault and for items with files in any vault.
// It reads only a few items: they may be real.
func (info inspection) findItems(s *session) {
	if info.vault.ID == "" {
		for _, c := range []Capability{Items, Documents, Files, SmallFiles, LargeFile} {
			info.add(c, false, "the token sees no vault to look into")
		}
		return
	}
	const maxRead = 20
	candidates := sortDocumentsFirst(info.listItems(s))
	if len(candidates) > 0 && candidates[0].Category == "DOCUMENT" {
		info.listedDocument = candidates[0]
	}
	for i, summary := range candidates {
		if i == maxRead || info.itemWithSmallFiles.ID != "" && info.itemWithLargeFile.ID != "" {
			break
		}
		var it connect.Item
		res, err := s.try("GetVaultItemById", vault(summary.Vault.ID), item(summary.ID))
		if err == nil && res.Status == 200 && res.decode(&it) == nil && len(it.Files) > 0 {
			info.addItemWithFiles(it)
		}
	}
	documentReason := cmp.Or(info.listedDocument.ID, "no item of category DOCUMENT is listed")
	info.add(Documents, info.listedDocument.ID != "", documentReason)
	info.add(Items, info.sampleItem.ID != "", fmt.Sprintf("the vault has %d items", info.vault.Items))
	for _, c := range []struct {
		capability Capability
		item       connect.Item
		content    string
	}{
		{Files, info.itemWithFiles, "a file"},
		{SmallFiles, info.itemWithSmallFiles, "only small files"},
		{LargeFile, info.itemWithLargeFile, "a file over 100 KB"},
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
func (info inspection) listItems(s *session) (all []connect.Summary) {
	for _, v := range info.vaults {
		var list []connect.Summary
		res, err := s.try("GetVaultItems", vault(v.ID))
		if err != nil || res.Status != 200 || res.decode(&list) != nil {
			continue
		}
		if v.ID == info.vault.ID && len(list) > 0 {
			info.sampleItem = list[0]
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
	if info.itemWithFiles.ID == "" {
		info.itemWithFiles = it
	}
	if info.itemWithSmallFiles.ID == "" && small && content {
		info.itemWithSmallFiles = it
	}
	if info.itemWithLargeFile.ID == "" && large {
		info.itemWithLargeFile = it
	}
}

// sortDocumentsFirst returns a list with the items of category DOCUMENT first.
func sortDocumentsFirst(list []connect.Summary) []connect.Summary {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b connect.Summary) int {
		switch isDocument := a.Category == "DOCUMENT"; {
		case isDocument == (b.Category == "DOCUMENT"):
			return 0
		case isDocument:
			return -1
		}
		return 1
	})
	return sorted
}

// findWrite adds the capability to write. No server whose control is not known to be
// its own is written to without a named vault. otherwise says why it is not known.
func (info inspection) findWrite(t Target, otherwise string) {
	switch {
	case !t.AllowWrites:
		info.add(Write, false, "writes are not allowed; allow them and name a vault")
	case info.account == "" && (t.OnlyMock || t.Vault == ""):
		info.add(Write, false, "writes are allowed only to a mock whose control is known; "+otherwise)
	case info.vault.ID == "":
		info.add(Write, false, "the token does not see the vault to write to")
	default:
		info.add(Write, true, fmt.Sprintf("to vault %s", info.vault.ID))
	}
}

// findLog requests one record of the activity log.
func (info inspection) findLog(s *session) {
	res, err := s.try("GetApiActivity", query("limit", "1"))
	switch {
	case err != nil:
		info.add(Log, false, fmt.Sprintf("the activity log can't be read: %v", err))
	case res.Status == 403 || res.Status == 404:
		info.add(Log, false, fmt.Sprintf("the activity log returned %d", res.Status))
	default:
		info.add(Log, true, "the activity log can be read") // the rules check the response
	}
}
