package contract

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/gofrs/flock"
)

// Leftover is an item of an earlier run.
type Leftover struct {
	Vault, Item, Title string
	Deleted            bool
	Why                string // how it was known, or why it was not deleted
}

// Sweep deletes the items that earlier runs left in the vault of the target: those in
// the ledger file and its numbered successors, and those that have both the title and
// the tags of the suite. It deletes nothing else. If dry is set, it only lists the
// items. It returns an error if writes are not allowed, no vault is named, or a run
// uses the ledger.
func Sweep(ctx context.Context, t Target, o Options, dry bool) (list []Leftover, err error) {
	name := o.Ledger
	o.Ledger = ""
	r, err := newRun(t, o)
	if err != nil {
		return nil, err
	}
	if !t.AllowWrites || t.OnlyMock || t.Vault == "" {
		return nil, errors.New("sweeping deletes items; allow writes and name the vault")
	}
	ledgers, err := lockLedgers(name)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, l := range ledgers {
			err = errors.Join(err, unlockLedger(l.lock))
		}
	}()
	var inLedger []cleanup.Item
	for _, l := range ledgers {
		inLedger = append(inLedger, l.items...)
	}
	p := r.NewSession(ctx)
	vaults, err := p.Try("GetVaults")
	if err := r.setUpProblem(vaults, err); err != nil {
		return nil, err
	}
	if seen := []connect.Vault(nil); vaults.Decode(&seen) == nil {
		if err := suite.CheckVault(t.Vault, seen); err != nil {
			return nil, err
		}
	}
	r.Server.Vault.ID = t.Vault
	res, err := p.Try("GetVaultItems")
	if err != nil {
		return nil, err
	}
	var listed []connect.Summary
	if res.Status != 200 || res.Decode(&listed) != nil {
		return nil, fmt.Errorf("the items of vault %s can't be listed: the server returned %d", t.Vault, res.Status)
	}
	for _, m := range inLedger {
		if m.Vault == t.Vault {
			list = append(list, Leftover{Vault: m.Vault, Item: m.ID, Why: "in the ledger"})
		}
	}
	for _, s := range listed {
		i := slices.IndexFunc(list, func(l Leftover) bool { return l.Item == s.ID })
		switch {
		case i >= 0:
			list[i].Title = s.Title
		case slices.Contains(s.Tags, call.Tag) && strings.HasPrefix(s.Title, call.Tag+"-"):
			list = append(list, Leftover{Vault: t.Vault, Item: s.ID, Title: s.Title,
				Why: "has the suite's title and tag"})
		}
	}
	if dry {
		return list, nil
	}
	var errs []error
	deleter := r.Deleter(nil)
	for i := range list {
		if err := deleter.Delete(ctx, cleanup.Item{Vault: list[i].Vault, ID: list[i].Item}); err != nil {
			list[i].Why = err.Error()
			errs = append(errs, err)
			continue
		}
		list[i].Deleted = true
	}
	if err := errors.Join(errs...); err != nil {
		return list, err
	}
	for _, l := range ledgers {
		errs = append(errs, keepOthers(l.name, l.items, t.Vault))
	}
	return list, errors.Join(errs...)
}

// lockedLedger is a ledger file that Sweep has locked.
type lockedLedger struct {
	name  string
	lock  *flock.Flock
	items []cleanup.Item
}

// lockLedgers locks and reads the ledger file and its numbered successors.
func lockLedgers(name string) (all []lockedLedger, err error) {
	defer func() {
		if err != nil {
			for _, l := range all {
				err = errors.Join(err, unlockLedger(l.lock))
			}
		}
	}()
	const maxLedgers = 99 // runs at the same time; ledgers in between may be removed already
	for n := 1; n <= maxLedgers && name != ""; n++ {
		file := ledgerName(name, n)
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		lock, free, err := lockLedger(file)
		if err != nil {
			return all, err
		}
		if !free {
			return all, fmt.Errorf("a run uses the ledger %s; sweep when it has ended", file)
		}
		items, err := cleanup.Read(file)
		all = append(all, lockedLedger{file, lock, items})
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// keepOthers removes the items of a vault from a ledger file, and the file if no
// item is left.
func keepOthers(name string, in []cleanup.Item, vault string) error {
	others := slices.DeleteFunc(slices.Clone(in), func(m cleanup.Item) bool { return m.Vault == vault })
	return cleanup.Rewrite(name, others)
}
