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
	"github.com/connectmock/connectmock/internal/textenc"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi"
)

// The largest bodies, in bytes. An imported snapshot has no limit here, because it is read as it arrives.
const (
	maxDocument = 1 << 20
	maxFixture  = textenc.MaxBytes
)

// emptySegment stands for an empty last segment when a path is matched.
const emptySegment = "-"

// request is one request with what the checks have read of it.
type request struct {
	w     http.ResponseWriter
	r     *http.Request
	op    *openapi.Operation // nil until route has found it
	path  map[string]string  // the parameters in the path, decoded
	query url.Values
	body  []byte // nil if the operation reads the body as it arrives
}

// operationID returns the id of the operation for the log, "none" if the request matches none.
func (req *request) operationID() string {
	if req.op == nil {
		return "none"
	}
	return req.op.ID
}

// account returns the query parameter "account", "" if there is none.
func (req *request) account() string { return req.query.Get("account") }

// methodNotAllowed is the error for a path that has operations for other methods only.
type methodNotAllowed struct{ allowed []string }

func (e *methodNotAllowed) Error() string { return "method not allowed" }

// route finds the operation of a request.
func (h *handler) route(req *request) error {
	path := req.r.URL.EscapedPath()
	if name := h.emptyParameter(path); name != "" {
		return apiError(http.StatusBadRequest, "path: "+name+" must not be empty")
	}
	op, params := h.document.Match(req.r.Method, path)
	if op == nil {
		return h.routeError(path)
	}
	for name, value := range params {
		decoded, err := url.PathUnescape(value)
		if err != nil {
			return apiError(http.StatusBadRequest, "path: "+name+" must be percent-encoded")
		}
		params[name] = decoded
	}
	req.op, req.path = op, params
	return nil
}

// emptyParameter returns the name of the parameter that an empty last segment of the path stands for, "" if there is
// none: DELETE /faults/$UNSET must not delete every fault.
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

// routeError returns the error for a path and method without an operation.
func (h *handler) routeError(path string) error {
	var methods []string
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		if op, _ := h.document.Match(method, path); op != nil {
			methods = append(methods, method)
		}
	}
	if len(methods) > 0 {
		message := "this path allows only " + strings.Join(methods, ", ")
		return errors.Join(apiError(http.StatusMethodNotAllowed, message), &methodNotAllowed{methods})
	}
	if strings.HasPrefix(path, "/v1/") || path == "/health" || path == "/heartbeat" || path == "/metrics" {
		return apiError(http.StatusNotFound, "this is the control API of the mock; "+
			"Connect is served at another address, which the mock printed when it started")
	}
	return apiError(http.StatusNotFound,
		"the control API has no such path; GET / describes the mock, and package openapi has the document")
}

// checkParameters checks the parameters against the document. It refuses unknown and empty ones: without its account
// a reset would reset every account.
func (req *request) checkParameters() error {
	if v := req.op.CheckParameters(req.r, req.path); v != nil {
		return v
	}
	var err error
	if req.query, err = url.ParseQuery(req.r.URL.RawQuery); err != nil {
		return apiError(http.StatusBadRequest, "the query must be percent-encoded")
	}
	known := req.op.Query()
	for name, values := range req.query {
		if !slices.Contains(known, name) {
			return apiError(http.StatusBadRequest, unknownParameter(name, known))
		}
		if slices.Contains(values, "") {
			return apiError(http.StatusBadRequest, "query: "+name+" is given and empty; leave it out to go without it")
		}
	}
	return nil
}

// unknownParameter returns the message about a query parameter that the operation does not have.
func unknownParameter(name string, known []string) string {
	const maxShown = 64
	if len(name) > maxShown {
		name = name[:maxShown] + "..."
	}
	if len(known) == 0 {
		return fmt.Sprintf("query: %q is not documented; there are no parameters here", name)
	}
	return fmt.Sprintf("query: %q is not documented; documented: %s", name, strings.Join(known, ", "))
}

// isStreamed reports whether the operation reads the body as it arrives.
func (req *request) isStreamed() bool { return req.op.ID == "ImportSnapshot" }

// readBody reads the body of an operation that has one and checks it against the document. Fixtures are checked when
// they are loaded, by rules of their own.
func (req *request) readBody() error {
	if req.op.Spec().RequestBody == nil {
		return nil
	}
	if req.isStreamed() {
		return violationError(req.op.CheckMediaType(req.r))
	}
	limit := int64(maxDocument)
	switch req.op.ID {
	case "LoadFixture":
		limit = maxFixture
	case "AddFile":
		limit = mockserver.MaxFileBytes
	}
	var err error
	if req.body, err = io.ReadAll(http.MaxBytesReader(req.w, req.r.Body, limit)); err != nil {
		return bodyError(err)
	}
	if req.op.ID == "LoadFixture" {
		if v := req.op.CheckMediaType(req.r); v != nil {
			return v
		}
		return violationError(openapi.CheckEncoding(req.r, req.body))
	}
	if req.op.ID == "AddFile" {
		return violationError(req.op.CheckMediaType(req.r))
	}
	return violationError(req.op.CheckBody(req.r, req.body))
}

// bodyError returns the error for a body that could not be read. It returns stall.ErrStalled unchanged.
func bodyError(err error) error {
	if errors.Is(err, stall.ErrStalled) {
		return err
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return apiError(http.StatusRequestEntityTooLarge,
			fmt.Sprintf("the body is too large: the limit is %d bytes", large.Limit))
	}
	return apiError(http.StatusBadRequest, "the body could not be read to its end")
}

// violationError returns a violation as an error: a nil pointer in an error would not be nil.
func violationError(v *openapi.Violation) error {
	if v == nil {
		return nil
	}
	return v
}

// decode decodes the body, which was checked against the document. It returns the zero value for an empty body.
func decode[T any](req *request) (document T, err error) {
	if len(req.body) == 0 {
		return document, nil
	}
	d := json.NewDecoder(bytes.NewReader(req.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&document); err != nil {
		return document, apiError(http.StatusBadRequest, "body: "+strings.TrimPrefix(err.Error(), "json: "))
	}
	return document, nil
}
