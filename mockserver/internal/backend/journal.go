package backend

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// QueryJournal returns the newest entries that a query selects, oldest first. The account may be given by its name,
// also after it was deleted. The errors are *controlapi.Error: 400 for an invalid query, 404 for an account, token or
// fault that has never existed while the server ran, 409 if no journal is kept.
func (b *Backend) QueryJournal(ctx context.Context, q controlapi.JournalQuery) (controlapi.Journal, error) {
	return b.QueryJournalPart(ctx, q, 0)
}

// QueryJournalPart is QueryJournal without the newest entries that the query selects, as many as skip says.
func (b *Backend) QueryJournalPart(ctx context.Context, q controlapi.JournalQuery, skip int) (controlapi.Journal, error) {
	q, err := b.checkQuery(ctx, q)
	if err != nil {
		return controlapi.Journal{Entries: []controlapi.Entry{}}, err
	}
	return b.Journal.QueryPart(q, skip)
}

// FollowJournal waits at most for the given time until there are entries that a query selects, and returns them with
// the id after which the next call continues. Without an id in the query it returns that id at once. Its errors are
// those of QueryJournal.
func (b *Backend) FollowJournal(
	ctx context.Context, f controlapi.FollowQuery, wait time.Duration,
) (controlapi.JournalUpdate, error) {
	q, err := b.checkQuery(ctx, controlapi.JournalQuery{
		Account: f.Account, Operation: f.Operation, Status: f.Status, Caller: f.Caller, Fault: f.Fault, Since: f.Since,
	})
	if err != nil {
		return controlapi.JournalUpdate{Entries: []controlapi.Entry{}}, err
	}
	if f.After == nil {
		wait, q.After = 0, b.Journal.LastID()
	} else {
		q.After = *f.After
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return b.Journal.Follow(ctx, q)
}

// checkQuery returns a query with the id of its account, or the error that QueryJournal documents.
func (b *Backend) checkQuery(ctx context.Context, q controlapi.JournalQuery) (controlapi.JournalQuery, error) {
	err := b.CheckJournal()
	if err != nil {
		return q, err
	}
	if q.Account, err = b.pastAccountID(ctx, q.Account); err != nil {
		return q, err
	}
	selector := controlapi.Expectation{Operation: q.Operation, Caller: q.Caller, Fault: q.Fault}
	return q, b.checkSelectors(ctx, q.Account, selector)
}

// Exchange returns the headers and bodies of a request and its response. The error is a 404 for an entry that is not
// kept, and a 409 where no bodies are.
func (b *Backend) Exchange(_ context.Context, id uint64) (controlapi.Exchange, error) {
	if err := b.CheckJournal(); err != nil {
		return controlapi.Exchange{}, err
	}
	if !b.options.JournalBodies {
		return controlapi.Exchange{}, Errorf(409, "this mock keeps no bodies: it was started without --journal-bodies")
	}
	r, kept := b.Journal.Record(id)
	if !kept {
		return controlapi.Exchange{}, b.NotKept(id)
	}
	out := *r.Exchange
	out.ID = r.ID
	return out, nil
}

// NotKept returns the error about an exchange that the journal does not keep: a 404 that says why.
func (b *Backend) NotKept(id uint64) error {
	switch last := b.Journal.LastID(); {
	case last == 0:
		return Errorf(404, "there is no exchange %d: no request has come yet", id)
	case id == 0 || id > last:
		return Errorf(404, "there is no exchange %d; the highest number so far is %d", id, last)
	default:
		return Errorf(404, "the journal keeps no exchange %d any more; the highest number so far is %d", id, last)
	}
}

// ClearJournal removes the entries of an account, given by its id or name, or all entries for "". The next entry gets
// the next id. The error for an account that has never existed is a 404.
func (b *Backend) ClearJournal(ctx context.Context, account string) error {
	id, err := b.pastAccountID(ctx, account)
	if err != nil {
		return err
	}
	b.clearJournal(id)
	return nil
}

func (b *Backend) clearJournal(account string) {
	if b.Journal != nil {
		b.Journal.Clear(account)
	}
}

// VerifyJournal compares the entries with what is expected. Its errors are those of QueryJournal: they are about the
// verification itself, never about its result.
func (b *Backend) VerifyJournal(ctx context.Context, v controlapi.Verification) (controlapi.VerifyResult, error) {
	err := b.CheckJournal()
	if err != nil {
		return controlapi.VerifyResult{}, err
	}
	if v.Account, err = b.pastAccountID(ctx, v.Account); err != nil {
		return controlapi.VerifyResult{}, err
	}
	if err := b.checkSelectors(ctx, v.Account, v.Expect...); err != nil {
		return controlapi.VerifyResult{}, err
	}
	return b.Journal.Verify(v)
}

// CheckJournal returns a 409 if no journal is kept.
func (b *Backend) CheckJournal() error {
	if b.Journal == nil {
		return Errorf(409, "this server keeps no journal: start it with a journal size of 1 or more")
	}
	return nil
}

// checkOperation returns an error for an operation that this server does not have.
func (b *Backend) checkOperation(id string) error {
	if id == "" || slices.Contains(b.operations, id) {
		return nil
	}
	if near := nearest.FindSimilar(id, b.operations); len(near) > 0 {
		return Errorf(400, "operation %.80q is unknown; %s", id, nearest.DidYouMean(near[0]))
	}
	return Errorf(400, "operation %.80q is unknown; there are: %s", id, strings.Join(b.operations, ", "))
}
