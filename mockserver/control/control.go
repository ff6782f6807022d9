// Package control serves the control API of a mock: control.yaml, over a mockserver.Server.
//
// It knows HTTP and who may send requests. It does not know what the operations do: the server does them. It belongs
// on a listener of its own, never on that of Connect, because whoever has its token may do everything.
package control

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi"
)

// handler serves the control API.
type handler struct {
	server      *mockserver.Server
	document    *openapi.Document
	operations  map[string]operationFunc // by operationId
	guard       *guard
	log         *slog.Logger
	bodyTimeout time.Duration // how long a client may pause within a body; 0: no limit
}

// New returns a handler of the control API of s. It accepts requests that carry the token and are sent to a loopback
// host or to one of the given hosts, names or addresses. Failures of the mock itself are written to log; nil discards
// them.
func New(s *mockserver.Server, token string, log *slog.Logger, hosts ...string) (http.Handler, error) {
	document, err := openapi.Control()
	if err != nil {
		return nil, err
	}
	guard, err := newGuard(token, hosts)
	if err != nil {
		return nil, err
	}
	h := &handler{server: s, document: document, operations: operations(), guard: guard, log: log}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	if s != nil { // tests may pass none
		h.bodyTimeout = s.BodyTimeout()
	}
	return h, h.checkOperations()
}

// checkOperations returns an error if an operation of the document has no function, or a function no operation.
func (h *handler) checkOperations() error {
	unused := maps.Clone(h.operations)
	for _, op := range h.document.Operations {
		if h.operations[op.ID] == nil {
			return fmt.Errorf("the control API has %s, which has no handler", op.ID)
		}
		delete(unused, op.ID)
	}
	if len(unused) > 0 {
		return fmt.Errorf("handlers without an operation of the control API: %s",
			strings.Join(slices.Sorted(maps.Keys(unused)), ", "))
	}
	return nil
}

// ServeHTTP serves one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 && h.bodyTimeout > 0 { // for a body that no operation reads
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.bodyTimeout))
	}
	r.Body = stall.NewReader(w, r, stall.Limits{Pause: h.bodyTimeout})
	req := &request{w: w, r: r}
	resp, err := h.handle(req)
	if errors.Is(err, stall.ErrStalled) {
		h.closeStalled(req, "sending its body")
	}
	if err == nil {
		err = resp.send(w, r, h.bodyTimeout)
	}
	if errors.Is(err, stall.ErrStalled) {
		h.closeStalled(req, "reading the response")
	}
	if err != nil {
		h.sendError(req, resp, err)
	}
}

// handle checks a request and calls its operation. The checks and the statuses they end in:
//
//	guard       403 for other hosts and for pages of other origins, 401 for other tokens
//	route       404, 405
//	parameters  400
//	body        413, 415, 400
//	operation   404, 409 and whatever else the server returns
func (h *handler) handle(req *request) (resp *response, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := h.guard.check(req.r); err != nil {
		return nil, err
	}
	if err := h.route(req); err != nil {
		return nil, err
	}
	if err := req.checkParameters(); err != nil {
		return nil, err
	}
	if err := req.readBody(); err != nil {
		return nil, err
	}
	return h.operations[req.op.ID](h, req)
}

// sendError sends an error, or closes the connection if a response was started.
func (h *handler) sendError(req *request, resp *response, err error) {
	shown := clientError(err)
	if shown != nil { // it may repeat a name from the request, which may be a token
		shown = apiError(shown.Status, h.hideTokens(shown.Message))
	}
	if shown == nil {
		h.logError(req, resp, err)
		shown = apiError(http.StatusInternalServerError, "something went wrong inside the mock; its log says what")
	}
	if resp != nil && resp.started {
		panic(http.ErrAbortHandler) // a stream that ends here must not look complete
	}
	var other *methodNotAllowed
	if errors.As(err, &other) {
		req.w.Header().Set("Allow", strings.Join(other.allowed, ", "))
	}
	if shown.Status == http.StatusUnauthorized {
		req.w.Header().Set("WWW-Authenticate", "Bearer")
	}
	resp = &response{status: shown.Status, document: shown}
	if err := resp.send(req.w, req.r, h.bodyTimeout); err != nil {
		h.logError(req, resp, err)
	}
}

// closeStalled closes the connection of a client that paused for too long.
func (h *handler) closeStalled(req *request, while string) {
	h.log.Warn("closed a control connection: the client paused for too long while "+while,
		"operation", req.operationID(), "pause", h.bodyTimeout)
	panic(http.ErrAbortHandler)
}

// logError logs an error that the client does not see. It is no failure of the mock if the client has disconnected.
func (h *handler) logError(req *request, resp *response, err error) {
	level := slog.LevelError
	if req.r.Context().Err() != nil || resp != nil && resp.clientGone {
		level = slog.LevelDebug
	}
	h.log.Log(req.r.Context(), level, "control failed", "operation", req.operationID(), "error", h.hideTokens(err.Error()))
}

// hideTokens returns a text without the values of tokens. A handler without a server knows none.
func (h *handler) hideTokens(text string) string {
	if h.server == nil {
		return text
	}
	return h.server.HideTokens(text)
}
