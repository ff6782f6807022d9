package mockserver

import (
	"context"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// CreateAccount creates an account, as a layer over what another account started
// from or over a snapshot of it, and a token for it. It takes hardly any time or
// space, and the accounts do not see each other's changes. The error is a 404 if
// From or Snapshot does not exist, and a 409 if the name is in use.
func (s *Server) CreateAccount(ctx context.Context, n controlapi.NewAccount) (controlapi.Account, error) {
	return s.backend.CreateAccount(ctx, n)
}

// DeleteAccount deletes an account that CreateAccount has created, with its
// snapshots, clock, faults and tokens. Its entries in the journal stay. The error
// is a 409 for an account that the server started with.
func (s *Server) DeleteAccount(ctx context.Context, account string) error {
	return s.backend.DeleteAccount(ctx, account)
}

// Accounts returns the accounts in the order they were added, without their
// tokens.
func (s *Server) Accounts(ctx context.Context) ([]controlapi.Account, error) {
	return s.backend.Accounts(ctx)
}

// Reset restores the data and tokens that an account started with, and removes
// its faults, clock and journal entries. Without an account it resets all, and
// deletes those that were created: the server is as it was after its start.
// Snapshots stay.
func (s *Server) Reset(ctx context.Context, r controlapi.Reset) error { return s.backend.Reset(ctx, r) }

// LoadFixture loads a fixture with one account, which package fixtures has
// completed, into an existing account. The account keeps its id and name.
//
// With add, the vaults of the fixture are added to the present ones until the
// next reset; the error is a 409 if an id or a name is in use. Without add, the
// fixture replaces the data of the account, now and after every reset. The
// present tokens remain valid; one that has the name of a token in the fixture
// keeps its value and gets the permissions in the fixture.
func (s *Server) LoadFixture(
	ctx context.Context, account string, f *fixtures.Fixture, add bool,
) (controlapi.LoadResult, error) {
	return s.backend.LoadFixture(ctx, account, f, add)
}

// Clock describes the clock of an account. "" is the server's clock, which
// applies to accounts without a clock of their own.
func (s *Server) Clock(ctx context.Context, account string) (controlapi.Clock, error) {
	return s.backend.Clock(ctx, account)
}

// SetClock sets, moves, stops or starts the clock of an account, or the server's
// for "", and returns its new state.
func (s *Server) SetClock(
	ctx context.Context, account string, change controlapi.ClockChange,
) (controlapi.Clock, error) {
	return s.backend.SetClock(ctx, account, change)
}
