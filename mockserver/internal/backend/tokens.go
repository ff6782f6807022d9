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

// mainToken is the name of the token of a created account, and of a token that FirstToken issues.
const mainToken = "main"

// IssueToken issues a signed token and returns it with its Value. It returns an error if the name is missing or in use,
// or if the account or a vault is unknown.
func (ts *Tokens) IssueToken(ctx context.Context, t controlapi.Token) (controlapi.Token, error) {
	switch {
	case t.Name == "":
		return t, Errorf(400, "a token needs a name")
	case t.ID != "" || t.Value != "" || t.State != "" || !t.IssuedAt.IsZero():
		return t, Errorf(400, "token %s: id, value, state and issuedAt are made by the server; leave them out", t.Name)
	case t.ExpiresIn != 0 && !t.ExpiresAt.IsZero():
		return t, Errorf(400, "token %s: give expiresAt or expiresIn, not both", t.Name)
	}
	return ts.issue(ctx, t, (*store.Tx).PutToken)
}

// issue issues a signed token and stores it with put.
func (ts *Tokens) issue(
	ctx context.Context, t controlapi.Token, put func(*store.Tx, auth.Token) error,
) (controlapi.Token, error) {
	issued := auth.Token{ID: ts.random.ID(), Name: t.Name, NotBefore: t.NotBefore, ExpiresAt: t.ExpiresAt}
	var vaults []connect.Vault
	err := ts.store.Update(ctx, func(tx *store.Tx) error {
		account, err := findAccount(tx, t.Account)
		if err != nil {
			return err
		}
		issued.Account, issued.Server, issued.IssuedAt = account.ID, account.User, ts.clock(account.ID)
		if t.ExpiresIn != 0 {
			issued.ExpiresAt = issued.IssuedAt.Add(time.Duration(t.ExpiresIn))
		}
		if vaults, err = tx.Vaults(account.ID); err != nil {
			return err
		}
		if err := setPermissions(&issued, t.Permission, t.Vaults, vaultsToFixture(vaults)); err != nil {
			return err
		}
		present, err := tx.Tokens(account.ID)
		if err != nil {
			return err
		}
		if findByName(present, t.Name) != nil {
			return Errorf(409, "there is a token %q already; revoke it or choose another name", t.Name)
		}
		return put(tx, issued)
	})
	if err != nil {
		return t, err
	}
	return ts.toAPI(issued, vaults)
}

// ListTokens returns the tokens of an account, signed ones with their Value.
func (ts *Tokens) ListTokens(ctx context.Context, account string) (list []controlapi.Token, err error) {
	err = ts.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		list, err = ts.accountTokens(tx, a)
		return err
	})
	return list, err
}

// AllTokens returns the tokens of all accounts that were not created on demand, account by account.
func (ts *Tokens) AllTokens(ctx context.Context) (list []controlapi.Token, err error) {
	err = ts.store.View(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if a.CreatedOnDemand {
				continue
			}
			tokens, err := ts.accountTokens(tx, a)
			if err != nil {
				return err
			}
			list = append(list, tokens...)
		}
		return nil
	})
	return list, err
}

// accountTokens returns the tokens of one account.
func (ts *Tokens) accountTokens(tx *store.Tx, a store.Account) ([]controlapi.Token, error) {
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
		if list[i], err = ts.toAPI(t, vaults); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ChangeToken changes the permissions and the expiry of a token. Its value stays valid. The token is given by its name
// or id, in an account or, for "", in the first account that has it.
func (ts *Tokens) ChangeToken(
	ctx context.Context, account, nameOrID string, change controlapi.TokenChange,
) (controlapi.Token, error) {
	var changed auth.Token
	var vaults []connect.Vault
	err := ts.store.Update(ctx, func(tx *store.Tx) (err error) {
		if changed, err = findToken(tx, account, nameOrID); err != nil {
			return err
		}
		if vaults, err = tx.Vaults(changed.Account); err != nil {
			return err
		}
		changed.FrozenClaims = frozenClaims(changed, vaults)
		if change.Permission != nil {
			changed.All = 0
			if err := setPermissions(&changed, *change.Permission, map[string]string{}, nil); err != nil {
				return err
			}
		}
		if change.Vaults != nil {
			changed.Vaults = nil
			if err := setPermissions(&changed, "", change.Vaults, vaultsToFixture(vaults)); err != nil {
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
	ts.forgetToken(changed.ID)
	return ts.toAPI(changed, vaults)
}

// RevokeToken revokes a token, which is given as for ChangeToken.
func (ts *Tokens) RevokeToken(ctx context.Context, account, nameOrID string) error {
	var t auth.Token
	err := ts.store.Update(ctx, func(tx *store.Tx) (err error) {
		if t, err = findToken(tx, account, nameOrID); err != nil {
			return err
		}
		t.RevokedAt = ts.clock(t.Account)
		return tx.PutToken(t)
	})
	if err == nil {
		ts.forgetToken(t.ID)
	}
	return err
}

// toAPI returns a token with its value, which it signs again: the value of a token is always the same.
func (ts *Tokens) toAPI(t auth.Token, vaults []connect.Vault) (out controlapi.Token, err error) {
	out = controlapi.Token{
		ID: t.ID, Account: t.Account, Name: t.Name, State: t.State(ts.clock(t.Account)),
		IssuedAt: t.IssuedAt, NotBefore: t.NotBefore, ExpiresAt: t.ExpiresAt,
	}
	out.Permission, out.Vaults = permissionNames(t, func(id string) string {
		if i := slices.IndexFunc(vaults, func(v connect.Vault) bool { return v.ID == id }); i >= 0 {
			return vaults[i].Name
		}
		return id
	})
	if t.Hash == "" {
		out.Value, err = ts.key.Sign(expandPermissions(t, vaults))
	}
	return out, err
}

// expandPermissions returns a token whose permission on every vault is listed for each vault, as in the value of a real
// token [R]. What the token allows is decided by the store, not by its value.
func expandPermissions(t auth.Token, vaults []connect.Vault) auth.Token {
	if t.All == 0 {
		return t
	}
	expanded := map[string]connect.Permission{}
	for _, v := range vaults {
		expanded[v.ID] = t.All | t.Vaults[v.ID]
	}
	t.Vaults = expanded
	return t
}

// frozenClaims returns the claims that the value of a signed token has, and keeps when the token or the vaults of the
// account are changed. It returns nil for a plain token that has none.
func frozenClaims(t auth.Token, vaults []connect.Vault) *auth.FrozenClaims {
	switch {
	case t.Hash != "":
		return t.FrozenClaims
	case t.FrozenClaims != nil:
		claims := *t.FrozenClaims
		claims.Server = cmp.Or(claims.Server, t.Server)
		return &claims
	}
	return &auth.FrozenClaims{Vaults: expandPermissions(t, vaults).Vaults, ExpiresAt: t.ExpiresAt, Server: t.Server}
}

// FirstToken returns the value of the first account's first signed token that is valid now and may read and write every
// vault. If there is none it issues one, which resets keep: "main", or "main 2" and so on if that name is taken.
func (ts *Tokens) FirstToken(ctx context.Context) (value string, err error) {
	var tokens []auth.Token
	err = ts.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, "")
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
		i := slices.IndexFunc(tokens, ts.hasFullAccess)
		if i >= 0 {
			value, err = ts.key.Sign(expandPermissions(tokens[i], vaults))
		}
		return err
	})
	if err != nil || value != "" {
		return value, err
	}
	name := mainToken
	for n := 2; findByName(tokens, name) != nil; n++ {
		name = fmt.Sprintf("main %d", n)
	}
	issued, err := ts.issue(ctx, controlapi.Token{Name: name}, (*store.Tx).PutSeedToken)
	return issued.Value, err
}

// hasFullAccess reports whether a token is signed, valid now, and may read and write every vault.
func (ts *Tokens) hasFullAccess(t auth.Token) bool {
	return t.Hash == "" && t.All == connect.ReadWrite && t.State(ts.clock(t.Account)) == "active"
}
