package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/match"
)

// expect compares a response with what the step expects. A *failure means that the server differs; any other error is a
// mistake in the scenario. If note is set, checks that can't be made on this target are recorded.
func (p *play) expect(a *action, t *try, note bool) error {
	e := a.Expect
	if e == nil {
		e = &expect{}
	}
	got := t.answer
	if a.Mock == nil {
		if err := status(e, got); err != nil {
			return err
		}
	}
	var wrong []string
	if len(got.violations) > 0 && e.Schema.Text != "off" {
		wrong = append(wrong, "the response breaks the document: "+strings.Join(got.violations, "; "))
	}
	for _, part := range []func(*expect, *try) ([]string, error){p.expectJSON, p.expectHeaders, p.expectBytes} {
		mismatches, err := part(e, t)
		if err != nil {
			return err
		}
		wrong = append(wrong, mismatches...)
	}
	for _, c := range e.Check {
		mismatch, err := p.check(a, c, t, note)
		if err != nil {
			return err
		}
		if mismatch != "" {
			wrong = append(wrong, mismatch)
		}
	}
	if len(wrong) > 0 {
		return failed("%s%s", prefixed(got.what), strings.Join(wrong, "\n  "))
	}
	return nil
}

func prefixed(what string) string {
	if what == "" {
		return ""
	}
	return what + ": "
}

// status compares the status, or the reason for having no response, with the expectation.
func status(e *expect, got *answer) error {
	switch {
	case e.Error.set() && got.failure == "":
		return failed("%s: expected no complete response (%s), got %s", got.what, e.Error.Text, got)
	case e.Error.set() && !isFailure(e.Error.Text, got.failure):
		return failed("%s: expected %s, got %s: %v", got.what, e.Error.Text, got.failure, got.err)
	case e.Error.set():
		return nil
	case got.failure == failureRefused:
		return fmt.Errorf("%s: can't reach the server any more: %w", got.what, got.err)
	case got.failure != "":
		return failed("%s: expected status %s, got no response (%s): %v", got.what, e.Status, got.failure, got.err)
	case !e.Status.has(got.status):
		return failed("%s: expected status %s, got %s", got.what, e.Status, got)
	}
	return nil
}

func (p *play) matcher(env map[string]any, exactly bool) match.Matcher {
	return match.Matcher{
		Exactly: exactly, Redact: p.of.redactor.JSON,
		Render: func(n *yamlsource.Node) (any, error) { return p.render(n, env) },
	}
}

func (p *play) expectJSON(e *expect, t *try) ([]string, error) {
	var wrong []string
	for _, want := range []struct {
		node    *yamlsource.Node
		exactly bool
	}{{e.JSON, false}, {e.Exactly, true}} {
		if want.node == nil {
			continue
		}
		document, err := t.answer.document()
		if err != nil {
			return []string{err.Error()}, nil
		}
		matcher := p.matcher(t.env, want.exactly)
		matcher.Shown = redact.Document(t.answer.operation, t.answer.body)
		mismatches, err := matcher.Match(want.node, document)
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, texts("", mismatches)...)
	}
	return wrong, nil
}

func texts(of string, mismatches []match.Mismatch) []string {
	var all []string
	for _, m := range mismatches {
		all = append(all, of+m.String())
	}
	return all
}

// expectHeaders compares headers. The case of their names does not matter.
func (p *play) expectHeaders(e *expect, t *try) ([]string, error) {
	if e.Headers == nil {
		return nil, nil
	}
	var wrong []string
	for _, pair := range e.Headers.Pairs {
		values := t.answer.header.Values(pair.Key)
		absent := match.IsOperators(pair.Value) && pair.Value.Get("$absent") != nil && pair.Value.Get("$absent").Value == true
		switch {
		case absent && len(values) == 0:
			continue
		case absent:
			wrong = append(wrong, fmt.Sprintf("header %s: expected none, got %q", pair.Key, strings.Join(values, ", ")))
			continue
		case len(values) == 0:
			wrong = append(wrong, fmt.Sprintf("header %s: missing", pair.Key))
			continue
		}
		want := pair.Value
		if want.Kind == yamlsource.Number || want.Kind == yamlsource.Bool { // a header is text: 1 means "1"
			want = &yamlsource.Node{Kind: yamlsource.Text, Value: want.Raw, Raw: want.Raw}
		}
		mismatches, err := p.matcher(t.env, false).Match(want, strings.Join(values, ", "))
		if err != nil {
			return nil, err
		}
		for _, m := range mismatches {
			wrong = append(wrong, fmt.Sprintf("header %s: expected %s, got %s", pair.Key, m.Expected, m.Actual))
		}
	}
	return wrong, nil
}

// expectBytes compares the body as text and as bytes.
func (p *play) expectBytes(e *expect, t *try) ([]string, error) {
	var wrong []string
	res := t.env["res"].(map[string]any)
	for _, want := range []struct {
		of    string
		node  *yamlsource.Node
		is    any
		shown any
	}{
		{"text: ", e.Text, res["text"], t.answer.show(t.answer.operation, t.answer.body)},
		{"bytes: ", e.Bytes, map[string]any{"len": res["len"], "sha256": res["sha256"]}, nil},
	} {
		if want.node == nil {
			continue
		}
		matcher := p.matcher(t.env, false)
		matcher.Shown = want.shown
		mismatches, err := matcher.Match(want.node, want.is)
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, texts(want.of, mismatches)...)
	}
	return wrong, nil
}

// check evaluates a condition and returns why it is false, or "" if it is true or can't be checked here.
func (p *play) check(a *action, c check, t *try, note bool) (string, error) {
	why := p.of.found.missing(c.Needs.texts())
	f := p.in.expressions[c.That.node]
	for _, name := range f.Variables() {
		if left, ok := p.left[name]; ok && why == "" {
			why = left
		}
	}
	if why != "" {
		if note {
			p.mu.Lock()
			defer p.mu.Unlock()
			if text := fmt.Sprintf("%s was checked without %q: %s", a.name, c.That.Text, why); !slices.Contains(p.partial,
				text) {
				p.partial = append(p.partial, text)
			}
		}
		return "", nil
	}
	holds, err := f.IsTrue(t.env)
	switch {
	case err != nil:
		return err.Error(), nil // a missing member is not a mistake in the scenario
	case holds:
		return "", nil
	}
	text := c.That.Text + " does not hold"
	if left, right, ok := f.Operands(t.env); ok {
		redact := p.of.redactor.JSON
		text += fmt.Sprintf(": %s on the left, %s on the right", match.Format(left, redact), match.Format(right, redact))
	}
	return text, nil
}
