package mockserver

import (
	"context"
	"maps"
	"slices"

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
		Operations: slices.Sorted(maps.Keys(s.operations)),
		Accounts:   accounts,
		Clock:      s.backend.Clocks.State(""),
		Faults:     s.backend.Faults.Len(),
		Journal:    kept,
	}, err
}
