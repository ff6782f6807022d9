package faults

import (
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Request is what decides whether a fault applies to a request. Members that a
// request does not have are empty.
type Request struct {
	Operation string // operationId
	Account   string // id; empty without a valid token
	Vault     string // id, as in the path
	VaultName string
	Item      string // id, as in the path
	File      string // id, as in the path
	TokenID   string
	TokenName string
	Now       time.Time // the time on the account's clock

	// Title looks up the title of the item, "" if it is not found. Nil: the
	// request is about no item.
	Title func() string
}

// matches reports whether the fault selects a request.
func (f *fault) matches(r Request) bool {
	d := &f.document
	if len(d.Operations) > 0 {
		if !slices.Contains(d.Operations, r.Operation) {
			return false
		}
	} else if slices.Contains(exemptByDefault(), r.Operation) {
		return false
	}
	return (d.Account == "" || d.Account == r.Account) &&
		(d.Vault == "" || d.Vault == r.Vault || d.Vault == r.VaultName) &&
		(d.Token == "" || d.Token == r.TokenID || d.Token == r.TokenName)
}

// exemptByDefault returns the operations that a fault affects only if it names
// them: otherwise an orchestrator might end the mock in the middle of a test.
func exemptByDefault() []string { return []string{"GetHeartbeat", "GetPrometheusMetrics"} }

// reads returns the operations under /v1 that change nothing.
func reads() []string {
	isRead := func(o connect.Operation) bool { return strings.HasPrefix(o.Path, "/v1/") && !o.IsWrite() }
	return connect.OperationIDs(isRead)
}

// writes returns the operations that change items.
func writes() []string { return connect.OperationIDs(connect.Operation.IsWrite) }

// knownOperations returns those of the wanted operations that the server has.
// A document that somebody else wrote may lack some.
func knownOperations(wanted, operations []string) []string {
	if len(operations) == 0 {
		return wanted
	}
	return slices.DeleteFunc(slices.Clone(wanted), func(id string) bool { return !slices.Contains(operations, id) })
}

// perToken is the only value of the member "per".
const perToken = "token"

// caller identifies the token that a fault counts for. The zero value stands for
// all requests without a valid token.
type caller struct{ account, token string }

// counts are the numbers of requests that a fault matched and applied to.
type counts struct{ matched, applied int }

// count counts a request that matches. It returns the request's number, from 1,
// and whether the fault applies to it.
func (f *fault) count(r Request) (n int, applies bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &f.total
	if f.byToken != nil {
		key := caller{r.Account, r.TokenID}
		if c = f.byToken[key]; c == nil {
			c = &counts{}
			f.byToken[key] = c
		}
	}
	f.matched++
	c.matched++
	d := &f.document
	switch {
	case d.Nth > 0 && c.matched != d.Nth,
		c.matched <= d.After,
		d.Times > 0 && c.applied >= d.Times,
		d.Percentage > 0 && !(randomSource{d.Seed, uint64(c.matched)}).hit(d.Percentage):
		return c.matched, false
	}
	f.applied++
	c.applied++
	return c.matched, true
}

// dropCounts drops the counts of the tokens of an account.
func (f *fault) dropCounts(account string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for key := range f.byToken {
		if key.account == account {
			delete(f.byToken, key)
		}
	}
}

// checkCounts checks the members that select requests by number.
func checkCounts(d *controlapi.Fault) error {
	for member, n := range map[string]int{"nth": d.Nth, "after": d.After, "times": d.Times} {
		if n < 0 {
			return invalid(member, "must not be negative")
		}
	}
	switch {
	case d.Nth > 0 && d.Times > 1:
		return invalid("nth", "applies to one request; for %d from request %d on give after: %d and times: %d",
			d.Times, d.Nth, d.Nth-1, d.Times)
	case d.Nth > 0 && d.Nth <= d.After:
		return invalid("nth", "request %d is one of the first %d, which after skips; give one of the two",
			d.Nth, d.After)
	case !(d.Percentage >= 0 && d.Percentage <= 100): // also false for NaN
		return invalid("percentage", "must be from 0 to 100; 0 is all")
	case d.Per != "" && d.Per != perToken:
		return invalid("per", "%q is unknown; use %q or leave it out", d.Per, perToken)
	}
	return nil
}
