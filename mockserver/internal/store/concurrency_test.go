package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

// countedRecord returns a record whose members say who made it, and its number.
func countedRecord(author, n int) connect.Activity {
	return connect.Activity{RequestID: fmt.Sprint(author), Resource: connect.Resource{ItemVersion: n}}
}

// checkCounted checks that each author has all records up to the number that was accepted, newest first.
func checkCounted(t *testing.T, page []connect.Activity, accepted map[string]int) map[string]int {
	t.Helper()
	last, next := map[string]int{}, map[string]int{}
	for _, a := range page {
		n := a.Resource.ItemVersion
		if _, seen := next[a.RequestID]; !seen {
			last[a.RequestID] = n
		} else if n != next[a.RequestID] {
			t.Errorf("%s: record %d comes where %d should", a.RequestID, n, next[a.RequestID])
			return last
		}
		next[a.RequestID] = n - 1
	}
	for author, n := range next {
		if n != 0 {
			t.Errorf("%s: record %d is missing", author, n)
		}
	}
	for author, n := range accepted {
		if last[author] < n {
			t.Errorf("%s: %d records were accepted and %d are stored", author, n, last[author])
		}
	}
	return last
}

// Whatever runs concurrently, no record is lost, duplicated or out of order, and a page has all records that were
// accepted before it was requested.
func TestRecord_LosesNothingConcurrently(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		update(t, s, func(tx *Tx) error { return tx.PutVault("A", connect.Vault{ID: "v"}) })
		const each, workers = 150, 8
		var accepted [2 * workers]atomic.Int64
		errRefused := errors.New("refused")
		var group sync.WaitGroup
		for w := range workers {
			group.Go(func() { // requests that read
				for n := 1; n <= each; n++ {
					s.Record("A", countedRecord(w, n))
					accepted[w].Store(int64(n))
				}
			})
			group.Go(func() { // requests that change something, or are refused
				for n := 1; n <= each; n++ {
					if n%5 == 0 {
						err := s.Update(ctx, func(tx *Tx) error {
							return errors.Join(tx.Record("A", countedRecord(workers+w, -1)), tx.TouchVault("A", "v", 1, day), errRefused)
						})
						if !errors.Is(err, errRefused) {
							t.Error(err)
						}
					}
					if err := s.Update(ctx, func(tx *Tx) error {
						return errors.Join(tx.TouchVault("A", "v", 1, day), tx.Record("A", countedRecord(workers+w, n)))
					}); err != nil {
						t.Error(err)
					}
					accepted[workers+w].Store(int64(n))
				}
			})
		}
		for range 2 {
			group.Go(func() {
				for range 30 {
					before := map[string]int{}
					for w := range accepted {
						if n := int(accepted[w].Load()); n > 0 {
							before[fmt.Sprint(w)] = n
						}
					}
					page, total, err := s.Activity(ctx, "A", 0, 1<<40)
					if err != nil || int64(len(page)) != total {
						t.Errorf("%d of %d records: %v", len(page), total, err)
						return
					}
					checkCounted(t, page, before)
				}
			})
			group.Go(func() {
				for range 200 {
					if err := s.View(ctx, func(tx *Tx) error {
						one, err := tx.Vault("A", "v")
						if err != nil {
							return err
						}
						two, err := tx.Vault("A", "v")
						if one != two {
							t.Error("a view sees two moments")
						}
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		page, total, err := s.Activity(ctx, "A", 0, 1<<40)
		if err != nil || total != 2*each*workers {
			t.Errorf("%d records, %v", total, err)
		}
		checkCounted(t, page, nil)
		view(t, s, func(tx *Tx) error {
			v, err := tx.Vault("A", "v")
			if v.ContentVersion != each*workers {
				t.Errorf("%d changes", v.ContentVersion)
			}
			return err
		})
	})
}

// What Record has accepted is in the file after Close, even if both run concurrently.
func TestClose_CommitsAcceptedRecords(t *testing.T) {
	t.Parallel()
	for range 5 {
		path := filepath.Join(t.TempDir(), "store.db")
		s := mustOpen(t, Options{Path: path})
		putAccounts(t, s)
		var group sync.WaitGroup
		started := make(chan struct{}, 4)
		before := map[string]int{}
		for w := range 4 {
			before[fmt.Sprint(w)] = 50
			group.Go(func() {
				for n := 1; n <= 50; n++ {
					s.Record("A", countedRecord(w, n))
				}
				started <- struct{}{}
				for n := 51; n <= 2000; n++ { // accepted until it is closed, dropped afterwards
					s.Record("A", countedRecord(w, n))
				}
			})
		}
		for range 4 {
			<-started
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		group.Wait()
		s = mustOpen(t, Options{Path: path})
		page, _, err := s.Activity(context.Background(), "A", 0, 1<<40)
		if err != nil {
			t.Fatal(err)
		}
		checkCounted(t, page, before)
	}
}

// In memory many views wait for an update and then run. In a file they do not wait.
func TestView_WaitsForAnUpdateOnlyInMemory(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		inside, leave := make(chan struct{}), make(chan struct{})
		var group sync.WaitGroup
		group.Go(func() {
			if err := s.Update(ctx, func(tx *Tx) error {
				close(inside)
				<-leave
				return tx.SetMeta("k", []byte("new"))
			}); err != nil {
				t.Error(err)
			}
		})
		<-inside
		if s.readers != s.writer {
			view(t, s, func(tx *Tx) error {
				if _, err := tx.Meta("k"); !errors.Is(err, ErrNotFound) {
					t.Errorf("an update that is not over is seen: %v", err)
				}
				return nil
			})
			close(leave)
			group.Wait()
		}
		for i := range 20 {
			group.Go(func() {
				if err := s.View(ctx, func(tx *Tx) error {
					_, err := tx.Meta("k")
					return err
				}); err != nil {
					t.Error(err)
				}
			})
			if i%4 == 0 {
				group.Go(func() {
					if err := s.Update(ctx, func(tx *Tx) error { return tx.SetMeta("k", []byte("newer")) }); err != nil {
						t.Error(err)
					}
				})
			}
		}
		if s.readers == s.writer {
			close(leave)
		}
		group.Wait()
	})
}

// A view sees a layer before or after a restore, never a mixture, and an account that is dropped meanwhile has no
// effect on others.
func TestView_SeesALayerBeforeOrAfterARestore(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		putSeed(t, s)
		putLayers(t, s, "L")
		update(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutSnapshot(Snapshot{ID: "NEXT", Name: "next", Account: "L"}), tx.PutVault("NEXT", connect.Vault{ID: "v", Name: "other", Items: 1}),
				tx.PutItem("NEXT", login("other", "v", "Other")))
		})
		seen := func() (string, error) {
			var got string
			err := s.View(ctx, func(tx *Tx) error {
				v, err := tx.Vault("L", "v")
				if err != nil {
					return err
				}
				if err := tx.Summaries("L", "v", nil, func([]byte) error { got += "i"; return nil }); err != nil {
					return err
				}
				_, first := tx.ItemJSON("L", "v", "one")
				_, second := tx.ItemJSON("L", "v", "other")
				got = fmt.Sprintf("%s %s %v %v", v.Name, got, first == nil, second == nil)
				return nil
			})
			return got, err
		}
		done := make(chan struct{})
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					switch got, err := seen(); {
					case err != nil:
						t.Error(err)
						return
					case got != "V ii true false" && got != "other i false true":
						t.Errorf("half of each: %s", got)
						return
					}
				}
			})
		}
		group.Go(func() {
			defer close(done)
			for n := range 60 {
				err := s.Update(ctx, func(tx *Tx) error {
					return errors.Join(tx.PutAccount(Account{ID: "SHORT", Base: "SEED"}), tx.Restore("L", []string{"NEXT", "SEED"}[n%2]))
				})
				s.Record("SHORT", record(n))
				err = errors.Join(err, s.Update(ctx, func(tx *Tx) error { return tx.DropAccount("SHORT") }))
				s.Record("SHORT", record(n))
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
		group.Wait()
		if got := rows(t, s, "SHORT"); len(got) != 0 {
			t.Error(got)
		}
	})
}
