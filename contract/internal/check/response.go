package check

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Response is the response to a request.
type Response struct {
	session   *Session
	Request   string // method and path, and what is special about the request
	operation string // operationId; empty: the request has none
	Status    int
	Header    http.Header
	Body      []byte
}

// requestWithOperation returns the request with its operation, for messages.
func (res *Response) requestWithOperation() string {
	if res.operation == "" {
		return res.Request
	}
	return res.Request + " (" + res.operation + ")"
}

// String returns the request and the status, for messages.
func (res *Response) String() string {
	return fmt.Sprintf("%s returned %d", res.requestWithOperation(), res.Status)
}

// Decode decodes the body.
func (res *Response) Decode(v any) error { return json.Unmarshal(res.Body, v) }

// ExpectStatus asserts the status.
func (res *Response) ExpectStatus(status int) *Response {
	if res.Status != status {
		res.session.Fail("%s returned %d, expected %d; the body: %s", res.requestWithOperation(), res.Status, status,
			res.ShortBody())
	}
	return res
}

// ExpectError asserts that status, an error body of Connect and, unless pattern is
// empty, a message that matches it. It returns the message.
func (res *Response) ExpectError(status int, pattern string) string {
	res.ExpectStatus(status)
	var e connect.Error
	if res.Decode(&e) != nil || e.Status != status || e.Message == "" {
		res.session.Fail("%s returned %d, but its body is not {status: %d, message}: %s", res.requestWithOperation(),
			res.Status, status, res.ShortBody())
	}
	if pattern != "" {
		res.Expect(e.Message).To(gomega.MatchRegexp(pattern), "message")
	}
	return e.Message
}

// DecodeBody returns the decoded body. The check fails if the body has another form.
func DecodeBody[T any](res *Response) (v T) {
	if err := res.Decode(&v); err != nil {
		res.session.Fail("%s: the body does not have the documented form: %s", res, decodeFailure(err))
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
		return fmt.Sprintf("%s: expected %s, got %s", cmp.Or(wrongType.Field, "the whole body"),
			jsonKind(wrongType.Type), kind)
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

// These return the decoded body, as DecodeBody does.
func (res *Response) Item() connect.Item           { return DecodeBody[connect.Item](res) }
func (res *Response) Items() []connect.Summary     { return DecodeBody[[]connect.Summary](res) }
func (res *Response) Vaults() []connect.Vault      { return DecodeBody[[]connect.Vault](res) }
func (res *Response) Files() []connect.File        { return DecodeBody[[]connect.File](res) }
func (res *Response) Activity() []connect.Activity { return DecodeBody[[]connect.Activity](res) }
func (res *Response) Object() map[string]any       { return DecodeBody[map[string]any](res) }
func (res *Response) Objects() []map[string]any    { return DecodeBody[[]map[string]any](res) }

// ShortBody returns the beginning of the body with masked secrets, for messages.
func (res *Response) ShortBody() string {
	const maxLength = 300
	if len(res.Body) == 0 {
		return "none"
	}
	return textenc.Cut(res.session.Redactor.Body(res.operation, res.Body), maxLength)
}

// ExpectErrorOneOf asserts one of these statuses and an error body of Connect. It
// returns the message.
func (res *Response) ExpectErrorOneOf(statuses ...int) string {
	if !slices.Contains(statuses, res.Status) {
		res.session.Fail("%s returned %d, expected one of %v: %s", res.Request, res.Status, statuses, res.ShortBody())
	}
	return res.ExpectError(res.Status, "")
}

// ExpectClientError asserts an error with any 4xx status. It is for refusals whose
// status is not known. It returns the message.
func (res *Response) ExpectClientError() string {
	if res.Status < 400 || res.Status > 499 {
		res.session.Fail("%s returned %d, expected a refusal: %s", res.Request, res.Status, res.ShortBody())
	}
	return res.ExpectError(res.Status, "")
}
