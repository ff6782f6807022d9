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

// handlerTransport is a RoundTripper that calls the handler in the goroutine of the caller. If the handler aborts the
// connection, the caller gets the error that a client would.
type handlerTransport struct{ handler http.Handler }

func (d handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
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
	aborted := w.serve(d.handler, in)
	if err := r.Context().Err(); aborted != nil && err != nil {
		return nil, err
	}
	if aborted != nil && !w.Flushed {
		return nil, fmt.Errorf("connecttest: no response: %w", aborted)
	}
	response := w.Result()
	response.Request = r
	if aborted != nil {
		if aborted == io.EOF {
			aborted = io.ErrUnexpectedEOF
		}
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(response.Body, errorReader{aborted}), response.Body}
	}
	return response, nil
}

// recorder is a ResponseWriter that can be hijacked without a connection.
type recorder struct {
	*httptest.ResponseRecorder
	reset bool
}

// serve calls the handler. It returns the error that a client sees if the handler aborts the connection, else nil.
func (w *recorder) serve(h http.Handler, r *http.Request) (aborted error) {
	defer func() {
		switch p := recover(); {
		case p == nil:
		case p == http.ErrAbortHandler && w.reset:
			aborted = syscall.ECONNRESET
		case p == http.ErrAbortHandler:
			aborted = io.EOF
		default:
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}

// Hijack returns a connection that can only be closed.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	noData := bufio.NewReadWriter(bufio.NewReader(errorReader{io.EOF}), bufio.NewWriter(io.Discard))
	return &hijackedConn{recorder: w}, noData, nil
}

// hijackedConn is a connection that can only be closed.
type hijackedConn struct {
	net.Conn
	recorder *recorder
}

// SetLinger with 0 makes a close a reset, as for TCP.
func (c *hijackedConn) SetLinger(seconds int) error {
	c.recorder.reset = seconds == 0
	return nil
}

// Close does nothing: serve returns how the connection ended.
func (c *hijackedConn) Close() error { return nil }

// errorReader is a reader that returns an error.
type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }
