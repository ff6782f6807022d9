package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
	"github.com/connectmock/connectmock/openapi/connect"
)

// allDeletes is the weight of a DELETE beside which the run sends no other.
const allDeletes = 1 << 20

// acquireDelete waits until a DELETE of an item may be sent, and returns the function
// to call after its response. Real servers return 500 for concurrent deletes in one
// vault [R terraform pull request 295]. So no other DELETE is in flight while a rule
// deletes an item that it created, whose status it checks; those that clean up are
// retried and may be sent at the same time.
func (s *Session) acquireDelete(ctx context.Context, id string) (release func(), err error) {
	weight := int64(1)
	if s.deletesAlone.Load() || slices.ContainsFunc(s.created, func(it cleanup.Item) bool { return it.ID == id }) {
		weight = allDeletes
	}
	if err := s.deletes.Acquire(ctx, weight); err != nil {
		return nil, context.Cause(ctx)
	}
	return func() { s.deletes.Release(weight) }, nil
}

// track adds the item that a response says was created to the ledger. Try calls it
// for each create, so no assertion can come first.
func (s *Session) track(vault string, res *Response) {
	var it struct {
		ID string `json:"id"`
	}
	if res.Status >= 300 || res.Decode(&it) != nil || !connect.IsID(it.ID) {
		return
	}
	s.created = append(s.created, cleanup.Item{Vault: vault, ID: it.ID})
	if err := s.Ledger.Add(cleanup.Item{Vault: vault, ID: it.ID}); err != nil {
		Abort(fmt.Errorf("the ledger can't be written, so no more items are created: %w", err))
	}
}

// CleanUp deletes the items that the check created, newest first, and its accounts.
func (s *Session) CleanUp(ctx context.Context) error {
	created, notFound := s.created, s.newItems
	s.created, s.newItems = nil, nil
	if s.Ctx.Err() != nil {
		notFound = nil // the run is over, so it does not wait for them
	}
	began := time.Now()
	err := s.Deleter(notFound).DeleteAll(ctx, created)
	if err != nil {
		s.Patience.giveUp(cleaningUp, began)
	}
	return errors.Join(err, s.deleteAccounts())
}

// DeleteRemaining tries once more to delete the items that rules could not delete, the
// first one with the whole patience, and the others if that succeeds.
func (r *Run) DeleteRemaining(ctx context.Context, within time.Duration) {
	remaining := r.Ledger.Items()
	d := r.Deleter(nil)
	d.Within = within
	for len(remaining) > 0 {
		if d.Delete(ctx, remaining[0]) != nil {
			return // the results of the rules have the errors, and the ledger has the items
		}
		remaining = remaining[1:]
	}
}

// Deleter returns the deleter for items in the ledger of the run. A 404 for one of
// notFound means that it is too early, for any other item that it does not exist.
func (r *Run) Deleter(notFound newItems) suite.ItemDeleter {
	within, _ := r.Patience.limit(cleaningUp)
	return suite.ItemDeleter{
		Ledger: r.Ledger, Within: within, Every: r.Patience.every, Request: r.Timeout,
		Send: func(ctx context.Context, it cleanup.Item) (int, error) {
			s := r.NewSession(ctx)
			s.newItems = slices.Clone(notFound)
			s.Scope = r.Recorder.Scope() // otherwise the exchange belongs to the rules that run now
			defer s.Scope.Close()
			res, err := s.Try("DeleteVaultItem", call.Vault(it.Vault), call.Item(it.ID))
			if err != nil {
				return 0, err
			}
			if res.Status >= 500 {
				r.deletesAlone.Store(true)
			}
			return res.Status, nil
		},
	}
}
