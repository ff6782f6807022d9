package scenarios

import (
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"github.com/connectmock/connectmock/scenarios/internal/match"
)

// actions returns the keys of the actions that a step has. It should be one.
func (a *action) actions() []string {
	var got []string
	for _, k := range []struct {
		key string
		set bool
	}{{"call", a.Call.set()}, {"request", a.Request != nil}, {"mock", a.Mock != nil}, {"include", a.Include.set()},
		{"wait", a.Wait != nil}} {
		if k.set {
			got = append(got, k.key)
		}
	}
	return got
}

// step checks a step and defines the names that it captures.
func (l *loader) step(a *action) {
	a.uses = map[string]bool{}
	if a.ID.set() && !a.fragment {
		l.stepID(a)
	}
	got := a.actions()
	if a.At.Line == 0 {
		return // not a step: already reported
	}
	if len(got) != 1 {
		l.fail(a.At, "one of call, request, mock, include, wait", "a step has exactly one action, not %s", orNone(got))
		if len(got) == 0 {
			return
		}
	}
	l.checkActor(a.As)
	if a.As.set() {
		l.use([]string{a.As.Text}, a.uses)
	}
	for _, n := range a.Needs {
		if l.capability(n) {
			a.require(n.Text)
		}
	}
	leave := l.loop(a)
	switch got[0] {
	case "call":
		l.call(a)
	case "request":
		l.request(a)
	case "mock":
		l.mock(a)
	case "wait":
		l.rejectRequestKeys(a, got[0])
	}
	l.expectation(a, got[0])
	l.retry(a)
	captured := l.capture(a)
	leave()
	for _, c := range captured {
		l.define(c.Key, c.KeyAt, aCapture, nil)
		if !a.fragment && l.defined[c.Key] == aCapture && l.captures[c.Key] == (yamlsource.Place{}) {
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

func (l *loader) stepID(a *action) {
	if !isID(a.ID.Text) {
		l.fail(a.ID.at(), "like create-item", "an id is made of a-z, 0-9 and -")
	}
	if l.stepIDs[a.name] {
		l.fail(a.ID.at(), "", "duplicate step id %q", a.ID.Text)
	}
	l.stepIDs[a.name] = true
}

// require adds a capability to those that the step needs.
func (a *action) require(capability string) {
	if !slices.Contains(a.owed, capability) {
		a.owed = append(a.owed, capability)
	}
}

// loop checks a foreach and defines its variable. Call leave at the end of the step to remove the variable.
func (l *loader) loop(a *action) (leave func()) {
	if a.Foreach == nil {
		if a.Parallel {
			l.fail(a.At, "foreach: {n: [1, 2, 3]}", "parallel without foreach")
		}
		return func() {}
	}
	if a.Foreach.Kind != yamlsource.Map || len(a.Foreach.Pairs) != 1 {
		l.fail(a.Foreach.At, "foreach: {title: [a, b]}", "a loop has exactly one variable")
		return func() {}
	}
	p := a.Foreach.Pairs[0]
	list := p.Value
	if list.Kind != yamlsource.List && !(list.Kind == yamlsource.Text && expression.IsTemplate(list.Raw)) {
		l.fail(list.At, `[a, b] or "{{ items }}"`, "a loop goes over a list")
	}
	if list.Kind == yamlsource.List && len(list.Items) == 0 {
		l.fail(list.At, "foreach: {title: [a, b]}", "a loop over an empty list does nothing")
	}
	from := map[string]bool{}
	l.texts(list, l.names, from)
	for name := range from {
		a.uses[name] = true
	}
	a.loop = p.Key
	l.define(p.Key, p.KeyAt, aLoop, nil)
	if l.defined[p.Key] != aLoop {
		return func() {}
	}
	l.sources[p.Key] = from
	return func() {
		delete(l.names, p.Key)
		delete(l.defined, p.Key)
		delete(a.uses, p.Key)
	}
}

// retry checks a retry and the condition that ends it.
func (l *loader) retry(a *action) {
	if a.Retry == nil {
		return
	}
	if a.Retry.Every == 0 || a.Retry.Within == 0 {
		l.fail(a.Retry.At, "retry: {every: 200ms, within: 5s}", "a retry needs both every and within")
	} else if a.Retry.Within/a.Retry.Every > 10_000 {
		l.fail(a.Retry.At, "", "more than 10000 attempts")
	}
	l.expression(a.Retry.Until.node, l.responseScope(), a.uses)
	if a.Wait != nil {
		l.fail(a.Retry.At, "", "a wait can't be retried")
	}
}

// capture checks what a step captures from its response, and returns it.
func (l *loader) capture(a *action) []yamlsource.Pair {
	if a.Capture == nil {
		return nil
	}
	if a.Capture.Kind != yamlsource.Map {
		l.fail(a.Capture.At, "capture: {item: /id}", "must be a mapping, not %s", a.Capture.Kind)
		return nil
	}
	for _, p := range a.Capture.Pairs {
		if p.Value.Kind != yamlsource.Text {
			l.fail(p.Value.At, "/id, or an expression such as res.headers[\"ETag\"]",
				"a capture is a JSON pointer or an expression")
			continue
		}
		if !strings.HasPrefix(p.Value.Raw, "/") {
			l.expression(p.Value, l.responseScope(), a.uses)
		}
		a.makes = append(a.makes, p.Key)
	}
	return a.Capture.Pairs
}

// rejectRequestKeys reports keys that have no meaning for a wait or a command.
func (l *loader) rejectRequestKeys(a *action, what string) {
	for key, n := range map[string]*yamlsource.Node{
		"with": a.With, "headers": a.Headers, "json": a.JSON, "body": a.Body, "as": a.As.node,
	} {
		if n != nil {
			l.fail(n.At, "", "%q has no meaning beside %s", key, what)
		}
	}
}

// expectation checks expect, which every request must have.
func (l *loader) expectation(a *action, what string) {
	e := a.Expect
	exchange := what == "call" || what == "request"
	switch {
	case e == nil && exchange:
		l.fail(a.At, "expect: {status: 200}", "a step without expect.status: there is no default")
		return
	case e == nil:
		return
	case what == "wait":
		l.fail(e.At, "", "a wait has no result to expect")
		return
	case exchange && e.Status == nil && !e.Error.set():
		l.fail(e.At, "expect: {status: 200}", "expect without status: there is no default")
	case !exchange && (e.Status != nil || e.Error.set() || e.Schema.set() || e.Headers != nil || e.Text != nil ||
		e.Bytes != nil):
		l.fail(e.At, "", "only json, exactly and check have a meaning beside mock")
	}
	l.expectedError(e)
	l.schema(e)
	for _, n := range []*yamlsource.Node{e.JSON, e.Exactly, e.Text, e.Bytes, e.Headers} {
		match.Check(n, l.problems)
		l.texts(n, l.names, a.uses)
	}
	l.keyed(e.Bytes, "bytes", []string{"len", "sha256"})
	l.keyed(e.Headers, "headers", nil)
	for _, c := range e.Check {
		l.expression(c.That.node, l.responseScope(), a.uses)
		for _, n := range c.Needs {
			l.capability(n)
		}
	}
}

// keyed checks that n is a mapping with valid keys. nil allows any key.
func (l *loader) keyed(n *yamlsource.Node, what string, valid []string) {
	if n == nil {
		return
	}
	if n.Kind != yamlsource.Map {
		l.fail(n.At, "", "%s must be a mapping, not %s", what, n.Kind)
	}
	for _, p := range n.Pairs {
		if valid != nil && !slices.Contains(valid, p.Key) {
			l.fail(p.KeyAt, yamlsource.DidYouMean(p.Key, valid), "unknown key %q", p.Key)
		}
	}
}

// expectedError checks an expectation that there is no complete response.
func (l *loader) expectedError(e *expect) {
	if !e.Error.set() {
		return
	}
	if !slices.Contains(Failures(), e.Error.Text) {
		l.fail(e.Error.at(), yamlsource.DidYouMean(e.Error.Text, Failures()), "unknown error %q", e.Error.Text)
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

// schema checks that schema is valid, and that "off" comes with a reason.
func (l *loader) schema(e *expect) {
	switch {
	case !e.Schema.set() && e.Because.set():
		l.fail(e.Because.at(), "", "because without schema")
	case !e.Schema.set():
	case e.Schema.Text != "response" && e.Schema.Text != "off":
		l.fail(e.Schema.at(), yamlsource.DidYouMean(e.Schema.Text, []string{"response", "off"}), "schema is response or off")
	case e.Schema.Text == "off" && strings.TrimSpace(e.Because.Text) == "":
		l.fail(e.Schema.at(), "because: why the response may break the document", "schema: off needs a because")
	}
}
