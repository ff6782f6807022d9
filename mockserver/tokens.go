package mockserver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Token is a bearer token as people handle it.
type Token struct {
	ID         string            // jti
	Account    string            // id; empty when creating: the first account
	Name       string            // unique among the tokens of its account that are not revoked
	Value      string            // what clients send; empty for a plain token, whose value only its giver knows
	Permission string            // on every vault: read, write, read-write or empty
	Vaults     map[string]string // permission by vault name; when creating, an id will do
	IssuedAt   time.Time
	NotBefore  time.Time // zero: at once
	ExpiresAt  time.Time // zero: never
	RevokedAt  time.Time // zero: not revoked
}

// State is "active", "expired", "revoked" or "not yet valid".
func (t Token) State(now time.Time) string {
	switch {
	case !t.RevokedAt.IsZero():
		return "revoked"
	case !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt):
		return "expired"
	case now.Before(t.NotBefore):
		return "not yet valid"
	}
	return "active"
}

// TokenBook issues, lists and revokes the tokens of a store.
type TokenBook struct {
	store       *store.Store
	key         *auth.Key
	chance      *chance
	clock       func() time.Time
	serverID    string       // the "sub" of every token [R]
	forgetToken func(string) // told of a revoked token
}

// OpenTokenBook opens the tokens of a store file that a server may be serving
// at the same time. close must be called.
func OpenTokenBook(ctx context.Context, path string, now func() time.Time) (book *TokenBook, close func() error, err error) {
	st, err := store.Open(ctx, store.Options{Path: path})
	if err != nil {
		return nil, nil, err
	}
	book, err = newTokenBook(ctx, st, newChance(0), now)
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return book, st.Close, nil
}

// newTokenBook reads the store's signing key and server id, and makes them
// where there are none.
func newTokenBook(ctx context.Context, st *store.Store, c *chance, now func() time.Time) (*TokenBook, error) {
	b := &TokenBook{store: st, chance: c, clock: now, forgetToken: func(string) {}}
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
		id, err := tx.Meta("server-id")
		b.serverID = string(id)
		return err
	})
	return b, err
}

func (b *TokenBook) found(tx *store.Tx) (err error) {
	if b.key, err = auth.NewKey(b.chance); err != nil {
		return err
	}
	der, err := b.key.Marshal()
	if err != nil {
		return err
	}
	b.serverID = b.chance.userID()
	return errors.Join(tx.SetMeta("signing-key", der), tx.SetMeta("server-id", []byte(b.serverID)))
}

// CreateToken issues a signed token and answers it with its Value. An empty
// Name, an unknown account or vault, or a name in use is an error.
func (b *TokenBook) CreateToken(ctx context.Context, t Token) (Token, error) {
	if t.Name == "" {
		return t, errors.New("a token needs a name")
	}
	made := auth.Token{
		ID: b.chance.id(), Name: t.Name, Server: b.serverID,
		IssuedAt: b.clock(), NotBefore: t.NotBefore, ExpiresAt: t.ExpiresAt,
	}
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		account, err := accountOf(tx, t.Account)
		if err != nil {
			return err
		}
		made.Account = account.ID
		vaults, err := tx.Vaults(account.ID)
		if err != nil {
			return err
		}
		named := make([]fixtures.Vault, len(vaults))
		for i, v := range vaults {
			named[i] = fixtures.Vault{ID: v.ID, Name: v.Name}
		}
		if err := grant(&made, t.Permission, t.Vaults, named); err != nil {
			return err
		}
		there, err := tx.Tokens(account.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(there, func(o auth.Token) bool { return o.Name == t.Name && o.RevokedAt.IsZero() }) {
			return fmt.Errorf("there is a token %q already; revoke it or choose another name", t.Name)
		}
		return tx.PutToken(made)
	})
	if err != nil {
		return t, err
	}
	return b.shown(made, nil)
}

// Tokens lists the tokens of all accounts, signed ones with their Value.
func (b *TokenBook) Tokens(ctx context.Context) (list []Token, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, a := range accounts {
			vaults, err := tx.Vaults(a.ID)
			if err != nil {
				return err
			}
			tokens, err := tx.Tokens(a.ID)
			if err != nil {
				return err
			}
			for _, t := range tokens {
				shown, err := b.shown(t, vaults)
				if err != nil {
					return err
				}
				list = append(list, shown)
			}
		}
		return nil
	})
	return list, err
}

// RevokeToken revokes a token by its name or id, from now on and for good.
func (b *TokenBook) RevokeToken(ctx context.Context, nameOrID string) error {
	var revoked string
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		var names []string
		for _, a := range accounts {
			tokens, err := tx.Tokens(a.ID)
			if err != nil {
				return err
			}
			for _, t := range tokens {
				if t.RevokedAt.IsZero() && (t.Name == nameOrID || t.ID == nameOrID) {
					t.RevokedAt, revoked = b.clock(), t.ID
					return tx.PutToken(t)
				}
				if t.RevokedAt.IsZero() {
					names = append(names, t.Name)
				}
			}
		}
		return fmt.Errorf("no token %q to revoke; there are: %s", nameOrID, strings.Join(names, ", "))
	})
	if err == nil {
		b.forgetToken(revoked)
	}
	return err
}

// addPlain makes value a good token of the first account, on every vault. The
// same name given again replaces the value.
func (b *TokenBook) addPlain(ctx context.Context, name, value string) error {
	if strings.TrimSpace(value) != value || value == "" {
		return fmt.Errorf("token %s has no value that can be sent as a bearer token", name)
	}
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
			ID: b.chance.id(), Account: account.ID, Name: name, Server: b.serverID,
			All: auth.ReadWrite, IssuedAt: b.clock(), Hash: auth.HashPlain(value),
		}
		if i := slices.IndexFunc(there, func(o auth.Token) bool { return o.Name == name && o.RevokedAt.IsZero() }); i >= 0 {
			made.ID = there[i].ID
		}
		return tx.PutToken(made)
	})
}

func accountOf(tx *store.Tx, id string) (store.Account, error) {
	accounts, err := tx.Accounts()
	if err != nil {
		return store.Account{}, err
	}
	for _, a := range accounts {
		if id == "" || a.ID == id || a.Name == id {
			return a, nil
		}
	}
	if id == "" {
		return store.Account{}, errors.New("the store holds no account")
	}
	return store.Account{}, fmt.Errorf("no account %q", id)
}

// shown is a token with its value signed again: the same token has the same
// value each time.
func (b *TokenBook) shown(t auth.Token, vaults []connect.Vault) (out Token, err error) {
	out = Token{
		ID: t.ID, Account: t.Account, Name: t.Name,
		IssuedAt: t.IssuedAt, NotBefore: t.NotBefore, ExpiresAt: t.ExpiresAt, RevokedAt: t.RevokedAt,
	}
	out.Permission, out.Vaults = granted(t, func(id string) string {
		if i := slices.IndexFunc(vaults, func(v connect.Vault) bool { return v.ID == id }); i >= 0 {
			return vaults[i].Name
		}
		return id
	})
	if t.Hash == "" {
		out.Value, err = b.key.Sign(t)
	}
	return out, err
}

// FirstToken is the value of the first signed token that is good now and may
// read and write every vault. Where there is none it issues one, named "main".
func (b *TokenBook) FirstToken(ctx context.Context) (string, error) {
	list, err := b.Tokens(ctx)
	if err != nil {
		return "", err
	}
	for _, t := range list {
		if t.Value != "" && t.Permission == "read-write" && t.State(b.clock()) == "active" {
			return t.Value, nil
		}
	}
	made, err := b.CreateToken(ctx, Token{Name: "main"})
	return made.Value, err
}
