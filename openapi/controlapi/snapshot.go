package controlapi

import "time"

// Snapshot is the saved state of an account: vaults, items, files, tokens, activity.
type Snapshot struct {
	Name      string    `json:"name"`    // unique in its account
	Account   string    `json:"account"` // id
	CreatedAt time.Time `json:"createdAt"`
	Vaults    int       `json:"vaults"`
	Items     int       `json:"items"`
}

// NewSnapshot describes a snapshot to save. Name is required.
type NewSnapshot struct {
	Account string `json:"account,omitempty"` // id or name; empty: the first
	Name    string `json:"name"`
}

// Diff lists what changed from one state of an account to another, by id. It contains no values.
type Diff struct {
	From     string   `json:"from"` // name of a snapshot
	To       string   `json:"to"`   // the same; empty: the present state
	Changes  []Change `json:"changes"`
	Activity int      `json:"activity"` // number of records that To has more
}

// Change is one difference between two states of an account.
type Change struct {
	Kind    string   `json:"kind"`   // "vault", "item", "token"
	Change  string   `json:"change"` // "added", "removed", "changed"
	ID      string   `json:"id"`
	Name    string   `json:"name"`              // of a vault or token; the title of an item
	Vault   string   `json:"vault,omitempty"`   // id of the vault of an item
	Members []string `json:"members,omitempty"` // those that differ, such as "fields.password.value"
}
