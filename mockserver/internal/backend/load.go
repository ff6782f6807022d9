package backend

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// LoadFixture loads a fixture with one account, which package fixtures has completed, into an existing account. The
// account keeps its id and name.
//
// With add, the vaults of the fixture are added to the present ones until the next reset; the error is a 409 if an id
// or a name is in use. Without add, the fixture replaces the data of the account, now and after every reset. The
// present tokens remain valid; one that has the name of a token in the fixture keeps its value and gets the
// permissions in the fixture.
func (b *Backend) LoadFixture(
	ctx context.Context, account string, f *fixtures.Fixture, add bool,
) (controlapi.LoadResult, error) {
	if f == nil || len(f.Accounts) != 1 {
		return controlapi.LoadResult{}, Errorf(400, "a fixture to load must have one account")
	}
	b.admin.RLock()
	defer b.admin.RUnlock()
	var a fixtures.Account
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		present, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		now := b.Clocks.Now(present.ID)
		a = f.WithTimestamps(now).Accounts[0]
		keepActors := !a.HasOwnUser()
		if keepActors {
			a.SetUser(present.User)
		}
		a.ID, a.Name = present.ID, present.Name
		if err := b.setTokenIDs(tx, a, keepActors); err != nil {
			return err
		}
		if add {
			return b.addFixture(tx, a, now)
		}
		return b.replaceByFixture(tx, a, now)
	})
	if err != nil {
		return controlapi.LoadResult{}, err
	}
	for _, t := range a.Tokens {
		b.past.addToken(t.Name)
	}
	b.dropAccount(a.ID)
	loaded := controlapi.LoadResult{Account: a.ID, Vaults: len(a.Vaults)}
	for _, v := range a.Vaults {
		loaded.Items += len(v.Items)
	}
	return loaded, nil
}

// setTokenIDs sets the ids that the tokens of a fixture will have: the id of the present token with the same name, or
// a new id if another account has a token with theirs. With keepActors present tokens keep their servers. Call it
// before the history is generated, whose records have the ids and servers of tokens.
func (b *Backend) setTokenIDs(tx *store.Tx, a fixtures.Account, keepActors bool) error {
	tokens, err := tx.Tokens(a.ID)
	if err != nil {
		return err
	}
	for i := range a.Tokens {
		t := &a.Tokens[i]
		if present := findByName(tokens, t.Name); present != nil {
			t.ID = present.ID
			if keepActors && t.User == a.User {
				t.User = present.Server
			}
			continue
		}
		switch other, err := tx.Token(t.ID); {
		case err == nil && other.Account != a.ID:
			t.ID = b.random.ID()
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return err
		}
	}
	return nil
}

func (b *Backend) replaceByFixture(tx *store.Tx, a fixtures.Account, now time.Time) error {
	vaults, err := tx.Vaults(a.ID)
	if err != nil {
		return err
	}
	baseline := b.random.UserID()
	if err := b.seedContent(tx, baseline, fixtureContent(a), 0, now, &progress{}); err != nil {
		return err
	}
	if err := tx.PutAccount(store.Account{ID: a.ID, Name: a.Name, User: a.User}); err != nil {
		return err
	}
	if err := tx.SetBaseline(a.ID, baseline); err != nil {
		return err
	}
	tokens, err := tx.Tokens(a.ID)
	if err != nil {
		return err
	}
	for _, t := range a.Tokens {
		token, err := b.fixtureToken(a, t)
		if err != nil {
			return err
		}
		if present := findByName(tokens, token.Name); present != nil {
			token.IssuedAt = present.IssuedAt
			if token.Hash == "" {
				token.FrozenClaims = frozenClaims(*present, vaults)
			}
		}
		if err := checkValueUnused(tx, token); err != nil {
			return err
		}
		if err := tx.PutSeedToken(token); err != nil {
			return err
		}
	}
	return nil
}

func (b *Backend) addFixture(tx *store.Tx, a fixtures.Account, now time.Time) error {
	vaults, err := tx.Vaults(a.ID)
	if err != nil {
		return err
	}
	tokens, err := tx.Tokens(a.ID)
	if err != nil {
		return err
	}
	activity, all := fixtures.NewActivitySource(a), fixtureContent(a)
	for i, v := range a.Vaults {
		if err := checkNoConflict(tx, a.ID, vaults, v); err != nil {
			return err
		}
		err := b.seedVault(tx, a.ID, all, i, activity, func(items batch) error {
			for _, doc := range items.docs {
				if err := tx.PutItem(a.ID, doc); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, t := range a.Tokens {
		if findByName(tokens, t.Name) != nil {
			return Errorf(409, "there is a token %q already; revoke it or choose another name", t.Name)
		}
		token, err := b.fixtureToken(a, t)
		if err != nil {
			return err
		}
		if err := checkValueUnused(tx, token); err != nil {
			return err
		}
		if err := tx.PutToken(token); err != nil {
			return err
		}
	}
	for record := range activity.Records(a.History, 0, now) {
		if err := tx.Record(a.ID, record); err != nil {
			return err
		}
	}
	return nil
}

// checkNoConflict returns a 409 for a vault whose id or name a present vault has, or with an item whose id a present
// item has.
func checkNoConflict(tx *store.Tx, account string, present []connect.Vault, v fixtures.Vault) error {
	for _, o := range present {
		if o.ID == v.ID || o.Name == v.Name {
			return Errorf(409, "there is a vault %q already, with the id %s; choose another name or id, "+
				"or load the fixture in place of the present data", o.Name, o.ID)
		}
		for _, it := range v.Items {
			_, err := tx.ItemJSON(account, o.ID, it.ID)
			if err == nil {
				return Errorf(409, "there is an item with the id %s already, in vault %q; "+
					"leave the id of item %q out, or choose another", it.ID, o.Name, it.Title)
			}
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
	}
	return nil
}

// findByName returns the token with that name that is not revoked, or nil.
func findByName(tokens []auth.Token, name string) *auth.Token {
	i := slices.IndexFunc(tokens, func(t auth.Token) bool { return t.Name == name && t.RevokedAt.IsZero() })
	if i < 0 {
		return nil
	}
	return &tokens[i]
}

// checkValueUnused returns a 409 for a plain token whose value another token has.
func checkValueUnused(tx *store.Tx, t auth.Token) error {
	if t.Hash == "" {
		return nil
	}
	switch other, err := tx.TokenByHash(t.Hash); {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	case other.ID != t.ID:
		return Errorf(409, "the value of token %q is that of token %q of account %s; give each token a value of its own",
			t.Name, other.Name, other.Account)
	}
	return nil
}
