package backend

import (
	"context"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Clock tells what time it is for an account. Empty means the server's clock, which counts for accounts without one
// of their own.
func (b *Backend) Clock(account string) (controlapi.Clock, error) {
	account, err := b.accountID(context.Background(), account)
	if err != nil {
		return controlapi.Clock{}, err
	}
	return b.Clocks.State(account), nil
}

// SetClock moves, stops or starts the clock of an account, or the server's where account is empty, and returns its
// state then.
func (b *Backend) SetClock(ctx context.Context, account string, change controlapi.ClockChange) (controlapi.Clock, error) {
	if change == (controlapi.ClockChange{}) {
		return controlapi.Clock{}, Errorf(400, "nothing to do with the clock: give real, set, advance or frozen")
	}
	b.admin.RLock()
	defer b.admin.RUnlock()
	account, err := b.accountID(ctx, account)
	if err != nil {
		return controlapi.Clock{}, err
	}
	if err := b.Clocks.Change(account, change); err != nil {
		return controlapi.Clock{}, err
	}
	return b.Clocks.State(account), nil
}

// accountID returns the id of an account that is given by its id or name, and "" for "". An unknown account is a 404.
func (b *Backend) accountID(ctx context.Context, account string) (id string, err error) {
	if account == "" {
		return "", nil
	}
	err = b.Store.View(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		id = a.ID
		return err
	})
	return id, err
}
