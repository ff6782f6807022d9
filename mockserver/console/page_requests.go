package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

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
		"Ctl": ctl("journal", "follow", "--operation", q.Operation, "--status", q.Status, "--caller", q.Caller,
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

// getRequest shows one exchange, and why it was refused.
func getRequest(req *request) (*response, error) {
	id, err := strconv.ParseUint(req.r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, &controlapi.Error{Status: http.StatusNotFound, Message: "a request has a number"}
	}
	explanation, err := req.server.Explain(req.r.Context(), id)
	if err != nil {
		return nil, err
	}
	evidence, err := req.faultEvidence(explanation.Entry)
	if err != nil {
		return nil, err
	}
	e := explanation.Entry
	kept, err := req.exchange(id)
	if err != nil {
		return nil, err
	}
	verification, err := req.verification(e)
	if err != nil {
		return nil, err
	}
	return req.render("request", "Request "+strconv.FormatUint(id, 10), map[string]any{
		"Entry": e, "Explanation": explanation, "Check": checkText(explanation.Check), "Evidence": evidence,
		"Exchange": kept, "HasSuites": req.suites != nil, "Curl": curlCommand(e, kept), "Step": scenarioStep(e, kept),
		"Verification": verification, "FaultCommand": faultCommand(e), "Ctl": ctl("journal", "explain", strconv.FormatUint(id, 10)),
	}), nil
}

// exchange returns the headers and bodies of a request, nil if the mock keeps none.
func (req *request) exchange(id uint64) (*controlapi.Exchange, error) {
	found, err := req.server.Exchange(req.r.Context(), id)
	if refused := new(controlapi.Error); errors.As(err, &refused) && refused.Status == http.StatusConflict {
		return nil, nil
	}
	return &found, err
}

// clearRequests removes the entries of an account, or all.
func clearRequests(req *request) (*response, error) {
	account := req.account()
	if err := req.server.ClearJournal(req.r.Context(), account); err != nil {
		return nil, err
	}
	return done(req.link("/requests"), session.Notice{
		Text: "Removed the requests from the journal.", Ctl: ctl("journal", "clear", "--account", account),
	}), nil
}
