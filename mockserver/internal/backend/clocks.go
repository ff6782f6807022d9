package backend

import (
	"context"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Clock describes the clock of an account. "" is the server's clock, which applies to accounts without a clock of
// their own.
func (b *Backend) Clock(ctx context.Context, account string) (controlapi.Clock, error) {
	account, err := b.accountID(ctx, account)
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
