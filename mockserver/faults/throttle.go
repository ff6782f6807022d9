package faults

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// throttleKind sends the body slowly, in small parts.
func throttleKind() kind {
	return kind{
		member: "drip",
		isSet:  func(f *controlapi.Fault) bool { return f.Drip != nil },
		clone:  func(f *controlapi.Fault) { f.Drip = clonePointer(f.Drip) },
		check: func(f *controlapi.Fault) error {
			switch {
			case f.Drip.Bytes < 0:
				return invalid("drip.bytes", "must not be negative; 0 sends one at a time")
			case f.Drip.Every <= 0:
				return invalid("drip.every", "must be more than 0, such as \"100ms\"")
			case time.Duration(f.Drip.Every) > maxDelay:
				return invalid("drip.every", "must not be longer than %v", maxDelay)
			}
			return nil
		},
		merge: func(d, preset *controlapi.Fault) { d.Drip = cmp.Or(d.Drip, preset.Drip) },
		apply: func(e *Effects, f *controlapi.Fault, _ Request, _ randomSource) {
			if e.Throttle == nil {
				e.Throttle = f.Drip
			}
		},
	}
}

// CopyBody copies size bytes of a body to w, in small parts if a fault throttles
// the response. flush must send what was written to w so far. CopyBody returns
// the context's error when the client has disconnected.
func (e *Effects) CopyBody(ctx context.Context, w io.Writer, flush func() error, body io.Reader, size int64) error {
	if e.Throttle == nil {
		_, err := io.CopyN(w, body, size)
		return err
	}
	part := int64(max(e.Throttle.Bytes, 1))
	for size > 0 {
		n, err := io.CopyN(w, body, min(part, size))
		if err = errors.Join(err, flush()); err != nil {
			return err
		}
		if size -= n; size == 0 {
			break
		}
		if err := sleep.For(ctx, time.Duration(e.Throttle.Every)); err != nil {
			return err
		}
	}
	return nil
}
