package backend

import (
	"context"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Reset makes an account what it was at its start, tokens and all, and takes
// its faults, clock and journal away. Without an account it does so to every
// one, deletes those that were created, and the server is as it was when it had
// just been started. Snapshots stay.
func (b *Backend) Reset(ctx context.Context, r controlapi.Reset) error {
	b.admin.Lock()
	defer b.admin.Unlock()
	if r.Account == "" {
		return b.resetAll(ctx)
	}
	var id string
	err := b.Store.Update(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, r.Account)
		id = a.ID
		if err != nil {
			return err
		}
		return restart(tx, id)
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
	var gone []store.Account
	err := b.Store.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, a := range all {
			again := restart
			if a.CreatedOnDemand {
				again, gone = (*store.Tx).DropAccount, append(gone, a)
			}
			if err := again(tx, a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range gone {
		b.past.addAccount(a)
	}
	b.dropAll()
	b.Clocks.Reset()
	b.resetFaults("")
	b.clearJournal("")
	b.Initialized.Store(false)
	return nil
}

// restart makes an account what it was at its start.
func restart(tx *store.Tx, id string) error {
	seed, err := tx.Baseline(id)
	if err != nil {
		return err
	}
	return tx.Restore(id, seed)
}
