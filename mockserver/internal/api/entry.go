package api

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The checks of a request, as explanations of the journal name them.
const (
	checkRoute        = "route"
	checkAuthenticate = "authenticate"
	checkFault        = "fault"
	checkAddress      = "address"
	checkAuthorize    = "authorize"
	checkBody         = "body"
	checkHandle       = "handle"
)

// entry is an exchange as the journal keeps it: no token, no body, no value.
func (s *Handler) entry(x *exchange, rep reply, took time.Duration) controlapi.Entry {
	r := x.request
	e := controlapi.Entry{
		Time: x.now, Method: s.backend.Mask.Text(beginning(r.Method)), Path: s.backend.Mask.Text(beginning(r.URL.Path)), Query: r.URL.RawQuery,
		Status: rep.sent(), Bytes: rep.length(), Took: controlapi.Duration(took),
		UserAgent: s.backend.Mask.Text(beginning(r.UserAgent())), Faults: x.faults,
	}
	var parameters []string
	if x.op != nil {
		e.Operation, parameters = x.op.ID, x.op.queries
	}
	if e.Query != "" {
		e.Query = s.backend.Mask.Query(e.Operation, parameters, beginning(e.Query))
	}
	if x.caller != nil {
		e.Account, e.Caller = x.caller.Token.Account, x.caller.Token.Name
	}
	if x.refusal != nil {
		e.Reason = x.refusal.Reason
		if t := x.refusal.Token; t != nil {
			e.Reason += " (token " + t.Name + ")"
			e.Account, e.Time = t.Account, s.backend.Clocks.Now(t.Account)
		}
	}
	if e.Status >= 400 {
		e.Message = s.backend.Mask.Text(told(rep))
	}
	// What is short keeps what it was cut from alive.
	if len(r.Method)+len(r.RequestURI) > 4096 {
		e.Method, e.Path, e.Query = strings.Clone(e.Method), strings.Clone(e.Path), strings.Clone(e.Query)
	}
	return e
}

// told is the message of an error, "" where the body is neither Connect's error
// nor a text of our own.
func told(rep reply) string {
	if rep.kind == textKind {
		return string(rep.body)
	}
	var e struct{ Message string }
	if len(rep.body) > 4096 || json.Unmarshal(rep.body, &e) != nil {
		return ""
	}
	return e.Message
}

// queryNames are the names of an operation's query parameters, as they may be
// written.
func (op *operation) queryNames() (names []string) {
	for _, p := range op.Spec().Parameters {
		if p.Value != nil && p.Value.In == "query" {
			names = append(names, p.Value.Name, url.QueryEscape(p.Value.Name))
		}
	}
	return names
}

// maxLooked is how many bytes of a text of a request are looked at for the journal, which keeps fewer.
const maxLooked = 4096

// beginning returns as much of a text as is looked at.
func beginning(text string) string { return text[:min(len(text), maxLooked)] }
