package backend

import (
	"context"
	"slices"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Status is what a backend holds at the moment.
type Status struct {
	Operations []string // ids of those that are served, sorted
	Seeded     bool     // the store was empty and was filled
	Accounts   []controlapi.Account
	Vaults     int // of the accounts that were there from the start
	Items      int // of these vaults
	Clock      controlapi.Clock
	Faults     int
	Journal    int // entries
}

// Status returns what the backend holds.
func (b *Backend) Status(ctx context.Context) (Status, error) {
	s := Status{
		Operations: slices.Clone(b.operations), Seeded: b.Seeded, Clock: b.Clocks.State(""), Faults: b.Faults.Len(),
	}
	if b.Journal != nil {
		s.Journal, _ = b.Journal.Stats()
	}
	err := b.store.View(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, a := range accounts {
			s.Accounts = append(s.Accounts, accountToAPI(a))
			if a.CreatedOnDemand {
				continue
			}
			vaults, err := tx.Vaults(a.ID)
			if err != nil {
				return err
			}
			for _, v := range vaults {
				s.Vaults, s.Items = s.Vaults+1, s.Items+v.Items
			}
		}
		return nil
	})
	return s, err
}

// CheckStore returns an error if the store can't be used any more.
func (b *Backend) CheckStore() error { return b.store.Check() }

// StoreStats are figures of the store.
type StoreStats struct {
	FileCopies     int   // large files that are kept a second time, to be sent fast
	FileCopyBytes  int64 // on disk
	PendingRecords int   // of activity, accepted and not yet stored
	PendingBytes   int   // that they take in memory, about
	DroppedRecords int   // of activity, lost because the store could not be written
}

// StoreStats returns the figures of the store.
func (b *Backend) StoreStats() StoreStats {
	files, bytes := b.store.FileCacheSize()
	backlog := b.store.Backlog()
	return StoreStats{files, bytes, backlog.Records, backlog.Bytes, backlog.Dropped}
}
