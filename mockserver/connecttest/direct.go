package connecttest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
)

// direct is a RoundTripper that calls the handler in the goroutine of the caller.
// If the handler aborts the connection, the caller gets the error that a client
// would.
type direct struct{ handler http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "127.0.0.1:0"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer in.Body.Close()
	w := &recorder{ResponseRecorder: httptest.NewRecorder()}
	gone := w.serve(d.handler, in)
	if err := r.Context().Err(); gone != nil && err != nil {
		return nil, err
	}
	if gone != nil && !w.Flushed {
		return nil, fmt.Errorf("connecttest: no response: %w", gone)
	}
	response := w.Result()
	response.Request = r
	if gone != nil {
		if gone == io.EOF {
			gone = io.ErrUnexpectedEOF
		}
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(response.Body, failing{gone}), response.Body}
	}
	return response, nil
}

// recorder is a ResponseWriter that can be hijacked without a connection.
type recorder struct {
	*httptest.ResponseRecorder
	reset bool
}

// serve calls the handler and returns how the connection ended, nil if it did not.
func (w *recorder) serve(h http.Handler, r *http.Request) (gone error) {
	defer func() {
		switch p := recover(); {
		case p == nil:
		case p == http.ErrAbortHandler && w.reset:
			gone = syscall.ECONNRESET
		case p == http.ErrAbortHandler:
			gone = io.EOF
		default:
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}

// Hijack returns a connection that can only be closed.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	nothing := bufio.NewReadWriter(bufio.NewReader(failing{io.EOF}), bufio.NewWriter(io.Discard))
	return &end{recorder: w}, nothing, nil
}

// end is a connection that can only be closed.
type end struct {
	net.Conn
	recorder *recorder
}

// SetLinger with 0 makes a close a reset, as for TCP.
func (e *end) SetLinger(seconds int) error {
	e.recorder.reset = seconds == 0
	return nil
}

// Close ends the connection.
func (e *end) Close() error { return nil }

// failing is a reader that returns an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
