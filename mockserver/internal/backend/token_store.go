package backend

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend/random"
	"github.com/connectmock/connectmock/mockserver/internal/store"
)

// Tokens issues, lists, changes and revokes the tokens of a store. An account
// is named by its id or name; empty means the first.
type Tokens struct {
	store       *store.Store
	key         *auth.Key
	random      *random.Source
	clock       func(account string) time.Time
	forgetToken func(string) // told of a revoked token
}

// OpenTokens opens the tokens of a store file that a server may be serving
// at the same time. close must be called.
func OpenTokens(ctx context.Context, path string, now func() time.Time) (book *Tokens, close func() error, err error) {
	st, err := store.Open(ctx, store.Options{Path: path})
	if err != nil {
		return nil, nil, err
	}
	book, err = newTokens(ctx, st, random.New(0), func(string) time.Time { return now() })
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return book, st.Close, nil
}

// newTokens reads the store's signing key, and makes one where there is none.
func newTokens(ctx context.Context, st *store.Store, c *random.Source, now func(account string) time.Time) (*Tokens, error) {
	b := &Tokens{store: st, random: c, clock: now, forgetToken: func(string) {}}
	err := st.Update(ctx, func(tx *store.Tx) error {
		der, err := tx.Meta("signing-key")
		if errors.Is(err, store.ErrNotFound) {
			return b.found(tx)
		}
		if err != nil {
			return err
		}
		if b.key, err = auth.ParseKey(der); err != nil {
			return fmt.Errorf("the signing key in the store can't be read: %w", err)
		}
		return err
	})
	return b, err
}

func (b *Tokens) found(tx *store.Tx) (err error) {
	if b.key, err = auth.NewKey(b.random); err != nil {
		return err
	}
	der, err := b.key.Marshal()
	if err != nil {
		return err
	}
	return tx.SetMeta("signing-key", der)
}

// addPlain makes value a good token of the first account, on every vault. The
// same name given again replaces the value.
func (b *Tokens) addPlain(ctx context.Context, name, value string) error {
	return b.store.Update(ctx, func(tx *store.Tx) error {
		account, err := accountOf(tx, "")
		if err != nil {
			return err
		}
		there, err := tx.Tokens(account.ID)
		if err != nil {
			return err
		}
		made := auth.Token{
			ID: b.random.ID(), Account: account.ID, Name: name, Server: account.User,
			All: auth.ReadWrite, IssuedAt: b.clock(account.ID), Hash: auth.HashPlain(value),
		}
		if of := tokenNamed(there, name); of != nil {
			made.ID, made.Server = of.ID, of.Server
		}
		if err := checkValueUnused(tx, made); err != nil {
			return err
		}
		return tx.PutSeedToken(made)
	})
}
