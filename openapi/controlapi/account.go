package controlapi

import "time"

// Account is an isolated data set. The token that a client sends selects it.
type Account struct {
	ID   string `json:"id"` // 26 of [A-Z0-9]
	Name string `json:"name"`
	// Token can read and write every vault. Only the response that created the account has it.
	Token     string    `json:"token,omitempty"`
	CreatedAt time.Time `json:"createdAt"`
	Seeded    bool      `json:"seeded,omitempty"` // whether it existed from the start; such accounts can't be deleted
}

// NewAccount describes an account to create. It starts with the initial data of another, or with a snapshot, and stores
// only what differs. The zero value starts with the initial data of the first account.
type NewAccount struct {
	Name string `json:"name,omitempty"` // empty: "account" and a number
	// From is the id or name of the account whose initial data it starts with. Empty: the first.
	From     string `json:"from,omitempty"`
	Snapshot string `json:"snapshot,omitempty"` // of From, to start with instead of its initial data
}

// Reset says what to reset. With an Account it is that account: it has its initial data and tokens again, and its
// faults, clock and journal are removed. The zero value resets the whole server: every account that existed from the
// start is reset, and those that were created are deleted. Snapshots are kept.
type Reset struct {
	Account string `json:"account,omitempty"` // id or name
}

// LoadResult is the number of vaults and items that a fixture added.
type LoadResult struct {
	Account string `json:"account"` // id
	Vaults  int    `json:"vaults"`
	Items   int    `json:"items"`
}
