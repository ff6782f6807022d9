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
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// createdItem is an item that a scenario created.
type createdItem = cleanup.Item

// newLedger creates a ledger in a new file, in the format that the contract suite sweeps. Without a name it is in
// memory.
func newLedger(name string) (*cleanup.Ledger, error) {
	if name == "" {
		return cleanup.New(nil), nil
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("the ledger %s exists already: an earlier run left items behind, or another run is in "+
			"progress; sweep it first, or choose another file", name)
	}
	if err != nil {
		return nil, err
	}
	return cleanup.New(file), nil
}

// updateLedger records that a response says that an item was created or deleted.
func (s *scenarioRun) updateLedger(got *response, m *message) error {
	segments := strings.Split(strings.SplitN(m.path, "?", 2)[0], "/")
	switch {
	case got.status >= 300:
	case got.operation == language.CreateOperation && len(segments) > 3:
		return s.trackCreated(segments[3], got.body)
	case got.operation == language.DeleteOperation && len(segments) > 5:
		return s.trackDeleted(createdItem{Vault: segments[3], ID: segments[5]})
	}
	return nil
}

// trackCreated records a created item, before the response is compared with the expectation.
func (s *scenarioRun) trackCreated(vault string, body []byte) error {
	var it struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(body, &it) != nil || !connect.IsID(it.ID) || s.account != "" {
		return nil // items in an account of its own are deleted with the account
	}
	one := createdItem{Vault: vault, ID: it.ID}
	s.mu.Lock()
	s.items = append(s.items, one)
	s.mu.Unlock()
	if err := s.run.ledger.Add(one); err != nil {
		return fmt.Errorf("write the ledger: %w; nothing more is created", err)
	}
	return nil
}

func (s *scenarioRun) trackDeleted(m createdItem) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, one := range s.items {
		if one == m {
			s.items = append(s.items[:i], s.items[i+1:]...)
			return s.run.ledger.Remove(m)
		}
	}
	return nil
}

// cleanUp deletes the scenario's account, or the items it created and has not deleted, newest first.
func (s *scenarioRun) cleanUp(ctx context.Context) error {
	if s.account != "" {
		return s.run.deleteAccount(ctx, s.account)
	}
	deleter := suite.ItemDeleter{
		Ledger: s.run.ledger, Within: 4 * time.Second, Every: 200 * time.Millisecond, Request: s.run.options.Request,
		Send: func(ctx context.Context, it createdItem) (int, error) {
			path := "/v1/vaults/" + it.Vault + "/items/" + it.ID
			status, _, _, err := s.run.sendPlain(ctx, s.tokens[language.MainActor], http.MethodDelete, path, nil)
			return status, err
		},
	}
	return deleter.DeleteAll(ctx, s.items)
}
