package contract

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// request is a request before it is sent. The zero value of a field means the
// default.
type request struct {
	path        map[string]string
	query       string // raw, without the question mark
	body        []byte
	contentType string
	header      http.Header // "Authorization" here replaces the token
	suffix      string      // added to the path
}

// option changes a request.
type option func(*request)

// vault, item and file set the ids in the path.
func vault(id string) option { return func(r *request) { r.path["vaultUuid"] = id } }
func item(id string) option  { return func(r *request) { r.path["itemUuid"] = id } }
func file(id string) option  { return func(r *request) { r.path["fileUuid"] = id } }

// query sets the parameters, form-encoded as the Go SDK does.
func query(pairs ...string) option {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return rawQuery(values.Encode())
}

// rawQuery sets the query as it is sent.
func rawQuery(q string) option { return func(r *request) { r.query = q } }

// body sets the body to a document in JSON.
func body(document any) option {
	return rawJSON(encodeJSON(document))
}

// rawJSON sets the body to a text with the Content-Type of JSON.
func rawJSON(text string) option { return rawBody(text, "application/json") }

// rawBody sets the body and its Content-Type; an empty type is not sent.
func rawBody(text, contentType string) option {
	return func(r *request) { r.body, r.contentType = []byte(text), contentType }
}

// withToken replaces the bearer token.
func withToken(token string) option { return authorization("Bearer " + token) }

// authorization replaces the Authorization header, or removes it if value is empty.
func authorization(value string) option {
	return func(r *request) {
		r.header["Authorization"] = nil
		if value != "" {
			r.header.Set("Authorization", value)
		}
	}
}

// header sets a header.
func header(name, value string) option { return func(r *request) { r.header.Set(name, value) } }

// trailingSlash adds a slash to the path, as the JS SDK does [W].
func trailingSlash() option { return func(r *request) { r.suffix = "/" } }

// do calls an operation. If there is no response, the check ends with an error, not
// with a failure.
func (s *session) do(operation string, options ...option) *response {
	res, err := s.try(operation, options...)
	if err != nil {
		abort(err)
	}
	return res
}

// try calls an operation and returns the error if there is no response.
func (s *session) try(operation string, options ...option) (*response, error) {
	op := s.document.Operation(operation)
	if op == nil {
		return nil, fmt.Errorf("the document has no operation %s", operation)
	}
	r := request{path: map[string]string{"vaultUuid": s.vault()}, header: http.Header{}}
	for _, o := range options {
		o(&r)
	}
	path := op.Path
	for name, value := range r.path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	send := s.send
	if s.isNew(r) {
		send = s.sendToNew
	}
	res, err := send(op.Method, path+r.suffix, r)
	if res != nil {
		res.operation = operation
	}
	if err == nil && operation == "CreateVaultItem" {
		s.track(r.path["vaultUuid"], res)
	}
	return res, err
}

// doRaw sends a request to any path.
func (s *session) doRaw(method, path string, options ...option) *response {
	r := request{path: map[string]string{}, header: http.Header{}}
	for _, o := range options {
		o(&r)
	}
	res, err := s.send(method, path, r)
	if err != nil {
		abort(err)
	}
	return res
}

// send sends a request and reads the whole response.
func (s *session) send(method, path string, r request) (*response, error) {
	address := strings.TrimSuffix(s.server.url, "/") + path
	if r.query != "" {
		address += "?" + r.query
	}
	ctx := s.ctx
	if s.scope != nil {
		ctx = s.scope.Context(ctx)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if method == http.MethodDelete {
		release, err := s.acquireDelete(ctx, r.path["itemUuid"])
		if err != nil {
			return nil, err
		}
		defer release()
	}
	if method == http.MethodPost {
		// Only the response says which item was created, so wait for it even after
		// the run was interrupted.
		var stop func()
		ctx, stop = suite.WithEndOf(ctx, s.grace)
		defer stop()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.server.token)
	req.Header.Set("User-Agent", "connectmock-contract")
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	for name, values := range r.header {
		req.Header[name] = values
		if values == nil {
			delete(req.Header, name)
		}
	}
	began := time.Now()
	received, err := s.client.Do(req)
	s.patience.addResponse(time.Since(began))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer received.Body.Close()
	data, err := io.ReadAll(received.Body)
	res := &response{
		session: s, request: method + " " + path, Status: received.StatusCode, Header: received.Header, Body: data,
	}
	s.rememberResponse(res)
	return res, err
}

// response is the response to a request.
type response struct {
	session   *session
	request   string // method and path, and what is special about the request
	operation string // operationId; empty: the request has none
	Status    int
	Header    http.Header
	Body      []byte
}

// requestWithOperation returns the request with its operation, for messages.
func (res *response) requestWithOperation() string {
	if res.operation == "" {
		return res.request
	}
	return res.request + " (" + res.operation + ")"
}

// String returns the request and the status, for messages.
func (res *response) String() string {
	return fmt.Sprintf("%s returned %d", res.requestWithOperation(), res.Status)
}

func (res *response) decode(v any) error { return json.Unmarshal(res.Body, v) }

// expectStatus asserts the status.
func (res *response) expectStatus(status int) *response {
	if res.Status != status {
		res.session.fail("%s returned %d, expected %d; the body: %s", res.requestWithOperation(), res.Status, status,
			res.shortBody())
	}
	return res
}

// expectError asserts that status, an error body of Connect and, unless pattern is
// empty, a message that matches it. It returns the message.
func (res *response) expectError(status int, pattern string) string {
	res.expectStatus(status)
	var e connect.Error
	if res.decode(&e) != nil || e.Status != status || e.Message == "" {
		res.session.fail("%s returned %d, but its body is not {status: %d, message}: %s", res.requestWithOperation(),
			res.Status, status, res.shortBody())
	}
	if pattern != "" {
		res.Expect(e.Message).To(gomega.MatchRegexp(pattern), "message")
	}
	return e.Message
}

// decodeBody returns the decoded body. The check fails if the body has another form.
func decodeBody[T any](res *response) (v T) {
	if err := res.decode(&v); err != nil {
		res.session.fail("%s: the body does not have the documented form: %s", res, decodeFailure(err))
	}
	return v
}

// decodeFailure returns why a body could not be decoded, without any value of it.
func decodeFailure(err error) string {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrongType):
		kind, _, _ := strings.Cut(wrongType.Value, " ") // "number 123" includes the value
		return fmt.Sprintf("%s: expected %s, got %s", cmp.Or(wrongType.Field, "the whole body"), jsonKind(wrongType.Type),
			kind)
	case errors.As(err, &syntax):
		return fmt.Sprintf("it is not valid JSON at byte %d", syntax.Offset)
	}
	return "it is not valid JSON"
}

// jsonKind returns the kind of JSON value that decodes into a type.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Pointer:
		return jsonKind(t.Elem())
	}
	return "number"
}

func (res *response) item() connect.Item           { return decodeBody[connect.Item](res) }
func (res *response) items() []connect.Summary     { return decodeBody[[]connect.Summary](res) }
func (res *response) vaults() []connect.Vault      { return decodeBody[[]connect.Vault](res) }
func (res *response) files() []connect.File        { return decodeBody[[]connect.File](res) }
func (res *response) activity() []connect.Activity { return decodeBody[[]connect.Activity](res) }
func (res *response) object() map[string]any       { return decodeBody[map[string]any](res) }
func (res *response) objects() []map[string]any    { return decodeBody[[]map[string]any](res) }

// shortBody returns the beginning of the body with masked secrets, for messages.
func (res *response) shortBody() string {
	const maxLength = 300
	if len(res.Body) == 0 {
		return "none"
	}
	text := res.session.redactor.Body(res.operation, res.Body)
	if len(text) > maxLength {
		return strings.ToValidUTF8(text[:maxLength], "") + "..."
	}
	return text
}
