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

// ErrBrokeOff is the error of a response that began and did not end.
var ErrBrokeOff = errors.New("the answer broke off")

// Recorder is an http.RoundTripper that records, validates and counts every
// exchange. Its fields must not change after the first request. It is safe for
// concurrent use.
type Recorder struct {
	Document *openapi.Document // must be set
	Base     http.RoundTripper // nil: http.DefaultTransport
	Redactor *redact.Redactor  // nil: one that knows only what it sees itself
	Coverage *coverage.Counter // nil: nothing is counted
	BasePath string            // path of the target's base URL: "/connect"; "" if there is none

	Timeout time.Duration    // from sending to the last byte of the response; 0: 30 s
	MaxBody int64            // bytes of a response above which it is an error; 0: 32 MiB
	Keep    int              // exchanges kept for each scope, the newest; 0: 200
	Now     func() time.Time // nil: time.Now

	// OnExchange is called with a redacted copy when an exchange is over, by the
	// goroutine that made the request; nil: it is not called.
	OnExchange func(*Exchange)

	once sync.Once
	mu   sync.Mutex
	open []*Scope
}

func (r *Recorder) start() {
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

// RoundTrip sends a request and returns when the whole response was read, the
// timeout is over or the request's context ends, whichever comes first. A response
// that breaks the document is returned all the same; Exchange.Violations says what
// is wrong.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.start()
	sent, err := drain(req.Body)
	if err != nil {
		return nil, fmt.Errorf("read the request's body: %w", err)
	}
	op := operation(r.Document, r.BasePath, req)
	e := r.begin(req, op, sent)

	late := fmt.Errorf("no complete answer within %s: %w", r.Timeout, context.DeadlineExceeded)
	ctx, cancel := context.WithTimeoutCause(req.Context(), r.Timeout, late)
	defer cancel()
	out := req.Clone(ctx)
	if req.Body != nil {
		out.Body = io.NopCloser(bytes.NewReader(sent))
	}
	res, body, err := r.fetch(ctx, out)
	e.Took = r.Now().Sub(e.Began)
	if err != nil {
		e.Err = err
		r.end(req.Context(), e)
		return nil, err
	}

	r.receive(e, op, res, body)
	e.Violations = check(req, op, res, body)
	if op != nil && r.Coverage != nil && req.Method != http.MethodHead {
		r.Coverage.Count(op.ID, res.StatusCode, res.Header.Get("Content-Type"), len(e.Violations) == 0)
	}
	r.end(req.Context(), e)
	res.Request = req
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

func (r *Recorder) begin(req *http.Request, op *openapi.Operation, sent []byte) *Exchange {
	e := &Exchange{
		Method: req.Method, URL: req.URL.Scheme + "://" + req.URL.Host + req.URL.RequestURI(),
		RequestHeader: req.Header.Clone(), RequestSize: int64(len(sent)), Began: r.Now(), base: r.BasePath, concealed: true,
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
	r.Redactor.Learn(sent)
	e.concealRequest(sent)
	return e
}

func (r *Recorder) receive(e *Exchange, op *openapi.Operation, res *http.Response, body []byte) {
	e.Status, e.ResponseHeader = res.StatusCode, res.Header.Clone()
	e.ResponseSize = int64(len(body))
	e.opaque = op != nil && res.StatusCode < 300 && answersBinary(op)
	switch {
	case !e.opaque:
		r.Redactor.Learn(body)
	case len(body) <= KeptBody: // a larger file is never shown, whole or in part
		r.Redactor.Add(string(body))
	}
	e.concealResponse(body)
}

// fetch calls the base in a goroutine of its own, because a base need not be a
// network and may ignore contexts. If it never returns, the goroutine leaks, but
// the caller goes on.
func (r *Recorder) fetch(ctx context.Context, req *http.Request) (*http.Response, []byte, error) {
	type answer struct {
		res  *http.Response
		body []byte
		err  error
	}
	arrived := make(chan answer, 1)
	go func() {
		var a answer
		if a.res, a.err = r.Base.RoundTrip(req); a.err == nil {
			a.body, a.err = r.read(a.res.Body)
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

func (r *Recorder) read(body io.ReadCloser) ([]byte, error) {
	defer body.Close()
	all, err := io.ReadAll(io.LimitReader(body, r.MaxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w after %d bytes: %w", ErrBrokeOff, len(all), err)
	case int64(len(all)) > r.MaxBody:
		return nil, fmt.Errorf("the answer is larger than %d bytes", r.MaxBody)
	}
	return all, nil
}

func check(req *http.Request, op *openapi.Operation, res *http.Response, body []byte) []string {
	if op == nil {
		return checkUnknown(req.Method, res.StatusCode, res.Header, body)
	}
	if err := op.CheckResponse(req, res.StatusCode, res.Header, body); err != nil {
		return []string{err.Error()}
	}
	return nil
}

// drain reads the whole body of a request. Requests come from the suite and fit in
// memory.
func drain(body io.ReadCloser) ([]byte, error) {
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
