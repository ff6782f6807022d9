package backend

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// mainToken is the name of the token that comes with a created account, and of
// one that the server issues by itself.
const mainToken = "main"

// IssueToken issues a signed token and answers it with its Value. An empty
// Name, an unknown account or vault, or a name in use is an error.
func (b *Tokens) IssueToken(ctx context.Context, t controlapi.Token) (controlapi.Token, error) {
	switch {
	case t.Name == "":
		return t, Errorf(400, "a token needs a name")
	case t.ID != "" || t.Value != "" || t.State != "" || !t.IssuedAt.IsZero():
		return t, Errorf(400, "token %s: id, value, state and issuedAt are made by the server; leave them out", t.Name)
	case t.ExpiresIn != 0 && !t.ExpiresAt.IsZero():
		return t, Errorf(400, "token %s: give expiresAt or expiresIn, not both", t.Name)
	}
	return b.issue(ctx, t, (*store.Tx).PutToken)
}

func (b *Tokens) issue(ctx context.Context, t controlapi.Token, put func(*store.Tx, auth.Token) error) (controlapi.Token, error) {
	made := auth.Token{ID: b.random.ID(), Name: t.Name, NotBefore: t.NotBefore, ExpiresAt: t.ExpiresAt}
	var vaults []connect.Vault
	err := b.store.Update(ctx, func(tx *store.Tx) error {
		account, err := accountOf(tx, t.Account)
		if err != nil {
			return err
		}
		made.Account, made.Server, made.IssuedAt = account.ID, account.User, b.clock(account.ID)
		if t.ExpiresIn != 0 {
			made.ExpiresAt = made.IssuedAt.Add(time.Duration(t.ExpiresIn))
		}
		if vaults, err = tx.Vaults(account.ID); err != nil {
			return err
		}
		if err := grant(&made, t.Permission, t.Vaults, vaultsToFixture(vaults)); err != nil {
			return err
		}
		there, err := tx.Tokens(account.ID)
		if err != nil {
			return err
		}
		if tokenNamed(there, t.Name) != nil {
			return Errorf(409, "there is a token %q already; revoke it or choose another name", t.Name)
		}
		return put(tx, made)
	})
	if err != nil {
		return t, err
	}
	return b.shown(made, vaults)
}

// ListTokens lists the tokens of an account, signed ones with their Value.
func (b *Tokens) ListTokens(ctx context.Context, account string) (list []controlapi.Token, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		list, err = b.tokensOf(tx, a)
		return err
	})
	return list, err
}

// AllTokens lists the tokens of the accounts that were there from the start,
// account by account.
func (b *Tokens) AllTokens(ctx context.Context) (list []controlapi.Token, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if a.CreatedOnDemand {
				continue
			}
			its, err := b.tokensOf(tx, a)
			if err != nil {
				return err
			}
			list = append(list, its...)
		}
		return nil
	})
	return list, err
}

func (b *Tokens) tokensOf(tx *store.Tx, a store.Account) ([]controlapi.Token, error) {
	vaults, err := tx.Vaults(a.ID)
	if err != nil {
		return nil, err
	}
	tokens, err := tx.Tokens(a.ID)
	if err != nil {
		return nil, err
	}
	list := make([]controlapi.Token, len(tokens))
	for i, t := range tokens {
		if list[i], err = b.shown(t, vaults); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ChangeToken changes what a token may do and until when; clients go on with
// the value they have. The token is named by its name or id, in an account or,
// where that is empty, in the first account that has it.
func (b *Tokens) ChangeToken(ctx context.Context, account, nameOrID string, change controlapi.TokenChange) (controlapi.Token, error) {
	var changed auth.Token
	var vaults []connect.Vault
	err := b.store.Update(ctx, func(tx *store.Tx) (err error) {
		if changed, err = findToken(tx, account, nameOrID); err != nil {
			return err
		}
		if vaults, err = tx.Vaults(changed.Account); err != nil {
			return err
		}
		changed.FrozenClaims = frozenClaims(changed, vaults)
		if change.Permission != nil {
			changed.All = 0
			if err := grant(&changed, *change.Permission, map[string]string{}, nil); err != nil {
				return err
			}
		}
		if change.Vaults != nil {
			changed.Vaults = nil
			if err := grant(&changed, "", change.Vaults, vaultsToFixture(vaults)); err != nil {
				return err
			}
		}
		if change.ExpiresAt != nil {
			changed.ExpiresAt = *change.ExpiresAt
		}
		return tx.PutToken(changed)
	})
	if err != nil {
		return controlapi.Token{}, err
	}
	b.forgetToken(changed.ID)
	return b.shown(changed, vaults)
}

// RevokeToken revokes a token from now on and for good. The token is named as
// for ChangeToken.
func (b *Tokens) RevokeToken(ctx context.Context, account, nameOrID string) error {
	var t auth.Token
	err := b.store.Update(ctx, func(tx *store.Tx) (err error) {
		if t, err = findToken(tx, account, nameOrID); err != nil {
			return err
		}
		t.RevokedAt = b.clock(t.Account)
		return tx.PutToken(t)
	})
	if err == nil {
		b.forgetToken(t.ID)
	}
	return err
}

// findToken is the token of that name or id that is not revoked, of an account
// or, where that is empty, of the first that has it.
func findToken(tx *store.Tx, account, nameOrID string) (auth.Token, error) {
	accounts, err := tx.Accounts()
	if err != nil {
		return auth.Token{}, err
	}
	if account != "" {
		a, err := accountOf(tx, account)
		if err != nil {
			return auth.Token{}, err
		}
		accounts = []store.Account{a}
	}
	var names []string
	for _, a := range accounts {
		tokens, err := tx.Tokens(a.ID)
		if err != nil {
			return auth.Token{}, err
		}
		for _, t := range tokens {
			if !t.RevokedAt.IsZero() {
				continue
			}
			if t.Name == nameOrID || t.ID == nameOrID {
				return t, nil
			}
			if len(names) < 1000 && !slices.Contains(names, t.Name) {
				names = append(names, t.Name)
			}
		}
	}
	return auth.Token{}, unknownToken(tx, nameOrID, names)
}

// shown is a token with its value signed again: the same token has the same
// value each time.
func (b *Tokens) shown(t auth.Token, vaults []connect.Vault) (out controlapi.Token, err error) {
	out = controlapi.Token{
		ID: t.ID, Account: t.Account, Name: t.Name, State: t.State(b.clock(t.Account)),
		IssuedAt: t.IssuedAt, NotBefore: t.NotBefore, ExpiresAt: t.ExpiresAt,
	}
	out.Permission, out.Vaults = granted(t, func(id string) string {
		if i := slices.IndexFunc(vaults, func(v connect.Vault) bool { return v.ID == id }); i >= 0 {
			return vaults[i].Name
		}
		return id
	})
	if t.Hash == "" {
		out.Value, err = b.key.Sign(expandPermissions(t, vaults))
	}
	return out, err
}

// expandPermissions is a token whose permission on every vault is written out for each
// vault there is, as real tokens have it [R]. What it may do is decided by what
// the store says of it, not by what is written in it.
func expandPermissions(t auth.Token, vaults []connect.Vault) auth.Token {
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

// frozenClaims is what the value of a token says and goes on to say when the token, or
// which vaults there are, is changed; nil for a plain token.
func frozenClaims(t auth.Token, vaults []connect.Vault) *auth.FrozenClaims {
	switch {
	case t.Hash != "":
		return t.FrozenClaims
	case t.FrozenClaims != nil:
		w := *t.FrozenClaims
		w.Server = cmp.Or(w.Server, t.Server)
		return &w
	}
	return &auth.FrozenClaims{Vaults: expandPermissions(t, vaults).Vaults, ExpiresAt: t.ExpiresAt, Server: t.Server}
}

// FirstToken is the value of the first account's first signed token that is good
// now and may read and write every vault. Where there is none it issues one,
// named "main", or "main 2" and so on where that name is taken; it is there
// after a reset too.
func (b *Tokens) FirstToken(ctx context.Context) (value string, err error) {
	var tokens []auth.Token
	err = b.store.View(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, "")
		if err != nil {
			return err
		}
		if tokens, err = tx.Tokens(a.ID); err != nil {
			return err
		}
		vaults, err := tx.Vaults(a.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(tokens, b.isForEverything)
		if i >= 0 { // signing takes time, and only one is asked for
			value, err = b.key.Sign(expandPermissions(tokens[i], vaults))
		}
		return err
	})
	if err != nil || value != "" {
		return value, err
	}
	name := mainToken
	for n := 2; tokenNamed(tokens, name) != nil; n++ {
		name = fmt.Sprintf("main %d", n)
	}
	made, err := b.issue(ctx, controlapi.Token{Name: name}, (*store.Tx).PutSeedToken)
	return made.Value, err
}

// isForEverything says whether a token is signed, good now, and may read and write
// every vault.
func (b *Tokens) isForEverything(t auth.Token) bool {
	return t.Hash == "" && t.All == auth.ReadWrite && t.State(b.clock(t.Account)) == "active"
}
