package backend

import (
	"context"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Reset restores the data and tokens that an account started with, and removes its faults, clock and journal entries.
// Without an account it resets all, and deletes those that were created: the server is as it was after its start.
// Snapshots stay.
func (b *Backend) Reset(ctx context.Context, r controlapi.Reset) error {
	b.admin.Lock()
	defer b.admin.Unlock()
	if r.Account == "" {
		return b.resetAll(ctx)
	}
	var id string
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, r.Account)
		id = a.ID
		if err != nil {
			return err
		}
		return restoreBaseline(tx, id)
	})
	if err != nil {
		return err
	}
	b.dropAccount(id)
	b.Clocks.Remove(id)
	b.resetFaults(id)
	b.clearJournal(id)
	return nil
}

func (b *Backend) resetAll(ctx context.Context) error {
	var deleted []store.Account
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, a := range all {
			reset := restoreBaseline
			if a.CreatedOnDemand {
				reset, deleted = (*store.Tx).DropAccount, append(deleted, a)
			}
			if err := reset(tx, a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range deleted {
		b.past.addAccount(a)
	}
	b.dropAll()
	b.Clocks.Reset()
	b.resetFaults("")
	b.clearJournal("")
	b.Initialized.Store(false)
	return nil
}

// restoreBaseline restores what an account started with.
func restoreBaseline(tx *store.Tx, id string) error {
	baseline, err := tx.Baseline(id)
	if err != nil {
		return err
	}
	return tx.Restore(id, baseline)
}
