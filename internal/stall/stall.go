// Package stall detects clients that stop in the middle of a body: senders that pause, and receivers that do not read.
// The server can then free what they hold, above all memory. It does not know what is in a body.
//
// Each read and each piece of a write has its own deadline, so that a slow client which continues is never stopped,
// however large the body is.
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

// pieceBytes is how many bytes are written with one deadline.
const pieceBytes = 64 << 10

// Limits bound how long a client may pause. The zero value has no limits.
type Limits struct {
	Pause      time.Duration    // between two bytes that are read, or two pieces that are written; 0: no limit
	HasWaiters func() bool      // reports whether others wait for what the client holds; nil: never
	Now        func() time.Time // nil: time.Now
}

// minBytes is how many bytes a client must send or receive within the time of a pause while others wait. Otherwise a
// client that sends a byte from time to time would hold memory for years.
const minBytes = 64 << 10

// pace measures how fast a client reads or writes.
type pace struct {
	Limits
	setDeadline func(time.Time) error
	began       time.Time // start of the present call
	since       time.Time // start of the present count
	moved       int64     // bytes sent or received since then
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
		_ = p.setDeadline(p.began.Add(p.Pause)) // fails if the connection has no deadlines
	}
}

// end turns the error of a call into ErrStalled where it is due to a pause.
func (p *pace) end(n int64, err error) error {
	if p.Pause == 0 {
		return err
	}
	now := p.Now()
	if errors.Is(err, os.ErrDeadlineExceeded) || err != nil && err != io.EOF && now.Sub(p.began) >= p.Pause {
		return ErrStalled // HTTP/2 returns another error after the deadline
	}
	p.moved += n
	if now.Sub(p.since) < p.Pause {
		return err
	}
	if err == nil && p.moved < minBytes && p.HasWaiters != nil && p.HasWaiters() {
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

// NewReader returns a reader of the body of r. w is the ResponseWriter for r.
func NewReader(w http.ResponseWriter, r *http.Request, limits Limits) *Reader {
	return &Reader{pace: newPace(limits, http.NewResponseController(w).SetReadDeadline), body: r.Body}
}

// Read reads the next bytes. The error is ErrStalled when the client paused for too long; the deadline then stays, so
// that net/http does not wait for the rest of the body.
func (r *Reader) Read(b []byte) (int, error) {
	r.begin()
	n, err := r.body.Read(b)
	if err = r.end(int64(n), err); err != nil && err != ErrStalled {
		r.clear() // otherwise it would end the connection while the request is handled
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

// NewWriter returns a writer of the body of a response.
func NewWriter(w http.ResponseWriter, limits Limits) *Writer {
	return &Writer{pace: newPace(limits, http.NewResponseController(w).SetWriteDeadline), to: w}
}

// Write writes b, piece by piece. The error is ErrStalled when the client did not read for too long.
func (w *Writer) Write(b []byte) (written int, err error) {
	for err == nil && written < len(b) {
		w.begin()
		var n int
		n, err = w.to.Write(b[written:min(written+pieceBytes, len(b))])
		written += n
		err = w.end(int64(n), err)
	}
	return written, err
}

// ReadFrom writes all that it reads, piece by piece. It passes a file on as a file, which the system may send directly.
func (w *Writer) ReadFrom(from io.Reader) (written int64, err error) {
	limit := int64(1<<63 - 1)
	limited, ok := from.(*io.LimitedReader)
	if ok {
		limit, from = limited.N, limited.R
		defer func() { limited.N -= written }()
	}
	for written < limit {
		size := min(pieceBytes, limit-written)
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
