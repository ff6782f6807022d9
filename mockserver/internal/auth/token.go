// Package auth decides who a request comes from and what its token allows.
//
// It does not know HTTP beyond the value of one header, nor where tokens are
// kept: those are looked up through the Tokens it is given. It never answers
// 401 or 403 itself; it says who and why not.
package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Permission is a set of things a token may do in a vault, as the bits of the
// "a" member of a real token [R the values 48 and 496, G what each bit means].
type Permission int

// The bits, and the sets they come in.
const (
	Reveal  Permission = 16
	View    Permission = 32
	Update  Permission = 64
	Create  Permission = 128
	Archive Permission = 256

	Read      = Reveal | View             // 48 [R]
	Write     = Update | Create | Archive // 448 [G: no recording of a write-only token]
	ReadWrite = Read | Write              // 496 [R]
)

// Has says whether all of want is in p.
func (p Permission) Has(want Permission) bool { return p&want == want }

// Token is a bearer token as the server remembers it: everything but its value.
type Token struct {
	ID      string                // jti: 26 of [a-z0-9]
	Account string                // 26 of [A-Z0-9]
	Name    string                // for people
	Server  string                // sub, the Connect server it was made for: 26 of [A-Z0-9]
	Vaults  map[string]Permission // by vault id, in any case
	All     Permission            // on every vault of the account, those to come as well; zero: none

	IssuedAt  time.Time // zero: not set
	NotBefore time.Time // zero: valid at once
	ExpiresAt time.Time // zero: never
	RevokedAt time.Time // zero: not revoked; once set the token is refused, whatever the clock says

	Hash string // HashPlain of a plain token; "" for a signed one
}

// HashPlain is what is kept of a plain token: its SHA-256 in hex.
func HashPlain(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

// Caller is who a request comes from. It is never changed once made and may be
// shared between requests.
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

// Sees says whether the vault is in the caller's scope, for reading or for
// writing. It says nothing about whether the vault exists.
func (c *Caller) Sees(vault string) bool { return c.on(vault) != 0 }

// May says whether the caller may do all of p in the vault.
func (c *Caller) May(vault string, p Permission) bool {
	on := c.on(vault)
	return on != 0 && on.Has(p)
}

// on is what the caller may do in the vault. Ids compare without regard to
// case: real tokens have them in lower case, other software writes them in
// upper case [R].
func (c *Caller) on(vault string) Permission {
	return c.Token.All | c.in[strings.ToLower(vault)]
}
