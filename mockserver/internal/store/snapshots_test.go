package store

import (
	"context"
	"errors"
	"testing"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// An account can start from a snapshot of another account, which then remains without a name, and the baseline can be
// changed.
func TestSetBaseline_AcceptsSnapshotsOfOtherAccounts(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		putSeed(t, s)
		putLayers(t, s, "L1")
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutItem("L1", login("own", "w", "Own")), tx.CreateSnapshot("L1", "SNAP", "one", day.Time))
		})
		saved := summaries(t, s, "L1", "w")
		update(t, s, func(tx *Tx) error { return tx.PutAccount(Account{ID: "L2", Base: "SNAP"}) })
		update(t, s, func(tx *Tx) error { return errors.Join(tx.DropSnapshot("SNAP"), tx.DeleteItem("L2", "own")) })
		view(t, s, func(tx *Tx) error {
			all, err := tx.Snapshots("L1")
			if len(all) != 0 {
				t.Error(all)
			}
			return err
		})
		update(t, s, func(tx *Tx) error { return tx.CreateSnapshot("L1", "AGAIN", "one", day.Time) }) // the name is free
		update(t, s, func(tx *Tx) error { return tx.Restore("L2", "SNAP") })
		if got := summaries(t, s, "L2", "w"); got != saved || got != "three own" {
			t.Error(got)
		}

		// Another seed, in one transaction with changes over it.
		update(t, s, func(tx *Tx) error {
			if err := tx.PutItem("L2", login("gone", "w", "Gone")); err != nil { // so that the transaction knows the layer
				return err
			}
			if err := errors.Join(tx.PutSnapshot(Snapshot{ID: "NEXT"}), tx.PutItem("NEXT", login("first", "w", "First")),
				tx.PutVault("NEXT", connect.Vault{ID: "w"}), tx.Record("NEXT", record(7)), tx.Record("L2", record(8)),
				tx.SetBaseline("L2", "NEXT")); err != nil {
				return err
			}
			changed := login("first", "w", "Changed")
			return errors.Join(tx.PutItem("L2", login("second", "w", "Second")), tx.PutItem("L2", changed), tx.Record("L2", record(9)))
		})
		if got := summaries(t, s, "L2", "w"); got != "first second" {
			t.Error(got)
		}
		page, total, err := s.Activity(context.Background(), "L2", 0, 9)
		if err != nil || total != 2 || page[0].RequestID != record(9).RequestID || page[1].RequestID != record(7).RequestID {
			t.Errorf("%v, %d, %v", page, total, err)
		}
		if got := rows(t, s, "SNAP"); len(got) != 0 {
			t.Errorf("nobody starts from it any more: %v", got)
		}
		update(t, s, func(tx *Tx) error {
			start, err := tx.Baseline("L2")
			return errors.Join(err, tx.Restore("L2", start))
		})
		if got := summaries(t, s, "L2", "w"); got != "first" {
			t.Error(got)
		}

		// An imported snapshot has no base, and is restored as a layer.
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutSnapshot(Snapshot{ID: "FILE", Account: "L2", Name: "imported"}), tx.PutItem("FILE", login("imported", "w", "x")),
				tx.PutSnapshotToken("FILE", auth.Token{ID: "of the file", Account: "L2"}))
		})
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.Restore("L2", "FILE"), tx.PutItem("L2", login("imported", "w", "changed")))
		})
		if got := summaries(t, s, "L2", "w"); got != "imported" {
			t.Error(got)
		}
		view(t, s, func(tx *Tx) error {
			a, err := tx.Account("L2")
			if a.Base != "FILE" || err != nil {
				t.Error(a, err)
			}
			if token, err := tx.Token("of the file"); err != nil || token.Account != "L2" {
				t.Error(token, err)
			}
			return nil
		})
		update(t, s, func(tx *Tx) error { return tx.DropSnapshot("FILE") })
		if got := summaries(t, s, "L2", "w"); got != "imported" {
			t.Error(got)
		}
		update(t, s, func(tx *Tx) error { return tx.Restore("L2", "NEXT") })
		if got := rows(t, s, "FILE"); len(got) != 0 {
			t.Errorf("nobody stands on it any more: %v", got)
		}
	})
}

// The cached last segment is not taken for another one of the same length.
func TestRestore_ForgetsTheCachedSegment(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		putSeed(t, s)
		putLayers(t, s, "L")
		add := func(n int) { update(t, s, func(tx *Tx) error { return tx.Record("L", record(n)) }) }
		add(11)
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.CreateSnapshot("L", "SNAP", "one", day.Time), tx.Restore("L", "SEED"))
		})
		add(12)
		update(t, s, func(tx *Tx) error { return tx.Restore("L", "SNAP") })
		add(13)
		page, total, err := s.Activity(context.Background(), "L", 0, 2)
		if err != nil || total != 5 || page[0].RequestID != record(13).RequestID || page[1].RequestID != record(11).RequestID {
			t.Errorf("%v, %d, %v", page, total, err)
		}
	})
}

// A snapshot has the records that were accepted before it. Records that were accepted before Restore are deleted.
func TestCreateSnapshot_IncludesQueuedRecords(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		putSeed(t, s)
		putLayers(t, s, "L")
		count := func(account string) int64 {
			_, total, err := s.Activity(context.Background(), account, 0, 0)
			if err != nil {
				t.Error(err)
			}
			return total
		}
		s.Record("L", record(4))
		update(t, s, func(tx *Tx) error { return tx.CreateSnapshot("L", "SNAP", "one", day.Time) })
		if n := count("SNAP"); n != 4 {
			t.Errorf("%d records in the snapshot", n)
		}
		s.Record("L", record(5))
		update(t, s, func(tx *Tx) error { return tx.Restore("L", "SNAP") })
		if n := count("L"); n != 4 {
			t.Errorf("%d records after the return", n)
		}
		// Whoever is dropped loses nobody else's record.
		for i := range 200 {
			s.Record("L", record(i))
			s.Record("A", record(i))
		}
		update(t, s, func(tx *Tx) error { return tx.DropAccount("L") })
		for i := range 200 {
			s.Record("L", record(i))
			s.Record("A", record(i))
		}
		if n := count("A"); n != 400 {
			t.Errorf("%d records of another account", n)
		}
		if got := rows(t, s, "L"); len(got) != 0 {
			t.Error(got)
		}
	})
}
