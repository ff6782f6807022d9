package mockserver

import (
	"context"
	"errors"
	"fmt"
	"github.com/connectmock/connectmock/mockserver/internal/backend/random"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
)

// TokenBook issues, lists, changes and revokes the tokens of a store. An account
// is named by its id or name; empty means the first.
type TokenBook struct {
	store       *store.Store
	key         *auth.Key
	random      *random.Source
	clock       func(account string) time.Time
	forgetToken func(string) // told of a revoked token
}

// OpenTokenBook opens the tokens of a store file that a server may be serving
// at the same time. close must be called.
func OpenTokenBook(ctx context.Context, path string, now func() time.Time) (book *TokenBook, close func() error, err error) {
	st, err := store.Open(ctx, store.Options{Path: path})
	if err != nil {
		return nil, nil, err
	}
	book, err = newTokenBook(ctx, st, random.New(0), func(string) time.Time { return now() })
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return book, st.Close, nil
}

// newTokenBook reads the store's signing key, and makes one where there is none.
func newTokenBook(ctx context.Context, st *store.Store, c *random.Source, now func(account string) time.Time) (*TokenBook, error) {
	b := &TokenBook{store: st, random: c, clock: now, forgetToken: func(string) {}}
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

func (b *TokenBook) found(tx *store.Tx) (err error) {
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
func (b *TokenBook) addPlain(ctx context.Context, name, value string) error {
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
		if of := named(there, name); of != nil {
			made.ID, made.Server = of.ID, of.Server
		}
		if err := freeValue(tx, made); err != nil {
			return err
		}
		return tx.PutSeedToken(made)
	})
}

// checkPlainToken returns an error if value can't be sent as a bearer token.
func checkPlainToken(name, value string) error {
	if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return misconfigured("token %s has no value that can be sent as a bearer token: it must be visible ASCII without spaces", name)
	}
	return nil
}
