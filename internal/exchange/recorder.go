package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/openapi"
)

// ErrIncomplete is the error of a response that ended before it was complete.
var ErrIncomplete = errors.New("the response is incomplete")

// Recorder is an http.RoundTripper that records, validates and counts every exchange. Its fields must not change after
// the first request. It is safe for concurrent use.
type Recorder struct {
	Document *openapi.Document // must be set
	Base     http.RoundTripper // nil: http.DefaultTransport
	Redactor *redact.Redactor  // nil: one that knows only the secrets in exchanges
	Coverage *coverage.Counter // nil: nothing is counted
	BasePath string            // path of the target's base URL: "/connect"; "" if there is none

	Timeout time.Duration    // from sending to the last byte of the response; 0: 30 s
	MaxBody int64            // bytes of a response above which it is an error; 0: 32 MiB
	Keep    int              // exchanges kept for each scope, the newest; 0: 200
	Now     func() time.Time // nil: time.Now

	// OnExchange is called with a redacted copy at the end of an exchange, by the goroutine that sent the request; nil:
	// it is not called.
	OnExchange func(*Exchange)

	once sync.Once
	mu   sync.Mutex
	open []*Scope
}

// initialize sets the defaults.
func (r *Recorder) initialize() {
	r.once.Do(func() {
		r.BasePath = strings.TrimSuffix(r.BasePath, "/")
		if r.Base == nil {
			r.Base = http.DefaultTransport
		}
		if r.Redactor == nil {
			r.Redactor = new(redact.Redactor)
		}
		if r.Now == nil {
			r.Now = time.Now
		}
		r.Timeout = positive(r.Timeout, 30*time.Second)
		r.MaxBody = positive(r.MaxBody, 32<<20)
		r.Keep = positive(r.Keep, 200)
	})
}

// RoundTrip sends a request and returns when the whole response was read, the timeout is over or the request's context
// ends, whichever comes first. It also returns a response that violates the document; Exchange.Violations says how.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.initialize()
	sent, err := readBody(req.Body)
	if err != nil {
		return nil, fmt.Errorf("read the request's body: %w", err)
	}
	op := operation(r.Document, r.BasePath, req)
	e := r.newExchange(req, op, sent)

	timeout := fmt.Errorf("no complete response within %s: %w", r.Timeout, context.DeadlineExceeded)
	ctx, cancel := context.WithTimeoutCause(req.Context(), r.Timeout, timeout)
	defer cancel()
	out := req.Clone(ctx)
	if len(sent) > 0 {
		out.Body = io.NopCloser(bytes.NewReader(sent))
	} else if req.Body != nil {
		// A body that is empty, but not known to be, may be sent in chunks, even with a GET. Proxies may then end a
		// response early, because it comes before the last chunk.
		out.Body, out.ContentLength = http.NoBody, 0
	}
	res, body, err := r.fetch(ctx, out)
	e.Took = r.Now().Sub(e.Began)
	if err != nil {
		e.Err = err
		r.endExchange(req.Context(), e)
		return nil, err
	}

	r.addResponse(e, op, res, body)
	e.Violations = checkResponse(req, op, res, body)
	if op != nil && r.Coverage != nil && req.Method != http.MethodHead {
		r.Coverage.Count(op.ID, res.StatusCode, res.Header.Get("Content-Type"), len(e.Violations) == 0)
	}
	r.endExchange(req.Context(), e)
	res.Request = req
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// newExchange returns the exchange of a request that has not been sent yet.
func (r *Recorder) newExchange(req *http.Request, op *openapi.Operation, sent []byte) *Exchange {
	e := &Exchange{
		Method: req.Method, URL: req.URL.Scheme + "://" + req.URL.Host + req.URL.RequestURI(),
		RequestHeader: req.Header.Clone(), RequestSize: int64(len(sent)), Began: r.Now(), basePath: r.BasePath,
		concealed: true,
	}
	if e.Method == "" {
		e.Method = http.MethodGet
	}
	if op != nil {
		e.Operation = op.ID
	}
	for _, value := range req.Header["Authorization"] {
		r.Redactor.LearnCredential(value)
	}
	text, why := r.Redactor.LearnVisible(e.Operation, sent)
	e.showRequest(text, why)
	return e
}

// addResponse adds a response to its exchange.
func (r *Recorder) addResponse(e *Exchange, op *openapi.Operation, res *http.Response, body []byte) {
	e.Status, e.ResponseHeader = res.StatusCode, res.Header.Clone()
	e.ResponseSize = int64(len(body))
	e.fileContent = op != nil && res.StatusCode < 300 && returnsFileContent(op)
	if !e.fileContent {
		text, why := r.Redactor.LearnVisible(e.Operation, body)
		e.showResponse(text, why)
		return
	}
	if len(body) <= KeptBody { // a larger file is never shown, not even in part
		r.Redactor.Add(string(body))
	}
	e.concealResponse(body)
}

// fetch calls Base in a goroutine, because it may ignore contexts. If Base never returns, the goroutine leaks, but
// fetch returns.
func (r *Recorder) fetch(ctx context.Context, req *http.Request) (*http.Response, []byte, error) {
	type result struct {
		res  *http.Response
		body []byte
		err  error
	}
	arrived := make(chan result, 1)
	go func() {
		var a result
		if a.res, a.err = r.Base.RoundTrip(req); a.err == nil {
			a.body, a.err = r.readResponse(a.res.Body)
		}
		arrived <- a
	}()
	select {
	case a := <-arrived:
		if a.err != nil && ctx.Err() != nil {
			a.err = context.Cause(ctx)
		}
		return a.res, a.body, a.err
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
}

// readResponse reads the whole body of a response, up to MaxBody bytes.
func (r *Recorder) readResponse(body io.ReadCloser) ([]byte, error) {
	defer body.Close()
	all, err := io.ReadAll(io.LimitReader(body, r.MaxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w after %d bytes: %w", ErrIncomplete, len(all), err)
	case int64(len(all)) > r.MaxBody:
		return nil, fmt.Errorf("the response is larger than %d bytes", r.MaxBody)
	}
	return all, nil
}

// checkResponse returns how a response violates the document.
func checkResponse(req *http.Request, op *openapi.Operation, res *http.Response, body []byte) []string {
	if op == nil {
		return checkUnknownRoute(req.Method, res.StatusCode, res.Header, body)
	}
	if err := op.CheckResponse(req, res.StatusCode, res.Header, body); err != nil {
		return []string{err.Error()}
	}
	return nil
}

// readBody reads the whole body of a request. Requests of a suite fit in memory.
func readBody(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	defer body.Close()
	return io.ReadAll(body)
}

// positive returns value if it is positive and fallback otherwise.
func positive[T int | int64 | time.Duration](value, fallback T) T {
	if value > 0 {
		return value
	}
	return fallback
}
