package contract

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
)

// ruleTraces has the exchanges of the rules with a correct server. Replaying them shows,
// without a server, which rules a mutant can affect.
type ruleTraces struct {
	setUp  []recordedExchange            // of finding the capabilities
	byRule map[string][]recordedExchange // by id of the rule
}

// recordedExchange is a request with its response.
type recordedExchange struct {
	request   *http.Request // its body is in sent
	sent      []byte
	operation string
	status    int
	header    http.Header
	body      []byte
}

// recordTraces runs all rules against a correct mock and records the exchanges.
// Each rule must pass, otherwise the matrix proves nothing.
func recordTraces(t *testing.T, all []rule) ruleTraces {
	t.Helper()
	var mu sync.Mutex
	var newest []recordedExchange
	take := func() []recordedExchange {
		mu.Lock()
		defer mu.Unlock()
		list := newest
		newest = nil
		return list
	}
	r := deterministicRun(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent, _ := io.ReadAll(r.Body) // from memory
			x := recordedExchange{request: r.Clone(t.Context()), sent: sent, operation: mutants.Operation(r)}
			r.Body = io.NopCloser(bytes.NewReader(sent))
			out := httptest.NewRecorder()
			next.ServeHTTP(out, r)
			x.status, x.header, x.body = out.Code, out.Result().Header, out.Body.Bytes()
			mu.Lock()
			newest = append(newest, x)
			mu.Unlock()
			x.respond(w)
		})
	})
	r.inspectOnce(t.Context())
	known := ruleTraces{setUp: take(), byRule: map[string][]recordedExchange{}}
	for _, rule := range all {
		result := r.runRule(t.Context(), rule)
		switch {
		case result.State == report.Skip && slices.Contains(rule.Needs, Control):
			continue // a mock in the process has no control API
		case result.State != report.Pass:
			t.Errorf("rule %s ends in %s on a correct server: %s%s", rule.ID, result.State, result.Failure, result.Reason)
		}
		known.byRule[rule.ID] = take()
	}
	return known
}

// candidates returns the rules whose exchanges the mutant changes. All other
// rules pass, because they receive the responses of a correct server.
func (known ruleTraces) candidates(m mutants.Mutant, all []rule) (list []rule) {
	replay := newReplay(m)
	setUpChanges := replay.changes(known.setUp)
	for _, rule := range all {
		changes := replay.changes(known.byRule[rule.ID])
		if changes || setUpChanges && slices.ContainsFunc(rule.Needs, usesFoundObjects) {
			list = append(list, rule)
		}
	}
	return list
}

// usesFoundObjects reports whether a rule with this need uses vaults or items that
// existed before.
func usesFoundObjects(need Capability) bool {
	return !slices.Contains([]Capability{Read, Write, Reader, Writer, Other, Refused, Log, Control}, need)
}

// replay is a mutant in front of recorded responses.
type replay struct {
	mutant  mutants.Mutant
	handler http.Handler
	current recordedExchange
	// requests of the mutant for the current exchange; others than the recorded request
	requests, others int
}

func newReplay(m mutants.Mutant) *replay {
	p := &replay{mutant: m}
	p.handler = mutants.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.requests++
		if !p.current.isSentAs(r) {
			p.others++
		}
		p.current.respond(w)
	}), m)
	return p
}

// changes reports whether the mutant changes one of the exchanges: the request
// that reaches the server or the response. It replays all of them, because mutants
// have a state.
func (p *replay) changes(list []recordedExchange) (changed bool) {
	for _, x := range list {
		if !p.mutant.Affects(x.operation) {
			continue
		}
		p.current, p.requests, p.others = x, 0, 0
		r := x.request.Clone(x.request.Context())
		r.Body = io.NopCloser(bytes.NewReader(x.sent))
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		if p.requests != 1 || p.others > 0 || !x.isReceivedAs(w) {
			changed = true
		}
	}
	return changed
}

func (x recordedExchange) isSentAs(r *http.Request) bool {
	sent, _ := io.ReadAll(r.Body) // from memory
	return r.Method == x.request.Method && r.URL.String() == x.request.URL.String() &&
		bytes.Equal(sent, x.sent) && equalHeaders(r.Header, x.request.Header)
}

func (x recordedExchange) isReceivedAs(w *httptest.ResponseRecorder) bool {
	return w.Code == x.status && bytes.Equal(w.Body.Bytes(), x.body) && equalHeaders(w.Result().Header, x.header)
}

func (x recordedExchange) respond(w http.ResponseWriter) {
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
