package controlapi

import "time"

// Snapshot is an account as it was: vaults, items, files, tokens, activity.
type Snapshot struct {
	Name      string    `json:"name"` // unique in its account
	Account   string    `json:"account"`
	CreatedAt time.Time `json:"createdAt"`
	Vaults    int       `json:"vaults"`
	Items     int       `json:"items"`
}

// NewSnapshot asks for one.
type NewSnapshot struct {
	Account string `json:"account,omitempty"` // empty: the first
	Name    string `json:"name"`
}

// Diff is what changed from one state of an account to another, by id. It tells
// what changed, never a value.
type Diff struct {
	From     string   `json:"from"` // name of a snapshot
	To       string   `json:"to"`   // the same; empty: now
	Changes  []Change `json:"changes"`
	Activity int      `json:"activity"` // records that To has more
}

// Change is one difference.
type Change struct {
	Kind    string   `json:"kind"`   // "vault", "item", "token"
	Change  string   `json:"change"` // "added", "removed", "changed"
	ID      string   `json:"id"`
	Name    string   `json:"name"`              // of a vault or token, title of an item
	Vault   string   `json:"vault,omitempty"`   // id, of an item
	Members []string `json:"members,omitempty"` // that differ, as "fields.password.value", of what changed
}
