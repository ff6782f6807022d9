package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// issuedTokens are the tokens that a run issued through the control API of the
// mock under test. The run revokes them when it ends; otherwise they expire.
type issuedTokens struct {
	names   []string         // of those that are not revoked yet
	problem string           // why none could be issued; empty if they were
	clock   controlapi.Clock // of the account, before the run
}

// issueTokens issues the tokens that were not given, if the target has a control
// API. agent is the User-Agent of a request that was just sent to the target: if it
// is not in the journal of the control API, the API belongs to another server and is
// not used. Any other problem is an error of the set-up.
func (r *run) issueTokens(ctx context.Context, agent string) error {
	control := r.Server.Control
	if control == nil {
		return nil
	}
	account, err := findAccount(ctx, control, agent)
	if err != nil {
		return fmt.Errorf("the mock's control API can't be used: %w", err)
	}
	if account == "" {
		r.tokens.problem = fmt.Sprintf("the control API at %s belongs to another server than the target", control.URL)
		return nil
	}
	r.Server.Account = account
	clock, err := control.Clock(ctx, account)
	if err != nil {
		return fmt.Errorf("the mock's control API does not tell the time: %w", err)
	}
	later := controlapi.Duration(r.timing.Total + time.Hour)
	r.tokens.clock = clock
	var expired, future, revoked string
	for _, t := range []struct {
		name  string
		value *string
		spec  controlapi.Token
	}{
		{"reader", &r.Server.ReaderToken, controlapi.Token{Permission: "read", ExpiresIn: later}},
		{"writer", &r.Server.WriterToken, controlapi.Token{Permission: "write", ExpiresIn: later}},
		{"other", &r.Server.OtherToken,
			controlapi.Token{Vaults: map[string]string{r.Server.OtherVault.ID: "read-write"}, ExpiresIn: later}},
		{"expired", &expired, controlapi.Token{ExpiresAt: clock.Now.Add(-time.Hour)}},
		{"future", &future, controlapi.Token{NotBefore: clock.Now.Add(time.Duration(later))}},
		{"revoked", &revoked, controlapi.Token{ExpiresIn: later}},
	} {
		switch {
		case *t.value != "" || len(r.Server.RefusedTokens) > 0 &&
			(t.value == &expired || t.value == &future || t.value == &revoked):
			continue // it was given
		case t.value == &r.Server.OtherToken && r.Server.OtherVault.ID == "":
			continue // it needs a second vault
		}
		t.spec.Name, t.spec.Account = call.RunPrefix(r.ID)+"-"+t.name, account
		issued, err := control.IssueToken(ctx, t.spec)
		if err != nil {
			return fmt.Errorf("the mock issued no %s token: %w", t.name, err)
		}
		r.Redactor.Add(issued.Value)
		r.tokens.names = append(r.tokens.names, t.spec.Name)
		*t.value = issued.Value
	}
	if revoked == "" {
		return nil
	}
	name := r.tokens.names[len(r.tokens.names)-1]
	if err := control.RevokeToken(ctx, account, name); err != nil {
		return fmt.Errorf("the mock revoked no token: %w", err)
	}
	r.tokens.names = r.tokens.names[:len(r.tokens.names)-1]
	r.Server.RefusedTokens = []string{expired, revoked, future}
	return nil
}

// findAccount returns the account of the request with that User-Agent in the
// journal of a mock, "" if the journal does not have the request.
func findAccount(ctx context.Context, control *controlapi.Client, agent string) (string, error) {
	journal, err := control.Journal(ctx, controlapi.JournalQuery{Operation: "GetVaults", Limit: 1000})
	if err != nil {
		return "", err
	}
	for _, e := range journal.Entries {
		if e.UserAgent == agent {
			return e.Account, nil
		}
	}
	return "", nil
}

// revokeTokens revokes the tokens that the run issued, and sets the clock of their
// account back if a rule has moved it. It works after the run ended.
func (r *run) revokeTokens() error {
	const limit = 30 * time.Second
	ctx, cancel := context.WithTimeoutCause(r.Grace, limit, errors.New("it took too long"))
	defer cancel()
	var errs []error
	for _, name := range r.tokens.names {
		if err := r.Server.Control.RevokeToken(ctx, r.Server.Account, name); err != nil {
			errs = append(errs,
				fmt.Errorf("the token %s of the mock was not revoked and is valid until it expires: %w", name, err))
		}
	}
	r.tokens.names = nil
	if err := r.restoreClock(ctx); err != nil {
		errs = append(errs, fmt.Errorf("the clock of the mock is a few seconds fast: %w", err))
	}
	return errors.Join(errs...)
}

// restoreClock sets the clock of the mock's account back if a rule has moved it: to
// the time at which it was stopped, or to its former distance from the machine's
// clock. An account that had no clock of its own has none again.
func (r *run) restoreClock(ctx context.Context) error {
	if !r.ClockMoved.Swap(false) {
		return nil
	}
	was := r.tokens.clock
	change := controlapi.ClockChange{Real: true}
	switch {
	case was.Own && was.Frozen:
		change = controlapi.ClockChange{Set: was.Now}
	case was.Own:
		change = controlapi.ClockChange{Real: true, Advance: was.Offset}
	}
	_, err := r.Server.Control.SetClock(ctx, r.Server.Account, change)
	return err
}

// missingTokenReason returns why a token is missing: the problem of issuing tokens,
// otherwise the given reason.
func (r *run) missingTokenReason(otherwise string) string {
	return cmp.Or(r.tokens.problem, otherwise)
}
