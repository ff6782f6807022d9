package suite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/internal/sleep"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
)

// ItemDeleter deletes items that a suite created, and removes them from its ledger.
type ItemDeleter struct {
	Ledger *cleanup.Ledger
	Send   func(context.Context, cleanup.Item) (status int, err error) // sends a DELETE of the item
	Within time.Duration                                               // how long to retry
	Every  time.Duration                                               // between two attempts
	// Request is how long the response to one DELETE may take. An item may take
	// Within and Request together.
	Request time.Duration
}

// DeleteAll deletes items, the last one first. Each has its own time limit, so many
// items may take long on a slow server. After the first item that can't be deleted, it
// tries each of the others once, within the time limit of one item. It does not delete
// after ctx ended.
func (d ItemDeleter) DeleteAll(ctx context.Context, items []cleanup.Item) error {
	var errs []error
	limit := d.Within + d.Request
	for i := len(items) - 1; i >= 0; i-- {
		itemCtx, cancel := context.WithTimeout(ctx, limit)
		err := d.Delete(itemCtx, items[i])
		cancel()
		if err != nil && len(errs) == 0 {
			ctx, cancel = context.WithTimeout(ctx, limit)
			defer cancel()
			d.Within = 0
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Delete deletes an item. An item that does not exist counts as deleted. Delete
// retries, because real servers return 500 for concurrent deletes in one vault
// [R terraform pull request 295].
func (d ItemDeleter) Delete(ctx context.Context, item cleanup.Item) error {
	for until := time.Now().Add(d.Within); ; {
		last := !time.Now().Before(until)
		status, err := d.Send(ctx, item)
		if err == nil && (status == http.StatusNoContent || status == http.StatusNotFound) {
			return d.Ledger.Remove(item)
		}
		if err == nil {
			err = fmt.Errorf("status %d", status)
		}
		if !last && ctx.Err() == nil {
			if sleep.For(ctx, d.Every) == nil {
				continue
			}
			err = context.Cause(ctx)
		}
		return fmt.Errorf("item %s in vault %s could not be deleted: %w", item.ID, item.Vault, err)
	}
}
