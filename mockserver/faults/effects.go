package faults

import (
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Effects is what faults do to one request. Members that are zero do nothing.
type Effects struct {
	Names       []string         // the faults that apply, in the order they were added
	Delay       time.Duration    // wait before anything is done
	Abort       *Abort           // sent instead of carrying out the operation
	Headers     []Header         // set in the response, in this order
	DropHeaders []string         // removed from the response, also those in Headers
	ContentType string           // replaces that of the response
	Connection  string           // ConnectionReset or ConnectionEmpty
	Truncate    *int64           // see TruncatedSize
	Throttle    *controlapi.Drip // send the body in small parts
	MalformJSON bool             // see MalformJSON
	Lag         time.Duration    // until reads see what the request wrote
	Sync        string           // name of the fault that makes 1Password unreachable; "": it is reachable
}

// Header is a header of a response.
type Header struct{ Name, Value string }

// Abort is a response that is sent instead of the operation's own.
type Abort struct {
	Status int
	Error  *connect.Error // Connect's own error; nil: Body is sent
	Body   []byte         // sent as it is; nil: none
}
