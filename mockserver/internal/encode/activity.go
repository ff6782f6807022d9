package encode

import "github.com/connectmock/connectmock/openapi/connect"

// MaxPageBytes bounds a page of the activity log. A page ends with the first record that makes it larger [G].
const MaxPageBytes = 8 << 20

// RecordBytes is about how many bytes an encoded activity record takes.
const RecordBytes = 440

// AppendActivity appends an encoded activity record. It changes the record.
func (e *Encoder) AppendActivity(b []byte, a *connect.Activity) []byte {
	a.Actor.RequestIP = a.Actor.IP // records of a fixture have only the one
	if e.Quirks.NoIP {
		a.Actor.IP = ""
	}
	if e.Quirks.NoRequestIP {
		a.Actor.RequestIP = ""
	}
	start := len(b)
	b = a.AppendJSON(b)
	return append(b[:start], e.withKeyCase(b[start:])...)
}
