package controlapi

import "time"

// Account is an isolated data set, chosen by the token that a client sends.
type Account struct {
	ID        string    `json:"id"` // 26 of [A-Z0-9]
	Name      string    `json:"name"`
	Token     string    `json:"token,omitempty"` // can read and write every vault; only in the response that created the account
	CreatedAt time.Time `json:"createdAt"`
	Seeded    bool      `json:"seeded,omitempty"` // whether it existed from the start; such accounts can't be deleted
}

// NewAccount describes an account to create. It starts with the seed of another, and stores only what differs.
type NewAccount struct {
	Name     string `json:"name,omitempty"`     // empty: "world" and a number
	From     string `json:"from,omitempty"`     // id or name of the account whose seed it starts from; empty: the first
	Snapshot string `json:"snapshot,omitempty"` // of From, to start from instead of its seed
}

// Reset says what to reset. With an Account it is that account: its data and tokens are as seeded again, its faults,
// clock and journal are removed. Without, it is the whole server: every account of the start is reset, and those that
// were created are deleted. Snapshots stay.
type Reset struct {
	Account string `json:"account,omitempty"`
}

// LoadResult says what a fixture added.
type LoadResult struct {
	Account string `json:"account"`
	Vaults  int    `json:"vaults"`
	Items   int    `json:"items"`
}
