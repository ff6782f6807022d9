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

// Progress says how far an empty store is filled.
type Progress struct {
	Items, AllItems     int // stored, and to be stored
	Records, AllRecords int // of the activity log, which is stored after the items
}

// The number of items or records from which on Store.Fill is faster than Store.Update.
const (
	minItemsToFill   = 20_000
	minRecordsToFill = 200_000
)

// seed fills the store if it is empty, and reports whether it did. It uses one transaction, so that the store is never
// filled in part.
func (b *Backend) seed(ctx context.Context, o Options) (done bool, err error) {
	empty := false
	if err := b.store.Update(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts()
		empty = len(accounts) == 0
		return err
	}); err != nil || !empty {
		return false, err
	}
	now := b.Clocks.Now("")
	contents := o.contents(now)
	p := &progress{onProgress: o.OnProgress}
	for _, a := range contents {
		p.AllItems, p.AllRecords = p.AllItems+a.count, p.AllRecords+a.History
	}
	fill := b.store.Update
	if p.AllItems >= minItemsToFill || p.AllRecords >= minRecordsToFill {
		fill = b.store.Fill
	}
	err = fill(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts() // again: another process may have filled it meanwhile
		if err != nil || len(accounts) > 0 {
			return err
		}
		done = true
		for _, a := range contents {
			if err := b.seedAccount(tx, a, o.Seed, now, p); err != nil {
				return err
			}
		}
		return nil
	})
	return done && err == nil, err
}

// seedAccount stores an account as an empty layer over a snapshot with its data. Resets restore the snapshot, and
// created accounts share it.
func (b *Backend) seedAccount(tx *store.Tx, a content, seed uint64, now time.Time, p *progress) error {
	base := seedID(a.ID)
	if err := b.seedContent(tx, base, a, seed, now, p); err != nil {
		return err
	}
	account := store.Account{ID: a.ID, Name: a.Name, User: a.User, Base: base, CreatedAt: now}
	if err := tx.PutAccount(account); err != nil {
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

// seedID returns the id of the snapshot that a seeded account is a layer over. It is not random, so that it does not
// change the random values which follow.
func seedID(account string) string {
	sum := sha256.Sum256([]byte("seed of " + account))
	return base32.StdEncoding.EncodeToString(sum[:])[:26]
}

// fixtureToken returns the stored form of a token of a fixture, and masks its value if it has one.
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
	return token, setPermissions(&token, t.Permission, t.Vaults, a.Vaults)
}

// newRandom returns the source of random values for this start. With a seed it counts the starts in the store, so that
// the second start does not generate the ids of the first.
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
