package faults

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func dripKind() kind {
	return kind{
		member: "drip",
		given:  func(f *controlapi.Fault) bool { return f.Drip != nil },
		check: func(f *controlapi.Fault) error {
			switch {
			case f.Drip.Bytes < 0:
				return refuse("drip.bytes", "must not be negative; 0 is one at a time")
			case f.Drip.Every <= 0:
				return refuse("drip.every", "must be more than 0, such as \"100ms\"")
			case time.Duration(f.Drip.Every) > longest:
				return refuse("drip.every", "must not be longer than %v", longest)
			}
			return nil
		},
		strike: func(s *Effects, f *controlapi.Fault, _ Request, _ chance) {
			if s.Throttle == nil {
				s.Throttle = f.Drip
			}
		},
	}
}

// CopyBody sends a body of that size, in drops where a fault says so. flush must
// send on what was written to w. It ends with the context's error where the
// client is gone.
func (s *Effects) CopyBody(ctx context.Context, w io.Writer, flush func() error, body io.Reader, size int64) error {
	if s.Throttle == nil {
		_, err := io.CopyN(w, body, size)
		return err
	}
	drop := int64(max(s.Throttle.Bytes, 1))
	for size > 0 {
		n, err := io.CopyN(w, body, min(drop, size))
		if err = errors.Join(err, flush()); err != nil {
			return err
		}
		if size -= n; size == 0 {
			break
		}
		if err := Wait(ctx, time.Duration(s.Throttle.Every)); err != nil {
			return err
		}
	}
	return nil
}
