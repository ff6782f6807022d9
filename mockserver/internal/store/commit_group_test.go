package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/connect"
)

// runInOneGroup runs updates so that all of them are in one group, in their order, and returns their errors; a panic is
// an error too.
func runInOneGroup(t *testing.T, s *Store, updates ...func(*Tx) error) []error {
	t.Helper()
	results := make([]error, len(updates))
	var all sync.WaitGroup
	var group *group
	inside, leave := make(chan struct{}), make(chan struct{})
	update(t, s, func(*Tx) error { return nil }) // the writer is open
	for i, fn := range updates {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					results[i] = fmt.Errorf("panic: %v", p)
				}
			}()
			results[i] = s.Update(context.Background(), func(tx *Tx) error {
				if i == 0 {
					group = tx.group
					close(inside)
					<-leave
				}
				if tx.group != group {
					t.Errorf("update %d is in another group", i)
				}
				return fn(tx)
			})
		})
		if i == 0 {
			<-inside
		}
		synctest.Wait() // it waits for the writer
	}
	close(leave)
	all.Wait()
	return results
}

// testGroups runs a test on each engine, in a synctest bubble, with a store that has the vault v and the account L.
func testGroups(t *testing.T, test func(t *testing.T, s *Store)) {
	for _, engine := range []string{"memory", "file"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := openEngine(t, engine)
				putSeed(t, s)
				putLayers(t, s, "L")
				update(t, s, func(tx *Tx) error { return tx.PutVault("A", connect.Vault{ID: "v"}) })
				test(t, s)
			})
		})
	}
}

// put adds an item and its record.
func put(id string) func(*Tx) error {
	return func(tx *Tx) error {
		return errors.Join(tx.PutItem("A", login(id, "v", id, "tag")), tx.TouchVault("A", "v", 1, day),
			tx.Record("A", connect.Activity{RequestID: id}))
	}
}

// checkPut checks that account A has exactly these items, with their records in this order.
func checkPut(t *testing.T, s *Store, records string, ids ...string) {
	t.Helper()
	if got := summaries(t, s, "A", "v"); got != strings.Join(ids, " ") {
		t.Errorf("items %s, want %s", got, ids)
	}
	page, _, err := s.Activity(context.Background(), "A", 0, 1000)
	if err != nil {
		t.Error(err)
	}
	var got []string
	for i := len(page) - 1; i >= 0; i-- {
		got = append(got, page[i].RequestID)
	}
	if diff := cmp.Diff(strings.Fields(records), got); diff != "" {
		t.Errorf("records: %s", diff)
	}
	view(t, s, func(tx *Tx) error {
		v, err := tx.Vault("A", "v")
		if v.Items != len(ids) {
			t.Errorf("the vault counts %d items, want %d", v.Items, len(ids))
		}
		return err
	})
}

func text(errs []error) string {
	texts := make([]string, len(errs))
	for i, err := range errs {
		texts[i] = "ok"
		if err != nil {
			texts[i] = err.Error()
		}
	}
	return strings.Join(texts, ", ")
}

// Each update of a group succeeds or fails alone, and sees the changes of those that have succeeded.
func TestUpdate_FailsAloneInAGroup(t *testing.T) {
	t.Parallel()
	testGroups(t, func(t *testing.T, s *Store) {
		errRefused := errors.New("refused")
		s.Record("A", connect.Activity{RequestID: "before"})
		got := runInOneGroup(t, s,
			put("one"),
			func(tx *Tx) error { return errors.Join(put("two")(tx), errRefused) },
			func(tx *Tx) error { return errors.Join(put("three")(tx)) },
			func(tx *Tx) error {
				if err := put("four")(tx); err != nil {
					t.Error(err)
				}
				panic("boom")
			},
			func(tx *Tx) error { // what it writes of the log before it fails is others' too
				err := errors.Join(put("five")(tx), tx.CreateSnapshot("L", "SNAPSHOT", "snapshot", day.Time))
				s.queue.add(entry{"A", connect.Activity{RequestID: "beside"}})
				return errors.Join(err, tx.DropAccount("L"), errRefused)
			},
			func(tx *Tx) error {
				_, one := tx.Item("A", "v", "one")
				for _, id := range []string{"two", "four", "five"} {
					if _, err := tx.Item("A", "v", id); !errors.Is(err, ErrNotFound) {
						t.Errorf("%s was undone and is seen: %v", id, err)
					}
				}
				_, err := tx.Account("L")
				return errors.Join(one, err, put("six")(tx))
			},
			func(tx *Tx) error { // an account may be created, recorded for and saved in one update
				return errors.Join(tx.PutSnapshot(Snapshot{ID: "MADE"}), tx.Record("MADE", connect.Activity{RequestID: "made"}))
			},
			func(tx *Tx) error { return tx.Record("MADE", connect.Activity{RequestID: "late"}) },
			func(tx *Tx) error { return errRefused },
		)
		if want := "ok, refused, ok, panic: boom, refused, ok, ok, ok, refused"; text(got) != want {
			t.Errorf("%s, want %s", text(got), want)
		}
		checkPut(t, s, "before beside one three six", "one", "three", "six")
		for account, want := range map[string]int64{"MADE": 1, "SNAPSHOT": 0} {
			if _, total, err := s.Activity(context.Background(), account, 0, 10); err != nil || total != want {
				t.Errorf("%s has %d records, want %d: %v", account, total, want, err)
			}
		}
		update(t, s, put("seven"))
		checkPut(t, s, "before beside one three six seven", "one", "three", "six", "seven")
	})
}

// If the first update of a group fails, the others start a new transaction.
func TestUpdate_StartsAGroupAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	testGroups(t, func(t *testing.T, s *Store) {
		errRefused := errors.New("refused")
		for range 2 {
			if err := s.Update(context.Background(), func(tx *Tx) error { return errors.Join(put("one")(tx), errRefused) }); !errors.Is(err, errRefused) {
				t.Error(err)
			}
		}
		update(t, s, put("two"))
		checkPut(t, s, "two", "two")
	})
}

// A commit that fails is an error for all updates, and nothing of them is stored; records that were queued before are
// kept.
func TestUpdate_FailsWithTheCommitOfItsGroup(t *testing.T) {
	t.Parallel()
	testGroups(t, func(t *testing.T, s *Store) {
		session, err := s.writer.take(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := session.execAll("CREATE TABLE parent (id INTEGER PRIMARY KEY)",
			"CREATE TABLE child (id BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)", "PRAGMA foreign_keys = ON"); err != nil {
			t.Fatal(err)
		}
		s.writer.put(session)
		s.Record("A", connect.Activity{RequestID: "queued"})
		update(t, s, put("before"))
		errRefused := errors.New("refused")
		got := runInOneGroup(t, s,
			put("one"),
			func(tx *Tx) error { return errors.Join(put("two")(tx), errRefused) },
			func(tx *Tx) error {
				s.queue.add(entry{"A", connect.Activity{RequestID: "beside"}})
				_, err := tx.exec("INSERT INTO child VALUES (1)") // only the commit sees that there is no parent
				return errors.Join(err, put("three")(tx))
			},
			put("four"),
		)
		for i, err := range got {
			if err == nil || !strings.Contains(err.Error(), "FOREIGN KEY") || !strings.Contains(err.Error(), s.path) {
				t.Errorf("update %d: %v", i, err)
			}
		}
		update(t, s, put("after"))
		checkPut(t, s, "queued before beside after", "before", "after")
	})
}

// When the engine rolls everything back because the disk is full, every update of the group gets an error.
func TestUpdate_FailsForTheWholeGroupOnAFullDisk(t *testing.T) {
	t.Parallel()
	testGroups(t, func(t *testing.T, s *Store) {
		session, err := s.writer.take(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := session.execAll("PRAGMA max_page_count = 100"); err != nil {
			t.Fatal(err)
		}
		s.writer.put(session)
		got := runInOneGroup(t, s, put("one"), func(tx *Tx) error {
			return tx.PutItem("A", login("huge", "v", strings.Repeat("t", 1<<20)))
		}, put("three"))
		view(t, s, func(tx *Tx) error {
			for i, id := range []string{"one", "huge", "three"} {
				if _, err := tx.Item("A", "v", id); (err == nil) != (got[i] == nil) {
					t.Errorf("the update of %s returned %v, reading it %v", id, got[i], err)
				}
			}
			return nil
		})
		if got[1] == nil || !strings.Contains(got[1].Error(), "disk is full") {
			t.Error(got[1])
		}
	})
}
