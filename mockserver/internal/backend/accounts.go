package backend

import (
	"context"
	"errors"
	"fmt"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// CreateAccount makes a world: a layer over what another account started from,
// or over a snapshot of it, and a token for it. It costs next to nothing until
// something is changed, and sees nothing of what others change. From and
// Snapshot that are not there are a 404, a name in use is a 409.
func (b *Backend) CreateAccount(ctx context.Context, n controlapi.NewAccount) (controlapi.Account, error) {
	if n.Name != "" {
		if err := validateName("an account", n.Name); err != nil {
			return controlapi.Account{}, err
		}
	}
	made := store.Account{ID: b.Random.UserID(), Name: n.Name, CreatedAt: b.Clocks.Now(""), CreatedOnDemand: true}
	token := auth.Token{ID: b.Random.ID(), Account: made.ID, Name: mainToken, All: auth.ReadWrite}
	var vaults []connect.Vault
	err := b.Store.Update(ctx, func(tx *store.Tx) error {
		from, err := accountOf(tx, n.From)
		if err != nil {
			return err
		}
		made.User, token.Server = from.User, from.User
		if made.Base, err = baseOf(tx, from, n.Snapshot); err != nil {
			return err
		}
		if err := b.nameAccount(tx, &made); err != nil {
			return err
		}
		if err := tx.PutAccount(made); err != nil {
			return err
		}
		if vaults, err = tx.Vaults(made.ID); err != nil {
			return err
		}
		token.IssuedAt = b.Clocks.Now(made.ID)
		return tx.PutSeedToken(token)
	})
	if err != nil {
		return controlapi.Account{}, err
	}
	shown := accountToAPI(made)
	shown.Token, err = b.Tokens.key.Sign(expandPermissions(token, vaults))
	return shown, err
}

// baseOf is the frozen account that one made from an account stands on.
func baseOf(tx *store.Tx, from store.Account, snapshot string) (string, error) {
	if snapshot != "" {
		f, err := snapshotOf(tx, from, snapshot)
		return f.ID, err
	}
	return tx.Baseline(from.ID)
}

// nameAccount makes sure that nobody else has the name, or makes one up.
func (b *Backend) nameAccount(tx *store.Tx, a *store.Account) error {
	if a.Name != "" {
		if _, err := tx.FindAccount(a.Name); !errors.Is(err, store.ErrNotFound) {
			return errors.Join(err, Errorf(409, "there is an account %q already; delete it or choose another name", a.Name))
		}
		return nil
	}
	for {
		a.Name = fmt.Sprintf("world %d", b.accountsNamed.Add(1))
		if _, err := tx.FindAccount(a.Name); err != nil {
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			return err
		}
	}
}

// DeleteAccount removes an account that was created, with its snapshots, clock
// and faults. Its tokens are no good from now on; its journal stays. An account
// that was there from the start is a 409.
func (b *Backend) DeleteAccount(ctx context.Context, account string) error {
	if account == "" {
		return Errorf(400, "which account? only created ones can be deleted")
	}
	b.admin.Lock()
	defer b.admin.Unlock()
	var gone store.Account
	err := b.Store.Update(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		if !a.CreatedOnDemand {
			return Errorf(409, "account %q was there from the start and can't be deleted; reset it instead", a.Name)
		}
		gone = a
		return tx.DropAccount(a.ID)
	})
	if err != nil {
		return err
	}
	b.past.addAccount(gone)
	b.dropAccount(gone.ID)
	b.Clocks.Remove(gone.ID)
	b.resetFaults(gone.ID)
	return nil
}

// Accounts lists the accounts in the order they came, without their tokens.
func (b *Backend) Accounts(ctx context.Context) (list []controlapi.Account, err error) {
	err = b.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Accounts()
		list = make([]controlapi.Account, len(all))
		for i, a := range all {
			list[i] = accountToAPI(a)
		}
		return err
	})
	return list, err
}

func accountToAPI(a store.Account) controlapi.Account {
	return controlapi.Account{ID: a.ID, Name: a.Name, CreatedAt: connect.At(a.CreatedAt).Time, Seeded: !a.CreatedOnDemand}
}

// dropAccount drops everything remembered of an account, after it was changed as a whole.
func (b *Backend) dropAccount(id string) {
	b.onChange(id)
	b.Auth.ForgetAccount(id)
	b.Pending.RemoveAll(id)
}

// accountOf is the account of that id or name, the first where it is empty.
func accountOf(tx *store.Tx, idOrName string) (store.Account, error) {
	a, err := tx.FindAccount(idOrName)
	if !errors.Is(err, store.ErrNotFound) {
		return a, err
	}
	all, err := tx.Accounts()
	if err != nil {
		return a, err
	}
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	return a, unknownName("account", idOrName, names)
}
