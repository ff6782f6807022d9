package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// issuedTokens are the tokens that a run issued through the control API of the
// mock under test. They are revoked when the run ends and expire otherwise.
type issuedTokens struct {
	account string   // id of the account of Target.Token
	names   []string // of those that are not revoked yet
	why     string   // why none could be issued; empty: they were
}

// issue issues the tokens that were not given if the target has a control API.
// agent is the User-Agent of a request that was just sent to the target: a control
// API that does not have it in its journal belongs to another server and is not
// used. Every other obstacle is an error of the set-up.
func (r *run) issue(ctx context.Context, f *found, agent string) error {
	control := r.target.Control
	if control == nil {
		return nil
	}
	account, err := accountOf(ctx, control, agent)
	if err != nil {
		return fmt.Errorf("the mock's control API can't be used: %w", err)
	}
	if account == "" {
		r.tokens.why = fmt.Sprintf("the control at %s is of another server than the target", control.URL)
		return nil
	}
	r.tokens.account = account
	clock, err := control.Clock(ctx, account)
	if err != nil {
		return fmt.Errorf("the mock's control API does not tell the time: %w", err)
	}
	later := controlapi.Duration(r.timing.Total + time.Hour)
	var expired, revoked string
	for _, t := range []struct {
		name string
		to   *string
		spec controlapi.Token
	}{
		{"reader", &r.target.ReaderToken, controlapi.Token{Permission: "read", ExpiresIn: later}},
		{"writer", &r.target.WriterToken, controlapi.Token{Permission: "write", ExpiresIn: later}},
		{"other", &r.target.OtherToken, controlapi.Token{Vaults: map[string]string{f.second.ID: "read-write"}, ExpiresIn: later}},
		{"expired", &expired, controlapi.Token{ExpiresAt: clock.Now.Add(-time.Hour)}},
		{"revoked", &revoked, controlapi.Token{ExpiresIn: later}},
	} {
		switch {
		case *t.to != "" || len(r.target.RefusedTokens) > 0 && (t.to == &expired || t.to == &revoked):
			continue // it was given
		case t.to == &r.target.OtherToken && f.second.ID == "":
			continue // there is no other vault for it
		}
		t.spec.Name, t.spec.Account = prefix(r.id)+"-"+t.name, account
		made, err := control.IssueToken(ctx, t.spec)
		if err != nil {
			return fmt.Errorf("the mock made no %s token: %w", t.name, err)
		}
		r.redactor.Add(made.Value)
		r.tokens.names = append(r.tokens.names, t.spec.Name)
		*t.to = made.Value
	}
	if revoked == "" {
		return nil
	}
	name := r.tokens.names[len(r.tokens.names)-1]
	if err := control.RevokeToken(ctx, account, name); err != nil {
		return fmt.Errorf("the mock revoked no token: %w", err)
	}
	r.tokens.names = r.tokens.names[:len(r.tokens.names)-1]
	r.target.RefusedTokens = []string{expired, revoked}
	return nil
}

// accountOf finds the request with that User-Agent in the journal of a mock and
// returns the account it was for, "" if the request is not there.
func accountOf(ctx context.Context, control *controlapi.Client, agent string) (string, error) {
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

// revokeTokens revokes the tokens that the run issued, also after it ended.
func (r *run) revokeTokens() error {
	const limit = 30 * time.Second
	ctx, cancel := context.WithTimeoutCause(r.grace, limit, errors.New("it took too long"))
	defer cancel()
	var errs []error
	for _, name := range r.tokens.names {
		if err := r.target.Control.RevokeToken(ctx, r.tokens.account, name); err != nil {
			errs = append(errs, fmt.Errorf("the token %s of the mock was not revoked and is good until it expires: %w", name, err))
		}
	}
	r.tokens.names = nil
	return errors.Join(errs...)
}

// whyNoToken returns why a token is missing: otherwise, unless the control API
// could not issue it.
func (r *run) whyNoToken(otherwise string) string {
	return cmp.Or(r.tokens.why, otherwise)
}
