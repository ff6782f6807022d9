package api

import (
	"fmt"
	"hash/fnv"
	"net/http"

	"github.com/connectmock/connectmock/mockserver/internal/synth"
)

// invent answers an operation that a document adds and we have no handler for:
// from its schema, valid, the same for the same seed and path.
func invent(seed uint64) func(*Handler, *exchange) (reply, error) {
	return func(_ *Handler, x *exchange) (reply, error) {
		name := fnv.New64a()
		_, _ = name.Write([]byte(x.request.Method + x.request.URL.Path)) // never fails
		status, kind, body, err := synth.Response(x.op.Operation, seed^name.Sum64())
		if err != nil {
			return reply{}, err
		}
		rep := reply{status: status, body: body}
		for name, values := range synth.Headers(x.op.Operation, status, seed) {
			rep.headers = append(rep.headers, header{name, values[0]})
		}
		if kind != "" {
			rep.headers = append(rep.headers, header{"Content-Type", kind})
		}
		return rep, nil
	}
}

// held holds an answer to the document before it is sent; one that breaks it
// is an error of ours and becomes a 500. A streamed file is not read for it.
func (s *Handler) held(x *exchange, rep reply) error {
	if rep.stream != nil {
		return nil
	}
	h := http.Header{}
	s.setHeaders(h, rep)
	h["1password-Connect-Version"] = s.versionHeader // to leave it out is a switch, not a mistake
	if err := x.op.CheckResponse(x.request, max(rep.status, 200), h, rep.body); err != nil {
		return fmt.Errorf("the answer breaks the document: %w", err)
	}
	return nil
}
