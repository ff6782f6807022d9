package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// message is a request before it is sent.
type message struct {
	method  string
	path    string // escaped, with the query
	header  http.Header
	body    []byte
	hasBody bool // true also for an empty body
}

// send sends the request of a step. Without a complete response it returns a response with the reason, not an error.
func (s *scenarioRun) send(ctx context.Context, st *language.Step, env map[string]any) (*response, error) {
	m, err := s.buildMessage(st, env)
	if err != nil {
		return nil, err
	}
	limit := st.Timeout
	if limit == 0 {
		limit = s.run.options.Request
	}
	outer := ctx
	if m.method == http.MethodPost {
		// Only the response has the id of a created item, so wait for it even if the run is interrupted.
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var stop func()
		ctx, stop = suite.WithEndOf(ctx, s.run.grace)
		defer stop()
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit,
		fmt.Errorf("no complete response within %s: %w", limit, context.DeadlineExceeded))
	defer cancel()
	scope := s.run.recorder.Scope()
	defer scope.Close()
	req, err := http.NewRequestWithContext(scope.Context(ctx), m.method, s.run.target.URL+m.path, nil)
	if err != nil {
		return nil, fmt.Errorf("invalid path: %w", errors.Unwrap(err))
	}
	if m.hasBody {
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(m.body)), int64(len(m.body))
	}
	req.Header = m.header
	if err := s.checkRequest(st, req, m); err != nil {
		return nil, err
	}
	res, err := s.run.client.Do(req)
	got := &response{
		label: m.method + " " + strings.SplitN(m.path, "?", 2)[0], redactBody: s.run.redactor.Body,
	}
	for _, e := range scope.Exchanges() {
		s.addExchange(e)
		got.violations, got.operation = e.Violations, e.Operation
	}
	if err != nil {
		if outer.Err() != nil {
			return nil, context.Cause(outer)
		}
		got.err, got.failure = err, classify(err)
		return got, nil
	}
	defer res.Body.Close()
	if got.body, err = io.ReadAll(res.Body); err != nil {
		return nil, err
	}
	got.status, got.header = res.StatusCode, res.Header
	return got, s.updateLedger(got, m)
}

// buildMessage returns the request of a step.
func (s *scenarioRun) buildMessage(st *language.Step, env map[string]any) (*message, error) {
	m := &message{header: http.Header{"User-Agent": {language.UserAgent}}}
	actor := language.MainActor
	if st.As.Set() {
		actor = st.As.Text
	}
	s.mu.Lock()
	token, known := s.tokens[actor]
	s.mu.Unlock()
	if !known {
		return nil, fmt.Errorf("there is no token %s", actor)
	}
	if actor != language.NoActor {
		m.header.Set("Authorization", "Bearer "+token)
	}
	content := [3]*yamlsource.Node{st.JSON, st.Body, st.Headers}
	var err error
	if st.Call.Set() {
		m.path, m.method, err = s.operationPath(st, env)
	} else {
		content = [3]*yamlsource.Node{st.Request.JSON, st.Request.Body, st.Request.Headers}
		m.method = st.Request.Method.Text
		m.path, err = s.renderText(st.Request.Path, env)
	}
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(m.path, "/") {
		return nil, fmt.Errorf("the path %q does not begin with a slash", m.path)
	}
	if err := s.setBody(m, content[0], content[1], env); err != nil {
		return nil, err
	}
	return m, s.setHeaders(m, content[2], env)
}

// operationPath returns the path with the query, and the method, of the operation that a step calls.
func (s *scenarioRun) operationPath(st *language.Step, env map[string]any) (path, method string, err error) {
	op := s.run.document.Operation(st.Call.Text)
	path = op.Path
	query := url.Values{}
	inPath := language.PathParameters(op)
	if st.With != nil {
		for _, pair := range st.With.Pairs {
			text, err := s.renderText(pair.Value, env)
			if err != nil {
				return "", "", fmt.Errorf("with %s: %w", pair.Key, err)
			}
			if slices.Contains(inPath, pair.Key) {
				path = strings.ReplaceAll(path, "{"+pair.Key+"}", url.PathEscape(text))
			} else {
				query.Set(pair.Key, text)
			}
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path, op.Method, nil
}

func (s *scenarioRun) renderText(n *yamlsource.Node, env map[string]any) (string, error) {
	v, err := s.render(n, env)
	if err != nil {
		return "", err
	}
	if n.Kind != yamlsource.Text && n.Kind != yamlsource.Null {
		return n.Raw, nil // unchanged, such as 007
	}
	return expression.Text(v)
}

func (s *scenarioRun) setBody(m *message, document, body *yamlsource.Node, env map[string]any) error {
	switch {
	case document != nil:
		v, err := s.render(document, env)
		if err != nil {
			return fmt.Errorf("json: %w", err)
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return fmt.Errorf("json: %w", err)
		}
		m.body, m.hasBody = bytes.TrimSuffix(b.Bytes(), []byte("\n")), true
	case body != nil:
		text, err := s.renderText(body, env)
		if err != nil {
			return fmt.Errorf("body: %w", err)
		}
		m.body, m.hasBody = []byte(text), true
	}
	if m.hasBody {
		m.header.Set("Content-Type", "application/json")
	}
	return nil
}

func (s *scenarioRun) setHeaders(m *message, n *yamlsource.Node, env map[string]any) error {
	if n == nil {
		return nil
	}
	for _, pair := range n.Pairs {
		if pair.Value.Kind == yamlsource.Null {
			m.header.Del(pair.Key)
			if http.CanonicalHeaderKey(pair.Key) == "User-Agent" {
				m.header["User-Agent"] = []string{""} // or Go sends its own
			}
			continue
		}
		text, err := s.renderText(pair.Value, env)
		if err != nil {
			return fmt.Errorf("headers %s: %w", pair.Key, err)
		}
		m.header.Set(pair.Key, text)
	}
	return nil
}

// checkRequest validates a request against the document. An invalid one is a mistake in the scenario, unless the step
// says that it is intended.
func (s *scenarioRun) checkRequest(st *language.Step, req *http.Request, m *message) error {
	if st.Expect.Schema.Set() {
		return nil
	}
	const hint = "if this is intended, add schema: response"
	op, path := s.run.document.Match(req.Method, strings.TrimPrefix(req.URL.Path, s.run.recorder.BasePath))
	if op == nil {
		return fmt.Errorf("the document has no route for %s %s; %s", req.Method,
			strings.SplitN(m.path, "?", 2)[0], hint)
	}
	violation := op.CheckParameters(req, path)
	if violation == nil {
		violation = op.CheckBody(req, m.body)
	}
	if violation != nil {
		return fmt.Errorf("the request breaks the document: %v; %s", violation, hint)
	}
	return nil
}
