package grade

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/openapi/connect"
)

// effect is what a mutant does to the requests of a run on the correct server.
type effect struct {
	reached   bool   // the tests call one of its operations
	triggered bool   // the tests send a request for which it differs from the correct server
	first     string // the first such request, with what is different
}

// effectOf returns what a mutant does to the exchanges. It replays them until the mutant
// changes one, in order because mutants have a state.
func effectOf(m mutants.Mutant, all []*exchange) effect {
	p := newReplay(m)
	e := effect{}
	for i, x := range all {
		if !m.Affects(x.operation) {
			continue
		}
		e.reached = true
		if difference := p.difference(x); difference != "" {
			e.triggered = true
			e.first = fmt.Sprintf("%s, request %d of %d: %s", operationText(x), i+1, len(all), difference)
			return e
		}
	}
	return e
}

// operationText returns the method and the path of the operation, with parameters in
// place of the ids.
func operationText(x *exchange) string {
	for _, o := range connect.Operations() {
		if o.ID == x.operation {
			return x.request.Method + " " + o.Path
		}
	}
	return "a path that the API does not have"
}

// replay is a mutant in front of recorded responses.
type replay struct {
	handler http.Handler
	current *exchange
	// requests of the mutant for the current exchange; others than the recorded request
	requests, others int
}

func newReplay(m mutants.Mutant) *replay {
	p := &replay{}
	p.handler = mutants.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.requests++
		if !p.current.isSentAs(r) {
			p.others++
		}
		p.current.respond(w)
	}), m)
	return p
}

// difference returns how the mutant changes an exchange, an empty text if it does not.
func (p *replay) difference(x *exchange) string {
	if !x.complete {
		return "the response could not be recorded, so it may differ"
	}
	p.current, p.requests, p.others = x, 0, 0
	r := x.request.Clone(context.Background()) // that of the recording has ended
	r.Body = io.NopCloser(bytes.NewReader(x.sent))
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	switch {
	case w.Code != x.status && p.requests == 1 && p.others == 0:
		return fmt.Sprintf("status %d instead of %d", w.Code, x.status)
	case p.requests != 1 || p.others > 0:
		return "the server handles another request"
	case !bytes.Equal(w.Body.Bytes(), x.body):
		return "another body"
	case !equalHeaders(w.Result().Header, x.header):
		return "another header"
	}
	return ""
}

func (x *exchange) isSentAs(r *http.Request) bool {
	sent, _ := io.ReadAll(r.Body) // from memory
	return r.Method == x.request.Method && r.URL.String() == x.request.URL.String() &&
		bytes.Equal(sent, x.sent) && equalHeaders(r.Header, x.request.Header)
}

func (x *exchange) respond(w http.ResponseWriter) {
	maps.Copy(w.Header(), x.header.Clone())
	w.WriteHeader(x.status)
	_, _ = w.Write(x.body) // to memory
}

// equalHeaders compares headers without Content-Length, which follows from the body.
func equalHeaders(a, b http.Header) bool {
	a, b = a.Clone(), b.Clone()
	a.Del("Content-Length")
	b.Del("Content-Length")
	return maps.EqualFunc(a, b, slices.Equal)
}

// operationsOf returns the ids of the operations of the exchanges, sorted.
func operationsOf(all []*exchange) []string {
	ids := map[string]bool{}
	for _, x := range all {
		ids[cmp.Or(x.operation, unknownPath)] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// unknownPath stands in reports for paths that the API does not have.
const unknownPath = "(unknown path)"
