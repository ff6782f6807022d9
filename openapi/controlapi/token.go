package controlapi

import "time"

// Token is a bearer token of an account.
type Token struct {
	ID         string            `json:"id,omitempty"`
	Account    string            `json:"account,omitempty"`    // id; when creating empty: the first
	Name       string            `json:"name"`                 // unique among the account's tokens that are not revoked
	Value      string            `json:"value,omitempty"`      // what clients send; only for signed tokens
	State      string            `json:"state,omitempty"`      // "active", "expired", "revoked", "not yet valid"
	Permission string            `json:"permission,omitempty"` // for every vault: "read", "write", "read-write"; if Vaults is empty too: read-write
	Vaults     map[string]string `json:"vaults,omitempty"`     // permission by vault name; or by id when creating
	IssuedAt   time.Time         `json:"issuedAt,omitzero"`
	NotBefore  time.Time         `json:"notBefore,omitzero"` // zero: at once
	ExpiresAt  time.Time         `json:"expiresAt,omitzero"` // zero: never
	ExpiresIn  Duration          `json:"expiresIn,omitzero"` // when creating, instead of ExpiresAt: after the account's present time
}

// TokenChange changes the permissions and the expiry of a token. The value stays the same; nil members change nothing.
type TokenChange struct {
	Permission *string           `json:"permission,omitempty"` // "" for none beyond Vaults
	Vaults     map[string]string `json:"vaults,omitzero"`      // replaces all; an empty object for none
	ExpiresAt  *time.Time        `json:"expiresAt,omitempty"`  // the zero time for never
}
