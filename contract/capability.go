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

// Capability is something a rule needs from the target.
type Capability string

// The capabilities.
const (
	Read       Capability = "read"        // the token sees a vault
	Items      Capability = "items"       // and an item in it
	Documents  Capability = "documents"   // and an item that should have files
	Files      Capability = "files"       // and an item with files
	SmallFiles Capability = "small-files" // and one whose files can all be sent inline
	LargeFile  Capability = "large-file"  // and one with a file that can't
	Write      Capability = "write"       // the suite may write to the vault
	OtherVault Capability = "other-vault" // the token sees a second vault
	Reader     Capability = "reader"      // a token that may only read the vault
	Writer     Capability = "writer"      // a token that may only write the vault
	Other      Capability = "other"       // a token that does not see the vault
	Refused    Capability = "refused"     // a token that is no longer valid
	Log        Capability = "log"         // the token may read the activity log
	Control    Capability = "control"     // a control listener
)

// Found is a capability and whether the target has it.
type Found struct {
	Capability Capability
	Have       bool
	Why        string // why not, or what was found
}

// found is what is known about the target before the first rule.
type found struct {
	list      []Found
	vaults    []connect.Vault
	vault     connect.Vault   // the one to use
	second    connect.Vault   // another one
	sample    connect.Summary // some item of vault
	listed    connect.Summary // a document, as a list shows it
	document  connect.Item    // an item with files, of any vault
	light     connect.Item    // an item with small files only, of any vault
	heavy     connect.Item    // an item with a large file, of any vault
	version   string          // the Connect version the server says it is
	reachable error           // why nothing could be found out
	setUp     error           // what is wrong with the set-up
}

// missing returns why a rule can't be run, "" if it can.
func (f *found) missing(needs []Capability) string {
	for _, need := range needs {
		i := slices.IndexFunc(f.list, func(x Found) bool { return x.Capability == need })
		if i < 0 {
			return fmt.Sprintf("needs %s, which nothing looks for", need)
		}
		if !f.list[i].Have {
			return fmt.Sprintf("needs %s: %s", need, f.list[i].Why)
		}
	}
	return ""
}

// find returns what the target can do. It sends reads only and assumes nothing:
// what it cannot see is missing, with the reason.
func (r *run) find(ctx context.Context) *found {
	f := &found{}
	say := func(c Capability, have bool, why string) {
		f.list = append(f.list, Found{c, have, why})
	}
	p := r.probe(ctx)
	agent := prefix(r.id) + "-" + strings.ToLower(rand.Text())
	answer, err := p.try("GetVaults", header("User-Agent", agent))
	f.setUp = r.problem(answer, err)
	if err != nil {
		f.reachable = err
		for _, c := range []Capability{Read, Items, Documents, Files, SmallFiles, LargeFile, Write, OtherVault, Reader, Writer, Other, Refused, Log, Control} {
			say(c, false, fmt.Sprintf("the target can't be used: %v", err))
		}
		return f
	}
	f.version = answer.Header.Get("1Password-Connect-Version")
	f.findVaults(r, answer, say)
	f.findItems(p, say)
	f.setUp = cmp.Or(f.setUp, f.findNamed(r.target, answer))
	if f.setUp == nil {
		f.setUp = r.issue(ctx, f, agent)
	}
	t := r.target
	f.findWrite(t, say)
	say(Reader, t.ReaderToken != "" && f.vault.ID != "", cmp.Or(given(t.ReaderToken), r.whyNoToken("no read-only token was given")))
	say(Writer, t.WriterToken != "" && f.vault.ID != "", cmp.Or(given(t.WriterToken), r.whyNoToken("no write-only token was given")))
	say(Other, t.OtherToken != "" && f.vault.ID != "", cmp.Or(given(t.OtherToken), r.whyNoToken("no token of another scope was given")))
	say(Refused, len(t.RefusedTokens) > 0, cmp.Or(given(strings.Join(t.RefusedTokens, "")), r.whyNoToken("no expired, revoked or foreign token was given")))
	f.findLog(p, say)
	say(Control, r.tokens.account != "", cmp.Or(given(r.tokens.account), r.whyNoToken("no control listener was given")))
	return f
}

// problem returns what the first response shows to be wrong with the set-up.
func (r *run) problem(a *answer, err error) error {
	probe := suite.Probe{Target: r.target.URL}
	switch {
	case err != nil:
		probe.Err = errors.New(r.redactor.Redact(err.Error()))
	default:
		probe.Status, probe.Header, probe.Body = a.Status, a.Header, a.Body
	}
	if err := probe.Problem(); err != nil {
		return errors.New(r.redactor.Redact(err.Error()))
	}
	return nil
}

// findNamed returns an error if the token does not see the vaults that were named.
// A response that is not a list of vaults is left to the rules.
func (f *found) findNamed(t Target, vaults *answer) error {
	var list []connect.Vault
	switch {
	case vaults.decode(&list) != nil:
		return nil
	case f.vault.ID == "" && t.Vault != "":
		return suite.CheckVault(t.Vault, f.vaults)
	case f.second.ID == "" && t.OtherVault != "":
		return suite.CheckVault(t.OtherVault, f.vaults)
	}
	return nil
}

func given(value string) string {
	if value == "" {
		return ""
	}
	return "given"
}

func (f *found) findVaults(r *run, a *answer, say func(Capability, bool, string)) {
	if a.Status != 200 {
		say(Read, false, fmt.Sprintf("the list of vaults was answered %d", a.Status))
	} else if err := a.decode(&f.vaults); err != nil {
		say(Read, false, "the list of vaults is no array of vaults")
	}
	for _, v := range f.vaults {
		switch {
		case f.vault.ID == "" && (r.target.Vault == "" || r.target.Vault == v.ID):
			f.vault = v
		case f.second.ID == "" && (r.target.OtherVault == "" || r.target.OtherVault == v.ID):
			f.second = v
		}
	}
	switch {
	case len(f.list) > 0: // said above
	case f.vault.ID == "" && r.target.Vault != "":
		say(Read, false, fmt.Sprintf("the token does not see the vault %s", r.target.Vault))
	case f.vault.ID == "":
		say(Read, false, "the token sees no vault")
	default:
		say(Read, true, fmt.Sprintf("vault %s", f.vault.ID))
	}
	if f.second.ID == "" {
		say(OtherVault, false, "the token sees no second vault, or not the one named")
	} else {
		say(OtherVault, true, fmt.Sprintf("vault %s", f.second.ID))
	}
}

// findItems looks for an item in the vault and for items with files in any vault.
// It reads only a few items: they may be real.
func (f *found) findItems(p *session, say func(Capability, bool, string)) {
	if f.vault.ID == "" {
		say(Items, false, "there is no vault to look into")
		for _, c := range []Capability{Documents, Files, SmallFiles, LargeFile} {
			say(c, false, "there is no vault to look into")
		}
		return
	}
	var all []connect.Summary
	for _, v := range f.vaults {
		var list []connect.Summary
		a, err := p.try("GetVaultItems", vault(v.ID))
		if err != nil || a.Status != 200 || a.decode(&list) != nil {
			continue
		}
		if v.ID == f.vault.ID && len(list) > 0 {
			f.sample = list[0]
		}
		all = append(all, list...)
	}
	const opened = 20
	if first := documentsFirst(all); len(first) > 0 && first[0].Category == "DOCUMENT" {
		f.listed = first[0]
	}
	say(Documents, f.listed.ID != "", cmp.Or(f.listed.ID, "no item of category DOCUMENT is listed"))
	for i, summary := range documentsFirst(all) {
		if i == opened || f.light.ID != "" && f.heavy.ID != "" {
			break
		}
		var it connect.Item
		a, err := p.try("GetVaultItemById", vault(summary.Vault.ID), item(summary.ID))
		if err == nil && a.Status == 200 && a.decode(&it) == nil && len(it.Files) > 0 {
			f.keepFiles(it)
		}
	}
	say(Items, f.sample.ID != "", fmt.Sprintf("the vault has %d items", f.vault.Items))
	for _, c := range []struct {
		Capability
		it   connect.Item
		what string
	}{{Files, f.document, "a file"}, {SmallFiles, f.light, "small files only"}, {LargeFile, f.heavy, "a file over 100 KB"}} {
		if c.it.ID == "" {
			say(c.Capability, false, fmt.Sprintf("none of the items looked at, %d at most, has %s", opened, c.what))
		} else {
			say(c.Capability, true, fmt.Sprintf("item %s has %s", c.it.ID, c.what))
		}
	}
}

// keepFiles keeps an item with files as one with small or with a large file. By
// default files of up to 100 KB are sent inline; whether a KB is 1000 or 1024
// bytes is not documented, so sizes in between are neither small nor large.
func (f *found) keepFiles(it connect.Item) {
	small, large, content := true, false, false
	for _, file := range it.Files {
		small = small && file.Size < 100*1000
		large = large || file.Size > 100*1024
		content = content || file.Size > 0
	}
	if f.document.ID == "" {
		f.document = it
	}
	if f.light.ID == "" && small && content {
		f.light = it
	}
	if f.heavy.ID == "" && large {
		f.heavy = it
	}
}

func documentsFirst(list []connect.Summary) []connect.Summary {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b connect.Summary) int {
		return cmp.Compare(rank(a.Category), rank(b.Category))
	})
	return sorted
}

func rank(category string) int {
	if category == "DOCUMENT" {
		return 0
	}
	return 1
}

func (f *found) findWrite(t Target, say func(Capability, bool, string)) {
	switch {
	case !t.AllowWrites:
		say(Write, false, "writes are not allowed; allow them and name a vault")
	case f.vault.ID == "":
		say(Write, false, "the token does not see the vault to write to")
	default:
		say(Write, true, fmt.Sprintf("into vault %s", f.vault.ID))
	}
}

// findLog asks for one record.
func (f *found) findLog(p *session, say func(Capability, bool, string)) {
	a, err := p.try("GetApiActivity", query("limit", "1"))
	switch {
	case err != nil:
		say(Log, false, fmt.Sprintf("the activity log can't be read: %v", err))
	case a.Status == 403 || a.Status == 404:
		say(Log, false, fmt.Sprintf("the activity log was answered %d", a.Status))
	default:
		say(Log, true, "the activity log answers") // whether well is for the rules to say
	}
}
