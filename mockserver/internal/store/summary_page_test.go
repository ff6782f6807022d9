package store

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
)

// page returns the ids on a page of vault v, and how many items are selected.
func page(t *testing.T, s *Store, account string, sel Selection, offset, limit int64) (ids []string, matched int64) {
	t.Helper()
	view(t, s, func(tx *Tx) (err error) {
		if matched, err = tx.CountItems(account, "v", sel); err != nil {
			return err
		}
		return tx.SummaryPage(account, "v", sel, offset, limit, func(b []byte) error {
			it, err := DecodeItem("", b)
			ids = append(ids, it.ID)
			return err
		})
	})
	return ids, matched
}

// A layer with tombstones, rows of its own and those of its base shows the same pages as a copy of it.
func TestSummaryPage_IsPartOfTheList(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		update(t, s, func(tx *Tx) error {
			errs := []error{tx.PutSnapshot(Snapshot{ID: "S"})}
			for i := range 7 {
				errs = append(errs, tx.PutItem("S", login(fmt.Sprint("base ", i), "v", fmt.Sprint("title ", i), "x")))
			}
			return errors.Join(append(errs, tx.PutAccount(Account{ID: "L", Base: "S"}))...)
		})
		update(t, s, func(tx *Tx) error {
			note := login("note", "v", `"category":"LOGIN"`)
			note.Category = "SECURE_NOTE"
			changed := login("base 2", "v", "title changed")
			changed.Version = 2
			return errors.Join(tx.DeleteItem("L", "base 1"), tx.PutItem("L", changed), tx.PutItem("L", note))
		})
		contains := func(text string) Selection {
			return Selection{Filter: &filter.Filter{
				Root: filter.Compare{Attribute: filter.Title, Op: filter.Co, Value: text},
			}}
		}
		for name, c := range map[string]struct {
			selection     Selection
			offset, limit int64
			want          []string
			matched       int64
		}{
			"all":            {Selection{}, 0, 50, []string{"base 0", "base 2", "base 3", "base 4", "base 5", "base 6", "note"}, 7},
			"second page":    {Selection{}, 2, 2, []string{"base 3", "base 4"}, 7},
			"beyond the end": {Selection{}, 9, 2, nil, 7},
			"title":          {contains("CHANGED"), 0, 50, []string{"base 2"}, 1},
			"category":       {Selection{Category: "SECURE_NOTE"}, 0, 50, []string{"note"}, 1},
			"a title that reads as a category": {Selection{Category: "LOGIN"}, 4, 50,
				[]string{"base 5", "base 6"}, 6},
			"no such category": {Selection{Category: "LOG"}, 0, 50, nil, 0},
		} {
			ids, matched := page(t, s, "L", c.selection, c.offset, c.limit)
			if diff := cmp.Diff(c.want, ids); diff != "" || matched != c.matched {
				t.Errorf("%s: %d matched, want %d (-want +got):\n%s", name, matched, c.matched, diff)
			}
		}
	})
}
