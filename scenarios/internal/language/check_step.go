package language

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"github.com/connectmock/connectmock/scenarios/internal/match"
)

// actions returns the keys of the actions that a step has. It should be one.
func (st *Step) actions() []string {
	var got []string
	for _, k := range []struct {
		key string
		set bool
	}{{"call", st.Call.Set()}, {"request", st.Request != nil}, {"mock", st.Mock != nil}, {"include", st.Include.Set()},
		{"wait", st.Wait != nil}} {
		if k.set {
			got = append(got, k.key)
		}
	}
	return got
}

// checkStep checks a step and defines the names that it captures.
func (l *loader) checkStep(st *Step) {
	st.Uses = map[string]bool{}
	if st.ID.Set() && !st.Fragment {
		l.checkStepID(st)
	}
	got := st.actions()
	if st.At.Line == 0 {
		return // not a step: already reported
	}
	if len(got) != 1 {
		l.fail(st.At, "one of call, request, mock, include, wait", "a step has exactly one action, not %s", orNone(got))
		if len(got) == 0 {
			return
		}
	}
	l.checkActor(st.As)
	if st.As.Set() {
		l.markUsed([]string{st.As.Text}, st.Uses)
	}
	for _, n := range st.Needs {
		if l.checkCapability(n) {
			st.require(n.Text)
		}
	}
	removeVariable := l.checkLoop(st)
	switch got[0] {
	case "call":
		l.checkCall(st)
	case "request":
		l.checkRawRequest(st)
	case "mock":
		l.checkMockCommand(st)
	case "wait":
		l.rejectRequestKeys(st, got[0])
	}
	l.checkExpectation(st, got[0])
	l.checkRetry(st)
	captured := l.checkCapture(st)
	removeVariable()
	for _, c := range captured {
		l.define(c.Key, c.KeyAt, aCapture, nil)
		if !st.Fragment && l.defined[c.Key] == aCapture && l.captures[c.Key] == (yamlsource.Place{}) {
			l.captures[c.Key] = c.KeyAt
		}
	}
}

func orNone(got []string) string {
	if len(got) == 0 {
		return "none"
	}
	return strings.Join(got, " and ")
}

func (l *loader) checkStepID(st *Step) {
	if !IsSlug(st.ID.Text) {
		l.fail(st.ID.at(), "like create-item", "an id is made of a-z, 0-9 and -")
	}
	if l.stepIDs[st.Name] {
		l.fail(st.ID.at(), "", "duplicate step id %q", st.ID.Text)
	}
	l.stepIDs[st.Name] = true
}

// require adds a capability to those that the step needs.
func (st *Step) require(capability string) {
	if !slices.Contains(st.Capabilities, capability) {
		st.Capabilities = append(st.Capabilities, capability)
	}
}

// checkLoop checks a foreach and defines its variable. Call removeVariable at the end of the step.
func (l *loader) checkLoop(st *Step) (removeVariable func()) {
	if st.Foreach == nil {
		if st.Parallel {
			l.fail(st.At, "foreach: {n: [1, 2, 3]}", "parallel without foreach")
		}
		return func() {}
	}
	if st.Foreach.Kind != yamlsource.Map || len(st.Foreach.Pairs) != 1 {
		l.fail(st.Foreach.At, "foreach: {title: [a, b]}", "a loop has exactly one variable")
		return func() {}
	}
	p := st.Foreach.Pairs[0]
	list := p.Value
	if list.Kind != yamlsource.List && !(list.Kind == yamlsource.Text && expression.IsTemplate(list.Raw)) {
		l.fail(list.At, `[a, b] or "{{ items }}"`, "a loop goes over a list")
	}
	if list.Kind == yamlsource.List && len(list.Items) == 0 {
		l.fail(list.At, "foreach: {title: [a, b]}", "a loop over an empty list does nothing")
	}
	from := map[string]bool{}
	l.compileTemplates(list, l.names, from)
	for name := range from {
		st.Uses[name] = true
	}
	st.Loop = p.Key
	l.define(p.Key, p.KeyAt, aLoop, nil)
	if l.defined[p.Key] != aLoop {
		return func() {}
	}
	l.sources[p.Key] = from
	return func() {
		delete(l.names, p.Key)
		delete(l.defined, p.Key)
		delete(st.Uses, p.Key)
	}
}

// checkRetry checks a retry and the condition that ends it.
func (l *loader) checkRetry(st *Step) {
	if st.Retry == nil {
		return
	}
	if st.Retry.Every == 0 || st.Retry.Within == 0 {
		l.fail(st.Retry.At, "retry: {every: 200ms, within: 5s}", "a retry needs both every and within")
	} else if st.Retry.Within/st.Retry.Every > 10_000 {
		l.fail(st.Retry.At, "", "more than 10000 attempts")
	}
	l.compileCondition(st.Retry.Until.Node, l.responseScope(), st.Uses)
	if st.Wait != nil {
		l.fail(st.Retry.At, "", "a wait can't be retried")
	}
}

// checkCapture checks what a step captures from its response, and returns it.
func (l *loader) checkCapture(st *Step) []yamlsource.Pair {
	if st.Capture == nil {
		return nil
	}
	if st.Capture.Kind != yamlsource.Map {
		l.fail(st.Capture.At, "capture: {item: /id}", "must be a mapping, not %s", st.Capture.Kind)
		return nil
	}
	for _, p := range st.Capture.Pairs {
		if p.Value.Kind != yamlsource.Text {
			l.fail(p.Value.At, "/id, or an expression such as res.headers[\"ETag\"]",
				"a capture is a JSON pointer or an expression")
			continue
		}
		if !strings.HasPrefix(p.Value.Raw, "/") {
			l.compileCondition(p.Value, l.responseScope(), st.Uses)
		}
		st.Defines = append(st.Defines, p.Key)
	}
	return st.Capture.Pairs
}

// rejectRequestKeys reports keys that have no meaning for a wait or a command.
func (l *loader) rejectRequestKeys(st *Step, what string) {
	for key, n := range map[string]*yamlsource.Node{
		"with": st.With, "headers": st.Headers, "json": st.JSON, "body": st.Body, "as": st.As.Node,
	} {
		if n != nil {
			l.fail(n.At, "", "%q has no meaning beside %s", key, what)
		}
	}
}

// checkExpectation checks expect, which every request must have.
func (l *loader) checkExpectation(st *Step, what string) {
	e := st.Expect
	exchange := what == "call" || what == "request"
	switch {
	case e == nil && exchange:
		l.fail(st.At, "expect: {status: 200}", "a step without expect.status: there is no default")
		return
	case e == nil:
		return
	case what == "wait":
		l.fail(e.At, "", "a wait has no result to expect")
		return
	case exchange && e.Status == nil && !e.Error.Set():
		l.fail(e.At, "expect: {status: 200}", "expect without status: there is no default")
	case !exchange && (e.Status != nil || e.Error.Set() || e.Schema.Set() || e.Headers != nil || e.Text != nil ||
		e.Bytes != nil):
		l.fail(e.At, "", "only json, exactly and check have a meaning beside mock")
	}
	l.checkExpectedError(e)
	l.checkSchema(e)
	for _, n := range []*yamlsource.Node{e.JSON, e.Exactly, e.Text, e.Bytes, e.Headers} {
		match.Check(n, l.problems)
		l.compileTemplates(n, l.names, st.Uses)
	}
	l.checkKeys(e.Bytes, "bytes", []string{"len", "sha256"})
	l.checkKeys(e.Headers, "headers", nil)
	for _, c := range e.Check {
		l.compileCondition(c.That.Node, l.responseScope(), st.Uses)
		for _, n := range c.Needs {
			l.checkCapability(n)
		}
	}
}

// checkKeys checks that n is a mapping with valid keys. nil allows any key.
func (l *loader) checkKeys(n *yamlsource.Node, what string, valid []string) {
	if n == nil {
		return
	}
	if n.Kind != yamlsource.Map {
		l.fail(n.At, "", "%s must be a mapping, not %s", what, n.Kind)
	}
	for _, p := range n.Pairs {
		if valid != nil && !slices.Contains(valid, p.Key) {
			l.fail(p.KeyAt, nearest.Hint(p.Key, valid), "unknown key %q", p.Key)
		}
	}
}

// checkExpectedError checks an expectation that there is no complete response.
func (l *loader) checkExpectedError(e *Expectation) {
	if !e.Error.Set() {
		return
	}
	if !slices.Contains(Failures(), e.Error.Text) {
		l.fail(e.Error.at(), nearest.Hint(e.Error.Text, Failures()), "unknown error %q", e.Error.Text)
	}
	if e.Status != nil {
		l.fail(e.Error.at(), "keep one of the two", "status and error in one expectation")
	}
	for _, n := range []*yamlsource.Node{e.JSON, e.Exactly, e.Text, e.Bytes, e.Headers} {
		if n != nil {
			l.fail(n.At, "", "with error nothing else can be expected of the response")
		}
	}
}

// checkSchema checks that schema is valid, and that "off" comes with a reason.
func (l *loader) checkSchema(e *Expectation) {
	switch {
	case !e.Schema.Set() && e.Because.Set():
		l.fail(e.Because.at(), "", "because without schema")
	case !e.Schema.Set():
	case e.Schema.Text != "response" && e.Schema.Text != "off":
		l.fail(e.Schema.at(), nearest.Hint(e.Schema.Text, []string{"response", "off"}), "schema is response or off")
	case e.Schema.Text == "off" && strings.TrimSpace(e.Because.Text) == "":
		l.fail(e.Schema.at(), "because: why the response may break the document", "schema: off needs a because")
	}
}
