package api

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/labstack/echo/v4"
)

// serve returns the path of a request to an operation.
func (h *Handler) serve(op *operation) echo.HandlerFunc {
	return func(e echo.Context) error {
		c := h.newCall(e, op)
		defer c.memory.ShrinkTo(0)
		r, err := h.respond(c)
		if errors.Is(err, stall.ErrStalled) {
			h.disconnect(c, err)
		}
		h.keepMemory(c, r)
		h.limitUnreadBody(c)
		if err != nil {
			r = h.errorResponse(err)
			r.unsent = c.clientDisconnected(r)
		}
		if h.options.CheckResponses && !c.endedByFault() && !r.unsent {
			if broken := h.checkResponse(c, r); broken != nil {
				r, err = h.errorResponse(broken), broken
			}
		}
		if c.effects != nil {
			r = h.interruptAfter(c, r, err)
			h.sendWithFaults(e.Response().Writer, c, r, err)
			return nil
		}
		h.recordJournal(c, r)
		h.report(c, r, errors.Join(err, h.send(c, r)))
		return nil
	}
}

// respond takes a request through its checks to its handler. The order decides which status a client sees:
//
//	authenticate     which token, which account, what time it is there
//	applyFaults      they may delay the request, or end it with a response
//	refuseToken      401
//	validateAddress  400, ids and parameters against the document
//	authorize        403, the vault in the token's scope, then the permission
//	readBody         400, 413
//	handle           404 and what else the operation can say
//	recordActivity   the line in the activity log
func (h *Handler) respond(c *call) (r response, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	tokenErr := h.authenticate(c)
	if r, ends := h.applyFaults(c); ends {
		return r, nil
	}
	if tokenErr != nil {
		return response{}, c.refuseToken(tokenErr)
	}
	if c.op.Secured {
		h.initialize(c)
	}
	r, err = h.handle(c)
	c.done = err == nil
	h.recordActivity(c, err == nil)
	return r, err
}

// authenticate finds the caller of an operation that needs a token, and the time by its account's clock or, without a
// caller, by the server's.
func (h *Handler) authenticate(c *call) (err error) {
	if c.op.Secured {
		c.check = journal.CheckAuthenticate
		c.caller, err = h.callerOf(c)
	}
	c.now = h.backend.Clocks.Now(c.account())
	return err
}

// callerOf returns the caller whose token the request has.
func (h *Handler) callerOf(c *call) (*auth.Caller, error) {
	return h.backend.Auth.Authenticate(c.context(), c.request.Header.Get("Authorization"))
}

// knownCaller returns the caller of a request, also where the operation needs no token and the request has a valid one.
// It returns nil where there is none.
func (h *Handler) knownCaller(c *call) *auth.Caller {
	if c.caller != nil || c.op == nil || c.op.Secured || c.request.Header.Get("Authorization") == "" {
		return c.caller
	}
	caller, _ := h.callerOf(c)
	return caller
}

// refuseToken returns the one error for every token that is not valid; the reason is only for the log and the journal.
// An error that is no refusal stays what it is.
func (c *call) refuseToken(err error) error {
	if !errors.As(err, &c.refusal) {
		return err
	}
	return fmt.Errorf("%w (%s)", connect.InvalidToken(), c.refusal.Reason)
}

// initialize marks the server as one that has seen an authenticated request: then it connects to 1Password, if that
// can be reached.
func (h *Handler) initialize(c *call) {
	if c.syncFault() == "" {
		h.backend.Initialized.Store(true)
	}
}

// handle takes an authenticated request through the other checks to its handler.
func (h *Handler) handle(c *call) (response, error) {
	c.check = journal.CheckAddress
	if err := h.validateAddress(c); err != nil {
		return response{}, err
	}
	c.check = journal.CheckAuthorize
	if err := h.authorize(c); err != nil {
		return response{}, err
	}
	c.check = journal.CheckBody
	if err := h.readBody(c); err != nil {
		return response{}, err
	}
	if c.syncFault() != "" && c.op.needs&connect.Write != 0 {
		c.check = journal.CheckFault
		return response{}, connect.SomethingWentWrong() // [R that this is the text, connect 93; G that writes get it]
	}
	c.check = journal.CheckHandle
	r, err := c.op.handle(h, c)
	if errors.Is(err, backend.ErrNotFound) {
		err = h.notFoundError(c)
	}
	return r, err
}

// notFoundError returns the error for what is not found because the account was replaced or deleted during the request.
func (h *Handler) notFoundError(c *call) error {
	switch len(c.op.params) { // of vault, item and file
	case 3:
		return connect.FileNotFound(c.file())
	case 2:
		return connect.ItemNotFound(c.item())
	case 1:
		return h.vaultDenied(c.vault())
	}
	return connect.InvalidToken()
}

// serveNoRoute responds to a request that no route of the document matches.
func (h *Handler) serveNoRoute(err error, e echo.Context) {
	if e.Response().Committed {
		return
	}
	var refused error = connect.RouteNotFound()
	var routing *echo.HTTPError
	switch {
	case errors.As(err, &routing) && routing.Code == http.StatusMethodNotAllowed:
		refused = connect.MethodNotAllowed()
	case !errors.As(err, &routing) || routing.Code != http.StatusNotFound:
		refused = err
	case strings.Contains(e.Request().URL.Path, "//"):
		refused = connect.DoubleSlash()
	}
	c := &call{
		writer: e.Response(), request: e.Request(), memory: *h.memory.NewShare(), arrived: time.Now(),
		check: journal.CheckRoute,
	}
	if c.request.Header.Get("Authorization") != "" {
		c.caller, _ = h.callerOf(c) // only to know whose journal the request belongs to
	}
	c.now = h.backend.Clocks.Now(c.account())
	r := h.errorResponse(refused)
	if r.status == http.StatusNotFound && !h.quirks.JSONUnknownRoute {
		r = response{
			status: http.StatusNotFound, kind: textKind, body: []byte(connect.PageNotFound),
			evidence: connect.PageNotFoundEvidence,
		}
	}
	h.recordJournal(c, r)
	h.limitUnreadBody(c)
	h.report(c, r, errors.Join(refused, h.send(c, r)))
}
