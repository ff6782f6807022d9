// Package control serves the control API of a mock: control.yaml, over a
// mockserver.Server.
//
// It knows how requests come and how answers go, and who may send them. What
// they do is the server's. It belongs on a listener of its own, never on that
// of Connect: whoever has its token may do everything.
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

// handler is the control API.
type handler struct {
	server   *mockserver.Server
	document *openapi.Document
	handlers map[string]handle // by operationId
	guard    *guard
	log      *slog.Logger
	pause    time.Duration // that a client may make within a body; 0: no limit
}

// New serves the control API of s to those who send the token, to hosts of
// loopback and to the given ones, names or addresses. Log gets what goes wrong
// inside; nil means nobody does.
func New(s *mockserver.Server, token string, log *slog.Logger, hosts ...string) (http.Handler, error) {
	document, err := openapi.Control()
	if err != nil {
		return nil, err
	}
	guard, err := newGuard(token, hosts)
	if err != nil {
		return nil, err
	}
	h := &handler{server: s, document: document, handlers: handlers(), guard: guard, log: log}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	if s != nil { // in tests there may be none
		h.pause = s.BodyTimeout()
	}
	return h, h.complete()
}

// complete holds handlers and document to each other.
func (h *handler) complete() error {
	unused := maps.Clone(h.handlers)
	for _, op := range h.document.Operations {
		if h.handlers[op.ID] == nil {
			return fmt.Errorf("the control API has %s, which has no handler", op.ID)
		}
		delete(unused, op.ID)
	}
	if len(unused) > 0 {
		return fmt.Errorf("handlers without an operation of the control API: %s", strings.Join(slices.Sorted(maps.Keys(unused)), ", "))
	}
	return nil
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 && h.pause > 0 { // for a body that nobody reads
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.pause))
	}
	r.Body = stall.NewReader(w, r, stall.Limits{Pause: h.pause})
	x := &exchange{writer: w, request: r}
	rep, err := h.answer(x)
	if errors.Is(err, stall.Err) {
		h.letGo(x, "sending its body")
	}
	if err == nil {
		err = rep.send(w, r, h.pause)
	}
	if errors.Is(err, stall.Err) {
		h.letGo(x, "reading its answer")
	}
	if err != nil {
		h.fail(x, rep, err)
	}
}

// answer takes a request through its checks to its handler:
//
//	guard    403 for others' hosts and pages, 401 for others' tokens
//	route    404, 405
//	address  400, parameters against the document
//	body     413, 415, 400
//	handle   404, 409 and what else the server says
func (h *handler) answer(x *exchange) (rep *reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := h.guard.check(x.request); err != nil {
		return nil, err
	}
	if err := h.route(x); err != nil {
		return nil, err
	}
	if err := x.address(); err != nil {
		return nil, err
	}
	if err := x.readBody(); err != nil {
		return nil, err
	}
	return h.handlers[x.op.ID](h, x)
}

// fail answers an error, or cuts the connection where an answer has begun.
func (h *handler) fail(x *exchange, rep *reply, err error) {
	refused := refusal(err)
	if refused != nil { // it may repeat a name that was given
		refused = refuse(refused.Status, h.hideTokens(refused.Message))
	}
	if refused == nil {
		h.report(x, rep, err)
		refused = refuse(http.StatusInternalServerError, "something went wrong inside the mock; its log says what")
	}
	if rep != nil && rep.begun {
		panic(http.ErrAbortHandler) // a stream that ends here must not look whole
	}
	var at *elsewhere
	if errors.As(err, &at) {
		x.writer.Header().Set("Allow", strings.Join(at.methods, ", "))
	}
	if refused.Status == http.StatusUnauthorized {
		x.writer.Header().Set("WWW-Authenticate", "Bearer")
	}
	rep = &reply{status: refused.Status, document: refused}
	if err := rep.send(x.writer, x.request, h.pause); err != nil {
		h.report(x, rep, err)
	}
}

// letGo closes the connection of a client that paused for too long.
func (h *handler) letGo(x *exchange, while string) {
	id := "none"
	if x.op != nil {
		id = x.op.ID
	}
	h.log.Warn("control client let go: it paused for too long while "+while, "operation", id, "pause", h.pause)
	panic(http.ErrAbortHandler)
}

// report logs what the client is not told. That the client is gone is no
// failure of ours.
func (h *handler) report(x *exchange, rep *reply, err error) {
	level, id := slog.LevelError, "none"
	if x.op != nil {
		id = x.op.ID
	}
	if x.request.Context().Err() != nil || rep != nil && rep.lost {
		level = slog.LevelDebug
	}
	h.log.Log(x.request.Context(), level, "control failed", "operation", id, "error", h.hideTokens(err.Error()))
}

// hideTokens is a text without the values of tokens. A handler without a server
// knows none.
func (h *handler) hideTokens(text string) string {
	if h.server == nil {
		return text
	}
	return h.server.HideTokens(text)
}
