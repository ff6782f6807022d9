package controlapi

import "time"

// Token is a bearer token of an account. ID, Value, State and IssuedAt are only in responses.
type Token struct {
	ID      string `json:"id,omitempty"`
	Account string `json:"account,omitempty"` // id; in a request also a name, empty: the first
	Name    string `json:"name"`              // unique among the account's tokens that are not revoked
	Value   string `json:"value,omitempty"`   // what clients send; only for signed tokens
	State   string `json:"state,omitempty"`   // "active", "expired", "revoked", "not yet valid"
	// Permission is for every vault: "read", "write" or "read-write". Empty: read-write if Vaults is empty too, else none.
	Permission string            `json:"permission,omitempty"`
	Vaults     map[string]string `json:"vaults,omitempty"` // permission by vault name; in a request also by id
	IssuedAt   time.Time         `json:"issuedAt,omitzero"`
	NotBefore  time.Time         `json:"notBefore,omitzero"` // zero: at once
	ExpiresAt  time.Time         `json:"expiresAt,omitzero"` // zero: never
	// ExpiresIn may be used in a request instead of ExpiresAt. It counts from the account's present time.
	ExpiresIn Duration `json:"expiresIn,omitzero"`
}

// TokenChange changes the permissions and the expiry of a token. Nil members change nothing. The value of the token
// stays the same.
type TokenChange struct {
	Permission *string           `json:"permission,omitempty"` // "": none except those in Vaults
	Vaults     map[string]string `json:"vaults,omitzero"`      // replaces all; empty: none
	ExpiresAt  *time.Time        `json:"expiresAt,omitempty"`  // the zero time: never
}
