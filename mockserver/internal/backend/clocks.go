package backend

import (
	"context"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Clock describes the clock of an account. "" is the server's clock, which applies to accounts without a clock of
// their own.
func (b *Backend) Clock(account string) (controlapi.Clock, error) {
	account, err := b.accountID(context.Background(), account)
	if err != nil {
		return controlapi.Clock{}, err
	}
	return b.Clocks.State(account), nil
}

// SetClock sets, moves, stops or starts the clock of an account, or the server's for "", and returns its new state.
func (b *Backend) SetClock(
	ctx context.Context, account string, change controlapi.ClockChange,
) (controlapi.Clock, error) {
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

// accountID returns the id of the account with that id or name, and "" for "". The error for an unknown one is a 404.
func (b *Backend) accountID(ctx context.Context, account string) (id string, err error) {
	if account == "" {
		return "", nil
	}
	err = b.Store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		id = a.ID
		return err
	})
	return id, err
}
