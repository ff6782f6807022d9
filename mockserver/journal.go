package mockserver

import (
	"encoding/json"
	"net/http"
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
func (s *Server) entry(x *exchange, rep reply, took time.Duration) controlapi.Entry {
	r := x.request
	e := controlapi.Entry{
		Time: x.now, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Status: max(rep.status, http.StatusOK), Bytes: rep.length(), Took: controlapi.Duration(took),
		UserAgent: r.UserAgent(), Faults: x.faults,
	}
	if x.op != nil {
		e.Operation = x.op.ID
	}
	if x.caller != nil {
		e.Account, e.Caller = x.caller.Token.Account, x.caller.Token.Name
	}
	if x.refusal != nil {
		e.Reason = x.refusal.Reason
		if t := x.refusal.Token; t != nil {
			e.Reason += " (token " + t.Name + ")"
			e.Account, e.Time = t.Account, s.clocks.now(t.Account)
		}
	}
	if e.Status >= 400 {
		e.Message = told(rep.body)
	}
	// What is short keeps what it was cut from alive.
	if len(r.Method)+len(r.RequestURI) > 4096 {
		e.Method, e.Path, e.Query = strings.Clone(e.Method), strings.Clone(e.Path), strings.Clone(e.Query)
	}
	return e
}

// told is the message of an error, "" where the body is not Connect's error.
func told(body []byte) string {
	var e struct{ Message string }
	if len(body) > 4096 || json.Unmarshal(body, &e) != nil {
		return ""
	}
	return e.Message
}
