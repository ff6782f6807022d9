package mockserver

import (
	"context"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Control is what the server holds and does at the moment.
func (s *Server) Control(ctx context.Context) (controlapi.Overview, error) {
	accounts, err := s.Accounts(ctx)
	kept := 0
	if s.backend.Journal != nil {
		kept, _ = s.backend.Journal.Stats()
	}
	return controlapi.Overview{
		Version:    s.version,
		Operations: s.api.Operations(),
		Accounts:   accounts,
		Clock:      s.backend.Clocks.State(""),
		Faults:     s.backend.Faults.Len(),
		Journal:    kept,
	}, err
}

// Explain says which check refused an exchange of the journal, which rule was
// broken, and what may have been meant. What may have been meant is looked up
// now: it may not have been there when the request came. The errors are
// *controlapi.Error: 404 for an exchange that is not kept, 409 where no journal
// is.
func (s *Server) Explain(ctx context.Context, id uint64) (controlapi.Explanation, error) {
	return s.api.Explain(ctx, id)
}
