package backend

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend/random"
	"github.com/connectmock/connectmock/mockserver/internal/store"
)

// Progress is how far the filling of an empty store is.
type Progress struct {
	Items, AllItems     int // stored, and to be stored
	Records, AllRecords int // of the activity log, after the items
}

// From how much on a world is stored in the way that is best for much.
const (
	manyItems   = 20_000
	manyRecords = 200_000
)

// seed fills an empty store with a world, in one transaction: a store is whole
// or still empty. It tells whether it did.
func (b *Backend) seed(ctx context.Context, c Options) (done bool, err error) {
	empty := false
	if err := b.Store.Update(ctx, func(tx *store.Tx) error {
		there, err := tx.Accounts()
		empty = len(there) == 0
		return err
	}); err != nil || !empty {
		return false, err
	}
	now := b.Clocks.Now("")
	contents := c.contents(now)
	f := &progress{onProgress: c.OnProgress}
	for _, a := range contents {
		f.AllItems, f.AllRecords = f.AllItems+a.count, f.AllRecords+a.History
	}
	fill := b.Store.Update
	if f.AllItems >= manyItems || f.AllRecords >= manyRecords {
		fill = b.Store.Fill
	}
	err = fill(ctx, func(tx *store.Tx) error {
		there, err := tx.Accounts() // again: another process may have been faster
		if err != nil || len(there) > 0 {
			return err
		}
		done = true
		for _, a := range contents {
			if err := b.seedAccount(tx, a, c.Seed, now, f); err != nil {
				return err
			}
		}
		return nil
	})
	return done && err == nil, err
}

// seedAccount makes an account: its content frozen, to be found again by resets
// and shared by worlds, and the account as an empty layer over it.
func (b *Backend) seedAccount(tx *store.Tx, a content, seed uint64, now time.Time, f *progress) error {
	under := seedID(a.ID)
	if err := b.seedContent(tx, under, a, seed, now, f); err != nil {
		return err
	}
	if err := tx.PutAccount(store.Account{ID: a.ID, Name: a.Name, User: a.User, Base: under, CreatedAt: now}); err != nil {
		return err
	}
	for _, t := range a.Tokens {
		token, err := b.fixtureToken(a.Account, t)
		if err != nil {
			return err
		}
		if err := tx.PutSeedToken(token); err != nil {
			return err
		}
	}
	return nil
}

// seedID is the id of what is frozen under an account at the first start. It is
// not drawn: what a seeded server draws is the same with it and without.
func seedID(account string) string {
	sum := sha256.Sum256([]byte("seed of " + account))
	return base32.StdEncoding.EncodeToString(sum[:])[:26]
}

func (b *Backend) fixtureToken(a fixtures.Account, t fixtures.Token) (auth.Token, error) {
	token := auth.Token{
		ID: t.ID, Account: a.ID, Name: t.Name, Server: t.User,
		IssuedAt: t.IssuedAt, NotBefore: t.NotBefore, ExpiresAt: t.ExpiresAt,
	}
	if t.Revoked {
		token.RevokedAt = token.IssuedAt
	}
	if t.Value != "" {
		token.Hash = auth.HashPlain(t.Value)
		b.Mask.add(t.Value)
	}
	return token, grant(&token, t.Permission, t.Vaults, a.Vaults)
}

// newRandom returns the source of randomness of this start. A seeded store counts its
// starts, so that a second start does not make the ids of the first again.
func newRandom(ctx context.Context, st *store.Store, seed uint64) (*random.Source, error) {
	if seed == 0 {
		return random.New(0), nil
	}
	var starts uint64
	err := st.Update(ctx, func(tx *store.Tx) error {
		before, err := tx.Meta("starts")
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if len(before) == 8 {
			starts = binary.BigEndian.Uint64(before)
		}
		return tx.SetMeta("starts", binary.BigEndian.AppendUint64(nil, starts+1))
	})
	return random.New(seed + starts<<32), err
}
