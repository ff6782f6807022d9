package store

import (
	"errors"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
)

func TestTokens_AreStoredAndFound(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		signed := auth.Token{ID: "t1", Account: "A", Name: "ci", Server: "S", Vaults: map[string]connect.Permission{"v": connect.Read},
			All: connect.Write, IssuedAt: day.Time, NotBefore: day.Time, ExpiresAt: day.Add(time.Hour)}
		plain := auth.Token{ID: "t2", Account: "A", Name: "dev", All: connect.ReadWrite, Hash: auth.HashPlain("value")}
		other := auth.Token{ID: "t3", Account: "B"}
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutToken(plain), tx.PutToken(signed), tx.PutToken(other))
		})
		err := s.Update(t.Context(), func(tx *Tx) error {
			return tx.PutToken(auth.Token{ID: "t4", Account: "B", Hash: plain.Hash})
		})
		if err == nil {
			t.Error("two tokens of one value")
		}
		signed.RevokedAt = day.Time
		update(t, s, func(tx *Tx) error { return tx.PutToken(signed) })
		view(t, s, func(tx *Tx) error {
			all, err := tx.Tokens("A")
			if diff := cmp.Diff([]auth.Token{plain, signed}, all); diff != "" || err != nil {
				t.Error(diff, err)
			}
			one, err := tx.Token("t1")
			if diff := cmp.Diff(signed, one); diff != "" || err != nil {
				t.Error(diff, err)
			}
			one, err = tx.TokenByHash(plain.Hash)
			if diff := cmp.Diff(plain, one); diff != "" || err != nil {
				t.Error(diff, err)
			}
			if _, err := tx.Token("t4"); !errors.Is(err, ErrNotFound) {
				t.Errorf("Token(t4): %v", err)
			}
			for _, hash := range []string{"", "x"} {
				if _, err := tx.TokenByHash(hash); !errors.Is(err, ErrNotFound) {
					t.Errorf("TokenByHash(%q): %v", hash, err)
				}
			}
			return nil
		})
	})
}
