package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
	"github.com/connectmock/connectmock/openapi/connect"
)

// createdItem is an item that a scenario created.
type createdItem = cleanup.Item

// newLedger is a ledger in a new file of that name, in the form the contract
// suite sweeps; without a name it stays in memory.
func newLedger(name string) (*cleanup.Ledger, error) {
	if name == "" {
		return cleanup.New(nil), nil
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("the ledger %s is there already: an earlier run left items over, or another one is under way; sweep it first, or name another", name)
	}
	if err != nil {
		return nil, err
	}
	return cleanup.New(file), nil
}

// enterInLedger records what a response says was created or deleted.
func (p *play) enterInLedger(got *answer, m *message) error {
	segments := strings.Split(strings.SplitN(m.path, "?", 2)[0], "/")
	switch {
	case got.status >= 300:
	case got.operation == createOperation && len(segments) > 3:
		return p.trackCreated(segments[3], got.body)
	case got.operation == deleteOperation && len(segments) > 5:
		return p.trackDeleted(createdItem{Vault: segments[3], ID: segments[5]})
	}
	return nil
}

// trackCreated records an item that a response says was created, before anything
// is asserted of it.
func (p *play) trackCreated(vault string, body []byte) error {
	var it struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(body, &it) != nil || !connect.IsID(it.ID) || p.account != "" {
		return nil // in an account of its own everything is deleted with the account
	}
	one := createdItem{Vault: vault, ID: it.ID}
	p.mu.Lock()
	p.items = append(p.items, one)
	p.mu.Unlock()
	if err := p.of.ledger.Add(one); err != nil {
		return fmt.Errorf("the ledger can't be written, so nothing more is made: %w", err)
	}
	return nil
}

func (p *play) trackDeleted(m createdItem) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, one := range p.items {
		if one == m {
			p.items = append(p.items[:i], p.items[i+1:]...)
			return p.of.ledger.Remove(m)
		}
	}
	return nil
}

// cleanUp deletes the scenario's account, or the items it created and has not
// deleted, newest first.
func (p *play) cleanUp(ctx context.Context) error {
	if p.account != "" {
		return p.of.deleteAccount(ctx, p.account)
	}
	var errs []error
	for i := len(p.items) - 1; i >= 0; i-- {
		errs = append(errs, p.remove(ctx, p.items[i]))
	}
	return errors.Join(errs...)
}

// remove deletes an item. Real servers answer 500 to concurrent deletes in one
// vault [R terraform pull request 295], so it retries.
func (p *play) remove(ctx context.Context, m createdItem) error {
	const tries = 20
	for i := 1; ; i++ {
		status, _, _, err := p.of.ask(ctx, p.tokens[mainActor], http.MethodDelete, "/v1/vaults/"+m.Vault+"/items/"+m.ID, nil)
		if err == nil && (status == http.StatusNoContent || status == http.StatusNotFound) {
			return p.of.ledger.Remove(m)
		}
		if err == nil {
			err = fmt.Errorf("answered %d", status)
		}
		if i == tries || ctx.Err() != nil {
			return fmt.Errorf("item %s in vault %s is left over: %w", m.ID, m.Vault, err)
		}
		if err := suite.Sleep(ctx, 200*time.Millisecond); err != nil {
			return fmt.Errorf("item %s in vault %s is left over: %w", m.ID, m.Vault, err)
		}
	}
}
