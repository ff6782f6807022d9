package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Leftover is an item of an earlier run.
type Leftover struct {
	Vault, Item, Title string
	Deleted            bool
	Why                string // how it was known, or why it was not deleted
}

// Sweep deletes what earlier runs left in the target's vault: the items of the
// ledger file, where one is named, and every item that has both the suite's
// title and its tags. With dry set it only lists them. It never deletes
// anything else. Writes must be allowed and a vault named.
func Sweep(ctx context.Context, t Target, o Options, dry bool) ([]Leftover, error) {
	name := o.Ledger
	o.Ledger = ""
	r, err := newRun(t, o)
	if err != nil {
		return nil, err
	}
	if !t.AllowWrites {
		return nil, errors.New("sweeping deletes: allow writes and name the vault")
	}
	inLedger, err := readLedger(name)
	if err != nil {
		return nil, err
	}
	p := r.probe(ctx)
	r.found = &found{vault: connect.Vault{ID: t.Vault}}
	a, err := p.try("GetVaultItems")
	if err != nil {
		return nil, err
	}
	var there []connect.Summary
	if a.Status != 200 || a.decode(&there) != nil {
		return nil, fmt.Errorf("the items of vault %s can't be listed: answered %d", t.Vault, a.Status)
	}
	var list []Leftover
	for _, m := range inLedger {
		if m.vault == t.Vault {
			list = append(list, Leftover{Vault: m.vault, Item: m.item, Why: "in the ledger"})
		}
	}
	for _, s := range there {
		i := slices.IndexFunc(list, func(l Leftover) bool { return l.Item == s.ID })
		switch {
		case i >= 0:
			list[i].Title = s.Title
		case slices.Contains(s.Tags, tag) && strings.HasPrefix(s.Title, tag+"-"):
			list = append(list, Leftover{Vault: t.Vault, Item: s.ID, Title: s.Title, Why: "has the suite's title and tag"})
		}
	}
	if dry {
		return list, nil
	}
	var errs []error
	for i := range list {
		if err := p.remove(made{list[i].Vault, list[i].Item}); err != nil {
			list[i].Why = err.Error()
			errs = append(errs, err)
			continue
		}
		list[i].Deleted = true
	}
	if err := errors.Join(errs...); err != nil {
		return list, err
	}
	if name == "" {
		return list, nil
	}
	return list, keepOthers(name, inLedger, t.Vault)
}

// keepOthers leaves in a ledger file what is in other vaults; without any the
// file is removed.
func keepOthers(name string, in []made, vault string) error {
	var text []byte
	for _, m := range in {
		if m.vault == vault {
			continue
		}
		line, err := json.Marshal(entry{"made", m.vault, m.item})
		if err != nil {
			return err
		}
		text = append(append(text, line...), '\n')
	}
	if text != nil {
		return os.WriteFile(name, text, 0o600)
	}
	if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}
