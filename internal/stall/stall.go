// Package stall finds clients that stop in the middle of a body: senders that pause, and readers that do not read.
// This frees what they hold, memory above all, for others.
//
// Each read and each piece of a write has a deadline of its own, so that a slow client that moves is never cut for
// its slowness, however large the body is.
package stall

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// ErrStalled is returned when a client paused for too long.
var ErrStalled = errors.New("the client stalled")

// piece is how many bytes are written under one deadline.
const piece = 64 << 10

// Limits say how long a client may pause.
type Limits struct {
	Pause      time.Duration    // between two bytes that are read, or two pieces that are written; 0: no limit
	HasWaiters func() bool      // reports whether others wait for what the client holds; nil: never
	Now        func() time.Time // nil: time.Now
}

// least is how many bytes a client must move in each pause that it may make while others wait. Otherwise one byte
// now and then would hold memory for years.
const least = 64 << 10

// pace measures how fast a client reads or writes.
type pace struct {
	Limits
	setDeadline func(time.Time) error
	began       time.Time // the call under way
	since       time.Time // when counting began
	moved       int64     // bytes since then
}

func newPace(limits Limits, setDeadline func(time.Time) error) pace {
	if limits.Now == nil {
		limits.Now = time.Now
	}
	return pace{Limits: limits, setDeadline: setDeadline, since: limits.Now()}
}

// begin sets the deadline of a call.
func (p *pace) begin() {
	if p.Pause > 0 {
		p.began = p.Now()
		_ = p.setDeadline(p.began.Add(p.Pause)) // without support of the connection there is none
	}
}

// end turns the error of a call into ErrStalled where it is due to a pause.
func (p *pace) end(n int64, err error) error {
	if p.Pause == 0 {
		return err
	}
	now := p.Now()
	if errors.Is(err, os.ErrDeadlineExceeded) || err != nil && err != io.EOF && now.Sub(p.began) >= p.Pause {
		return ErrStalled // HTTP/2 has another error for it
	}
	p.moved += n
	if now.Sub(p.since) < p.Pause {
		return err
	}
	if err == nil && p.moved < least && p.HasWaiters != nil && p.HasWaiters() {
		return ErrStalled
	}
	p.since, p.moved = now, 0
	return err
}

// clear removes the deadline.
func (p *pace) clear() {
	if p.Pause > 0 {
		_ = p.setDeadline(time.Time{})
	}
}

// Reader reads the body of a request. It is for one goroutine.
type Reader struct {
	pace
	body io.ReadCloser
}

// NewReader returns a reader of the body of r, which w answers.
func NewReader(w http.ResponseWriter, r *http.Request, limits Limits) *Reader {
	return &Reader{pace: newPace(limits, http.NewResponseController(w).SetReadDeadline), body: r.Body}
}

// Read reads the next bytes. The error is ErrStalled when the client paused for too long; the deadline stays then, so that
// nobody waits for the rest of the body.
func (r *Reader) Read(b []byte) (int, error) {
	r.begin()
	n, err := r.body.Read(b)
	if err = r.end(int64(n), err); err != nil && err != ErrStalled {
		r.clear() // else it would end the wait for the client to go away
	}
	return n, err
}

// Close closes the body.
func (r *Reader) Close() error { return r.body.Close() }

// Writer writes the body of a response. It is for one goroutine. Finish must be called after the last byte.
type Writer struct {
	pace
	to io.Writer
}

// NewWriter returns a writer of the body of what w answers.
func NewWriter(w http.ResponseWriter, limits Limits) *Writer {
	return &Writer{pace: newPace(limits, http.NewResponseController(w).SetWriteDeadline), to: w}
}

// Write writes b, piece by piece. The error is ErrStalled when the client did not read for too long.
func (w *Writer) Write(b []byte) (written int, err error) {
	for err == nil && written < len(b) {
		w.begin()
		var n int
		n, err = w.to.Write(b[written:min(written+piece, len(b))])
		written += n
		err = w.end(int64(n), err)
	}
	return written, err
}

// ReadFrom writes what it reads to the end, piece by piece. A file is handed on as one, which the system may send by
// itself.
func (w *Writer) ReadFrom(from io.Reader) (written int64, err error) {
	most := int64(1<<63 - 1)
	limited, ok := from.(*io.LimitedReader)
	if ok {
		most, from = limited.N, limited.R
		defer func() { limited.N -= written }()
	}
	for written < most {
		size := min(piece, most-written)
		w.begin()
		n, err := io.Copy(w.to, &io.LimitedReader{R: from, N: size})
		written += n
		if err = w.end(n, err); err != nil || n < size {
			return written, err
		}
	}
	return written, nil
}

// Finish removes the deadline, for the next response on the connection.
func (w *Writer) Finish() { w.clear() }
