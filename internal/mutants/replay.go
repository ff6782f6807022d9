package mutants

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
)

// Exchange is a request with the response of a correct server.
type Exchange struct {
	Request   *http.Request // its body is in Sent
	Sent      []byte
	Operation string // as Operation returns it
	Status    int
	Header    http.Header
	Body      []byte
}

// Respond writes the response.
func (x *Exchange) Respond(w http.ResponseWriter) {
	maps.Copy(w.Header(), x.Header.Clone())
	w.WriteHeader(x.Status)
	_, _ = w.Write(x.Body) // a client that is gone needs none
}

func (x *Exchange) isSentAs(r *http.Request) bool {
	sent, _ := io.ReadAll(r.Body) // from memory
	return r.Method == x.Request.Method && r.URL.String() == x.Request.URL.String() &&
		bytes.Equal(sent, x.Sent) && equalHeaders(r.Header, x.Request.Header)
}

// Replay is a mutant in front of recorded responses. It needs no server.
type Replay struct {
	handler http.Handler
	current *Exchange
	// requests of the mutant for the current exchange; others than the recorded request
	requests, others int
}

// NewReplay returns a replay with a mutant that has seen no request yet.
func NewReplay(m Mutant) *Replay {
	p := &Replay{}
	p.handler = Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.requests++
		if !p.current.isSentAs(r) {
			p.others++
		}
		p.current.Respond(w)
	}), m)
	return p
}

// Difference sends the request of an exchange and returns what the mutant changes: the
// request that reaches the server, or the response. It returns an empty text if nothing
// changes. Replay exchanges in their order, because mutants have a state.
func (p *Replay) Difference(x *Exchange) string {
	p.current, p.requests, p.others = x, 0, 0
	r := x.Request.Clone(context.Background()) // the context of the recording may have ended
	r.Body = io.NopCloser(bytes.NewReader(x.Sent))
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	switch {
	case w.Code != x.Status && p.requests == 1 && p.others == 0:
		return fmt.Sprintf("status %d instead of %d", w.Code, x.Status)
	case p.requests != 1 || p.others > 0:
		return "the server handles another request"
	case !bytes.Equal(w.Body.Bytes(), x.Body):
		return "another body"
	case !equalHeaders(w.Result().Header, x.Header):
		return "another header"
	}
	return ""
}

// equalHeaders compares headers without Content-Length, which follows from the body.
func equalHeaders(a, b http.Header) bool {
	a, b = a.Clone(), b.Clone()
	a.Del("Content-Length")
	b.Del("Content-Length")
	return maps.EqualFunc(a, b, slices.Equal)
}
