package store

import (
	"context"
	"testing"
)

// The store has the same data afterwards, and accepts changes.
func TestReleaseMemory_KeepsTheData(t *testing.T) {
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
		if err := s.ReleaseMemory(ctx); err != errClosed {
			t.Errorf("after Close: %v", err)
		}
	})
}
