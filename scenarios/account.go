package scenarios

import (
	"context"
	"fmt"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// createAccount creates an account for the scenario if the target has a control API.
func (s *scenarioRun) createAccount(ctx context.Context) error {
	r := s.run
	s.tokens[language.MainActor], s.tokens[language.NoActor] = r.target.Token, ""
	if r.target.Control == nil {
		return nil
	}
	// Wait for the response even if ctx ends: an account whose id is unknown would never be deleted.
	account, err := r.target.Control.CreateAccount(context.WithoutCancel(ctx), controlapi.NewAccount{Name: s.prefix})
	if err != nil {
		return fmt.Errorf("create an account for the scenario: %w", err)
	}
	s.account = account.ID
	s.tokens[language.MainActor] = account.Token
	r.redactor.AddToken(account.Token, "OP_CONNECT_TOKEN")
	return nil
}

// deleteAccount deletes the account of a scenario, also after the run ended.
func (r *run) deleteAccount(ctx context.Context, account string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	if err := r.target.Control.DeleteAccount(ctx, account); err != nil {
		return fmt.Errorf("the scenario's account could not be deleted: %w", err)
	}
	return nil
}
