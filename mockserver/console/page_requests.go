package console

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// requestsPerPage is how many requests a page of the journal shows.
const requestsPerPage = 50

// requestsPage shows the journal while it grows.
func requestsPage() page {
	return page{path: "/requests", title: "Requests", handlers: map[string]handlerFunc{
		"GET /requests":        getRequests,
		"GET /requests/events": followRequests,
		"GET /requests/{id}":   getRequest,
		"POST /requests/clear": clearRequests,
	}}
}

// journalQuery returns the query that the filter of the page describes. No account means all.
func (req *request) journalQuery() controlapi.JournalQuery {
	return controlapi.JournalQuery{
		Account: req.query("account"), Operation: req.query("operation"), Status: req.query("status"),
		Caller: req.query("caller"), Fault: req.query("fault"),
	}
}

// filterParameters returns the filter as parameters of links, without the account, which every link has.
func filterParameters(q controlapi.JournalQuery) []any {
	return []any{"operation", q.Operation, "status", q.Status, "caller", q.Caller, "fault", q.Fault}
}

// getRequests shows a part of the journal, the newest first.
func getRequests(req *request) (*response, error) {
	status, err := req.server.Status(req.r.Context())
	if err != nil {
		return nil, err
	}
	q := req.journalQuery()
	p := req.newPager("/requests", requestsPerPage, 0, filterParameters(q)...)
	entries, journal, err := req.newest(q, p.Offset, p.Limit)
	p.All = journal.Matched
	data := map[string]any{
		"Query": q, "Operations": status.Operations, "Entries": entries, "Pager": p, "Dropped": journal.Dropped,
		"Live": p.Offset == 0 && err == nil, "After": lastID(entries), "Max": requestsPerPage,
		"Ctl": command.Ctl("journal", "follow", "--operation", q.Operation, "--status", q.Status, "--caller", q.Caller,
			"--fault", q.Fault, "--account", q.Account),
	}
	resp := req.render("requests", "Requests", data)
	if shown := new(controlapi.Error); errors.As(err, &shown) && shown.Status < 500 {
		data["Problem"], resp.status = req.server.HideTokens(shown.Message), shown.Status
		return resp, nil
	}
	return resp, err
}

// newest returns limit of the entries that a query selects after skipping the newest, newest first, and the page of the
// journal that they are from.
func (req *request) newest(
	q controlapi.JournalQuery, skip, limit int,
) ([]controlapi.Entry, controlapi.Journal, error) {
	q.Limit = limit
	journal, err := req.server.JournalPart(req.r.Context(), q, skip)
	entries := journal.Entries
	slices.Reverse(entries)
	return entries, journal, err
}

// lastID returns the id of the newest entry, 0 if there is none.
func lastID(newestFirst []controlapi.Entry) uint64 {
	if len(newestFirst) == 0 {
		return 0
	}
	return newestFirst[0].ID
}

const (
	followWait  = 15 * time.Second       // then a sign that the stream is alive is sent
	followPause = 200 * time.Millisecond // between two batches: a page can't show more
)

// followRequests sends requests to the page as they come, at most a page of them at a time.
func followRequests(req *request) (*response, error) {
	q := req.journalQuery()
	q.After, _ = strconv.ParseUint(req.query("after"), 10, 64) // 0: from the beginning
	q.Limit = requestsPerPage
	return events(req, func(ctx context.Context, to *eventStream) error {
		for ctx.Err() == nil {
			last, err := req.waitForEntry(ctx, q)
			if err != nil {
				return err
			}
			if err := req.sendNewest(ctx, to, q); err != nil {
				return err
			}
			q.After = last
			pause(ctx, followPause)
		}
		return nil
	}), nil
}

// waitForEntry waits for an entry that the query selects, and returns the id after which to continue.
func (req *request) waitForEntry(ctx context.Context, q controlapi.JournalQuery) (uint64, error) {
	update, err := req.server.FollowJournal(ctx, controlapi.FollowQuery{
		Account: q.Account, Operation: q.Operation, Status: q.Status, Caller: q.Caller, Fault: q.Fault, After: &q.After,
	}, followWait)
	return update.Last, err
}

// sendNewest sends the entries after q.After, oldest first, each as an event with its id.
func (req *request) sendNewest(ctx context.Context, to *eventStream, q controlapi.JournalQuery) error {
	journal, err := req.server.Journal(ctx, q)
	if err != nil {
		return err
	}
	if len(journal.Entries) == 0 {
		return to.keepAlive()
	}
	v := view{Account: q.Account}
	for _, e := range journal.Entries {
		if err := to.send(strconv.FormatUint(e.ID, 10), "requests", "row", map[string]any{"View": v, "Entry": e}); err != nil {
			return err
		}
	}
	return nil
}

// pause waits for a time or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// clearRequests removes the entries of an account, or all.
func clearRequests(req *request) (*response, error) {
	account := req.account()
	if err := req.server.ClearJournal(req.r.Context(), account); err != nil {
		return nil, err
	}
	return done(req.link("/requests"), session.Notice{
		Text: "Removed the requests from the journal.", Ctl: command.Ctl("journal", "clear", "--account", account),
	}), nil
}
