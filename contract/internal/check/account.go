package check

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// CreateAccount creates an account with the initial data of that of the target. It is
// deleted after the check.
func (s *Session) CreateAccount() controlapi.Account {
	account, err := s.Server.Control.CreateAccount(s.Ctx,
		controlapi.NewAccount{Name: s.UniqueName("account"), From: s.Server.Account})
	if err != nil {
		Abort(fmt.Errorf("the mock created no account: %w", err))
	}
	s.Redactor.Add(account.Token)
	s.accounts = append(s.accounts, account.ID)
	return account
}

// deleteAccounts deletes the accounts that the check created.
func (s *Session) deleteAccounts() error {
	const limit = 30 * time.Second
	ctx, cancel := context.WithTimeoutCause(s.Grace, limit, errors.New("it took too long"))
	defer cancel()
	var errs []error
	for _, id := range s.accounts {
		if err := s.Server.Control.DeleteAccount(ctx, id); err != nil {
			errs = append(errs, fmt.Errorf("the account %s of the mock was not deleted: %w", id, err))
		}
	}
	s.accounts = nil
	return errors.Join(errs...)
}

// WaitForNextSecond returns when the server's clock, in whole seconds, shows a later
// time. It moves the clock of a mock that the run controls, and waits for any other.
func (s *Session) WaitForNextSecond() {
	const second = time.Second
	var err error
	switch {
	case s.Server.AdvanceClock != nil:
		s.Server.AdvanceClock(second)
	case s.Server.Account != "":
		s.ClockMoved.Store(true)
		_, err = s.Server.Control.SetClock(s.Ctx, s.Server.Account,
			controlapi.ClockChange{Advance: controlapi.Duration(second)})
	default:
		err = sleep.For(s.Ctx, second)
	}
	if err != nil {
		Abort(err)
	}
}
