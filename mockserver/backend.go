package mockserver

import (
	"context"
	"io"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Progress is how far the filling of an empty store is.
type Progress struct {
	Items, AllItems     int // stored, and to be stored
	Records, AllRecords int // of the activity log, after the items
}

// IssueToken issues a signed token and answers it with its Value. An empty
// Name, an unknown account or vault, or a name in use is an error.
func (s *Server) IssueToken(ctx context.Context, t controlapi.Token) (controlapi.Token, error) {
	return s.backend.IssueToken(ctx, t)
}

// ListTokens lists the tokens of an account, signed ones with their Value.
func (s *Server) ListTokens(ctx context.Context, account string) (list []controlapi.Token, err error) {
	return s.backend.Tokens.ListTokens(ctx, account)
}

// AllTokens lists the tokens of the accounts that were there from the start,
// account by account.
func (s *Server) AllTokens(ctx context.Context) (list []controlapi.Token, err error) {
	return s.backend.Tokens.AllTokens(ctx)
}

// ChangeToken changes what a token may do and until when; clients go on with
// the value they have. The token is named by its name or id, in an account or,
// where that is empty, in the first account that has it.
func (s *Server) ChangeToken(ctx context.Context, account, nameOrID string, change controlapi.TokenChange) (controlapi.Token, error) {
	return s.backend.Tokens.ChangeToken(ctx, account, nameOrID, change)
}

// RevokeToken revokes a token from now on and for good. The token is named as
// for ChangeToken.
func (s *Server) RevokeToken(ctx context.Context, account, nameOrID string) error {
	return s.backend.Tokens.RevokeToken(ctx, account, nameOrID)
}

// FirstToken is the value of the first account's first signed token that is good
// now and may read and write every vault. Where there is none it issues one,
// named "main", or "main 2" and so on where that name is taken; it is there
// after a reset too.
func (s *Server) FirstToken(ctx context.Context) (value string, err error) {
	return s.backend.Tokens.FirstToken(ctx)
}

// CreateAccount makes a world: a layer over what another account started from,
// or over a snapshot of it, and a token for it. It costs next to nothing until
// something is changed, and sees nothing of what others change. From and
// Snapshot that are not there are a 404, a name in use is a 409.
func (s *Server) CreateAccount(ctx context.Context, n controlapi.NewAccount) (controlapi.Account, error) {
	return s.backend.CreateAccount(ctx, n)
}

// DeleteAccount removes an account that was created, with its snapshots, clock
// and faults. Its tokens are no good from now on; its journal stays. An account
// that was there from the start is a 409.
func (s *Server) DeleteAccount(ctx context.Context, account string) error {
	return s.backend.DeleteAccount(ctx, account)
}

// Accounts lists the accounts in the order they came, without their tokens.
func (s *Server) Accounts(ctx context.Context) (list []controlapi.Account, err error) {
	return s.backend.Accounts(ctx)
}

// Reset makes an account what it was at its start, tokens and all, and takes
// its faults, clock and journal away. Without an account it does so to every
// one, deletes those that were created, and the server is as it was when it had
// just been started. Snapshots stay.
func (s *Server) Reset(ctx context.Context, r controlapi.Reset) error {
	return s.backend.Reset(ctx, r)
}

// LoadFixture puts a world of one account, complete as those of package
// fixtures are, into an account that is there. The account keeps its id and
// name.
//
// With add, its vaults come beside those there are, and are gone after a reset;
// an id or a name that is there already is a 409. Without, the account becomes
// the fixture, now and after every reset. The tokens it has go on being good;
// one of the fixture that has the name of one there keeps its value and gets
// what the fixture allows.
func (s *Server) LoadFixture(ctx context.Context, account string, w *fixtures.Fixture, add bool) (controlapi.LoadResult, error) {
	return s.backend.LoadFixture(ctx, account, w, add)
}

// SaveSnapshot keeps an account as it is: vaults, items, files, tokens and
// activity. It costs what the account has changed since its start. A name in
// use is a 409.
func (s *Server) SaveSnapshot(ctx context.Context, n controlapi.NewSnapshot) (controlapi.Snapshot, error) {
	return s.backend.SaveSnapshot(ctx, n)
}

// Snapshots lists the snapshots of an account by name.
func (s *Server) Snapshots(ctx context.Context, account string) (list []controlapi.Snapshot, err error) {
	return s.backend.Snapshots(ctx, account)
}

// RestoreSnapshot makes an account what it was when the snapshot was saved. Its
// clock and faults stay as they are. A token of the snapshot that has become
// another account's is a 409.
func (s *Server) RestoreSnapshot(ctx context.Context, account, name string) error {
	return s.backend.RestoreSnapshot(ctx, account, name)
}

// DeleteSnapshot removes a snapshot. Worlds that started from it go on.
func (s *Server) DeleteSnapshot(ctx context.Context, account, name string) error {
	return s.backend.DeleteSnapshot(ctx, account, name)
}

// DiffSnapshots says what changed from one snapshot of an account to another,
// or, where to is empty, to what the account is now. It tells names and members,
// never a value.
func (s *Server) DiffSnapshots(ctx context.Context, account, from, to string) (controlapi.Diff, error) {
	return s.backend.DiffSnapshots(ctx, account, from, to)
}

// ExportSnapshot writes a snapshot as one file that ImportSnapshot of any server
// reads. It holds all values in clear; tokens are in it without what signs them.
// It is read from the store in small parts, so that a slow reader holds nobody
// up; where the snapshot is deleted meanwhile the file ends early, with an error.
func (s *Server) ExportSnapshot(ctx context.Context, account, name string, w io.Writer) error {
	return s.backend.ExportSnapshot(ctx, account, name, w)
}

// ImportSnapshot makes a snapshot of an account from what ExportSnapshot wrote,
// of this server or another; an empty name takes the one in the file. Restored,
// it answers as the account answered that was exported. The tokens that the
// account has now stay good beside those of the file; where both have one of a
// name, its value is the one there and what it may do is the file's. A plain
// token whose value is good for another account of this server is left out.
//
// All of the file is read and checked before anything is changed. A file that
// can't be used is a 400, a name in use a 409.
func (s *Server) ImportSnapshot(ctx context.Context, account, name string, r io.Reader) (controlapi.Snapshot, error) {
	return s.backend.ImportSnapshot(ctx, account, name, r)
}

// Clock tells what time it is for an account. Empty means the server's clock, which counts for accounts without one
// of their own.
func (s *Server) Clock(account string) (controlapi.Clock, error) {
	return s.backend.Clock(account)
}

// SetClock moves, stops or starts the clock of an account, or the server's where account is empty, and returns its
// state then.
func (s *Server) SetClock(ctx context.Context, account string, change controlapi.ClockChange) (controlapi.Clock, error) {
	return s.backend.SetClock(ctx, account, change)
}

// AddFault makes requests go wrong from now on, and answers the fault as it is
// kept: with its name, and what its preset is made of. The account may be given
// by name. The error is a *controlapi.Error that names the member that can't be
// used.
func (s *Server) AddFault(ctx context.Context, f controlapi.Fault) (controlapi.Fault, error) {
	return s.backend.AddFault(ctx, f)
}

// Faults returns the faults of an account, given by its id or name, each with
// its counts, in the order they were added. Empty means all; those for every
// account are in no other list. An unknown account is a 404.
func (s *Server) Faults(account string) ([]controlapi.Fault, error) {
	return s.backend.ListFaults(account)
}

// RemoveFault ends a fault by its name. Writes that it kept from being seen are
// seen at once.
func (s *Server) RemoveFault(name string) error {
	return s.backend.RemoveFault(name)
}

// ResetFaults ends the faults of an account, given by its id or name, and what
// they did; empty means all faults. An unknown account is a 404.
func (s *Server) ResetFaults(account string) error {
	return s.backend.ResetFaults(account)
}

// Journal returns the newest exchanges that a query selects, oldest first. The
// account may be given by its name, also after it was deleted. The errors are
// *controlapi.Error: 400 for a query that can't be answered, 404 for an account,
// token or fault that never existed while the server ran, 409 where no journal
// is kept.
func (s *Server) Journal(q controlapi.JournalQuery) (controlapi.Journal, error) {
	return s.backend.QueryJournal(q)
}

// ClearJournal removes the exchanges of an account, given by id or name, or of
// all where it is empty. Ids go on. An account that never existed is a 404.
func (s *Server) ClearJournal(account string) error {
	return s.backend.ClearJournal(account)
}

// VerifyJournal says whether what happened is what should have. Its errors are
// those of Journal: about the verification itself, never about what happened.
func (s *Server) VerifyJournal(v controlapi.Verification) (controlapi.VerifyResult, error) {
	return s.backend.VerifyJournal(v)
}

// HideTokens returns a text without the values of tokens: what looks like a JWT, and plain tokens of this server.
func (s *Server) HideTokens(text string) string { return s.backend.Mask.Text(text) }
