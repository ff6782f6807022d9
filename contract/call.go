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

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// request is a call before it is sent. The zero value of a member means the default.
type request struct {
	path        map[string]string
	query       string // raw, without the question mark
	body        []byte
	contentType string
	header      http.Header // "Authorization" here replaces the token
	suffix      string      // after the path
}

// option changes a request.
type option func(*request)

func vault(id string) option { return func(r *request) { r.path["vaultUuid"] = id } }
func item(id string) option  { return func(r *request) { r.path["itemUuid"] = id } }
func file(id string) option  { return func(r *request) { r.path["fileUuid"] = id } }

// query sends the parameters form-encoded, as the Go SDK does.
func query(pairs ...string) option {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return rawQuery(values.Encode())
}

func rawQuery(q string) option { return func(r *request) { r.query = q } }

// body sends a document as JSON.
func body(document any) option {
	data, err := json.Marshal(document)
	if err != nil {
		panic(infraError{err})
	}
	return rawBody(string(data), "application/json")
}

func rawBody(text, contentType string) option {
	return func(r *request) { r.body, r.contentType = []byte(text), contentType }
}

// as replaces the bearer token.
func as(token string) option { return authorization("Bearer " + token) }

// authorization replaces the Authorization header, or removes it if value is empty.
func authorization(value string) option {
	return func(r *request) {
		r.header["Authorization"] = nil
		if value != "" {
			r.header.Set("Authorization", value)
		}
	}
}

func header(name, value string) option { return func(r *request) { r.header.Set(name, value) } }

// trailingSlash adds a slash to the path, as the JS SDK does [W].
func trailingSlash() option { return func(r *request) { r.suffix = "/" } }

// do calls an operation. A request without a response ends the check with an error of
// the network, not with a failure.
func (s *session) do(operation string, options ...option) *answer {
	a, err := s.try(operation, options...)
	if err != nil {
		panic(infraError{err})
	}
	return a
}

// try calls an operation and returns the error if there is no response.
func (s *session) try(operation string, options ...option) (*answer, error) {
	op := s.run.document.Operation(operation)
	if op == nil {
		return nil, fmt.Errorf("the document has no operation %s", operation)
	}
	r := request{path: map[string]string{}, header: http.Header{}}
	if s.run.found != nil {
		r.path["vaultUuid"] = s.vault()
	}
	for _, o := range options {
		o(&r)
	}
	path := op.Path
	for name, value := range r.path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	a, err := s.send(op.Method, path+r.suffix, r)
	if a != nil {
		a.operation = operation
	}
	if err == nil && operation == "CreateVaultItem" {
		s.track(r.path["vaultUuid"], a)
	}
	return a, err
}

// raw sends any request.
func (s *session) raw(method, path string, options ...option) *answer {
	r := request{path: map[string]string{}, header: http.Header{}}
	for _, o := range options {
		o(&r)
	}
	a, err := s.send(method, path, r)
	if err != nil {
		panic(infraError{err})
	}
	return a
}

func (s *session) send(method, path string, r request) (*answer, error) {
	address := strings.TrimSuffix(s.run.target.URL, "/") + path
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
	if method == http.MethodPost {
		// Only the response says which item was created, so wait for it even if
		// the run is interrupted.
		var stop func()
		ctx, stop = suite.Until(ctx, s.run.grace)
		defer stop()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.run.target.Token)
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
	res, err := s.run.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	a := &answer{session: s, what: method + " " + path, Status: res.StatusCode, Header: res.Header, Body: data}
	s.remember(a)
	return a, err
}

// answer is a response.
type answer struct {
	session   *session
	what      string // method, path and what else matters of the request
	operation string // id of the operation; empty: none was called
	Status    int
	Header    http.Header
	Body      []byte
}

// request names the request: method, path and operation.
func (a *answer) request() string {
	if a.operation == "" {
		return a.what
	}
	return a.what + " (" + a.operation + ")"
}

// String names the response by its request, for a failure.
func (a *answer) String() string { return fmt.Sprintf("%s, answered %d", a.request(), a.Status) }

func (a *answer) decode(v any) error { return json.Unmarshal(a.Body, v) }

// expect asserts the status.
func (a *answer) expect(status int) *answer {
	if a.Status != status {
		a.session.fail("%s was answered %d, expected %d; the body: %s", a.request(), a.Status, status, a.short())
	}
	return a
}

// refused asserts Connect's error body with that status and, unless pattern is empty,
// a message that matches it. It returns the message.
func (a *answer) refused(status int, pattern string) string {
	a.expect(status)
	var e connect.Error
	if a.decode(&e) != nil || e.Status != status || e.Message == "" {
		a.session.fail("%s was answered %d, but its body is not {status: %d, message}: %s", a.request(), a.Status, status, a.short())
	}
	if pattern != "" {
		a.Expect(e.Message).To(gomega.MatchRegexp(pattern), "message")
	}
	return e.Message
}

// into decodes the body; a body of another form fails the check.
func into[T any](a *answer) (v T) {
	if err := a.decode(&v); err != nil {
		a.session.fail("%s: the body is not of the documented form: %s", a, decodeFailure(err))
	}
	return v
}

// decodeFailure says why a body could not be decoded, without showing a value.
func decodeFailure(err error) string {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrongType):
		kind, _, _ := strings.Cut(wrongType.Value, " ") // "number 123" has the value in it
		return fmt.Sprintf("%s: expected %s, got %s", cmp.Or(wrongType.Field, "the whole body"), jsonKind(wrongType.Type), kind)
	case errors.As(err, &syntax):
		return fmt.Sprintf("it is not valid JSON at byte %d", syntax.Offset)
	}
	return "it is not valid JSON"
}

// jsonKind names the JSON values that decode into a type.
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

func (a *answer) item() connect.Item       { return into[connect.Item](a) }
func (a *answer) items() []connect.Summary { return into[[]connect.Summary](a) }
func (a *answer) vaults() []connect.Vault  { return into[[]connect.Vault](a) }
func (a *answer) files() []connect.File    { return into[[]connect.File](a) }
func (a *answer) log() []connect.Activity  { return into[[]connect.Activity](a) }
func (a *answer) members() map[string]any  { return into[map[string]any](a) }
func (a *answer) list() []map[string]any   { return into[[]map[string]any](a) }

// short returns the beginning of the body with secrets masked, for the text of a failure.
func (a *answer) short() string {
	const most = 300
	if len(a.Body) == 0 {
		return "none"
	}
	text := a.session.run.redactor.Body(a.operation, a.Body)
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
