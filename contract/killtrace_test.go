package contract

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/report"
)

// ruleTraces has the exchanges of the rules with a correct server. Replaying them shows,
// without a server, which rules a mutant can affect.
type ruleTraces struct {
	setUp  []*mutants.Exchange            // of finding the capabilities
	byRule map[string][]*mutants.Exchange // by id of the rule
}

// recordTraces runs all rules against a correct mock and records the exchanges.
// Each rule must pass, otherwise the matrix proves nothing.
func recordTraces(t *testing.T, all []check.Rule) ruleTraces {
	t.Helper()
	var mu sync.Mutex
	var newest []*mutants.Exchange
	take := func() []*mutants.Exchange {
		mu.Lock()
		defer mu.Unlock()
		list := newest
		newest = nil
		return list
	}
	r := deterministicRun(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent, _ := io.ReadAll(r.Body) // from memory
			x := &mutants.Exchange{Request: r.Clone(t.Context()), Sent: sent, Operation: mutants.Operation(r)}
			r.Body = io.NopCloser(bytes.NewReader(sent))
			out := httptest.NewRecorder()
			next.ServeHTTP(out, r)
			x.Status, x.Header, x.Body = out.Code, out.Result().Header, out.Body.Bytes()
			mu.Lock()
			newest = append(newest, x)
			mu.Unlock()
			x.Respond(w)
		})
	})
	r.inspectOnce(t.Context())
	known := ruleTraces{setUp: take(), byRule: map[string][]*mutants.Exchange{}}
	for _, x := range all {
		result := r.runRule(t.Context(), x)
		switch {
		case result.State == report.Skip && slices.Contains(x.Needs, rule.Control):
			continue // a mock in the process has no control API
		case result.State != report.Pass:
			t.Errorf("rule %s ends in %s on a correct server: %s%s", x.ID, result.State, result.Failure, result.Reason)
		}
		known.byRule[x.ID] = take()
	}
	return known
}

// candidates returns the rules whose exchanges the mutant changes. All other
// rules pass, because they receive the responses of a correct server.
func (known ruleTraces) candidates(m mutants.Mutant, all []check.Rule) (list []check.Rule) {
	replay := mutants.NewReplay(m)
	setUpChanges := changesAny(replay, m, known.setUp)
	for _, rule := range all {
		changes := changesAny(replay, m, known.byRule[rule.ID])
		if changes || setUpChanges && slices.ContainsFunc(rule.Needs, usesFoundObjects) {
			list = append(list, rule)
		}
	}
	return list
}

// usesFoundObjects reports whether a rule with this need uses vaults or items that
// existed before.
func usesFoundObjects(need rule.Capability) bool {
	return !slices.Contains([]rule.Capability{
		rule.Read, rule.Write, rule.Reader, rule.Writer, rule.Other, rule.Refused, rule.Log, rule.Control,
	}, need)
}

// changesAny reports whether the mutant changes one of the exchanges. It replays all of
// them, because mutants have a state.
func changesAny(p *mutants.Replay, m mutants.Mutant, list []*mutants.Exchange) (changed bool) {
	for _, x := range list {
		if m.Affects(x.Operation) && p.Difference(x) != "" {
			changed = true
		}
	}
	return changed
}
