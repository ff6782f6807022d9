package api

import (
	"fmt"
	"hash/fnv"
	"net/http"

	"github.com/connectmock/connectmock/mockserver/internal/synth"
)

// synthesize returns the handler of an operation that a document adds and that we have none for: its responses are
// generated from its schema, valid, and the same for the same seed and path.
func synthesize(seed uint64) handleFunc {
	return func(_ *Handler, c *call) (response, error) {
		name := fnv.New64a()
		_, _ = name.Write([]byte(c.request.Method + c.request.URL.Path)) // never fails
		status, kind, body, err := synth.Response(c.op.Operation, seed^name.Sum64())
		if err != nil {
			return response{}, err
		}
		r := response{status: status, body: body}
		for name, values := range synth.Headers(c.op.Operation, status, seed) {
			r.headers = append(r.headers, header{name, values[0]})
		}
		if kind != "" {
			r.headers = append(r.headers, header{"Content-Type", kind})
		}
		return r, nil
	}
}

// checkResponse checks a response against the document before it is sent; one that breaks it is an error of ours and
// becomes a 500. A streamed file is not read for it.
func (h *Handler) checkResponse(c *call, r response) error {
	if r.stream != nil {
		return nil
	}
	headers := http.Header{}
	h.setHeaders(headers, r)
	headers["1password-Connect-Version"] = h.versionHeader // to leave it out is a switch, not a mistake
	if err := c.op.CheckResponse(c.request, max(r.status, 200), headers, r.body); err != nil {
		return fmt.Errorf("the response breaks the document: %w", err)
	}
	return nil
}
