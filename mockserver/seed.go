package mockserver

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// seed fills an empty store with a world, in one transaction: a store is whole
// or still empty. It tells whether it did.
func (s *Server) seed(ctx context.Context, w *fixtures.World, seed uint64) (done bool, err error) {
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		there, err := tx.Accounts()
		if err != nil || len(there) > 0 {
			return err
		}
		done = true
		now := s.clocks.now("")
		for _, a := range w.Stamped(now).Accounts {
			if err := s.seedAccount(tx, a, seed, now); err != nil {
				return err
			}
		}
		return nil
	})
	return done && err == nil, err
}

// seedAccount makes an account: its content frozen, to be found again by resets
// and shared by worlds, and the account as an empty layer over it.
func (s *Server) seedAccount(tx *store.Tx, a fixtures.Account, seed uint64, now time.Time) error {
	under := seedID(a.ID)
	if err := s.seedContent(tx, under, a, seed, now); err != nil {
		return err
	}
	if err := tx.PutAccount(store.Account{ID: a.ID, Name: a.Name, User: a.User, Base: under, CreatedAt: now}); err != nil {
		return err
	}
	for _, t := range a.Tokens {
		token, err := s.fixtureToken(a, t)
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

// seedContent makes a frozen account with all of a fixture but its tokens.
func (s *Server) seedContent(tx *store.Tx, under string, a fixtures.Account, seed uint64, now time.Time) error {
	if err := tx.PutFrozen(store.Frozen{ID: under, CreatedAt: now}); err != nil {
		return err
	}
	for _, v := range a.Vaults {
		if err := s.seedVault(tx, under, v); err != nil {
			return fmt.Errorf("vault %q: %w", v.Name, err)
		}
	}
	for record := range fixtures.History(a, a.History, seed, now) {
		if err := tx.Record(under, record); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) seedVault(tx *store.Tx, account string, v fixtures.Vault) error {
	vault := connect.Vault{
		AttributeVersion: 1, ContentVersion: 1, Description: v.Description, ID: v.ID, Items: len(v.Items), Name: v.Name,
		Type: v.Type, CreatedAt: connect.At(v.CreatedAt), UpdatedAt: connect.At(v.UpdatedAt),
	}
	for _, it := range v.Items {
		vault.ContentVersion += it.Version // the writes that made the item what it is [R, rule inferred]
	}
	if err := tx.PutVault(account, vault); err != nil {
		return err
	}
	for _, it := range v.Items {
		if err := s.seedItem(tx, account, connect.VaultRef{ID: v.ID, Name: v.Name}, it); err != nil {
			return fmt.Errorf("item %q: %w", it.Title, err)
		}
	}
	return nil
}

func (s *Server) seedItem(tx *store.Tx, account string, vault connect.VaultRef, it fixtures.Item) error {
	doc, err := items.Import(it.Input(), vault, items.Rules{
		Now: it.CreatedAt, NewID: s.chance.id, Rand: s.chance, Editor: it.LastEditedBy,
		SSHKeyKept: true, DateISO: s.quirks.dateISO,
	})
	if err != nil {
		return err
	}
	doc.ID, doc.Version, doc.UpdatedAt = it.ID, it.Version, connect.At(it.UpdatedAt)
	for _, f := range it.Files {
		size, err := s.seedFile(tx, account, it.ID, f)
		if err != nil {
			return fmt.Errorf("file %q: %w", f.Name, err)
		}
		section := it.Section(f.Section)
		doc.Files = append(doc.Files, connect.File{
			ContentPath: contentPath(vault.ID, it.ID, f.ID), ID: f.ID, Name: f.Name, Section: section, Size: size,
		})
		if section != nil && !slices.ContainsFunc(doc.Sections, func(o connect.Section) bool { return o.ID == section.ID }) {
			doc.Sections = append(doc.Sections, *section)
		}
	}
	return tx.PutItem(account, doc)
}

func (s *Server) seedFile(tx *store.Tx, account, item string, f fixtures.File) (int64, error) {
	content, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer content.Close()
	return tx.PutFile(account, item, f.ID, content)
}

func (s *Server) fixtureToken(a fixtures.Account, t fixtures.Token) (auth.Token, error) {
	token := auth.Token{
		ID: t.ID, Account: a.ID, Name: t.Name, Server: s.serverID,
		IssuedAt: t.IssuedAt, NotBefore: t.NotBefore, ExpiresAt: t.ExpiresAt,
	}
	if t.Revoked {
		token.RevokedAt = token.IssuedAt
	}
	if t.Value != "" {
		token.Hash = auth.HashPlain(t.Value)
	}
	return token, grant(&token, t.Permission, t.Vaults, a.Vaults)
}

// startChance is the source of chance of this start. A seeded store counts its
// starts, so that a second start does not make the ids of the first again.
func startChance(ctx context.Context, st *store.Store, seed uint64) (*chance, error) {
	if seed == 0 {
		return newChance(0), nil
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
	return newChance(seed + starts<<32), err
}
