package mockserver

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/explain"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Journal returns the newest entries that a query selects, oldest first. The
// account may be given by its name, also after it was deleted. The errors are
// *controlapi.Error: 400 for an invalid query, 404 for an account, token or fault
// that has never existed while the server ran, 409 if no journal is kept.
func (s *Server) Journal(ctx context.Context, q controlapi.JournalQuery) (controlapi.Journal, error) {
	return s.backend.QueryJournal(ctx, q)
}

// JournalPart is Journal for the entries before the newest: of those that the
// query selects, it leaves out as many of the newest as skip says.
func (s *Server) JournalPart(ctx context.Context, q controlapi.JournalQuery, skip int) (controlapi.Journal, error) {
	return s.backend.QueryJournalPart(ctx, q, skip)
}

// FollowJournal waits until there are entries that a query selects, or for the
// given time, and returns them, oldest first. The account and the errors are as
// for Journal.
func (s *Server) FollowJournal(
	ctx context.Context, q controlapi.FollowQuery, wait time.Duration,
) (controlapi.JournalUpdate, error) {
	return s.backend.FollowJournal(ctx, q, wait)
}

// Exchange returns the headers and bodies of a request of the journal and of its
// response, without secrets. The errors are *controlapi.Error: 404 for an entry
// that is not kept, 409 if the journal keeps no bodies; see Config.JournalBodies.
func (s *Server) Exchange(ctx context.Context, id uint64) (controlapi.Exchange, error) {
	return s.backend.Exchange(ctx, id)
}

// ClearJournal removes the entries of an account, given by its id or name, or all
// entries for "". The next entry gets the next id. The error for an account that
// has never existed is a 404.
func (s *Server) ClearJournal(ctx context.Context, account string) error {
	return s.backend.ClearJournal(ctx, account)
}

// VerifyJournal compares the entries with what is expected. Its errors are those
// of Journal: they are about the verification itself, never about its result.
func (s *Server) VerifyJournal(ctx context.Context, v controlapi.Verification) (controlapi.VerifyResult, error) {
	return s.backend.VerifyJournal(ctx, v)
}

// Explain returns which check refused a request of the journal, which rule was
// broken, and what was probably meant. The suggestions are from what there is
// now, which may not have been there when the request came. The errors are
// *controlapi.Error: 404 for an entry that is not kept, 409 if no journal is.
func (s *Server) Explain(ctx context.Context, id uint64) (controlapi.Explanation, error) {
	return explain.Request(ctx, s.backend, id)
}
