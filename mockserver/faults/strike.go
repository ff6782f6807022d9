package faults

import (
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Effects is what goes wrong with one request. Zero members leave it alone.
type Effects struct {
	Names       []string      // of the faults, in the order they were added
	Delay       time.Duration // before anything is done
	Abort       *Abort        // answered instead; nothing is done
	Headers     []Header      // set in the answer, in this order
	DropHeaders []string      // left out of the answer, also of those set
	ContentType string        // in place of the answer's
	Connection  string        // Reset or Empty
	Truncate    *int64        // see Cut
	Throttle    *controlapi.Drip
	MalformJSON bool
	Lag         time.Duration // until reads see what the request wrote
	Sync        string        // the name of the fault that says that 1Password is out of reach; "" where none does
}

// Header is a header of an answer.
type Header struct{ Name, Value string }

// Abort is an answer in place of the operation's.
type Abort struct {
	Status int
	Error  *connect.Error // Connect's own; nil: Body is sent
	Body   []byte         // as it is; nil: none
}

// EndsRequest says that the request is not done at all.
func (s *Effects) EndsRequest() bool { return s != nil && s.Abort != nil }
