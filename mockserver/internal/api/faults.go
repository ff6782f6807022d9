package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/connect"
)

// errFaultClosed is the error for a response that a fault prevented, or ended early.
var errFaultClosed = errors.New("a fault closed the connection")

// applyFaults finds the faults that apply to a request, and does what they do before it is handled. Where they end the
// request, it returns their response: then nothing was done, and the activity log does not have the request. When no
// fault is configured this costs one atomic load.
func (h *Handler) applyFaults(c *call) (r response, ends bool) {
	if h.backend.Faults.IsEmpty() {
		return response{}, false
	}
	c.effects = h.backend.Faults.Effects(h.faultRequest(c))
	if c.effects == nil {
		return response{}, false
	}
	h.bufferBody(c)
	before := c.effects.Before
	r, ends = h.interrupt(c, before)
	if before.Delay > 0 && !r.unsent {
		c.now = h.backend.Clocks.Now(c.account())
	}
	if !ends && before.Connection != "" {
		c.check = journal.CheckFault
		return response{unsent: true}, true
	}
	return r, ends
}

// interruptAfter does what faults do once the request was handled. It returns the response that is sent: r, or what
// replaces it. r is a failure because of err. A failure of this server is not replaced, so that it is seen.
func (h *Handler) interruptAfter(c *call, r response, err error) response {
	var refused *connect.Error
	if r.unsent || err != nil && !errors.As(err, &refused) {
		return r
	}
	replacement, ends := h.interrupt(c, c.effects.After)
	if !ends {
		return r
	}
	if r.stream != nil {
		r.stream.Close()
	}
	return replacement
}

// interrupt waits as long as faults say, and returns the response that they send, if they do. sendWithFaults closes
// the connection.
func (h *Handler) interrupt(c *call, i faults.Interruption) (r response, ends bool) {
	if i.Delay > 0 && sleep.For(c.context(), i.Delay) != nil {
		c.check = journal.CheckFault
		return response{unsent: true}, true // the client has disconnected
	}
	if i.Abort == nil {
		return response{}, false
	}
	c.check = journal.CheckFault
	if i.Abort.Error != nil {
		return h.errorResponse(i.Abort.Error), true
	}
	r = response{status: i.Abort.Status, body: i.Abort.Body}
	if len(r.body) > 0 {
		r.kind = jsonKind
	}
	return r, true
}

// faultRequest returns what of a request decides which faults apply to it. The caller is known also where the operation
// needs no token and the request has one.
func (h *Handler) faultRequest(c *call) faults.Request {
	r := faults.Request{Operation: c.op.ID, Vault: c.vault(), Item: c.item(), File: c.file(), Now: c.now}
	if c.caller != nil && connect.IsID(c.item()) {
		r.Title = func() string { return h.backend.Vaults.Title(c.context(), c.account(), c.vault(), c.item()) }
	}
	if caller := h.knownCaller(c); caller != nil {
		r.Account, r.TokenID, r.TokenName = caller.Token.Account, caller.Token.ID, caller.Token.Name
	}
	if c.caller != nil && connect.IsID(c.vault()) {
		if ref, err := h.vaultRef(c); err == nil {
			r.VaultName = ref.Name
		}
	}
	return r
}

// bufferBody reads the body before the request waits or ends. Until then the server does not notice that a client
// disconnects, and a connection that is closed with unread bytes loses the response.
func (h *Handler) bufferBody(c *call) {
	body := c.request.Body
	if c.op.Spec().RequestBody == nil || c.request.ContentLength > h.options.MaxBody {
		return
	}
	read, err := h.wholeBody(c)
	rest := body.(io.Reader)
	if err != nil {
		rest = failingReader{err}
	}
	c.request.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(read), rest), body}
}

// failingReader is a reader that returns an error.
type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// sendWithFaults sends a response with the effects of faults, reports it, and closes the connection where a fault says
// so. err is why the response is a failure.
func (h *Handler) sendWithFaults(w http.ResponseWriter, c *call, r response, err error) {
	sendErr := h.sendFaulty(w, c, &r)
	h.report(c, r, errors.Join(err, sendErr))
	if errors.Is(sendErr, errFaultClosed) {
		panic(http.ErrAbortHandler) // the one way to close a connection of any kind
	}
}

// sendFaulty writes the response with the effects of faults. It changes the response to what was sent.
func (h *Handler) sendFaulty(w http.ResponseWriter, c *call, r *response) error {
	effects := c.effects
	if r.stream != nil {
		defer r.stream.Close()
	}
	if r.unsent || effects.Connection() != "" && effects.Truncate == nil {
		*r = response{unsent: true}
		h.recordJournal(c, *r)
		return closeConn(w, effects.Connection())
	}
	switch {
	case !effects.MalformJSON || r.kind != jsonKind:
	case r.stream != nil: // a long list, no part of which is JSON
		r.size = r.size * 2 / 3
	default:
		r.body = faults.MalformJSON(r.body)
	}
	h.setHeaders(w.Header(), *r)
	effects.SetHeaders(w.Header())
	size, cut := effects.TruncatedSize(r.length())
	if c.request.Method == http.MethodHead || r.length() == 0 {
		size, cut = 0, effects.Connection() != ""
	}
	sent := *r
	if cut {
		sent.truncate(size)
	}
	h.recordJournal(c, sent)
	w.WriteHeader(r.sentStatus())
	var body io.Reader = bytes.NewReader(r.body)
	if r.stream != nil {
		body = r.stream
	}
	flush := http.NewResponseController(w).Flush
	to := stall.NewWriter(w, stall.Limits{Pause: h.options.BodyTimeout})
	defer to.Finish()
	if err := effects.CopyBody(c.context(), to, flush, body, size); err != nil {
		return errors.Join(errFaultClosed, err)
	}
	if !cut {
		return nil
	}
	*r = sent
	return errors.Join(flush(), closeConn(w, effects.Connection()))
}

// truncate reduces a response to its first bytes.
func (r *response) truncate(size int64) {
	r.size = size
	if r.stream == nil {
		r.body = r.body[:min(size, int64(len(r.body)))]
	}
}

// closeConn closes the connection and returns errFaultClosed. A connection that can't be reset is closed.
func closeConn(w http.ResponseWriter, how string) error {
	if how != faults.ConnectionReset {
		return errFaultClosed
	}
	control := http.NewResponseController(w)
	connection, buffered, err := control.Hijack()
	if err != nil {
		return errFaultClosed
	}
	return errors.Join(errFaultClosed, buffered.Flush(), faults.ResetConnection(connection))
}
