package faults

import (
	"cmp"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Effects is what faults do to one request. Members that are zero do nothing.
type Effects struct {
	Names       []string         // the faults that apply, in the order they were added
	Before      Interruption     // before the request is handled
	After       Interruption     // after it was handled, before the response is sent
	Headers     []Header         // set in the response, in this order
	DropHeaders []string         // removed from the response, also those in Headers
	ContentType string           // replaces that of the response
	Truncate    *int64           // see TruncatedSize
	Throttle    *controlapi.Drip // send the body in small parts
	MalformJSON bool             // see MalformJSON
	Lag         time.Duration    // until reads see what the request wrote
	Sync        string           // name of the fault that makes 1Password unreachable; "": it is reachable
}

// Interruption is what faults do to a request at one phase. At most one phase has an Abort, and at most one a
// Connection. Before the request is handled, both end it; after that, both replace its response.
type Interruption struct {
	Delay      time.Duration // wait first
	Abort      *Abort        // the response that is sent
	Connection string        // close the connection: ConnectionReset or ConnectionEmpty
}

// Connection returns how the connection is closed, ConnectionReset or ConnectionEmpty; "" if it stays open.
func (e *Effects) Connection() string { return cmp.Or(e.Before.Connection, e.After.Connection) }

// Header is a header of a response.
type Header struct{ Name, Value string }

// Abort is a response that is sent instead of the operation's own.
type Abort struct {
	Status int
	Error  *connect.Error // Connect's own error; nil: Body is sent
	Body   []byte         // sent as it is; nil: none
}
