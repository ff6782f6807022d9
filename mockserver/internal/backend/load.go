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

// LoadFixture puts a world of one account, complete as those of package
// fixtures are, into an account that is there. The account keeps its id and
// name.
//
// With add, its vaults come beside those there are, and are gone after a reset;
// an id or a name that is there already is a 409. Without, the account becomes
// the fixture, now and after every reset. The tokens it has go on being good;
// one of the fixture that has the name of one there keeps its value and gets
// what the fixture allows.
func (b *Backend) LoadFixture(ctx context.Context, account string, w *fixtures.Fixture, add bool) (controlapi.LoadResult, error) {
	if w == nil || len(w.Accounts) != 1 {
		return controlapi.LoadResult{}, Errorf(400, "a fixture to load must have one account")
	}
	b.admin.RLock()
	defer b.admin.RUnlock()
	var a fixtures.Account
	err := b.Store.Update(ctx, func(tx *store.Tx) error {
		there, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		now := b.Clocks.Now(there.ID)
		a = w.WithTimestamps(now).Accounts[0]
		keepActors := !a.HasOwnUser()
		if keepActors {
			a.SetUser(there.User)
		}
		a.ID, a.Name = there.ID, there.Name
		if err := b.adoptTokens(tx, a, keepActors); err != nil {
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

// adoptTokens gives the tokens of a fixture the ids they will have: that of the
// token of their name that is there, and one of their own where another account
// has theirs, because ids of tokens are one space over all accounts. With
// keepActors tokens that are there go on acting as they do. It comes before the
// history is made up, which tells of tokens by their ids and actors.
func (b *Backend) adoptTokens(tx *store.Tx, a fixtures.Account, keepActors bool) error {
	tokens, err := tx.Tokens(a.ID)
	if err != nil {
		return err
	}
	for i := range a.Tokens {
		t := &a.Tokens[i]
		if there := tokenNamed(tokens, t.Name); there != nil {
			t.ID = there.ID
			if keepActors && t.User == a.User {
				t.User = there.Server
			}
			continue
		}
		switch there, err := tx.Token(t.ID); {
		case err == nil && there.Account != a.ID:
			t.ID = b.Random.ID()
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
	seed := b.Random.UserID()
	if err := b.seedContent(tx, seed, fixtureContent(a), 0, now, &progress{}); err != nil {
		return err
	}
	if err := tx.PutAccount(store.Account{ID: a.ID, Name: a.Name, User: a.User}); err != nil {
		return err
	}
	if err := tx.SetBaseline(a.ID, seed); err != nil {
		return err
	}
	tokens, err := tx.Tokens(a.ID)
	if err != nil {
		return err
	}
	for _, t := range a.Tokens {
		made, err := b.fixtureToken(a, t)
		if err != nil {
			return err
		}
		if there := tokenNamed(tokens, made.Name); there != nil {
			made.IssuedAt = there.IssuedAt
			if made.Hash == "" {
				made.FrozenClaims = frozenClaims(*there, vaults)
			}
		}
		if err := putLoadedToken(tx, made, (*store.Tx).PutSeedToken); err != nil {
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
	past, all := fixtures.NewActivitySource(a), fixtureContent(a)
	for i, v := range a.Vaults {
		if err := checkNoConflict(tx, a.ID, vaults, v); err != nil {
			return err
		}
		err := b.seedVault(tx, a.ID, all, i, past, func(group batch) error {
			for _, doc := range group.docs {
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
		if tokenNamed(tokens, t.Name) != nil {
			return Errorf(409, "there is a token %q already; revoke it or choose another name", t.Name)
		}
		made, err := b.fixtureToken(a, t)
		if err != nil {
			return err
		}
		if err := putLoadedToken(tx, made, (*store.Tx).PutToken); err != nil {
			return err
		}
	}
	for record := range past.Records(a.History, 0, now) {
		if err := tx.Record(a.ID, record); err != nil {
			return err
		}
	}
	return nil
}

// checkNoConflict refuses a vault that has an id or a name of one there, or an item with
// the id of an item there.
func checkNoConflict(tx *store.Tx, account string, there []connect.Vault, v fixtures.Vault) error {
	for _, o := range there {
		if o.ID == v.ID || o.Name == v.Name {
			return Errorf(409, "there is a vault %q already, with the id %s; choose another name or id, or load the fixture in place of what is there", o.Name, o.ID)
		}
		for _, it := range v.Items {
			_, err := tx.ItemJSON(account, o.ID, it.ID)
			if err == nil {
				return Errorf(409, "there is an item with the id %s already, in vault %q; leave the id of item %q out, or choose another", it.ID, o.Name, it.Title)
			}
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
	}
	return nil
}

// named is the token of that name that is not revoked, nil if there is none.
func tokenNamed(tokens []auth.Token, name string) *auth.Token {
	i := slices.IndexFunc(tokens, func(t auth.Token) bool { return t.Name == name && t.RevokedAt.IsZero() })
	if i < 0 {
		return nil
	}
	return &tokens[i]
}

// putLoadedToken puts a token that comes with an id and perhaps a value.
func putLoadedToken(tx *store.Tx, t auth.Token, put func(*store.Tx, auth.Token) error) error {
	if err := checkValueUnused(tx, t); err != nil {
		return err
	}
	return put(tx, t)
}

// checkValueUnused refuses a plain token whose value another token has.
func checkValueUnused(tx *store.Tx, t auth.Token) error {
	if t.Hash == "" {
		return nil
	}
	switch there, err := tx.TokenByHash(t.Hash); {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	case there.ID != t.ID:
		return Errorf(409, "the value of token %q is that of token %q of account %s; a value can be good for one token only", t.Name, there.Name, there.Account)
	}
	return nil
}
