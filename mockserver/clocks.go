package mockserver

import (
	"context"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Clock tells what time it is for an account. Empty means the server's clock, which counts for accounts without one
// of their own.
func (s *Server) Clock(account string) (controlapi.Clock, error) {
	account, err := s.accountID(context.Background(), account)
	if err != nil {
		return controlapi.Clock{}, err
	}
	return s.clocks.State(account), nil
}

// SetClock moves, stops or starts the clock of an account, or the server's where account is empty, and returns its
// state then.
func (s *Server) SetClock(ctx context.Context, account string, change controlapi.ClockChange) (controlapi.Clock, error) {
	if change == (controlapi.ClockChange{}) {
		return controlapi.Clock{}, refuse(400, "nothing to do with the clock: give real, set, advance or frozen")
	}
	s.admin.RLock()
	defer s.admin.RUnlock()
	account, err := s.accountID(ctx, account)
	if err != nil {
		return controlapi.Clock{}, err
	}
	if err := s.clocks.Change(account, change); err != nil {
		return controlapi.Clock{}, err
	}
	return s.clocks.State(account), nil
}

// accountID returns the id of an account that is given by its id or name, and "" for "". An unknown account is a 404.
func (s *Server) accountID(ctx context.Context, account string) (id string, err error) {
	if account == "" {
		return "", nil
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		id = a.ID
		return err
	})
	return id, err
}
