package store

import (
	"context"
	"testing"
)

// A store that was settled holds what it held, and takes more.
func TestSettle(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		put := func(id string) {
			if err := s.Update(ctx, func(tx *Tx) error { return tx.PutItem("A", login(id, "v", id)) }); err != nil {
				t.Fatal(err)
			}
		}
		put("a")
		if err := s.ReleaseMemory(ctx); err != nil {
			t.Fatal(err)
		}
		put("b")
		if got := summaries(t, s, "A", "v"); got != "a b" {
			t.Errorf("holds %q", got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.ReleaseMemory(ctx); err != ErrClosed {
			t.Errorf("after Close: %v", err)
		}
	})
}
