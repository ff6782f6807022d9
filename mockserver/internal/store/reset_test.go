package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

func TestReset_RemovesEverythingButTheKey(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		fill := func(tx *Tx) error {
			if err := tx.PutAccount(Account{ID: "A"}); err != nil {
				return err
			}
			_, err := tx.PutFile("A", "i", "f", bytes.NewReader(randomBytes(4*chunkSize)))
			return errors.Join(err, tx.PutVault("A", connect.Vault{ID: "v"}),
				tx.PutItem("A", login("i", "v", "title", "tag")), tx.PutToken(auth.Token{ID: "t", Account: "A", Hash: "h"}),
				tx.SetMeta("signing-key", []byte("key")), tx.SetMeta("other", nil), tx.Record("A", record(1)))
		}
		update(t, s, fill)
		s.Record("A", record(2))
		if err := s.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		view(t, s, func(tx *Tx) error {
			for _, table := range []string{"accounts", "vaults", "items", "item_tags", "files", "chunks", "tokens", "activity"} {
				var n int
				if err := tx.session.queryRow(`SELECT count(*) FROM `+table, nil, &n); err != nil || n != 0 {
					t.Errorf("%s: %d rows, %v", table, n, err)
				}
			}
			for name, want := range map[string]string{"signing-key": "key"} {
				if got, err := tx.Meta(name); err != nil || string(got) != want {
					t.Errorf("%s: %q, %v", name, got, err)
				}
			}
			if _, err := tx.Meta("other"); !errors.Is(err, ErrNotFound) {
				t.Errorf("other: %v", err)
			}
			return nil
		})
		if _, total, err := s.Activity(ctx, "A", 0, 1); total != 0 || err != nil {
			t.Errorf("activity: %d, %v", total, err)
		}
		update(t, s, fill)
		if _, total, err := s.Activity(ctx, "A", 0, 1); total != 1 || err != nil {
			t.Errorf("activity: %d, %v", total, err)
		}
		if s.path == Memory {
			return
		}
		if err := errors.Join(s.Reset(ctx), s.Close()); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(s.path); err != nil || info.Size() > 1<<18 {
			t.Errorf("%d bytes after a reset, %v", info.Size(), err)
		}
	})
}
