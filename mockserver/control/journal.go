package control

import (
	"net/http"
	"strconv"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func listJournal(h *handler, req *request) (*response, error) {
	q, err := req.journalQuery()
	if err != nil {
		return nil, err
	}
	j, err := h.server.Journal(req.r.Context(), q)
	j.Entries = nonNil(j.Entries)
	return ok(j), err
}

// defaultWait is how long a request for updates of the journal waits unless it says otherwise.
const defaultWait = 20 * time.Second

func followJournal(h *handler, req *request) (*response, error) {
	q, err := req.journalQuery()
	if err != nil {
		return nil, err
	}
	follow := controlapi.FollowQuery{
		Account: q.Account, Operation: q.Operation, Status: q.Status, Caller: q.Caller, Fault: q.Fault, Since: q.Since,
	}
	if req.query.Has("after") {
		follow.After = &q.After
	}
	wait := defaultWait
	if req.query.Has("wait") {
		wait = time.Duration(parseUint(req.query.Get("wait"))) * time.Second
	}
	update, err := h.server.FollowJournal(req.r.Context(), follow, wait)
	return ok(update), err
}

func clearJournal(h *handler, req *request) (*response, error) {
	return noContent(), h.server.ClearJournal(req.r.Context(), req.account())
}

func verifyJournal(h *handler, req *request) (*response, error) {
	v, err := decode[controlapi.Verification](req)
	if err != nil {
		return nil, err
	}
	verified, err := h.server.VerifyJournal(req.r.Context(), v)
	return ok(verified), err
}

func explain(h *handler, req *request) (*response, error) {
	explanation, err := h.server.Explain(req.r.Context(), parseUint(req.path["id"]))
	return ok(explanation), err
}

func getExchange(h *handler, req *request) (*response, error) {
	found, err := h.server.Exchange(req.r.Context(), parseUint(req.path["id"]))
	return ok(found), err
}

// journalQuery returns the query that the parameters describe: a GET has no body for it.
func (req *request) journalQuery() (q controlapi.JournalQuery, err error) {
	q = controlapi.JournalQuery{
		Account: req.account(), Operation: req.query.Get("operation"), Status: req.query.Get("status"),
		Caller: req.query.Get("caller"), Fault: req.query.Get("fault"),
		After: parseUint(req.query.Get("after")), Limit: int(parseUint(req.query.Get("limit"))),
	}
	for name, moment := range map[string]*time.Time{"since": &q.Since, "until": &q.Until} {
		text := req.query.Get(name)
		if text == "" {
			continue
		}
		if *moment, err = time.Parse(time.RFC3339, text); err != nil { // the document's format accepts June 31
			return q, apiError(http.StatusBadRequest, "query: "+name+" must be a time such as 2025-06-01T09:30:00Z")
		}
	}
	return q, nil
}

// parseUint returns the number in a text that was checked against the document, 0 for an empty text.
func parseUint(text string) uint64 {
	n, _ := strconv.ParseUint(text, 10, 64)
	return n
}
