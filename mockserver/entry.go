package mockserver

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
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
		Status: rep.sent(), Bytes: rep.length(), Took: controlapi.Duration(took),
		UserAgent: r.UserAgent(), Faults: x.faults,
	}
	if e.Query != "" {
		e.Query = shownQuery(x.op, e.Query)
	}
	if strings.Contains(e.Path, tokenStart) {
		e.Path = withoutTokens(e.Path)
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
		e.Message = told(rep)
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

// masked stands where something was that is not shown.
const masked = "[hidden]"

// shownQuery is a query without the values of parameters the operation does not
// have: nobody knows what they are, and some clients send tokens so.
func shownQuery(op *operation, query string) string {
	known := func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return op != nil && slices.Contains(op.queries, name)
	}
	hidden := false
	for pair := range strings.SplitSeq(query, "&") {
		hidden = hidden || !known(pair)
	}
	if hidden {
		pairs := strings.Split(query, "&")
		for i, pair := range pairs {
			if name, _, given := strings.Cut(pair, "="); given && !known(pair) {
				pairs[i] = name + "=" + masked
			}
		}
		query = strings.Join(pairs, "&")
	}
	if strings.Contains(query, tokenStart) {
		query = withoutTokens(query)
	}
	return query
}

// tokenStart is how every JWT begins: {" in base64.
const tokenStart = "eyJ"

// withoutTokens hides what looks like a JWT in a text, where one was put into an
// address by mistake.
func withoutTokens(text string) string {
	return regexp.MustCompile(tokenStart+`[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)*`).ReplaceAllString(text, masked)
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
