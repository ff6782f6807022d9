package api

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/mockserver/internal/backend/vaults"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/labstack/echo/v4"
)

// call is a request on its way to its response. Nothing of it is kept afterwards.
type call struct {
	op       *operation // nil where no route matched
	writer   http.ResponseWriter
	request  *http.Request
	path     map[string]string   // the parameters in the path
	body     []byte              // checked against the document
	bodyRead bool                // the body was read to its end
	shown    *controlapi.Message // the body of the request for the journal; nil: it was not read, or is not kept
	memory   memory.Share        // taken by large bodies
	caller   *auth.Caller        // nil: no valid token
	refusal  *auth.Refusal       // of the token, for the journal
	now      time.Time           // by the account's clock; by the server's where there is no caller
	arrived  time.Time           // by the machine's clock, to measure how long the response took
	check    string              // the check that the request has come to; see journal.CheckRoute
	effects  *faults.Effects     // of the faults that apply; nil: none does
	itemID   string              // for the activity record
	version  int                 // of the item, for the activity record
	recorded bool                // the transaction of the write has made the activity record
	done     bool                // the handler has done what was asked

	validFilter string // the filter of the list that the handler has made
}

// newCall returns the state of a request to an operation.
func (h *Handler) newCall(e echo.Context, op *operation) *call {
	c := &call{
		op: op, writer: e.Response(), request: e.Request(), path: make(map[string]string, len(op.params)),
		memory: *h.memory.NewShare(), arrived: time.Now(),
	}
	for i, value := range e.ParamValues() {
		if c.request.URL.RawPath != "" { // only then echo returns values as they were sent
			value, _ = url.PathUnescape(value) // net/http has refused what can't be decoded
		}
		c.path[op.params[i]] = value
	}
	c.itemID = c.item()
	return c
}

func (c *call) vault() string { return c.path["vaultUuid"] }
func (c *call) item() string  { return c.path["itemUuid"] }
func (c *call) file() string  { return c.path["fileUuid"] }

func (c *call) context() context.Context { return c.request.Context() }

// account returns the id of the caller's account, "" where there is no caller.
func (c *call) account() string {
	if c.caller == nil {
		return ""
	}
	return c.caller.Token.Account
}

// operationID returns the id of the operation, "" where no route matched.
func (c *call) operationID() string {
	if c.op == nil {
		return ""
	}
	return c.op.ID
}

// query returns the first value of a query parameter, "" where it is not given. It reads as url.ParseQuery does, without
// the other parameters.
func (c *call) query(name string) string {
	for pair := range strings.SplitSeq(c.request.URL.RawQuery, "&") {
		if strings.Contains(pair, ";") {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		if key, err := url.QueryUnescape(key); err != nil || key != name {
			continue
		}
		if value, err := url.QueryUnescape(value); err == nil {
			return value
		}
	}
	return ""
}

// endedByFault reports whether a fault made the response.
func (c *call) endedByFault() bool { return c.check == journal.CheckFault }

// syncFault returns the fault that makes 1Password unreachable for the caller, "" where none does.
func (c *call) syncFault() string {
	if c.effects == nil {
		return ""
	}
	return c.effects.Sync
}

// view returns what decides what the caller sees.
func (c *call) view() vaults.View {
	return vaults.View{
		Account: c.account(), Now: c.now, SyncFault: c.syncFault(), Memory: &c.memory, BodyBytes: int64(cap(c.body)),
	}
}

// write returns what decides how the caller's write is stored and seen.
func (c *call) write() vaults.Write {
	w := vaults.Write{View: c.view(), Editor: c.caller.Token.Server, Record: c.record()}
	if c.effects != nil {
		w.Lag, w.Faults = c.effects.Lag, c.effects.Names
	}
	return w
}

// written keeps what became of a write for the activity log and the journal. It returns the response.
func (c *call) written(w vaults.Written) response {
	if !w.At.IsZero() {
		c.itemID, c.version, c.now, c.recorded = w.Item, w.Version, w.At, w.Recorded
	}
	return response{kind: jsonKind, body: w.Body}
}

// record returns the activity record of the request, without its outcome. The actor is that of the token, who also
// edits the items it writes [T: one token, one actor].
func (c *call) record() connect.Activity {
	ip, _, err := net.SplitHostPort(c.request.RemoteAddr)
	if err != nil {
		ip = c.request.RemoteAddr
	}
	a := connect.Activity{
		Action: c.op.action,
		Actor: connect.Actor{
			Account: c.account(), ID: c.caller.Token.Server, IP: ip, JTI: c.caller.Token.ID,
			RequestIP: ip, UserAgent: journal.Truncate(c.request.UserAgent(), journal.MaxUserAgent),
		},
		Resource: connect.Resource{Type: c.op.resource},
	}
	if connect.IsID(c.vault()) {
		a.Resource.Vault = &connect.Ref{ID: c.vault()}
	}
	return a
}

// recordActivity adds the request to the activity log. Success means that the response is 2xx, DENY that it is not [G]:
// the API has no third result.
func (h *Handler) recordActivity(c *call, success bool) {
	if c.caller == nil || c.op.action == "" || c.recorded {
		return
	}
	outcome := vaults.Outcome{At: c.now, Item: c.itemID, Version: c.version, Success: success}
	h.backend.Vaults.Record(c.account(), c.record(), outcome)
}
