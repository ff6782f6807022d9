package mockserver

import (
	"context"
	"errors"
	"fmt"
	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// CreateAccount makes a world: a layer over what another account started from,
// or over a snapshot of it, and a token for it. It costs next to nothing until
// something is changed, and sees nothing of what others change. From and
// Snapshot that are not there are a 404, a name in use is a 409.
func (s *Server) CreateAccount(ctx context.Context, n controlapi.NewAccount) (controlapi.Account, error) {
	if n.Name != "" {
		if err := nameable("an account", n.Name); err != nil {
			return controlapi.Account{}, err
		}
	}
	made := store.Account{ID: s.random.UserID(), Name: n.Name, CreatedAt: s.clocks.Now(""), CreatedOnDemand: true}
	token := auth.Token{ID: s.random.ID(), Account: made.ID, Name: mainToken, All: auth.ReadWrite}
	var vaults []connect.Vault
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		from, err := accountOf(tx, n.From)
		if err != nil {
			return err
		}
		made.User, token.Server = from.User, from.User
		if made.Base, err = baseOf(tx, from, n.Snapshot); err != nil {
			return err
		}
		if err := s.nameAccount(tx, &made); err != nil {
			return err
		}
		if err := tx.PutAccount(made); err != nil {
			return err
		}
		if vaults, err = tx.Vaults(made.ID); err != nil {
			return err
		}
		token.IssuedAt = s.clocks.Now(made.ID)
		return tx.PutSeedToken(token)
	})
	if err != nil {
		return controlapi.Account{}, err
	}
	shown := shownAccount(made)
	shown.Token, err = s.key.Sign(spelledOut(token, vaults))
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
func (s *Server) nameAccount(tx *store.Tx, a *store.Account) error {
	if a.Name != "" {
		if _, err := tx.FindAccount(a.Name); !errors.Is(err, store.ErrNotFound) {
			return errors.Join(err, refuse(409, "there is an account %q already; delete it or choose another name", a.Name))
		}
		return nil
	}
	for {
		a.Name = fmt.Sprintf("world %d", s.worlds.Add(1))
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
func (s *Server) DeleteAccount(ctx context.Context, account string) error {
	if account == "" {
		return refuse(400, "which account? only created ones can be deleted")
	}
	s.admin.Lock()
	defer s.admin.Unlock()
	var gone store.Account
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		if !a.CreatedOnDemand {
			return refuse(409, "account %q was there from the start and can't be deleted; reset it instead", a.Name)
		}
		gone = a
		return tx.DropAccount(a.ID)
	})
	if err != nil {
		return err
	}
	s.past.addAccount(gone)
	s.forgetAccount(gone.ID)
	s.clocks.Remove(gone.ID)
	s.resetFaults(gone.ID)
	return nil
}

// Accounts lists the accounts in the order they came, without their tokens.
func (s *Server) Accounts(ctx context.Context) (list []controlapi.Account, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Accounts()
		list = make([]controlapi.Account, len(all))
		for i, a := range all {
			list[i] = shownAccount(a)
		}
		return err
	})
	return list, err
}

func shownAccount(a store.Account) controlapi.Account {
	return controlapi.Account{ID: a.ID, Name: a.Name, CreatedAt: connect.At(a.CreatedAt).Time, Seeded: !a.CreatedOnDemand}
}

// forgetAccount drops all that is remembered of an account, after it was
// changed as a whole.
func (s *Server) forgetAccount(id string) {
	s.items.DropAccount(id)
	s.lists.DropAccount(id)
	s.names.DropAccount(id)
	s.auth.ForgetAccount(id)
	s.pending.RemoveAll(id)
}

// forgetItem drops what is remembered of an item and of what tells of it, after
// it was written.
func (s *Server) forgetItem(account, vault, id string) {
	s.items.Drop(cache.Key{Account: account, Vault: vault, Item: id})
	s.lists.DropVault(account, vault)
	s.lists.DropVault(account, "") // the vaults say how many items there are
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
