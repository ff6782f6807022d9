package api

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/internal/stall"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
)

// bodyMemory is how many bytes of large bodies, of requests and responses, are in memory at once.
const bodyMemory = 128 << 20

// readBody reads the body of an operation that has one, up to the limit, and checks it against the document. The body
// has the document's spelling afterwards.
func (h *Handler) readBody(c *call) error {
	if c.op.Spec().RequestBody == nil {
		return nil
	}
	if c.request.ContentLength > h.options.MaxBody {
		return connect.BodyTooLarge(h.options.MaxBody)
	}
	var err error
	if c.body, err = h.wholeBody(c); errors.Is(err, stall.ErrStalled) {
		return err
	} else if err != nil {
		return connect.InvalidBody("", "could not be read to its end")
	}
	if int64(len(c.body)) > h.options.MaxBody {
		return connect.BodyTooLarge(h.options.MaxBody)
	}
	if err := backend.CheckBodySize(c.body); err != nil {
		return err
	}
	c.body = h.encoder.RequestBody(c.body)
	var v *openapi.Violation
	c.body, v = c.op.ReadBody(c.request, c.body)
	switch {
	case v == nil:
		return nil
	case v.Name == "category":
		return connect.InvalidCategory()
	}
	return connect.InvalidBody(v.Name, v.Rule)
}

// wholeBody reads the body of a request, and a byte more than the limit where it is longer. The error is
// stall.ErrStalled when the client paused for too long.
func (h *Handler) wholeBody(c *call) ([]byte, error) {
	body, err := h.receiveBody(c)
	if h.options.JournalBodies && c.shown == nil {
		c.shown = h.shownRequest(c, body, err)
	}
	return body, err
}

// receiveBody does what wholeBody does, without the journal. Memory is counted as the body arrives, whatever length was
// declared.
func (h *Handler) receiveBody(c *call) ([]byte, error) {
	from := io.LimitReader(stall.NewReader(c.writer, c.request, h.pauseLimits(c)), h.options.MaxBody+1)
	body, err := io.ReadAll(io.LimitReader(from, memory.SmallBody))
	if err != nil || len(body) < memory.SmallBody {
		c.bodyRead = err == nil
		return body, err
	}
	most := h.options.MaxBody + 1
	if known := c.request.ContentLength; known >= 0 {
		most = min(most, known)
	}
	for {
		if len(body) == cap(body) || cap(body) < 2*memory.SmallBody {
			size := min(2*int64(len(body)), most) + 1 // the last one is for the read that finds the end
			if err := c.memory.GrowTo(c.context(), size); err != nil {
				return body, err
			}
			body = append(make([]byte, 0, size), body...)
		}
		n, err := from.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if errors.Is(err, io.EOF) {
			c.bodyRead = int64(len(body)) <= h.options.MaxBody
			return body, nil
		}
		if err != nil {
			return body, err
		}
	}
}

// pauseLimits returns how long the client may pause within a body.
func (h *Handler) pauseLimits(c *call) stall.Limits {
	return stall.Limits{Pause: h.options.BodyTimeout, HasWaiters: func() bool {
		_, waiting := h.memory.Usage()
		return c.memory.Bytes() > 0 && waiting > 0
	}}
}

// limitUnreadBody bounds how long net/http waits for a body that was not read: before it sends a response it reads the
// rest.
func (h *Handler) limitUnreadBody(c *call) {
	if c.request.ContentLength != 0 && !c.bodyRead && h.options.BodyTimeout > 0 {
		_ = http.NewResponseController(c.writer).SetReadDeadline(time.Now().Add(h.options.BodyTimeout))
	}
}

// disconnect closes the connection of a client that paused for too long.
func (h *Handler) disconnect(c *call, err error) {
	r := response{unsent: true}
	h.recordJournal(c, r)
	h.logStall(c, "sending its body")
	h.report(c, r, err)
	panic(http.ErrAbortHandler)
}

func (h *Handler) logStall(c *call, while string) {
	operation := "none"
	if c.op != nil {
		operation = c.op.ID
	}
	h.options.Log.Warn("connection closed: the client paused for too long while "+while,
		"operation", operation, "pause", h.options.BodyTimeout)
}

// keepMemory keeps as much of the request's memory as its response takes, and takes it where it was not counted before.
func (h *Handler) keepMemory(c *call, r response) {
	c.body = nil
	size := int64(len(r.body))
	if size <= memory.SmallBody || r.cached {
		size = 0
	}
	if size > 0 {
		_ = c.memory.GrowTo(c.context(), size) // fails if the client is gone, which sending finds
	}
	c.memory.ShrinkTo(size)
}
