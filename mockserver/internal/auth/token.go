// Package auth decides who a request comes from and what its token allows.
//
// It does not know HTTP beyond the value of one header, nor where tokens are
// kept: those are looked up through the Tokens it is given. It writes no
// answers either; it says who, or why not, and the server says 401 or 403.
//
// Two kinds of tokens are accepted. Signed ones are JWTs of the form a real
// server is given; what they allow is nevertheless read from the Tokens, so
// that it can change and be revoked. Plain ones are any text without spaces,
// known by its hash only.
package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Token is a bearer token as the server remembers it: everything but its value.
type Token struct {
	ID      string                // jti: 26 of [a-z0-9]
	Account string                // 26 of [A-Z0-9]
	Name    string                // for people
	Server  string                // sub, the Connect server it was made for, which acts with it: 26 of [A-Z0-9]
	Vaults  map[string]Permission // by vault id, in any case
	All     Permission            // on every vault of the account, those to come as well; zero: none

	IssuedAt  time.Time // zero: not set
	NotBefore time.Time // zero: valid at once; the first instant it is valid
	ExpiresAt time.Time // zero: never; the first instant it is not valid any more
	RevokedAt time.Time // zero: not revoked; once set the token is refused, whatever the clock says

	Hash string // HashPlain of a plain token; "" for a signed one

	// FrozenClaims is what the value of a signed token says where the token was changed
	// since; nil: what the token says.
	FrozenClaims *FrozenClaims
}

// FrozenClaims is the part of a signed value that a change of its token would change
// too. Whoever changes a token keeps its wording, so that the value stays.
type FrozenClaims struct {
	Vaults    map[string]Permission `json:"vaults,omitempty"`
	ExpiresAt time.Time             `json:"expiresAt,omitzero"`
	Server    string                `json:"server,omitempty"` // empty: the token's
}

// HashPlain is what is kept of a plain token: its SHA-256 in hex.
func HashPlain(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

// State is "active", "expired", "revoked" or "not yet valid".
func (t *Token) State(now time.Time) string {
	if refusal := t.check(now); refusal != nil {
		return refusal.Reason
	}
	return "active"
}

// check says why the token is not good at this moment, or nil.
func (t *Token) check(now time.Time) *Refusal {
	switch {
	case !t.RevokedAt.IsZero():
		return &Refusal{Reason: revoked}
	case now.Before(t.NotBefore):
		return &Refusal{Reason: notYetValid}
	case !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt):
		return &Refusal{Reason: expired}
	}
	return nil
}

// narrow keeps the token to the times that were signed, unless it was changed
// since and kept its value.
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
