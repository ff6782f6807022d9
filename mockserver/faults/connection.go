package faults

import (
	"cmp"
	"net"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// The values of the member "connection".
const (
	ConnectionReset = "reset" // the client sees a reset
	ConnectionEmpty = "empty" // closed without a response
)

// connectionKind closes the connection instead of sending a response.
func connectionKind() kind {
	return kind{
		member:   "connection",
		hasPhase: true,
		isSet:    func(f *controlapi.Fault) bool { return f.Connection != "" },
		check: func(f *controlapi.Fault) error {
			switch {
			case f.Connection != ConnectionReset && f.Connection != ConnectionEmpty:
				return invalid("connection", "%q is unknown%s", f.Connection,
					nearest.HintWithList(f.Connection, []string{ConnectionReset, ConnectionEmpty}))
			case f.Connection == ConnectionEmpty && f.Truncate != nil:
				return invalid("truncate", "a response that is not sent can't be truncated; "+
					"to close the connection after a part of the body, use connection: reset")
			}
			return nil
		},
		merge: func(d, preset *controlapi.Fault) { d.Connection = cmp.Or(d.Connection, preset.Connection) },
		apply: func(e *Effects, f *controlapi.Fault, _ Request, _ randomSource) {
			if e.Connection() != "" {
				return
			}
			if f.Phase == "" { // where nothing says when, the response is lost and not the request
				e.After.Connection = f.Connection
				return
			}
			e.phase(f).Connection = f.Connection
		},
	}
}

// ResetConnection closes a connection so that the client sees a reset, if the
// connection supports it.
func ResetConnection(c net.Conn) error {
	under := c
	if secured, ok := c.(interface{ NetConn() net.Conn }); ok {
		under = secured.NetConn() // TLS would send a close notification
	}
	if lingering, ok := under.(interface{ SetLinger(seconds int) error }); ok {
		if err := lingering.SetLinger(0); err != nil {
			c.Close() // the first error is returned
			return err
		}
	}
	return under.Close()
}
