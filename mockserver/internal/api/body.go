package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
)

const (
	smallBody  = 64 << 10  // bytes of a body that is not counted
	bodyMemory = 128 << 20 // bytes of larger bodies, of requests and responses, that are in memory at once
)

// wholeBody reads the body of a request, and a byte more than the limit where it is longer. Memory is counted as the
// body arrives, whatever length was declared. The error is stall.ErrStalled when the client paused for too long.
func (s *Handler) wholeBody(x *exchange) ([]byte, error) {
	from := io.LimitReader(stall.NewReader(x.writer, x.request, s.pauses(x)), s.maxBody+1)
	body, err := io.ReadAll(io.LimitReader(from, smallBody))
	if err != nil || len(body) < smallBody {
		x.bodyRead = err == nil
		return body, err
	}
	most := s.maxBody + 1
	if known := x.request.ContentLength; known >= 0 {
		most = min(most, known)
	}
	for {
		if len(body) == cap(body) || cap(body) < 2*smallBody {
			size := min(2*int64(len(body)), most) + 1 // the last one is for the read that finds the end
			if err := s.share(x).GrowTo(x.context(), size); err != nil {
				return body, err
			}
			body = append(make([]byte, 0, size), body...)
		}
		n, err := from.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if errors.Is(err, io.EOF) {
			x.bodyRead = int64(len(body)) <= s.maxBody
			return body, nil
		}
		if err != nil {
			return body, err
		}
	}
}

// pauses are how long the client of x may pause within a body.
func (s *Handler) pauses(x *exchange) stall.Limits {
	return stall.Limits{Pause: s.bodyTimeout, HasWaiters: func() bool {
		_, waiting := s.memory.Usage()
		return x.share.Bytes() > 0 && waiting > 0
	}}
}

// limitUnreadBody keeps net/http from waiting for good for a body that nobody reads: before it sends an answer it
// looks for the rest.
func (s *Handler) limitUnreadBody(x *exchange) {
	if x.request.ContentLength != 0 && !x.bodyRead && s.bodyTimeout > 0 {
		_ = http.NewResponseController(x.writer).SetReadDeadline(time.Now().Add(s.bodyTimeout))
	}
}

// letGo closes the connection of a client that paused for too long.
func (s *Handler) letGo(x *exchange, err error) {
	rep := reply{unsent: true}
	s.noted(x, rep)
	s.logStall(x, "sending its body")
	s.observed(x, rep, err)
	panic(http.ErrAbortHandler)
}

func (s *Handler) logStall(x *exchange, while string) {
	operation := "none"
	if x.op != nil {
		operation = x.op.ID
	}
	s.log.Warn("client let go: it paused for too long while "+while, "operation", operation, "pause", s.bodyTimeout)
}

// share returns what x has of the memory for bodies.
func (s *Handler) share(x *exchange) *memory.Share {
	if x.share == nil {
		x.share = s.memory.NewShare()
	}
	return x.share
}

// needsMemory ends a transaction that would need more memory than there is. It is begun again when there is.
type needsMemory struct{ bytes int64 }

func (e *needsMemory) Error() string { return fmt.Sprintf("%d bytes of memory are needed", e.bytes) }

// whenMemory calls do, and calls it again each time that the large documents it reads had to wait for memory.
func (s *Handler) whenMemory(x *exchange, do func() error) error {
	x.reserves = true
	defer func() { x.reserves = false }()
	for {
		err := do()
		var needs *needsMemory
		if !errors.As(err, &needs) {
			return err
		}
		if err := s.share(x).GrowTo(x.context(), needs.bytes); err != nil {
			return err
		}
	}
}

// reserve takes memory beside that of the request's body, without waiting. It does nothing outside of whenMemory and
// for what is small.
func (s *Handler) reserve(x *exchange, bytes int64) error {
	if !x.reserves || bytes <= smallBody {
		return nil
	}
	if bytes += int64(cap(x.body)); s.share(x).TryGrowTo(bytes) {
		return nil
	}
	return &needsMemory{bytes}
}

// holdReply leaves of x's memory what its answer takes, and takes it where it was not counted so far.
func (s *Handler) holdReply(x *exchange, rep reply) {
	x.body = nil
	size := int64(len(rep.body))
	if size <= smallBody || rep.cached {
		size = 0
	}
	if size > 0 {
		_ = s.share(x).GrowTo(x.context(), size) // the client is gone, which sending finds
	}
	x.share.ShrinkTo(size)
}
