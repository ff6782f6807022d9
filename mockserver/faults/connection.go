package faults

import (
	"net"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// What can become of a connection.
const (
	ConnectionReset = "reset" // the other end is told so
	ConnectionEmpty = "empty" // closed without an answer
)

func connectionKind() kind {
	return kind{
		member: "connection",
		given:  func(f *controlapi.Fault) bool { return f.Connection != "" },
		check: func(f *controlapi.Fault) error {
			switch {
			case f.Connection != ConnectionReset && f.Connection != ConnectionEmpty:
				return refuse("connection", "%q can't be done to a connection%s", f.Connection, nearest.HintWithList(f.Connection, []string{ConnectionReset, ConnectionEmpty}))
			case f.Connection == ConnectionEmpty && f.Truncate != nil:
				return refuse("truncate", "of an answer that is not sent nothing can be left out; a connection that is reset after a part of the body is connection: reset")
			}
			return nil
		},
		strike: func(s *Effects, f *controlapi.Fault, _ Request, _ chance) {
			if s.Connection == "" {
				s.Connection = f.Connection
			}
		},
	}
}

// ResetConnection closes a connection so that the other end sees a reset, where
// the connection can do that.
func ResetConnection(c net.Conn) error {
	under := c
	if secured, ok := c.(interface{ NetConn() net.Conn }); ok {
		under = secured.NetConn() // TLS would say goodbye
	}
	if lingering, ok := under.(interface{ SetLinger(seconds int) error }); ok {
		if err := lingering.SetLinger(0); err != nil {
			c.Close() // the first error is the one to tell
			return err
		}
	}
	return under.Close()
}
