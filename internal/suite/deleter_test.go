package suite_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/internal/suite/cleanup"
)

// deleterOf returns a deleter whose server responds with respond, and the ledger with
// these items.
func deleterOf(t *testing.T, items []cleanup.Item, respond func(id string) (int, error)) suite.ItemDeleter {
	t.Helper()
	ledger := cleanup.New(nil)
	for _, item := range items {
		if err := ledger.Add(item); err != nil {
			t.Fatal(err)
		}
	}
	return suite.ItemDeleter{
		Ledger: ledger, Within: 10 * time.Second, Every: time.Second, Request: 5 * time.Second,
		Send: func(_ context.Context, item cleanup.Item) (int, error) { return respond(item.ID) },
	}
}

func TestItemDeleter_DeletesTheLastItemFirstAndRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		items := []cleanup.Item{{Vault: "v", ID: "first"}, {Vault: "v", ID: "missing"}, {Vault: "v", ID: "conflict"}}
		attempts := map[string]int{}
		var order []string
		d := deleterOf(t, items, func(id string) (int, error) {
			if attempts[id]++; attempts[id] == 1 {
				order = append(order, id)
			}
			switch {
			case id == "missing":
				return 404, nil
			case id == "conflict" && attempts[id] < 3:
				return 500, nil
			}
			return 204, nil
		})
		if err := d.DeleteAll(t.Context(), items); err != nil {
			t.Error(err)
		}
		if want := []string{"conflict", "missing", "first"}; !slices.Equal(order, want) || d.Ledger.Remaining() != 0 {
			t.Errorf("order %v, want %v; %d items remain", order, want, d.Ledger.Remaining())
		}
	})
}

func TestItemDeleter_TriesOtherItemsOnceAfterAnErrorAndKeepsThemInTheLedger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		items := []cleanup.Item{{Vault: "v", ID: "deletable"}, {Vault: "v", ID: "second"}, {Vault: "v", ID: "first"}}
		attempts := map[string]int{}
		d := deleterOf(t, items, func(id string) (int, error) {
			attempts[id]++
			switch id {
			case "deletable":
				return 204, nil
			case "second":
				return 0, errors.New("connection refused")
			}
			return 503, nil
		})
		err := d.DeleteAll(t.Context(), items)
		for _, want := range []string{
			"item first in vault v could not be deleted: status 503",
			"item second in vault v could not be deleted: connection refused",
		} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		}
		if attempts["first"] < 3 || attempts["second"] != 1 || d.Ledger.Remaining() != 2 {
			t.Errorf("attempts %v, %d items remain", attempts, d.Ledger.Remaining())
		}
	})
}

func TestItemDeleter_EndsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("cleaning up took too long"))
	items := []cleanup.Item{{Vault: "v", ID: "first"}}
	d := deleterOf(t, items, func(string) (int, error) { return 0, context.Cause(ctx) })
	err := d.DeleteAll(ctx, items)
	if err == nil || !strings.Contains(err.Error(), "cleaning up took too long") || d.Ledger.Remaining() != 1 {
		t.Errorf("error %v, %d items remain", err, d.Ledger.Remaining())
	}
}
