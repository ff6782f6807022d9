package mockserver

import (
	"context"
	"slices"

	"github.com/connectmock/connectmock/mockserver/internal/explain"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Control is what the server holds and does at the moment.
func (s *Server) Control(ctx context.Context) (controlapi.Overview, error) {
	now, err := s.backend.Status(ctx)
	return controlapi.Overview{
		Version: s.version, Operations: s.operationIDs(), Accounts: now.Accounts, Clock: now.Clock, Faults: now.Faults, Journal: now.Journal,
	}, err
}

func (s *Server) operationIDs() []string {
	var ids []string
	for _, op := range s.backend.Operations() {
		ids = append(ids, op.ID)
	}
	slices.Sort(ids)
	return ids
}

// Explain says which check refused an exchange of the journal, which rule was
// broken, and what may have been meant. What may have been meant is looked up
// now: it may not have been there when the request came. The errors are
// *controlapi.Error: 404 for an exchange that is not kept, 409 where no journal
// is.
func (s *Server) Explain(ctx context.Context, id uint64) (controlapi.Explanation, error) {
	return explain.Request(ctx, s.backend, id)
}
