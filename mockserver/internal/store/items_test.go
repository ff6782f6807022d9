package store

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/connect"
)

// login returns an item with a value in each member.
func login(id, vault, title string, tags ...string) connect.Item {
	return connect.Item{
		AdditionalInformation: "someone", Category: "LOGIN", CreatedAt: day, UpdatedAt: day, Favorite: true, ID: id,
		Fields:       []connect.Field{{ID: "password", Purpose: "PASSWORD", Type: "CONCEALED", Value: "a secret \x00 & <b>"}},
		Files:        []connect.File{{ContentPath: "/v1/x", ID: "file", Name: "ü.txt", Size: 3}},
		LastEditedBy: "USER", Sections: []connect.Section{{ID: "s", Label: "S"}}, Tags: tags, Title: title,
		URLs: []connect.URL{{Href: "https://example.com", Primary: true}}, Vault: connect.VaultRef{ID: vault, Name: "V"}, Version: 1,
	}
}

// summaries returns the ids of the items that match a filter, in order.
func summaries(t testing.TB, s *Store, account, vault string) (ids string) {
	t.Helper()
	view(t, s, func(tx *Tx) error {
		return tx.Summaries(account, vault, nil, func(b []byte) error {
			var sum connect.Summary
			err := json.Unmarshal(b, &sum)
			ids += sum.ID + " "
			return err
		})
	})
	return strings.TrimSpace(ids)
}

func TestItems_AreAddedReplacedAndDeleted(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		one, two := login("one", "v", "One", "b", "B", "a"), login("two", "v", "Two")
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutItem("A", two), tx.PutItem("A", one), tx.PutItem("B", login("one", "v", "other")),
				tx.PutItem("A", login("three", "w", "Three", "b")))
		})
		if got := summaries(t, s, "A", "v"); got != "two one" {
			t.Errorf("order: %s", got)
		}
		// The three ways to replace: the document alone, more, a first version.
		two.Version, two.Favorite = 2, false
		one.Version, one.Title, one.Tags = 2, "ONE!", []string{"c"}
		update(t, s, func(tx *Tx) error { return errors.Join(tx.PutItem("A", two), tx.PutItem("A", one)) })
		two.Version, two.Tags = 1, []string{"new"}
		update(t, s, func(tx *Tx) error { return tx.PutItem("A", two) })

		view(t, s, func(tx *Tx) error {
			for _, want := range []connect.Item{one, two} {
				got, err := tx.Item("A", "v", want.ID)
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Error(diff, err)
				}
				encoded, err := tx.ItemJSON("A", "v", want.ID)
				if wire, _ := json.Marshal(want); string(encoded) != string(wire) || err != nil {
					t.Errorf("ItemJSON = %s, %v", encoded, err)
				}
				err = tx.Summaries("A", "v", nil, func(b []byte) error {
					if strings.Contains(string(b), "secret") || strings.Contains(string(b), `"fields"`) {
						t.Errorf("a summary with fields: %s", b)
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
			for _, at := range [][3]string{{"A", "w", "one"}, {"B", "v", "two"}, {"A", "v", "none"}} {
				if _, err := tx.Item(at[0], at[1], at[2]); !errors.Is(err, ErrNotFound) {
					t.Errorf("Item(%v): %v", at, err)
				}
			}
			stop := errors.New("stop")
			if err := tx.Summaries("A", "v", nil, func([]byte) error { return stop }); !errors.Is(err, stop) {
				t.Errorf("Summaries: %v", err)
			}
			return nil
		})
		if got, want := tagRows(t, s), "A v c one; A v new two; A w b three"; got != want {
			t.Errorf("tags %s, want %s", got, want)
		}

		update(t, s, func(tx *Tx) error {
			if err := tx.DeleteItem("A", "none"); !errors.Is(err, ErrNotFound) {
				t.Errorf("DeleteItem(none): %v", err)
			}
			return tx.DeleteItem("A", "one")
		})
		if got := summaries(t, s, "A", "v"); got != "two" {
			t.Errorf("after delete: %s", got)
		}
		if got := summaries(t, s, "B", "v"); got != "one" {
			t.Errorf("the other account: %s", got)
		}
		if got, want := tagRows(t, s), "A v new two; A w b three"; got != want {
			t.Errorf("tags %s, want %s", got, want)
		}
	})
}

// tagRows returns the whole table of tags.
func tagRows(t *testing.T, s *Store) string {
	t.Helper()
	var all []string
	view(t, s, func(tx *Tx) error {
		return tx.session.each(`SELECT t.account, t.vault, CAST(t.tag AS TEXT), i.id FROM item_tags t
			JOIN items i ON i.seq = t.seq ORDER BY 1, 2, 3, 4`, nil, func(scan func(...any) error) error {
			var a, v, tag, id string
			err := scan(&a, &v, &tag, &id)
			all = append(all, strings.Join([]string{a, v, tag, id}, " "))
			return err
		})
	})
	return strings.Join(all, "; ")
}
