package control

import (
	"net/http"
	"strconv"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func listJournal(h *handler, x *exchange) (*reply, error) {
	q, err := x.journalQuery()
	if err != nil {
		return nil, err
	}
	j, err := h.server.Journal(q)
	j.Entries = some(j.Entries)
	return ok(j), err
}

func clearJournal(h *handler, x *exchange) (*reply, error) {
	return done(), h.server.ClearJournal(x.account())
}

func verifyJournal(h *handler, x *exchange) (*reply, error) {
	v, err := decode[controlapi.Verification](x)
	if err != nil {
		return nil, err
	}
	verified, err := h.server.VerifyJournal(v)
	return ok(verified), err
}

func explain(h *handler, x *exchange) (*reply, error) {
	explanation, err := h.server.Explain(x.request.Context(), number(x.path["id"]))
	return ok(explanation), err
}

// journalQuery reads the document that a GET can't have as its body.
func (x *exchange) journalQuery() (q controlapi.JournalQuery, err error) {
	q = controlapi.JournalQuery{
		Account: x.account(), Operation: x.query.Get("operation"), Status: x.query.Get("status"),
		Caller: x.query.Get("caller"), Fault: x.query.Get("fault"),
		After: number(x.query.Get("after")), Limit: int(number(x.query.Get("limit"))),
	}
	for name, moment := range map[string]*time.Time{"since": &q.Since, "until": &q.Until} {
		text := x.query.Get(name)
		if text == "" {
			continue
		}
		if *moment, err = time.Parse(time.RFC3339, text); err != nil { // the document leaves a 31st of June
			return q, refuse(http.StatusBadRequest, "query: "+name+" must be a moment such as 2025-06-01T09:30:00Z")
		}
	}
	return q, nil
}

// number is a text that the document has been asked about, or none, which is 0.
func number(text string) uint64 {
	n, _ := strconv.ParseUint(text, 10, 64)
	return n
}
