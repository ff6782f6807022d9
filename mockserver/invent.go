package mockserver

import (
	"fmt"
	"net/http"
)

// invent answers an operation that a document adds and we have no handler for:
// from its schema, valid, the same for the same seed and path.
func invent(seed uint64) func(*Server, *exchange) (reply, error) {
	return func(_ *Server, x *exchange) (reply, error) {
		return reply{}, fmt.Errorf("synth is being written")
	}
}

// held holds an answer to the document before it is sent; one that breaks it
// is an error of ours and becomes a 500. A streamed file is not read for it.
func (s *Server) held(x *exchange, rep reply) error {
	if rep.stream != nil {
		return nil
	}
	h := http.Header{}
	s.setHeaders(h, rep)
	if err := x.op.CheckResponse(x.request, max(rep.status, 200), h, rep.body); err != nil {
		return fmt.Errorf("the answer breaks the document: %w", err)
	}
	return nil
}
