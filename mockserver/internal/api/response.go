package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/connectmock/connectmock/internal/gather"
	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/backend/vaults"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/labstack/echo/v4"
)

// response is what a handler returns. The zero value is an empty 200.
type response struct {
	status   int // 0 means 200
	kind     kind
	body     []byte
	stream   io.ReadCloser // instead of body, with size; nil: body is sent
	size     int64
	headers  []header
	cached   bool   // body is shared with the cache
	evidence string // of the text of an error; empty: it has none, or is the user's own
	unsent   bool   // nobody gets it: a fault prevents that, or the client has disconnected
}

type header struct{ name, value string }

// kind is a Content-Type.
type kind int

const (
	noKind     kind = iota
	jsonKind        // whether a real server names a charset is unknown, so none [G]
	textKind        // [D]
	binaryKind      // [D]
	metricsKind
)

// contentTypes returns the values of the Content-Type header by kind. All responses share them.
func contentTypes() [][]string {
	return [][]string{
		jsonKind:    {"application/json"},
		textKind:    {"text/plain; charset=utf-8"},
		binaryKind:  {"application/octet-stream"},
		metricsKind: {"text/plain; version=0.0.4; charset=utf-8"},
	}
}

// jsonResponse returns a document on one line, as a real server encodes it [R].
func jsonResponse(status int, document any) (response, error) {
	body, err := json.Marshal(document)
	return response{status: status, kind: jsonKind, body: body}, err
}

// documentResponse returns an encoded document.
func documentResponse(kind kind, d vaults.Document) response {
	return response{kind: kind, body: d.Body, stream: d.Stream, size: d.Size, cached: d.Cached}
}

// errorResponse returns the response for an error: Connect's own as they are, for any other the neutral 500, whose
// details are only for the log.
func (h *Handler) errorResponse(err error) response {
	shown := connect.SomethingWentWrong()
	errors.As(err, &shown)
	if h.quirks.DocumentedTexts && *shown == *connect.InvalidToken() {
		shown = connect.InvalidTokenDocumented()
	}
	r, _ := jsonResponse(shown.Status, shown) // two scalars always encode
	r.evidence = shown.Evidence
	return r
}

// clientDisconnected reports whether the client disconnected before there was a response. That the store did nothing
// then is no failure of ours, and nobody reads of it.
func (c *call) clientDisconnected(r response) bool {
	return r.status == http.StatusInternalServerError && c.context().Err() != nil
}

// setHeaders sets the headers of a response.
func (h *Handler) setHeaders(headers http.Header, r response) {
	if !h.quirks.NoVersionHeader {
		headers["1password-Connect-Version"] = h.versionHeader // the canonical form of the name
	}
	if r.kind != noKind {
		headers["Content-Type"] = h.contentTypes[r.kind]
	}
	if r.status != http.StatusNoContent {
		headers["Content-Length"] = []string{strconv.FormatInt(r.length(), 10)}
	}
	for _, own := range r.headers {
		headers.Set(own.name, own.value)
	}
}

// sentStatus returns the status as it is sent, 0 if it is not.
func (r *response) sentStatus() int {
	if r.unsent {
		return 0
	}
	return max(r.status, http.StatusOK)
}

// length returns how many bytes the body has.
func (r *response) length() int64 {
	if r.stream != nil {
		return r.size
	}
	return int64(len(r.body))
}

// send writes a response to the connection; only send and sendWithFaults do. A large body is written in pieces, so that
// a client that does not read is disconnected.
func (h *Handler) send(c *call, r response) error {
	h.setHeaders(c.writer.Header(), r)
	c.writer.WriteHeader(max(r.status, http.StatusOK))
	if r.stream != nil {
		defer r.stream.Close()
	}
	if c.request.Method == http.MethodHead || r.length() == 0 {
		return nil
	}
	if r.length() <= memory.SmallBody && r.stream == nil {
		return c.writeBody(r.body)
	}
	to := stall.NewWriter(fileWriter(c.writer), h.pauseLimits(c))
	defer to.Finish()
	var err error
	if r.stream != nil {
		_, err = io.Copy(to, r.stream) // whole chunks, as the store has them
	} else {
		_, err = to.Write(r.body)
	}
	if errors.Is(err, stall.ErrStalled) {
		h.logStall(c, "reading its response")
	}
	return err
}

// longBody is how many bytes of a body net/http sends together with the headers, at least.
const longBody = 3 << 10

// writeBody writes a body that is in memory, together with the headers where that is possible.
func (c *call) writeBody(body []byte) error {
	var conn *gather.Conn
	if len(body) > longBody {
		conn = gather.FromContext(c.context())
	}
	if conn == nil {
		_, err := c.writer.Write(body)
		return err
	}
	conn.Begin()
	_, err := c.writer.Write(body)
	return errors.Join(err, http.NewResponseController(c.writer).Flush(), conn.End())
}

// fileWriter returns the writer below echo's, which can let the system send a file; echo's can't.
func fileWriter(w http.ResponseWriter) http.ResponseWriter {
	if e, ok := w.(*echo.Response); ok {
		return e.Writer
	}
	return w
}
