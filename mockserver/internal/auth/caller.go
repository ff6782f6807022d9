package auth

import (
	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Caller is the owner of a token. Requests share it: neither it nor the token in
// it is ever changed.
type Caller struct {
	Token  Token
	vaults map[string]connect.Permission // Token.Vaults by id in lower case
}

// newCaller returns the caller with a token.
func newCaller(t Token) *Caller {
	c := &Caller{Token: t, vaults: make(map[string]connect.Permission, len(t.Vaults))}
	for id, p := range t.Vaults {
		c.vaults[ascii.ToLower(id)] |= p
	}
	return c
}

// CanSee reports whether the caller has any permission in the vault. It does not
// check that the vault exists.
func (c *Caller) CanSee(vault string) bool { return c.permission(vault) != 0 }

// Can reports whether the caller has all permissions of p in the vault. It is false
// for a vault that the caller cannot see, also if p is zero.
func (c *Caller) Can(vault string, p connect.Permission) bool {
	granted := c.permission(vault)
	return granted != 0 && granted.Has(p)
}

// permission returns the caller's permissions in the vault. Ids compare without regard to
// case: real tokens have them in lower case, other software writes them in
// upper case [R].
func (c *Caller) permission(vault string) connect.Permission {
	return c.Token.All | c.vaults[ascii.ToLower(vault)]
}
