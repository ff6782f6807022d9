package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/language"
	"github.com/connectmock/connectmock/scenarios/internal/match"
)

// expect compares a response with what the step expects. An *assertionError means that the server differs; any other
// error is a mistake in the scenario. If record is set, checks that can't be made on this target are recorded.
func (s *scenarioRun) expect(st *language.Step, t *outcome, record bool) error {
	e := st.Expect
	if e == nil {
		e = &language.Expectation{}
	}
	got := t.response
	if st.Mock == nil {
		if err := checkStatus(e, got); err != nil {
			return err
		}
	}
	var wrong []string
	if len(got.violations) > 0 && e.Schema.Text != "off" {
		wrong = append(wrong, "the response breaks the document: "+strings.Join(got.violations, "; "))
	}
	for _, compare := range []func(*language.Expectation, *outcome) ([]string, error){
		s.expectJSON, s.expectHeaders, s.expectBytes,
	} {
		mismatches, err := compare(e, t)
		if err != nil {
			return err
		}
		wrong = append(wrong, mismatches...)
	}
	for _, c := range e.Check {
		mismatch, err := s.check(st, c, t, record)
		if err != nil {
			return err
		}
		if mismatch != "" {
			wrong = append(wrong, mismatch)
		}
	}
	if len(wrong) > 0 {
		return assertionErrorf("%s%s", prefixed(got.label), strings.Join(wrong, "\n  "))
	}
	return nil
}

func prefixed(what string) string {
	if what == "" {
		return ""
	}
	return what + ": "
}

// checkStatus compares the status, or the reason for having no response, with the expectation.
func checkStatus(e *language.Expectation, got *response) error {
	switch {
	case e.Error.Set() && got.failure == "":
		return assertionErrorf("%s: expected no complete response (%s), got %s", got.label, e.Error.Text, got)
	case e.Error.Set() && !isFailure(e.Error.Text, got.failure):
		return assertionErrorf("%s: expected %s, got %s: %v", got.label, e.Error.Text, got.failure, got.err)
	case e.Error.Set():
		return nil
	case got.failure == language.FailureRefused:
		return fmt.Errorf("%s: can't reach the server any more: %w", got.label, got.err)
	case got.failure != "":
		return assertionErrorf("%s: expected status %s, got no response (%s): %v", got.label, e.Status, got.failure,
			got.err)
	case !e.Status.Has(got.status):
		return assertionErrorf("%s: expected status %s, got %s", got.label, e.Status, got)
	}
	return nil
}

func (s *scenarioRun) matcher(env map[string]any, exactly bool) match.Matcher {
	return match.Matcher{
		Exactly: exactly, Redact: s.run.redactor.JSON,
		Render: func(n *yamlsource.Node) (any, error) { return s.render(n, env) },
	}
}

func (s *scenarioRun) expectJSON(e *language.Expectation, t *outcome) ([]string, error) {
	var wrong []string
	for _, want := range []struct {
		node    *yamlsource.Node
		exactly bool
	}{{e.JSON, false}, {e.Exactly, true}} {
		if want.node == nil {
			continue
		}
		document, err := t.response.document()
		if err != nil {
			return []string{err.Error()}, nil
		}
		matcher := s.matcher(t.env, want.exactly)
		matcher.Shown = redact.Document(t.response.operation, t.response.body)
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
func (s *scenarioRun) expectHeaders(e *language.Expectation, t *outcome) ([]string, error) {
	if e.Headers == nil {
		return nil, nil
	}
	var wrong []string
	for _, pair := range e.Headers.Pairs {
		values := t.response.header.Values(pair.Key)
		absent := match.IsOperators(pair.Value) && pair.Value.Get("$absent") != nil &&
			pair.Value.Get("$absent").Value == true
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
		mismatches, err := s.matcher(t.env, false).Match(want, strings.Join(values, ", "))
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
func (s *scenarioRun) expectBytes(e *language.Expectation, t *outcome) ([]string, error) {
	var wrong []string
	res := t.env["res"].(map[string]any)
	for _, want := range []struct {
		of    string
		node  *yamlsource.Node
		is    any
		shown any
	}{
		{"text: ", e.Text, res["text"], t.response.redactBody(t.response.operation, t.response.body)},
		{"bytes: ", e.Bytes, map[string]any{"len": res["len"], "sha256": res["sha256"]}, nil},
	} {
		if want.node == nil {
			continue
		}
		matcher := s.matcher(t.env, false)
		matcher.Shown = want.shown
		mismatches, err := matcher.Match(want.node, want.is)
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, texts(want.of, mismatches)...)
	}
	return wrong, nil
}

// check evaluates a condition and returns why it is false, or "" if it is true or can't be checked on this target.
func (s *scenarioRun) check(st *language.Step, c language.Condition, t *outcome, record bool) (string, error) {
	why := s.run.info.capabilities.SkipReason(c.Needs.Texts())
	f := s.scenario.Expressions[c.That.Node]
	for _, name := range f.Variables() {
		if reason, ok := s.undefinedBecause[name]; ok && why == "" {
			why = reason
		}
	}
	if why != "" {
		if record {
			s.mu.Lock()
			defer s.mu.Unlock()
			text := fmt.Sprintf("%s was checked without %q: %s", st.Name, c.That.Text, why)
			if !slices.Contains(s.omissions, text) {
				s.omissions = append(s.omissions, text)
			}
		}
		return "", nil
	}
	isTrue, err := f.IsTrue(t.env)
	switch {
	case err != nil:
		return err.Error(), nil // a missing member is a difference of the server
	case isTrue:
		return "", nil
	}
	text := c.That.Text + " is false"
	if left, right, ok := f.Operands(t.env); ok {
		hide := s.run.redactor.JSON
		text += fmt.Sprintf(": %s on the left, %s on the right", match.Format(left, hide), match.Format(right, hide))
	}
	return text, nil
}
