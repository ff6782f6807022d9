package faults

import (
	"slices"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Request is what of a request decides whether a fault strikes it. Members that
// a request does not have are empty.
type Request struct {
	Operation string // operationId
	Account   string // id; empty without a good token
	Vault     string // id, as in the path
	VaultName string
	Item      string // id, as in the path
	File      string // id, as in the path
	TokenID   string
	TokenName string
	Now       time.Time // by the account's clock

	// Title looks up the title of the item, "" if it is not found. Nil means there
	// is none.
	Title func() string
}

// matches says whether a request is one of those the fault is about.
func (f *fault) matches(r Request) bool {
	d := &f.document
	if len(d.Operations) > 0 {
		if !slices.Contains(d.Operations, r.Operation) {
			return false
		}
	} else if slices.Contains(unasked(), r.Operation) {
		return false
	}
	return (d.Account == "" || d.Account == r.Account) &&
		(d.Vault == "" || d.Vault == r.Vault || d.Vault == r.VaultName) &&
		(d.Token == "" || d.Token == r.TokenID || d.Token == r.TokenName)
}

// unasked are the operations that a fault must name: an orchestrator that kills
// the mock is nobody's test.
func unasked() []string { return []string{"GetHeartbeat", "GetPrometheusMetrics"} }

// reads are the operations under /v1 that change nothing.
func reads() []string {
	return []string{"GetApiActivity", "GetVaults", "GetVaultById", "GetVaultItems", "GetVaultItemById",
		"GetItemFiles", "GetDetailsOfFileById", "DownloadFileByID"}
}

// writes are the operations that change items.
func writes() []string {
	return []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem"}
}

// present is those of the wanted operations that there are. A document of one's
// own may lack some.
func present(wanted, operations []string) []string {
	if len(operations) == 0 {
		return wanted
	}
	return slices.DeleteFunc(slices.Clone(wanted), func(id string) bool { return !slices.Contains(operations, id) })
}

// perToken is the one value of the member "per".
const perToken = "token"

// caller is who a fault counts for; the zero value is everybody without a good
// token.
type caller struct{ account, token string }

// count is what a fault has seen.
type count struct{ matched, struck int }

// counted counts a request that matches. It answers its number, from 1, and
// whether the fault strikes it.
func (f *fault) counted(r Request) (n int, strikes bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &f.whole
	if f.tokens != nil {
		who := caller{r.Account, r.TokenID}
		if c = f.tokens[who]; c == nil {
			c = &count{}
			f.tokens[who] = c
		}
	}
	f.matched++
	c.matched++
	d := &f.document
	switch {
	case d.Nth > 0 && c.matched != d.Nth,
		c.matched <= d.After,
		d.Times > 0 && c.struck >= d.Times,
		d.Percentage > 0 && !(chance{d.Seed, uint64(c.matched)}).happens(d.Percentage):
		return c.matched, false
	}
	f.struck++
	c.struck++
	return c.matched, true
}

// forget drops what was counted for the tokens of an account.
func (f *fault) forget(account string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for who := range f.tokens {
		if who.account == account {
			delete(f.tokens, who)
		}
	}
}

// checkCounts holds the second part of a fault to its rules.
func checkCounts(d *controlapi.Fault) error {
	for member, n := range map[string]int{"nth": d.Nth, "after": d.After, "times": d.Times} {
		if n < 0 {
			return refuse(member, "must not be negative")
		}
	}
	switch {
	case d.Nth > 0 && d.Times > 1:
		return refuse("nth", "strikes one request; for %d from request %d on give after: %d and times: %d", d.Times, d.Nth, d.Nth-1, d.Times)
	case d.Nth > 0 && d.Nth <= d.After:
		return refuse("nth", "request %d is one of the first %d, which after lets pass; give one of the two", d.Nth, d.After)
	case !(d.Percentage >= 0 && d.Percentage <= 100): // not a number is neither
		return refuse("percentage", "must be from 0 to 100; 0 is all")
	case d.Per != "" && d.Per != perToken:
		return refuse("per", "%q can't be counted for; it can be %q, or left out", d.Per, perToken)
	}
	return nil
}
