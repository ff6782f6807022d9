package api

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// recordJournal adds the request and its response to the journal. It is called before anything is sent: a client that
// has a response finds it in the journal. The journal hides tokens in what the client has sent.
func (h *Handler) recordJournal(c *call, r response) {
	if h.backend.Journal == nil {
		return
	}
	details := journal.Details{
		Check: c.check, Evidence: r.evidence, ValidFilter: c.validFilter, IsSuite: isSuite(c.request.UserAgent()),
	}
	if c.op != nil {
		details.Parameters = c.op.queries
	}
	if c.refusal != nil {
		details.Refusal = c.refusal.Reason
		if c.refusal.Token != nil {
			details.RefusedToken = c.refusal.Token.Name
		}
	}
	if h.options.JournalBodies {
		details.Exchange = h.exchange(c, r)
	}
	h.backend.Journal.Add(h.journalEntry(c, r, time.Since(c.arrived)), details)
}

// isSuite reports whether a User-Agent begins as that of our contract or of a scenario.
func isSuite(agent string) bool {
	return strings.HasPrefix(agent, "connectmock-contract") || strings.HasPrefix(agent, "connectmock-scenario")
}

// journalEntry returns a request and its response, without the body and the headers with a token.
func (h *Handler) journalEntry(c *call, r response, took time.Duration) controlapi.Entry {
	request := c.request
	e := controlapi.Entry{
		Time: c.now, Operation: c.operationID(), Method: beginning(request.Method),
		Path: beginning(request.URL.Path), Query: beginning(request.URL.RawQuery),
		Status: r.sentStatus(), Bytes: r.length(), Took: controlapi.Duration(took),
		UserAgent: beginning(request.UserAgent()),
	}
	if c.effects != nil {
		e.Faults, e.Done = c.effects.Names, c.done && (r.unsent || c.endedByFault())
	}
	if caller := h.knownCaller(c); caller != nil {
		e.Account, e.Caller = caller.Token.Account, caller.Token.Name
		if c.caller == nil {
			e.Time = h.backend.Clocks.Now(e.Account)
		}
	}
	if c.refusal != nil {
		e.Reason = c.refusal.Reason
		if t := c.refusal.Token; t != nil {
			e.Reason += " (token " + t.Name + ")"
			e.Account, e.Time = t.Account, h.backend.Clocks.Now(t.Account)
		}
	}
	if e.Status >= 400 {
		e.Message = errorMessage(r)
	}
	// A short part of a long text keeps the whole text alive.
	if len(request.Method)+len(request.RequestURI) > maxScanned {
		e.Method, e.Path, e.Query = strings.Clone(e.Method), strings.Clone(e.Path), strings.Clone(e.Query)
	}
	return e
}

// errorMessage returns the message of an error, "" where the body is neither Connect's error nor a text of our own.
func errorMessage(r response) string {
	if r.kind == textKind {
		return string(r.body)
	}
	var e struct{ Message string }
	if len(r.body) > maxScanned || json.Unmarshal(r.body, &e) != nil {
		return ""
	}
	return e.Message
}

// maxScanned is how many bytes of a text are scanned for the journal, which keeps fewer.
const maxScanned = 4096

// beginning returns as much of a text as is scanned.
func beginning(text string) string { return text[:min(len(text), maxScanned)] }
