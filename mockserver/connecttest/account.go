package connecttest

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Account is an account for one test on a server that tests share. It starts with the initial data of the first
// account, and no other account sees its changes. Its token selects it: clients need no change. Create one with
// [Server.NewAccount].
//
// The methods that take a test fail it if the server returns an error.
type Account struct {
	URL    string       // of the server, as Server.URL
	Token  string       // can read and write every vault of this account
	Client *http.Client // sends Token where a request has no Authorization of its own
	ID     string       // of the account
	Name   string       // of the account
	Server *Server
}

// AccountOption changes how an account is created.
type AccountOption func(*controlapi.NewAccount)

// Named sets the name of an account, which must be unique on the server.
func Named(name string) AccountOption { return func(n *controlapi.NewAccount) { n.Name = name } }

// From starts with the initial data of another account than the first, given by id or name.
func From(account string) AccountOption { return func(n *controlapi.NewAccount) { n.From = account } }

// FromSnapshot starts with a snapshot instead of the initial data. The snapshot is of the account given with From, or
// of the first.
func FromSnapshot(name string) AccountOption {
	return func(n *controlapi.NewAccount) { n.Snapshot = name }
}

// NewAccount creates an account. It deletes the account with all its data when the test ends.
func (s *Server) NewAccount(t testing.TB, options ...AccountOption) *Account {
	t.Helper()
	var n controlapi.NewAccount
	for _, option := range options {
		option(&n)
	}
	created, err := s.Mock.CreateAccount(t.Context(), n)
	check(t, err)
	t.Cleanup(func() {
		err := s.Mock.DeleteAccount(context.Background(), created.ID) // the test's context has ended
		var rejected *controlapi.Error
		if errors.As(err, &rejected) && rejected.Status == http.StatusNotFound {
			return // a reset of the whole server has deleted it
		}
		if err != nil {
			t.Errorf("connecttest: %v", err)
		}
	})
	return &Account{
		URL: s.URL, Token: created.Token, Client: &http.Client{Transport: bearer{created.Token, s.Transport}},
		ID: created.ID, Name: created.Name, Server: s,
	}
}

// check fails the test at once for an error.
func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("connecttest: %v", err)
	}
}

// NewToken issues another token for the account and returns its value.
func (a *Account) NewToken(t testing.TB, spec controlapi.Token) string {
	t.Helper()
	spec.Account = a.ID
	return a.Server.NewToken(t, spec)
}

// Load adds the vaults and tokens of a fixture to those of the account.
func (a *Account) Load(t testing.TB, fixture *fixtures.Fixture) {
	t.Helper()
	_, err := a.Server.Mock.LoadFixture(t.Context(), a.ID, fixture, true)
	check(t, err)
}

// Fault makes requests of this account fail on purpose. It returns the fault with its name and the members of its
// preset.
func (a *Account) Fault(t testing.TB, f controlapi.Fault) controlapi.Fault {
	t.Helper()
	f.Account = a.ID
	f, err := a.Server.Mock.AddFault(t.Context(), f)
	check(t, err)
	return f
}

// Advance moves the account's clock forward and returns the new time. The clocks of other accounts do not change.
func (a *Account) Advance(t testing.TB, d time.Duration) time.Time {
	t.Helper()
	return a.Clock(t, controlapi.ClockChange{Advance: controlapi.Duration(d)}).Now
}

// Freeze stops the account's clock and returns its time.
func (a *Account) Freeze(t testing.TB) time.Time {
	t.Helper()
	frozen := true
	return a.Clock(t, controlapi.ClockChange{Frozen: &frozen}).Now
}

// Clock changes the account's clock and returns its new state.
func (a *Account) Clock(t testing.TB, change controlapi.ClockChange) controlapi.Clock {
	t.Helper()
	c, err := a.Server.Mock.SetClock(t.Context(), a.ID, change)
	check(t, err)
	return c
}

// Snapshot saves the state of the account under a name.
func (a *Account) Snapshot(t testing.TB, name string) {
	t.Helper()
	_, err := a.Server.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Account: a.ID, Name: name})
	check(t, err)
}

// Restore returns the account to the state of a snapshot.
func (a *Account) Restore(t testing.TB, name string) {
	t.Helper()
	check(t, a.Server.Mock.RestoreSnapshot(t.Context(), a.ID, name))
}

// Diff returns what changed since a snapshot: names and members, no values.
func (a *Account) Diff(t testing.TB, since string) controlapi.Diff {
	t.Helper()
	d, err := a.Server.Mock.DiffSnapshots(t.Context(), a.ID, since, "")
	check(t, err)
	return d
}

// Reset returns the account to its initial data, removes its faults and its own clock, and empties its journal. Its
// token stays valid.
func (a *Account) Reset(t testing.TB) {
	t.Helper()
	check(t, a.Server.Mock.Reset(t.Context(), controlapi.Reset{Account: a.ID}))
}

// Journal returns the newest journal entries of this account that match a query, oldest first.
func (a *Account) Journal(t testing.TB, q controlapi.JournalQuery) []controlapi.Entry {
	t.Helper()
	q.Account = a.ID
	j, err := a.Server.Mock.Journal(t.Context(), q)
	check(t, err)
	return j.Entries
}

// Verify fails the test unless the journal of the account has all the expected entries.
func (a *Account) Verify(t testing.TB, expected ...controlapi.Expectation) {
	t.Helper()
	v, err := a.Server.Mock.VerifyJournal(t.Context(), controlapi.Verification{Account: a.ID, Expect: expected})
	check(t, err)
	for _, problem := range v.Problems {
		t.Errorf("connecttest: %s", problem)
	}
}
