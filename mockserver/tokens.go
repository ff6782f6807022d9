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
	var all []connect.Vault
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
		all = vaults
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
	return b.shown(made, all)
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
		out.Value, err = b.key.Sign(spelledOut(t, vaults))
	}
	return out, err
}

// spelledOut is a token whose permission on every vault is written out for each
// vault there is, as real tokens have it [R]. What it may do is decided by what
// the store says of it, not by what is written in it.
func spelledOut(t auth.Token, vaults []connect.Vault) auth.Token {
	if t.All == 0 {
		return t
	}
	each := map[string]auth.Permission{}
	for _, v := range vaults {
		each[v.ID] = t.All | t.Vaults[v.ID]
	}
	t.Vaults = each
	return t
}

// FirstToken is the value of the first signed token that is good now and may
// read and write every vault. Where there is none it issues one, named "main",
// or "main 2" and so on where that name is taken.
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
	name := "main"
	for n := 2; slices.ContainsFunc(list, func(t Token) bool { return t.Name == name && t.RevokedAt.IsZero() }); n++ {
		name = fmt.Sprintf("main %d", n)
	}
	made, err := b.CreateToken(ctx, Token{Name: name})
	return made.Value, err
}
