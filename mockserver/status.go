package mockserver

import (
	"context"
	"slices"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Status is what a server holds and does at the moment.
type Status struct {
	Version     string   // of Connect
	Operations  []string // ids of those that are served, sorted
	Synthesized []string // method and path of those with responses generated from their schema
	Unserved    []string // ids of those we know that the document or the version of Connect lacks

	Seeded   bool                 // the store was empty and was filled
	Accounts []controlapi.Account // without their tokens
	Vaults   int                  // of the accounts that the server started with
	Items    int                  // of these vaults

	Clock   controlapi.Clock // the server's
	Faults  int
	Journal int // entries
}

// Status returns what the server holds and does at the moment.
func (s *Server) Status(ctx context.Context) (Status, error) {
	b, err := s.backend.Status(ctx)
	return Status{
		Version: s.version, Operations: b.Operations, Synthesized: s.api.Synthesized(), Unserved: s.api.Unserved(),
		Seeded: b.Seeded, Accounts: b.Accounts, Vaults: b.Vaults, Items: b.Items,
		Clock: b.Clock, Faults: b.Faults, Journal: b.Journal,
	}, err
}

// Health returns what a client without a token gets from /health, without a request: it is not in the journal. Faults
// that make the request itself fail are not applied.
func (s *Server) Health(ctx context.Context) (connect.Health, error) {
	list, err := s.Faults(ctx, "")
	unreachable := slices.ContainsFunc(list, func(f controlapi.Fault) bool {
		return f.Sync != "" && f.Account == "" && (len(f.Operations) == 0 || slices.Contains(f.Operations, "GetServerHealth"))
	})
	return s.api.Health(unreachable), err
}

// StoreFile returns the name of the file that the path of a store leads to:
// absolute and without symbolic links. The files beside a store are named after
// it. MemoryStore stays as it is.
func StoreFile(path string) string { return backend.StoreFile(path) }

// IsStoreServed reports whether a server of this machine has the store open.
// known is false where there is no lock file beside it.
func IsStoreServed(path string) (served, known bool) { return backend.IsStoreServed(path) }
