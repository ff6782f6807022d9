package backend

import (
	"context"
	"errors"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// SaveSnapshot saves the present vaults, items, files, tokens and activity of an account. It copies only what the
// account has changed since its start. The error is a 409 if the name is in use.
func (b *Backend) SaveSnapshot(ctx context.Context, n controlapi.NewSnapshot) (controlapi.Snapshot, error) {
	if err := validateName("a snapshot", n.Name); err != nil {
		return controlapi.Snapshot{}, err
	}
	s := store.Snapshot{ID: b.random.UserID(), Name: n.Name}
	var result controlapi.Snapshot
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, n.Account)
		if err != nil {
			return err
		}
		s.Account, s.CreatedAt = a.ID, b.Clocks.Now(a.ID)
		if err := tx.CreateSnapshot(a.ID, s.ID, s.Name, s.CreatedAt); err != nil {
			return snapshotError(err, s.Name)
		}
		result, err = snapshotToAPI(tx, s)
		return err
	})
	return result, err
}

// snapshotError returns a 409 for store.ErrExists, and any other error unchanged.
func snapshotError(err error, name string) error {
	if errors.Is(err, store.ErrExists) {
		return Errorf(409, "there is a snapshot %q already; delete it or choose another name", name)
	}
	return err
}

// Snapshots returns the snapshots of an account, sorted by name.
func (b *Backend) Snapshots(ctx context.Context, account string) (list []controlapi.Snapshot, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		all, err := tx.Snapshots(a.ID)
		if err != nil {
			return err
		}
		list = make([]controlapi.Snapshot, len(all))
		for i, s := range all {
			if list[i], err = snapshotToAPI(tx, s); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

func snapshotToAPI(tx *store.Tx, s store.Snapshot) (controlapi.Snapshot, error) {
	result := controlapi.Snapshot{Name: s.Name, Account: s.Account, CreatedAt: s.CreatedAt.UTC()}
	vaults, err := tx.Vaults(s.ID)
	for _, v := range vaults {
		result.Items += v.Items
	}
	result.Vaults = len(vaults)
	return result, err
}

// RestoreSnapshot restores the data and tokens that an account had when the snapshot was saved. Its clock and faults
// do not change. The error is a 409 if another account now has a token of the snapshot.
func (b *Backend) RestoreSnapshot(ctx context.Context, account, name string) error {
	var id string
	var tokens []auth.Token
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		s, err := findSnapshot(tx, a, name)
		if err != nil {
			return err
		}
		tokens, err = tx.Tokens(s.ID)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			if err := checkRestorable(tx, a.ID, t); err != nil {
				return err
			}
		}
		id = a.ID
		return tx.Restore(id, s.ID)
	})
	if err != nil {
		return err
	}
	for _, t := range tokens {
		b.past.addToken(t.Name)
	}
	b.Mask.addHashes(tokens)
	b.dropAccount(id)
	return nil
}

// checkRestorable returns a 409 for a token of a snapshot whose id or value belongs to another account now.
func checkRestorable(tx *store.Tx, account string, t auth.Token) error {
	present, err := tx.Token(t.ID)
	if errors.Is(err, store.ErrNotFound) && t.Hash != "" {
		present, err = tx.TokenByHash(t.Hash)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err == nil && present.Account != account:
		return Errorf(409, "token %q of the snapshot belongs to account %s now; delete or reset that account first",
			t.Name, present.Account)
	}
	return err
}

// DeleteSnapshot deletes a snapshot. Accounts that started from it are not changed.
func (b *Backend) DeleteSnapshot(ctx context.Context, account, name string) error {
	return b.store.Update(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		s, err := findSnapshot(tx, a, name)
		if err != nil {
			return err
		}
		return tx.DropSnapshot(s.ID)
	})
}
