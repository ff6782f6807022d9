package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
)

// compare checks that everything that can be read of two accounts is the same.
func (w *layerPairs) compare(t *rapid.T, tw *layerPair) {
	t.Helper()
	same := func(what string, of func(account string) string) {
		t.Helper()
		if diff := cmp.Diff(strings.Split(of(tw.plain), "\n"), strings.Split(of(tw.layer), "\n")); diff != "" {
			t.Fatalf("%s of %s: %s", what, tw.layer, diff)
		}
	}
	same("state", func(account string) string {
		return strings.ReplaceAll(state(t, w.store, account), account, "ACCOUNT")
	})
	same("items by id", func(account string) string {
		var list []string
		view(t, w.store, func(tx *Tx) error {
			for _, id := range itemIDs {
				document, err := tx.FindItemJSON(account, id)
				list = append(list, fmt.Sprintf("%s: %s, %v", id, document, err))
				for _, vault := range []string{"v", "w"} {
					document, err := tx.ItemJSON(account, vault, id)
					list = append(list, fmt.Sprintf("%s: %s, %v", id, document, err))
				}
			}
			return nil
		})
		for _, id := range itemIDs {
			list = append(list, fileOf(t, w.store, account, id))
		}
		return strings.Join(list, "\n")
	})
	f := &filter.Filter{Root: nodes(2).Draw(t, "filter"), CaseSensitive: rapid.Bool().Draw(t, "case")}
	title := filter.Compare{Op: filter.Eq, Value: texts().Draw(t, "title")}
	for _, f := range []*filter.Filter{f, parts().Draw(t, "part"), {Root: title}, {Root: title, CaseSensitive: true}} {
		same("filtered", func(account string) string {
			return search(t, w.store, account, "v", f)
		})
	}
	same("documents", func(account string) (list string) {
		view(t, w.store, func(tx *Tx) error {
			return tx.eachItem("document", account, "v", nil, func(b []byte) error { list += string(b) + "\n"; return nil })
		})
		return list
	})
	offset, limit := rapid.Int64Range(0, 300).Draw(t, "offset"), rapid.Int64Range(0, 200).Draw(t, "limit")
	same("activity", func(account string) string {
		page, total := readPage(t, w.store, account, offset, limit)
		for i := range page {
			if account == tw.layer && page[i].Actor.Account != account {
				t.Fatalf("a record of %s", page[i].Actor.Account)
			}
			page[i].Actor.Account = ""
		}
		text, _ := json.Marshal(page)
		return fmt.Sprintf("%d\n%s", total, text)
	})
	// Nothing differs between two layers but what MayDiffer says.
	view(t, w.store, func(tx *Tx) error {
		may, err := tx.ChangedItemIDs(w.all[0].layer, w.all[1].layer)
		for _, id := range itemIDs {
			one, _ := tx.FindItemJSON(w.all[0].layer, id)
			two, _ := tx.FindItemJSON(w.all[1].layer, id)
			if string(one) != string(two) && !slices.Contains(may, id) {
				t.Fatalf("%s differs and is not among %v", id, may)
			}
		}
		return err
	})
}

// end drops the layers and sees that nothing is left, not even the seed.
func (w *layerPairs) end(t *rapid.T) {
	for _, tw := range w.all {
		update(t, w.store, func(tx *Tx) error { return errors.Join(tx.DropAccount(tw.layer), tx.DropAccount(tw.plain)) })
		if left := rows(t, w.store, tw.layer); len(left) != 0 {
			t.Fatalf("rows of %s are left: %v", tw.layer, left)
		}
	}
	view(t, w.store, func(tx *Tx) error {
		for _, table := range []string{"accounts", "vaults", "items", "item_tags", "hidden", "hidden_files", "files", "chunks", "tokens", "kept_tokens", "activity"} {
			var n int
			if err := tx.session.queryRow(`SELECT count(*) FROM `+table, nil, &n); err != nil || n != 0 {
				t.Fatalf("%d rows of %s are left, %v", n, table, err)
			}
		}
		return nil
	})
}
