package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/openapi"
)

// The largest bodies, in bytes. Imported snapshots are read while they come and
// have none.
const (
	maxDocument = 1 << 20
	maxFixture  = 64 << 20
)

// emptySegment stands for an empty last segment when a path is matched.
const emptySegment = "-"

// exchange is one request on its way to its reply.
type exchange struct {
	writer  http.ResponseWriter
	request *http.Request
	op      *openapi.Operation
	path    map[string]string // the parameters in the path, decoded
	query   url.Values
	body    []byte // of operations that don't read it while it comes
}

// elsewhere is a path that has the operations of other methods only.
type elsewhere struct{ methods []string }

func (e *elsewhere) Error() string { return "method not allowed" }

// route finds the operation.
func (h *handler) route(x *exchange) error {
	path := x.request.URL.EscapedPath()
	if name := h.emptyParameter(path); name != "" {
		return refuse(http.StatusBadRequest, "path: "+name+" must not be empty")
	}
	op, params := h.document.Match(x.request.Method, path)
	if op == nil {
		return h.nowhere(path)
	}
	for name, value := range params {
		decoded, err := url.PathUnescape(value)
		if err != nil {
			return refuse(http.StatusBadRequest, "path: "+name+" must be percent-encoded")
		}
		params[name] = decoded
	}
	x.op, x.path = op, params
	return nil
}

// emptyParameter is the name of the parameter that an empty last segment of the
// path stands for, "" if there is none: DELETE /faults/$UNSET must not delete
// every fault.
func (h *handler) emptyParameter(path string) string {
	if path == "/" || !strings.HasSuffix(path, "/") {
		return ""
	}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		op, params := h.document.Match(method, path+emptySegment)
		if op == nil {
			continue
		}
		for name, value := range params {
			if value == emptySegment {
				return name
			}
		}
	}
	return ""
}

func (h *handler) nowhere(path string) error {
	var methods []string
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		if op, _ := h.document.Match(method, path); op != nil {
			methods = append(methods, method)
		}
	}
	if len(methods) > 0 {
		allowed := refuse(http.StatusMethodNotAllowed, "here are only "+strings.Join(methods, ", "))
		return errors.Join(allowed, &elsewhere{methods})
	}
	if strings.HasPrefix(path, "/v1/") || path == "/health" || path == "/heartbeat" || path == "/metrics" {
		return refuse(http.StatusNotFound, "this is the control API of the mock; Connect is served at another address, which the mock printed at its start")
	}
	return refuse(http.StatusNotFound, "the control API has no such path; GET / answers, and package openapi has the document")
}

// address checks the parameters against the document. One that is misspelt or
// empty is refused: without its account a reset is one of everything.
func (x *exchange) address() error {
	if v := x.op.CheckParameters(x.request, x.path); v != nil {
		return v
	}
	var err error
	if x.query, err = url.ParseQuery(x.request.URL.RawQuery); err != nil {
		return refuse(http.StatusBadRequest, "the query must be percent-encoded")
	}
	known := x.op.Query()
	for name, values := range x.query {
		if !slices.Contains(known, name) {
			return refuse(http.StatusBadRequest, unknownParameter(name, known))
		}
		if slices.Contains(values, "") {
			return refuse(http.StatusBadRequest, "query: "+name+" is given and empty; leave it out to go without it")
		}
	}
	return nil
}

func unknownParameter(name string, known []string) string {
	const longest = 64
	if len(name) > longest {
		name = name[:longest] + "..."
	}
	if len(known) == 0 {
		return fmt.Sprintf("query: %q is not documented; there are no parameters here", name)
	}
	return fmt.Sprintf("query: %q is not documented; documented: %s", name, strings.Join(known, ", "))
}

// streams says that an operation reads its body while it comes.
func (x *exchange) streams() bool { return x.op.ID == "ImportSnapshot" }

// readBody reads the body of an operation that has one and holds it to the
// document. Fixtures are held to the rules of their own when they are loaded.
func (x *exchange) readBody() error {
	if x.op.Spec().RequestBody == nil {
		return nil
	}
	if x.streams() {
		return violated(x.op.CheckMediaType(x.request))
	}
	limit := int64(maxDocument)
	if x.op.ID == "LoadFixture" {
		limit = maxFixture
	}
	var err error
	if x.body, err = io.ReadAll(http.MaxBytesReader(x.writer, x.request.Body, limit)); err != nil {
		return unread(err)
	}
	if x.op.ID == "LoadFixture" {
		if v := x.op.CheckMediaType(x.request); v != nil {
			return v
		}
		return violated(openapi.CheckEncoding(x.request, x.body))
	}
	return violated(x.op.CheckBody(x.request, x.body))
}

// unread is the refusal of a body that could not be read.
func unread(err error) error {
	if errors.Is(err, stall.Err) {
		return err
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return refuse(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is too large: the limit is %d bytes", large.Limit))
	}
	return refuse(http.StatusBadRequest, "the body could not be read to its end")
}

// violated keeps no violation from becoming an error that is not nil.
func violated(v *openapi.Violation) error {
	if v == nil {
		return nil
	}
	return v
}

// account is the one of the query, "" if there is none.
func (x *exchange) account() string { return x.query.Get("account") }

// decode reads the body, which the document has been asked about, into a
// document of Go. No body is the zero value.
func decode[T any](x *exchange) (document T, err error) {
	if len(x.body) == 0 {
		return document, nil
	}
	d := json.NewDecoder(bytes.NewReader(x.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&document); err != nil {
		return document, refuse(http.StatusBadRequest, "body: "+strings.TrimPrefix(err.Error(), "json: "))
	}
	return document, nil
}
