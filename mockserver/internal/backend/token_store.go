package backend

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend/random"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Tokens issues, lists, changes and revokes the tokens of a store. An account is given by its id or name; "" is the
// first one.
type Tokens struct {
	store       *store.Store
	key         *auth.Key
	random      *random.Source
	clock       func(account string) time.Time
	forgetToken func(id string) // called after a token was changed or revoked
}

// OpenTokens opens the tokens of a store file, which a server may serve at the same time. Call close at the end.
func OpenTokens(
	ctx context.Context, path string, now func() time.Time,
) (tokens *Tokens, close func() error, err error) {
	st, err := store.Open(ctx, store.Options{Path: path})
	if err != nil {
		return nil, nil, err
	}
	tokens, err = newTokens(ctx, st, random.New(0), func(string) time.Time { return now() })
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return tokens, st.Close, nil
}

// newTokens returns the tokens of a store. It generates the store's signing key if there is none.
func newTokens(
	ctx context.Context, st *store.Store, source *random.Source, now func(account string) time.Time,
) (*Tokens, error) {
	t := &Tokens{store: st, random: source, clock: now, forgetToken: func(string) {}}
	err := st.Update(ctx, func(tx *store.Tx) error {
		der, err := tx.Meta("signing-key")
		if errors.Is(err, store.ErrNotFound) {
			return t.createKey(tx)
		}
		if err != nil {
			return err
		}
		if t.key, err = auth.ParseKey(der); err != nil {
			return fmt.Errorf("the signing key in the store can't be read: %w", err)
		}
		return err
	})
	return t, err
}

// createKey generates and stores a signing key.
func (ts *Tokens) createKey(tx *store.Tx) (err error) {
	if ts.key, err = auth.NewKey(ts.random); err != nil {
		return err
	}
	der, err := ts.key.Marshal()
	if err != nil {
		return err
	}
	return tx.SetMeta("signing-key", der)
}

// addPlain adds a plain token of the first account that may read and write every vault. It replaces the value of the
// token with that name, if there is one.
func (ts *Tokens) addPlain(ctx context.Context, name, value string) error {
	return ts.store.Update(ctx, func(tx *store.Tx) error {
		account, err := findAccount(tx, "")
		if err != nil {
			return err
		}
		present, err := tx.Tokens(account.ID)
		if err != nil {
			return err
		}
		token := auth.Token{
			ID: ts.random.ID(), Account: account.ID, Name: name, Server: account.User,
			All: connect.ReadWrite, IssuedAt: ts.clock(account.ID), Hash: auth.HashPlain(value),
		}
		if replaced := findByName(present, name); replaced != nil {
			token.ID, token.Server = replaced.ID, replaced.Server
		}
		if err := checkValueUnused(tx, token); err != nil {
			return err
		}
		return tx.PutSeedToken(token)
	})
}
