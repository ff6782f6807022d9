package controlapi

import "time"

// Account is a world of its own, chosen by the token a client sends.
type Account struct {
	ID        string    `json:"id"` // 26 of [A-Z0-9]
	Name      string    `json:"name"`
	Token     string    `json:"token,omitempty"` // may read and write every vault; only in the answer that created the account
	CreatedAt time.Time `json:"createdAt"`
	Seeded    bool      `json:"seeded,omitempty"` // it was there from the start and can't be deleted
}

// NewAccount asks for a world: a layer over the seed of another, which copies
// only what it changes.
type NewAccount struct {
	Name     string `json:"name,omitempty"`     // empty: "world" and a number
	From     string `json:"from,omitempty"`     // id or name of the account whose seed it starts from; empty: the first
	Snapshot string `json:"snapshot,omitempty"` // of From, to start from instead of its seed
}

// Reset asks for the start again. With an Account, that world alone: its data
// and tokens as seeded, its faults, clock and journal gone. Without, the whole
// server: that for every account that was there from the start, and the created
// ones deleted. Snapshots stay.
type Reset struct {
	Account string `json:"account,omitempty"`
}

// LoadResult is what a fixture added.
type LoadResult struct {
	Account string `json:"account"`
	Vaults  int    `json:"vaults"`
	Items   int    `json:"items"`
}
