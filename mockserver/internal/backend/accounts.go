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

// CreateAccount creates an account, as a layer over what another account started from or over a snapshot of it, and a
// token for it. It takes hardly any time or space, and the accounts do not see each other's changes. The error is a
// 404 if From or Snapshot does not exist, and a 409 if the name is in use.
func (b *Backend) CreateAccount(ctx context.Context, n controlapi.NewAccount) (controlapi.Account, error) {
	if n.Name != "" {
		if err := validateName("an account", n.Name); err != nil {
			return controlapi.Account{}, err
		}
	}
	account := store.Account{ID: b.random.UserID(), Name: n.Name, CreatedAt: b.Clocks.Now(""), CreatedOnDemand: true}
	token := auth.Token{ID: b.random.ID(), Account: account.ID, Name: mainToken, All: connect.ReadWrite}
	var vaults []connect.Vault
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		from, err := findAccount(tx, n.From)
		if err != nil {
			return err
		}
		account.User, token.Server = from.User, from.User
		if account.Base, err = baseFor(tx, from, n.Snapshot); err != nil {
			return err
		}
		if err := b.nameAccount(tx, &account); err != nil {
			return err
		}
		if err := tx.PutAccount(account); err != nil {
			return err
		}
		if vaults, err = tx.Vaults(account.ID); err != nil {
			return err
		}
		token.IssuedAt = b.Clocks.Now(account.ID)
		return tx.PutSeedToken(token)
	})
	if err != nil {
		return controlapi.Account{}, err
	}
	result := accountToAPI(account)
	result.Token, err = b.Tokens.key.Sign(expandPermissions(token, vaults))
	return result, err
}

// baseFor returns the id of the snapshot that a new account is a layer over: the named one of from, or from's baseline.
func baseFor(tx *store.Tx, from store.Account, snapshot string) (string, error) {
	if snapshot != "" {
		s, err := findSnapshot(tx, from, snapshot)
		return s.ID, err
	}
	return tx.Baseline(from.ID)
}

// nameAccount checks that the name of a new account is not in use, or generates one.
func (b *Backend) nameAccount(tx *store.Tx, a *store.Account) error {
	if a.Name != "" {
		if _, err := tx.FindAccount(a.Name); !errors.Is(err, store.ErrNotFound) {
			return errors.Join(err,
				Errorf(409, "there is an account %q already; delete it or choose another name", a.Name))
		}
		return nil
	}
	for {
		a.Name = fmt.Sprintf("account %d", b.accountNumber.Add(1))
		if _, err := tx.FindAccount(a.Name); err != nil {
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			return err
		}
	}
}

// DeleteAccount deletes an account that CreateAccount has created, with its snapshots, clock, faults and tokens. Its
// entries in the journal stay. The error is a 409 for an account that the server started with.
func (b *Backend) DeleteAccount(ctx context.Context, account string) error {
	if account == "" {
		return Errorf(400, "no account is given; name one that was created")
	}
	b.admin.Lock()
	defer b.admin.Unlock()
	var deleted store.Account
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		if !a.CreatedOnDemand {
			return Errorf(409, "account %q exists since the server started and can't be deleted; reset it instead", a.Name)
		}
		deleted = a
		return tx.DropAccount(a.ID)
	})
	if err != nil {
		return err
	}
	b.past.addAccount(deleted)
	b.dropAccount(deleted.ID)
	b.Clocks.Remove(deleted.ID)
	b.resetFaults(deleted.ID)
	return nil
}

// Accounts returns the accounts in the order they were added, without their tokens.
func (b *Backend) Accounts(ctx context.Context) (list []controlapi.Account, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
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

// dropAccount drops everything cached of an account, after its data was replaced.
func (b *Backend) dropAccount(id string) {
	b.Vaults.DropAccount(id)
	b.Auth.ForgetAccount(id)
	b.Pending.RemoveAll(id)
}
