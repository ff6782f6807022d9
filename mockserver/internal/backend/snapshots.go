package backend

import (
	"context"
	"errors"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// SaveSnapshot keeps an account as it is: vaults, items, files, tokens and
// activity. It costs what the account has changed since its start. A name in
// use is a 409.
func (b *Backend) SaveSnapshot(ctx context.Context, n controlapi.NewSnapshot) (controlapi.Snapshot, error) {
	if err := validateName("a snapshot", n.Name); err != nil {
		return controlapi.Snapshot{}, err
	}
	f := store.Snapshot{ID: b.Random.UserID(), Name: n.Name}
	var shown controlapi.Snapshot
	err := b.Store.Update(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, n.Account)
		if err != nil {
			return err
		}
		f.Account, f.CreatedAt = a.ID, b.Clocks.Now(a.ID)
		if err := tx.CreateSnapshot(a.ID, f.ID, f.Name, f.CreatedAt); err != nil {
			return nameInUse(err, f.Name)
		}
		shown, err = snapshotToAPI(tx, f)
		return err
	})
	return shown, err
}

// taken says that there is a snapshot of that name, where that is the error.
func nameInUse(err error, name string) error {
	if errors.Is(err, store.ErrExists) {
		return Errorf(409, "there is a snapshot %q already; delete it or choose another name", name)
	}
	return err
}

// Snapshots lists the snapshots of an account by name.
func (b *Backend) Snapshots(ctx context.Context, account string) (list []controlapi.Snapshot, err error) {
	err = b.Store.View(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		all, err := tx.Snapshots(a.ID)
		if err != nil {
			return err
		}
		list = make([]controlapi.Snapshot, len(all))
		for i, f := range all {
			if list[i], err = snapshotToAPI(tx, f); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

func snapshotToAPI(tx *store.Tx, f store.Snapshot) (controlapi.Snapshot, error) {
	shown := controlapi.Snapshot{Name: f.Name, Account: f.Account, CreatedAt: f.CreatedAt.UTC()}
	vaults, err := tx.Vaults(f.ID)
	for _, v := range vaults {
		shown.Items += v.Items
	}
	shown.Vaults = len(vaults)
	return shown, err
}

// RestoreSnapshot makes an account what it was when the snapshot was saved. Its
// clock and faults stay as they are. A token of the snapshot that has become
// another account's is a 409.
func (b *Backend) RestoreSnapshot(ctx context.Context, account, name string) error {
	var id string
	var tokens []auth.Token
	err := b.Store.Update(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		f, err := snapshotOf(tx, a, name)
		if err != nil {
			return err
		}
		tokens, err = tx.Tokens(f.ID)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			if err := checkRestorable(tx, a.ID, t); err != nil {
				return err
			}
		}
		id = a.ID
		return tx.Restore(id, f.ID)
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

// checkRestorable refuses a token of a snapshot whose id or value is good for another
// account now.
func checkRestorable(tx *store.Tx, account string, t auth.Token) error {
	there, err := tx.Token(t.ID)
	if errors.Is(err, store.ErrNotFound) && t.Hash != "" {
		there, err = tx.TokenByHash(t.Hash)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err == nil && there.Account != account:
		return Errorf(409, "token %q of the snapshot is good for account %s now; revoke it by deleting or resetting that account", t.Name, there.Account)
	}
	return err
}

// DeleteSnapshot removes a snapshot. Worlds that started from it go on.
func (b *Backend) DeleteSnapshot(ctx context.Context, account, name string) error {
	return b.Store.Update(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		f, err := snapshotOf(tx, a, name)
		if err != nil {
			return err
		}
		return tx.DropSnapshot(f.ID)
	})
}

// snapshotOf is the account's snapshot of that name.
func snapshotOf(tx *store.Tx, a store.Account, name string) (store.Snapshot, error) {
	f, err := tx.FindSnapshot(a.ID, name)
	if !errors.Is(err, store.ErrNotFound) {
		return f, err
	}
	all, err := tx.Snapshots(a.ID)
	if err != nil {
		return store.Snapshot{}, err
	}
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.Name
	}
	if len(names) == 0 {
		return store.Snapshot{}, Errorf(404, "account %q has no snapshot %.*q, nor any other", a.Name, maxNameBytes, name)
	}
	return store.Snapshot{}, Errorf(404, "account %q has no snapshot %.*q%s", a.Name, maxNameBytes, name, nearest.HintWithList(name, names))
}
