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

// Account is an account of a test's own on a server that tests share. It starts
// as the first account started, and nobody else sees what is done in it. Its
// token alone chooses it: clients need no change.
//
// The methods that take a test fail it where the server refuses.
type Account struct {
	URL    string       // of the server, as Server.URL
	Token  string       // may read and write every vault of this world
	Client *http.Client // sends Token where a request has no Authorization of its own
	ID     string       // of the account
	Name   string       // of the account
	Server *Server
}

// AccountOption changes how a world is made.
type AccountOption func(*controlapi.NewAccount)

// Named gives a world its name, which no other account may have.
func Named(name string) AccountOption { return func(n *controlapi.NewAccount) { n.Name = name } }

// From starts from what another account, by its id or name, started from.
func From(account string) AccountOption { return func(n *controlapi.NewAccount) { n.From = account } }

// FromSnapshot starts from a snapshot of that account.
func FromSnapshot(name string) AccountOption {
	return func(n *controlapi.NewAccount) { n.Snapshot = name }
}

// NewAccount makes a world that ends with the test, with all it has.
func (s *Server) NewAccount(t testing.TB, options ...AccountOption) *Account {
	t.Helper()
	var ask controlapi.NewAccount
	for _, option := range options {
		option(&ask)
	}
	made, err := s.Mock.CreateAccount(t.Context(), ask)
	check(t, err)
	t.Cleanup(func() {
		err := s.Mock.DeleteAccount(context.Background(), made.ID) // the test's own context is over
		var refusal *controlapi.Error
		if errors.As(err, &refusal) && refusal.Status == http.StatusNotFound {
			return // a reset of the whole server has deleted it
		}
		if err != nil {
			t.Errorf("connecttest: %v", err)
		}
	})
	return &Account{
		URL: s.URL, Token: made.Token, Client: &http.Client{Transport: bearer{made.Token, s.Transport}},
		ID: made.ID, Name: made.Name, Server: s,
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("connecttest: %v", err)
	}
}

// NewToken issues one more token for the world and answers its value.
func (w *Account) NewToken(t testing.TB, spec controlapi.Token) string {
	t.Helper()
	spec.Account = w.ID
	return w.Server.NewToken(t, spec)
}

// Load puts the vaults and tokens of a fixture beside those of the world.
func (w *Account) Load(t testing.TB, fixture *fixtures.Fixture) {
	t.Helper()
	_, err := w.Server.Mock.LoadFixture(t.Context(), w.ID, fixture, true)
	check(t, err)
}

// Fault makes requests of this world go wrong, and answers the fault as it is
// kept.
func (w *Account) Fault(t testing.TB, f controlapi.Fault) controlapi.Fault {
	t.Helper()
	f.Account = w.ID
	f, err := w.Server.Mock.AddFault(t.Context(), f)
	check(t, err)
	return f
}

// Advance moves the world's clock on and says what time it is then. Other
// worlds keep theirs.
func (w *Account) Advance(t testing.TB, d time.Duration) time.Time {
	t.Helper()
	return w.Clock(t, controlapi.ClockChange{Advance: controlapi.Duration(d)}).Now
}

// Freeze stops the world's clock and says where.
func (w *Account) Freeze(t testing.TB) time.Time {
	t.Helper()
	frozen := true
	return w.Clock(t, controlapi.ClockChange{Frozen: &frozen}).Now
}

// Clock changes the world's clock.
func (w *Account) Clock(t testing.TB, change controlapi.ClockChange) controlapi.Clock {
	t.Helper()
	c, err := w.Server.Mock.SetClock(t.Context(), w.ID, change)
	check(t, err)
	return c
}

// Snapshot keeps the world as it is under a name.
func (w *Account) Snapshot(t testing.TB, name string) {
	t.Helper()
	_, err := w.Server.Mock.SaveSnapshot(t.Context(), controlapi.NewSnapshot{Account: w.ID, Name: name})
	check(t, err)
}

// Restore makes the world what it was when the snapshot was made.
func (w *Account) Restore(t testing.TB, name string) {
	t.Helper()
	check(t, w.Server.Mock.RestoreSnapshot(t.Context(), w.ID, name))
}

// Diff says what has changed since a snapshot: names and members, no values.
func (w *Account) Diff(t testing.TB, since string) controlapi.Diff {
	t.Helper()
	d, err := w.Server.Mock.DiffSnapshots(t.Context(), w.ID, since, "")
	check(t, err)
	return d
}

// Reset makes the world what it was at its start, without faults, clock and
// journal. Its token stays good.
func (w *Account) Reset(t testing.TB) {
	t.Helper()
	check(t, w.Server.Mock.Reset(t.Context(), controlapi.Reset{Account: w.ID}))
}

// Journal is the newest exchanges of this world that a query selects, oldest
// first.
func (w *Account) Journal(t testing.TB, q controlapi.JournalQuery) []controlapi.Entry {
	t.Helper()
	q.Account = w.ID
	j, err := w.Server.Mock.Journal(q)
	check(t, err)
	return j.Entries
}

// Verify fails the test where not all of this happened in the world.
func (w *Account) Verify(t testing.TB, expected ...controlapi.Expectation) {
	t.Helper()
	v, err := w.Server.Mock.VerifyJournal(controlapi.Verification{Account: w.ID, Expect: expected})
	check(t, err)
	for _, problem := range v.Problems {
		t.Errorf("connecttest: %s", problem)
	}
}
