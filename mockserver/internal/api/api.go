// Package api is Connect over HTTP: the routes, the path of a request and the handlers. It does not know how accounts
// are stored, nor the control API.
package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/encode"
	"github.com/connectmock/connectmock/mockserver/internal/quirks"
	"github.com/connectmock/connectmock/openapi"
	"github.com/labstack/echo/v4"
)

// Options are what a handler is made of. All fields are needed except where they say otherwise.
type Options struct {
	Backend        *backend.Backend
	Quirks         quirks.Set
	Version        string            // of Connect
	Document       *openapi.Document // nil: our own
	Seed           uint64            // of responses that are generated from a schema
	CORS           bool
	CheckResponses bool
	JournalBodies  bool               // the journal has headers and bodies
	MaxBody        int64              // bytes
	BodyTimeout    time.Duration      // for which a client may pause within a body; 0: no limit
	StoreName      string             // as /health shows it
	OnResponse     func(ResponseInfo) // called after a response was sent; nil: nothing is called
	Log            *slog.Logger
}

// ResponseInfo describes a response. It holds no token and no body.
type ResponseInfo struct {
	Method    string
	Path      string // as sent, without the query and without tokens
	Operation string // "" where no operation matched
	Status    int    // 0: nothing was sent
	Bytes     int64
	Took      time.Duration
	Caller    string // the token's name, "" without one
	Err       error  // why it failed, also where the client is only told 500
}

// Handler responds as a Connect server does. It is safe for use by many goroutines.
type Handler struct {
	options       Options
	backend       *backend.Backend
	quirks        quirks.Set
	encoder       encode.Encoder
	echo          *echo.Echo
	meter         *meter
	memory        *memory.Budget // for large bodies
	contentTypes  [][]string     // values of the header
	versionHeader []string
	unserved      []string // operations we know that the document or the version lacks
	synthesized   []string // operations with responses generated from their schema
}

// New returns a handler with the routes of the document. The backend must be open before the first request. The error
// is a *DocumentError for a document that can't be served.
func New(o Options) (*Handler, error) {
	h := &Handler{
		options: o, backend: o.Backend, quirks: o.Quirks, encoder: encode.Encoder{Quirks: o.Quirks},
		meter: newMeter(o.Backend), memory: memory.NewBudget(bodyMemory), contentTypes: contentTypes(),
		versionHeader: []string{o.Version},
	}
	return h, h.makeRoutes()
}

// ServeHTTP responds to a request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		h.setHeaders(w.Header(), response{status: http.StatusNoContent}) // echo sends the response itself
	}
	h.echo.ServeHTTP(w, r)
}

// Unserved returns the operations we know that the document or the version of Connect lacks.
func (h *Handler) Unserved() []string { return h.unserved }

// Synthesized returns the operations with responses generated from their schema: method and path.
func (h *Handler) Synthesized() []string { return h.synthesized }

// report counts a response, logs it if the server failed, and calls OnResponse.
func (h *Handler) report(c *call, r response, err error) {
	took := time.Since(c.arrived)
	if c.op != nil {
		c.op.observe(took.Seconds())
	}
	failed := r.sentStatus() >= 500 && !c.endedByFault()
	if h.options.OnResponse == nil && !failed {
		return
	}
	info := ResponseInfo{
		Method: h.backend.Mask.Text(c.request.Method), Path: h.backend.Mask.Text(c.request.URL.Path),
		Operation: c.operationID(), Status: r.sentStatus(), Bytes: r.length(), Took: took, Err: h.backend.Mask.Error(err),
	}
	if c.caller != nil {
		info.Caller = c.caller.Token.Name
	}
	if failed {
		h.options.Log.Error("request failed", "operation", info.Operation, "path", info.Path, "error", info.Err)
	}
	if h.options.OnResponse != nil {
		h.options.OnResponse(info)
	}
}
