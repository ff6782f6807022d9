package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/connect"
)

// errCutOff ends an answer that a fault did not let be sent, or not to its end.
var errCutOff = errors.New("a fault closed the connection")

// struck asks what goes wrong on purpose with a request, and makes it wait. It
// may end the request; then nothing was done. The activity log knows nothing of
// requests that ended so.
func (s *Handler) struck(x *exchange) (rep reply, ends bool) {
	x.strike = s.backend.Faults.Effects(s.strikable(x))
	if x.strike == nil {
		return reply{}, false
	}
	x.faults = x.strike.Names
	s.takeBody(x)
	if x.strike.Delay > 0 {
		if err := sleep.For(x.context(), x.strike.Delay); err != nil {
			x.check = checkFault
			return reply{unsent: true}, true // the client is gone
		}
		x.now = s.backend.Clocks.Now(x.accountOrNone())
	}
	a := x.strike.Abort
	if a == nil {
		return reply{}, false
	}
	x.check = checkFault
	if a.Error != nil {
		return s.failure(a.Error), true
	}
	rep = reply{status: a.Status, body: a.Body}
	if len(a.Body) > 0 {
		rep.kind = jsonKind
	}
	return rep, true
}

// strikable is what of a request decides what strikes it. Where no token is
// needed a good one still says who it is.
func (s *Handler) strikable(x *exchange) faults.Request {
	r := faults.Request{Operation: x.op.ID, Vault: x.vault(), Item: x.item(), File: x.file(), Now: x.now}
	if x.caller != nil && connect.IsID(x.item()) {
		r.Title = func() string { return s.storedTitle(x) }
	}
	caller := x.caller
	if authorization := x.request.Header.Get("Authorization"); caller == nil && !x.op.Secured && authorization != "" {
		caller, _ = s.backend.Auth.Authenticate(x.context(), authorization)
	}
	if caller != nil {
		r.Account, r.TokenID, r.TokenName = caller.Token.Account, caller.Token.ID, caller.Token.Name
	}
	if x.caller != nil && connect.IsID(x.vault()) {
		if ref, err := s.vaultRef(x); err == nil {
			r.VaultName = ref.Name
		}
	}
	return r
}

// takeBody reads the body before the request waits or ends. Before that nobody
// hears of a client that goes away, and a connection closed with unread bytes
// loses what was answered.
func (s *Handler) takeBody(x *exchange) {
	body := x.request.Body
	if x.op.Spec().RequestBody == nil || x.request.ContentLength > s.maxBody {
		return
	}
	taken, err := s.wholeBody(x)
	rest := body.(io.Reader)
	if err != nil {
		rest = failing{err}
	}
	x.request.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(taken), rest), body}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// sendStruck sends the answer to a request that faults strike, tells who
// listens, and gives the connection up where a fault says so. failed is why the
// answer is a failure.
func (s *Handler) sendStruck(w http.ResponseWriter, x *exchange, rep reply, failed error) {
	cut := s.deliver(w, x, &rep)
	s.observed(x, rep, errors.Join(failed, cut))
	if errors.Is(cut, errCutOff) {
		panic(http.ErrAbortHandler) // the one way to close a connection of any kind
	}
}

// deliver writes the answer as the faults leave it. What was not sent is taken
// out of it.
func (s *Handler) deliver(w http.ResponseWriter, x *exchange, rep *reply) error {
	strike := x.strike
	if rep.stream != nil {
		defer rep.stream.Close()
	}
	if rep.unsent || strike.Connection != "" && strike.Truncate == nil {
		*rep = reply{unsent: true}
		s.noted(x, *rep)
		return hangUp(w, strike.Connection)
	}
	switch {
	case !strike.MalformJSON || rep.kind != jsonKind:
	case rep.stream != nil: // a long list, of which no part is JSON
		rep.size = rep.size * 2 / 3
	default:
		rep.body = faults.MalformJSON(rep.body)
	}
	s.setHeaders(w.Header(), *rep)
	strike.SetHeaders(w.Header())
	size, cut := strike.TruncatedSize(rep.length())
	if x.request.Method == http.MethodHead || rep.length() == 0 {
		size, cut = 0, strike.Connection != ""
	}
	sent := *rep
	if cut {
		sent.shorten(size)
	}
	s.noted(x, sent)
	w.WriteHeader(rep.sent())
	var body io.Reader = bytes.NewReader(rep.body)
	if rep.stream != nil {
		body = rep.stream
	}
	flush := http.NewResponseController(w).Flush
	to := stall.NewWriter(w, stall.Limits{Pause: s.bodyTimeout})
	defer to.Finish()
	if err := strike.CopyBody(x.context(), to, flush, body, size); err != nil {
		return errors.Join(errCutOff, err)
	}
	if !cut {
		return nil
	}
	*rep = sent
	return errors.Join(flush(), hangUp(w, strike.Connection))
}

// shorten leaves of a reply what was sent.
func (rep *reply) shorten(size int64) {
	rep.size = size
	if rep.stream == nil {
		rep.body = rep.body[:min(size, int64(len(rep.body)))]
	}
}

// hangUp gives the connection up. Where it can't be reset it is closed.
func hangUp(w http.ResponseWriter, how string) error {
	if how != faults.ConnectionReset {
		return errCutOff
	}
	control := http.NewResponseController(w)
	connection, buffered, err := control.Hijack()
	if err != nil {
		return errCutOff
	}
	return errors.Join(errCutOff, buffered.Flush(), faults.ResetConnection(connection))
}

// heldBack is the fault that keeps 1Password out of the exchange's reach, ""
// where none does.
func (x *exchange) heldBack() string {
	if x.strike == nil {
		return ""
	}
	return x.strike.Sync
}

// accountOrNone is the caller's account, "" where there is no caller.
func (x *exchange) accountOrNone() string {
	if x.caller == nil {
		return ""
	}
	return x.account()
}

// wake notes that an authenticated request was seen: then 1Password is asked,
// where it can be reached.
func (s *Handler) wake(x *exchange) {
	if x.heldBack() == "" {
		s.backend.Initialized.Store(true)
	}
}
