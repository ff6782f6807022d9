// Package auth finds the caller of a request and what its token allows.
//
// It knows the value of one header, but nothing else of HTTP, and not where
// tokens are stored: it looks them up through Tokens. It writes no responses: it
// returns the caller or a Refusal, and the server sends 401 or 403.
//
// There are two kinds of tokens. Signed tokens are JWTs as real servers get them,
// but what they allow is read from Tokens, so that it can be changed and revoked.
// Plain tokens are any text without spaces, of which only the hash is known.
package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Token is what the server stores of a bearer token: everything but its value.
type Token struct {
	ID      string                        // jti: 26 of [a-z0-9]
	Account string                        // 26 of [A-Z0-9]
	Name    string                        // shown to people
	Server  string                        // sub, the Connect server that acts with the token: 26 of [A-Z0-9]
	Vaults  map[string]connect.Permission // by vault id, in any case
	All     connect.Permission            // on every vault of the account, also future ones; zero: none

	IssuedAt  time.Time // zero: not set
	NotBefore time.Time // zero: valid at once; the first instant it is valid
	ExpiresAt time.Time // zero: never; the first instant it is not valid any more
	RevokedAt time.Time // zero: not revoked; once set the token is refused, whatever the clock says

	Hash string // HashPlain of a plain token; "" for a signed one

	// FrozenClaims are the claims in the value of a signed token that was changed
	// after it was signed. Nil: the token was not changed.
	FrozenClaims *FrozenClaims
}

// FrozenClaims are the claims that a change of a token must not change in its
// value. Set them when you change a signed token, so that its value stays valid.
type FrozenClaims struct {
	Vaults    map[string]connect.Permission `json:"vaults,omitempty"`
	ExpiresAt time.Time                     `json:"expiresAt,omitzero"`
	Server    string                        `json:"server,omitempty"` // empty: the token's
}

// HashPlain returns the SHA-256 of a plain token in hex, which is all that is stored of it.
func HashPlain(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

// State returns "active", "expired", "revoked" or "not yet valid".
func (t *Token) State(now time.Time) string {
	if refusal := t.check(now); refusal != nil {
		return refusal.Reason
	}
	return "active"
}

// check returns why the token is not valid at the given time, or nil.
func (t *Token) check(now time.Time) *Refusal {
	switch {
	case !t.RevokedAt.IsZero():
		return &Refusal{Reason: Revoked}
	case now.Before(t.NotBefore):
		return &Refusal{Reason: NotYetValid}
	case !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt):
		return &Refusal{Reason: Expired}
	}
	return nil
}

// narrow limits the token to the times that were signed, unless it was changed
// after it was signed.
func (t *Token) narrow(signed signedClaims) {
	if t.FrozenClaims != nil {
		return
	}
	if signed.notBefore.After(t.NotBefore) {
		t.NotBefore = signed.notBefore
	}
	if exp := signed.expiresAt; !exp.IsZero() && (t.ExpiresAt.IsZero() || exp.Before(t.ExpiresAt)) {
		t.ExpiresAt = exp
	}
}
