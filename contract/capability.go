package contract

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Capability is something a rule needs from the target.
type Capability string

// The capabilities.
const (
	Read       Capability = "read"        // the token sees a vault
	Items      Capability = "items"       // and an item in it
	Files      Capability = "files"       // and an item with files
	Write      Capability = "write"       // the suite may write to the vault
	OtherVault Capability = "other-vault" // the token sees a second vault
	Reader     Capability = "reader"      // a token that may only read the vault
	Writer     Capability = "writer"      // a token that may only write the vault
	Other      Capability = "other"       // a token that does not see the vault
	Control    Capability = "control"     // a control listener
)

// Found is a capability and whether the target has it.
type Found struct {
	Capability Capability
	Have       bool
	Why        string // why not, or what was found
}

// found is what was found out about the target before the first rule.
type found struct {
	list      []Found
	vaults    []connect.Vault
	vault     connect.Vault   // the one to use
	second    connect.Vault   // another one
	sample    connect.Summary // some item of vault
	document  connect.Item    // an item with files, of any vault
	version   string          // the Connect version the server says it is
	reachable error           // why nothing could be found out
}

// missing is why a rule can't be run, "" if it can.
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

// find looks at the target with reads only. Nothing is assumed: what it can't
// see is missing, with the reason.
func (r *run) find(ctx context.Context) *found {
	f := &found{}
	say := func(c Capability, have bool, why string) {
		f.list = append(f.list, Found{c, have, why})
	}
	p := r.probe(ctx)
	answer, err := p.try("GetVaults")
	if err != nil {
		f.reachable = err
		for _, c := range []Capability{Read, Items, Files, Write, OtherVault, Reader, Writer, Other, Control} {
			say(c, false, fmt.Sprintf("the target can't be used: %v", err))
		}
		return f
	}
	f.version = answer.Header.Get("1Password-Connect-Version")
	f.findVaults(r, answer, say)
	f.findItems(p, say)
	t := r.target
	f.findWrite(t, say)
	say(Reader, t.ReaderToken != "" && f.vault.ID != "", cmp.Or(given(t.ReaderToken), "no read-only token was given"))
	say(Writer, t.WriterToken != "" && f.vault.ID != "", cmp.Or(given(t.WriterToken), "no write-only token was given"))
	say(Other, t.OtherToken != "" && f.vault.ID != "", cmp.Or(given(t.OtherToken), "no token of another scope was given"))
	say(Control, t.ControlURL != "", cmp.Or(given(t.ControlURL), "no control listener was given"))
	return f
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
		say(OtherVault, false, "the token sees one vault only")
	} else {
		say(OtherVault, true, fmt.Sprintf("vault %s", f.second.ID))
	}
}

// findItems looks for an item in the vault and for one with files anywhere, but
// opens no more than a few: they may be real.
func (f *found) findItems(p *session, say func(Capability, bool, string)) {
	if f.vault.ID == "" {
		say(Items, false, "there is no vault to look into")
		say(Files, false, "there is no vault to look into")
		return
	}
	const opened = 20
	left := opened
	for _, v := range append([]connect.Vault{f.vault}, f.vaults...) {
		var list []connect.Summary
		a, err := p.try("GetVaultItems", vault(v.ID))
		if err != nil || a.Status != 200 || a.decode(&list) != nil {
			continue
		}
		if v.ID == f.vault.ID && f.sample.ID == "" && len(list) > 0 {
			f.sample = list[0]
		}
		for _, s := range documentsFirst(list) {
			if left--; left < 0 || f.document.ID != "" {
				break
			}
			var it connect.Item
			a, err := p.try("GetVaultItemById", vault(v.ID), item(s.ID))
			if err == nil && a.Status == 200 && a.decode(&it) == nil && len(it.Files) > 0 {
				f.document = it
			}
		}
	}
	say(Items, f.sample.ID != "", fmt.Sprintf("the vault has %d items", f.vault.Items))
	if f.document.ID == "" {
		say(Files, false, fmt.Sprintf("none of the first %d items looked at has a file", opened))
	} else {
		say(Files, true, fmt.Sprintf("item %s has %d", f.document.ID, len(f.document.Files)))
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
