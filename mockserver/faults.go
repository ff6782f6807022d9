package mockserver

import (
	"context"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// AddFault adds a fault, which applies to requests from now on, and returns it as
// it is stored: with a name and the members of its preset. The account may be
// given by name. The error is a *controlapi.Error that names the invalid member.
func (s *Server) AddFault(ctx context.Context, f controlapi.Fault) (controlapi.Fault, error) {
	return s.backend.AddFault(ctx, f)
}

// Faults returns the faults of an account, given by its id or name, with their
// counts and in the order they were added. For "" it returns all faults; those
// for every account are in no other list. The error for an unknown account is a
// 404.
func (s *Server) Faults(ctx context.Context, account string) ([]controlapi.Fault, error) {
	return s.backend.ListFaults(ctx, account)
}

// RemoveFault removes the fault with that name. Writes that it hid or delayed
// become visible at once.
func (s *Server) RemoveFault(_ context.Context, name string) error {
	return s.backend.RemoveFault(name)
}

// ResetFaults removes the faults of an account, given by its id or name, or all
// faults for "". Writes that they hid or delayed become visible. The error for an
// unknown account is a 404.
func (s *Server) ResetFaults(ctx context.Context, account string) error {
	return s.backend.ResetFaults(ctx, account)
}
