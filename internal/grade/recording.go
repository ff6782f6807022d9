package grade

import (
	"bytes"
	"io"
	"net/http"
	"sync"

	"github.com/connectmock/connectmock/internal/mutants"
)

// maxRecordedBytes is how many bytes of bodies a recording keeps.
const maxRecordedBytes = 128 << 20

// recording has the requests of a run of the tests, with the responses of the correct
// server. Replaying them shows which mutants change one of the responses.
type recording struct {
	mu        sync.Mutex
	exchanges []*exchange
	bytes     int // of the bodies kept, or being read
}

// exchange is a recorded request with its response.
type exchange struct {
	mutants.Exchange
	complete bool // all of the exchange is here; otherwise it can't be replayed
}

// wrap returns a handler that records what next receives and sends.
func (r *recording) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		x := &exchange{Exchange: mutants.Exchange{Request: in.Clone(in.Context()), Operation: mutants.Operation(in)}}
		r.add(x)
		sent, fits := r.read(in.Body)
		in.Body = readCloser{io.MultiReader(bytes.NewReader(sent), in.Body), in.Body}
		c := &capture{ResponseWriter: w, recording: r, complete: fits}
		defer func() { // also after a panic, which closes the connection
			r.mu.Lock()
			defer r.mu.Unlock()
			x.Sent, x.Status, x.Header, x.Body = sent, c.status, c.header, c.body
			x.complete = c.complete && c.ended
		}()
		next.ServeHTTP(c, in)
		c.end()
	})
}

func (r *recording) add(x *exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exchanges = append(r.exchanges, x)
}

// all returns copies of the exchanges, in the order in which the requests came. A request
// that the server still handles is not complete.
func (r *recording) all() (copies []*exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range r.exchanges {
		one := *x
		copies = append(copies, &one)
	}
	return copies
}

// reserve reports whether n more bytes can be kept.
func (r *recording) reserve(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bytes+n > maxRecordedBytes {
		return false
	}
	r.bytes += n
	return true
}

// read returns the start of a body, and reports whether that is all of it.
func (r *recording) read(body io.Reader) (data []byte, all bool) {
	const most = 32 << 20 // a mock refuses larger bodies
	data, err := io.ReadAll(io.LimitReader(body, most))
	return data, err == nil && len(data) < most && r.reserve(len(data))
}

type readCloser struct {
	io.Reader
	io.Closer
}

// capture is the response to a recorded request. It passes everything on.
type capture struct {
	http.ResponseWriter
	recording *recording
	status    int // 0: not sent yet
	header    http.Header
	body      []byte
	complete  bool
	ended     bool // the handler returned
}

// WriteHeader implements http.ResponseWriter.
func (c *capture) WriteHeader(status int) {
	if c.status == 0 && status >= 200 { // others come before the response
		c.status, c.header = status, c.Header().Clone()
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (c *capture) Write(data []byte) (int, error) {
	if c.status == 0 {
		c.WriteHeader(http.StatusOK)
	}
	if c.complete = c.complete && c.recording.reserve(len(data)); c.complete {
		c.body = append(c.body, data...)
	}
	return c.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController find the connection. A handler that takes it
// sends no status here, so the exchange is not complete.
func (c *capture) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// end ends a response without a body.
func (c *capture) end() {
	c.ended = c.status != 0
}
