package auth

import "strings"

// Caller is who a request comes from. It may be shared between requests:
// nobody changes it, nor the token in it.
type Caller struct {
	Token Token
	in    map[string]Permission // Token.Vaults by id in lower case
}

// NewCaller is the caller who holds the token.
func NewCaller(t Token) *Caller {
	c := &Caller{Token: t, in: make(map[string]Permission, len(t.Vaults))}
	for id, p := range t.Vaults {
		c.in[strings.ToLower(id)] |= p
	}
	return c
}

// CanSee says whether the vault is in the caller's scope, for whatever it be. It
// does not say that the vault exists.
func (c *Caller) CanSee(vault string) bool { return c.on(vault) != 0 }

// Can says whether the caller may do all of p in the vault. Nothing is allowed
// in a vault the caller does not see.
func (c *Caller) Can(vault string, p Permission) bool {
	on := c.on(vault)
	return on != 0 && on.Has(p)
}

// on is what the caller may do in the vault. Ids compare without regard to
// case: real tokens have them in lower case, other software writes them in
// upper case [R].
func (c *Caller) on(vault string) Permission {
	return c.Token.All | c.in[strings.ToLower(vault)]
}
