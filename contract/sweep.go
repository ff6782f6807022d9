package contract

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Leftover is an item of an earlier run.
type Leftover struct {
	Vault, Item, Title string
	Deleted            bool
	Why                string // how it was known, or why it was not deleted
}

// Sweep deletes what earlier runs left in the target's vault: the items of the
// ledger file, where one is named, and of those numbered after it, and every
// item that has both the suite's title and its tags. With dry set it only lists
// them. It never deletes anything else. Writes must be allowed and a vault
// named, and no run may be under way with the ledger.
func Sweep(ctx context.Context, t Target, o Options, dry bool) (list []Leftover, err error) {
	name := o.Ledger
	o.Ledger = ""
	r, err := newRun(t, o)
	if err != nil {
		return nil, err
	}
	if !t.AllowWrites {
		return nil, errors.New("sweeping deletes: allow writes and name the vault")
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
	var inLedger []createdItem
	for _, l := range ledgers {
		inLedger = append(inLedger, l.left...)
	}
	p := r.probe(ctx)
	vaults, err := p.try("GetVaults")
	if err := r.problem(vaults, err); err != nil {
		return nil, err
	}
	if seen := []connect.Vault(nil); vaults.decode(&seen) == nil {
		if err := suite.CheckVault(t.Vault, seen); err != nil {
			return nil, err
		}
	}
	r.found = &found{vault: connect.Vault{ID: t.Vault}}
	a, err := p.try("GetVaultItems")
	if err != nil {
		return nil, err
	}
	var there []connect.Summary
	if a.Status != 200 || a.decode(&there) != nil {
		return nil, fmt.Errorf("the items of vault %s can't be listed: answered %d", t.Vault, a.Status)
	}
	for _, m := range inLedger {
		if m.Vault == t.Vault {
			list = append(list, Leftover{Vault: m.Vault, Item: m.ID, Why: "in the ledger"})
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
		if err := p.remove(createdItem{Vault: list[i].Vault, ID: list[i].Item}, r.timing.Within); err != nil {
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
		errs = append(errs, keepOthers(l.name, l.left, t.Vault))
	}
	return list, errors.Join(errs...)
}

// lockedLedger is a ledger file that is locked while it is swept.
type lockedLedger struct {
	name string
	lock *flock.Flock
	left []createdItem
}

// lockLedgers locks and reads the ledger and those numbered after it.
func lockLedgers(name string) (all []lockedLedger, err error) {
	defer func() {
		if err != nil {
			for _, l := range all {
				err = errors.Join(err, unlockLedger(l.lock))
			}
		}
	}()
	const most = 99 // runs at the same time; ledgers in between may be removed already
	for n := 1; n <= most && name != ""; n++ {
		file := numbered(name, n)
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		lock, free, err := lockLedger(file)
		if err != nil {
			return all, err
		}
		if !free {
			return all, fmt.Errorf("a run is under way with the ledger %s; sweep when it is over", file)
		}
		left, err := cleanup.Read(file)
		all = append(all, lockedLedger{file, lock, left})
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// keepOthers rewrites a ledger file with the items of other vaults and removes
// the file if there are none.
func keepOthers(name string, in []createdItem, vault string) error {
	others := slices.DeleteFunc(slices.Clone(in), func(m createdItem) bool { return m.Vault == vault })
	return cleanup.Rewrite(name, others)
}
