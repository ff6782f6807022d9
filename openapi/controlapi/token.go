package controlapi

import "time"

// Token is a bearer token of an account.
type Token struct {
	ID         string            `json:"id,omitempty"`
	Account    string            `json:"account,omitempty"`    // id; when creating empty: the first
	Name       string            `json:"name"`                 // unique among the account's tokens that are not revoked
	Value      string            `json:"value,omitempty"`      // what clients send; only where the token is signed
	State      string            `json:"state,omitempty"`      // "active", "expired", "revoked", "not yet valid"
	Permission string            `json:"permission,omitempty"` // on every vault: "read", "write", "read-write"; with no Vaults either: read-write
	Vaults     map[string]string `json:"vaults,omitempty"`     // permission by vault name; when creating an id will do
	IssuedAt   time.Time         `json:"issuedAt,omitzero"`
	NotBefore  time.Time         `json:"notBefore,omitzero"` // zero: at once
	ExpiresAt  time.Time         `json:"expiresAt,omitzero"` // zero: never
	ExpiresIn  Duration          `json:"expiresIn,omitzero"` // when creating, instead of ExpiresAt: from the account's now
}

// TokenChange changes what a token may do and until when; its value stays, and
// what is nil stays as it is.
type TokenChange struct {
	Permission *string           `json:"permission,omitempty"` // "" for none beyond Vaults
	Vaults     map[string]string `json:"vaults,omitzero"`      // all of them; an empty object for none
	ExpiresAt  *time.Time        `json:"expiresAt,omitempty"`  // the zero time for never
}
