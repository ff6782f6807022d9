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
)

// message is a request before it is sent.
type message struct {
	method string
	path   string // escaped, with the query
	header http.Header
	body   []byte
	has    bool // there is a body, though it may be empty
}

// exchange sends the request of a step.
func (p *play) exchange(ctx context.Context, a *action, env map[string]any) (*answer, error) {
	m, err := p.message(a, env)
	if err != nil {
		return nil, err
	}
	limit := a.Timeout
	if limit == 0 {
		limit = p.of.options.Request
	}
	outer := ctx
	if m.method == http.MethodPost {
		// What a create made is only known from its answer, so once sent it is
		// waited for, even where the run is interrupted.
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var stop func()
		ctx, stop = suite.Until(ctx, p.of.grace)
		defer stop()
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("no whole answer within %s: %w", limit, context.DeadlineExceeded))
	defer cancel()
	scope := p.of.recorder.Scope()
	defer scope.Close()
	req, err := http.NewRequestWithContext(scope.Context(ctx), m.method, p.of.target.URL+m.path, nil)
	if err != nil {
		return nil, fmt.Errorf("no request can be made of this path: %w", errors.Unwrap(err))
	}
	if m.has {
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(m.body)), int64(len(m.body))
	}
	req.Header = m.header
	if err := p.checkRequest(a, req, m); err != nil {
		return nil, err
	}
	res, err := p.of.client.Do(req)
	got := &answer{what: m.method + " " + strings.SplitN(m.path, "?", 2)[0], show: p.of.redactor.Body}
	for _, e := range scope.Exchanges() {
		p.track(e)
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
	return got, p.enterInLedger(got, m)
}

// message is what a step wants to send.
func (p *play) message(a *action, env map[string]any) (*message, error) {
	m := &message{header: http.Header{"User-Agent": {userAgent}}}
	actor := mainActor
	if a.As.set() {
		actor = a.As.Text
	}
	p.mu.Lock()
	token, known := p.tokens[actor]
	p.mu.Unlock()
	if !known {
		return nil, fmt.Errorf("the token %s is not there", actor)
	}
	if actor != noActor {
		m.header.Set("Authorization", "Bearer "+token)
	}
	content := [3]*yamlsource.Node{a.JSON, a.Body, a.Headers}
	var err error
	if a.Call.set() {
		m.path, m.method, err = p.address(a, env)
	} else {
		content = [3]*yamlsource.Node{a.Request.JSON, a.Request.Body, a.Request.Headers}
		m.method = a.Request.Method.Text
		m.path, err = p.renderText(a.Request.Path, env)
	}
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(m.path, "/") {
		return nil, fmt.Errorf("the path %q does not begin with a slash", m.path)
	}
	if err := p.content(m, content[0], content[1], env); err != nil {
		return nil, err
	}
	return m, p.headers(m, content[2], env)
}

// address is path and query of an operation.
func (p *play) address(a *action, env map[string]any) (path, method string, err error) {
	op := p.of.document.Operation(a.Call.Text)
	path = op.Path
	query := url.Values{}
	inPath := pathParameters(op)
	if a.With != nil {
		for _, pair := range a.With.Pairs {
			text, err := p.renderText(pair.Value, env)
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

func (p *play) renderText(n *yamlsource.Node, env map[string]any) (string, error) {
	v, err := p.render(n, env)
	if err != nil {
		return "", err
	}
	if n.Kind != yamlsource.Text && n.Kind != yamlsource.Null {
		return n.Raw, nil // 007 as it is written
	}
	return expression.Text(v)
}

func (p *play) content(m *message, document, body *yamlsource.Node, env map[string]any) error {
	switch {
	case document != nil:
		v, err := p.render(document, env)
		if err != nil {
			return fmt.Errorf("json: %w", err)
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return fmt.Errorf("json: %w", err)
		}
		m.body, m.has = bytes.TrimSuffix(b.Bytes(), []byte("\n")), true
	case body != nil:
		text, err := p.renderText(body, env)
		if err != nil {
			return fmt.Errorf("body: %w", err)
		}
		m.body, m.has = []byte(text), true
	}
	if m.has {
		m.header.Set("Content-Type", "application/json")
	}
	return nil
}

func (p *play) headers(m *message, n *yamlsource.Node, env map[string]any) error {
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
		text, err := p.renderText(pair.Value, env)
		if err != nil {
			return fmt.Errorf("headers %s: %w", pair.Key, err)
		}
		m.header.Set(pair.Key, text)
	}
	return nil
}

// checkRequest holds a request to the document. One that breaks it is a mistake
// of the scenario unless it says that this is meant.
func (p *play) checkRequest(a *action, req *http.Request, m *message) error {
	if a.Expect.Schema.set() {
		return nil
	}
	const way = "if that is meant, say schema: response"
	op, path := p.of.document.Match(req.Method, strings.TrimPrefix(req.URL.Path, p.of.recorder.BasePath))
	if op == nil {
		return fmt.Errorf("the document has no route for %s %s; %s", req.Method, strings.SplitN(m.path, "?", 2)[0], way)
	}
	violation := op.CheckParameters(req, path)
	if violation == nil {
		violation = op.CheckBody(req, m.body)
	}
	if violation != nil {
		return fmt.Errorf("the request breaks the document: %v; %s", violation, way)
	}
	return nil
}
