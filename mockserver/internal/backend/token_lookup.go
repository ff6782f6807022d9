package backend

import (
	"context"
	"errors"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
)

// lookup implements auth.Tokens with the tokens of a store.
type lookup struct{ store *store.Store }

// ByID returns the token with that id.
func (l lookup) ByID(ctx context.Context, id string) (auth.Token, error) {
	return l.find(ctx, func(tx *store.Tx) (auth.Token, error) { return tx.Token(id) })
}

// ByHash returns the plain token whose value has that hash.
func (l lookup) ByHash(ctx context.Context, hash string) (auth.Token, error) {
	return l.find(ctx, func(tx *store.Tx) (auth.Token, error) { return tx.TokenByHash(hash) })
}

func (l lookup) find(ctx context.Context, by func(*store.Tx) (auth.Token, error)) (t auth.Token, err error) {
	err = l.store.View(ctx, func(tx *store.Tx) error {
		t, err = by(tx)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = auth.ErrUnknown
	}
	return t, err
}
