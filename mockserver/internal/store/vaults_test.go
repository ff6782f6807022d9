package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestVaults_AreStoredAndFound(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		second := connect.Vault{ID: "second", Name: "Zoo", Description: "animals", Type: "PERSONAL", AttributeVersion: 1,
			ContentVersion: 9, Items: 5, CreatedAt: day, UpdatedAt: day}
		first := connect.Vault{ID: "first", Name: "A\x00b", Type: "USER_CREATED", AttributeVersion: 2, ContentVersion: 1}
		update(t, s, func(tx *Tx) error {
			return errors.Join(
				tx.PutVault("A", second),
				tx.PutVault("A", connect.Vault{ID: "first", Name: "old"}),
				tx.PutVault("B", connect.Vault{ID: "first", Name: "of another account"}),
				tx.PutVault("A", first),
			)
		})
		later := connect.At(day.Add(time.Hour))
		update(t, s, func(tx *Tx) error {
			if err := tx.TouchVault("A", "third", 1, later); !errors.Is(err, ErrNotFound) {
				t.Errorf("TouchVault(third): %v", err)
			}
			return errors.Join(tx.TouchVault("A", "second", 1, later), tx.TouchVault("A", "second", -2, later), tx.TouchVault("A", "second", 0, later))
		})
		second.ContentVersion, second.Items, second.UpdatedAt = 12, 4, later
		view(t, s, func(tx *Tx) error {
			all, err := tx.Vaults("A")
			if err != nil {
				return err
			}
			if diff := cmp.Diff([]connect.Vault{second, first}, all); diff != "" {
				t.Error(diff)
			}
			one, err := tx.Vault("A", "first")
			if diff := cmp.Diff(first, one); diff != "" || err != nil {
				t.Error(diff, err)
			}
			if _, err := tx.Vault("C", "first"); !errors.Is(err, ErrNotFound) {
				t.Errorf("Vault of another account: %v", err)
			}
			return nil
		})
	})
}
