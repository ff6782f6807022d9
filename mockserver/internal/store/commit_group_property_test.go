package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Whatever writers do concurrently, exactly the changes that succeeded are stored.
func TestUpdate_StoresExactlyWhatSucceeded(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		update(t, s, func(tx *Tx) error { return tx.PutVault("A", connect.Vault{ID: "v"}) })
		const writers, each = 12, 60
		errRefused := errors.New("refused")
		var stood atomic.Int64
		accepted := map[string]int{}
		var mu sync.Mutex
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				chance, n := rand.New(rand.NewPCG(1, uint64(w))), 0
				for i := range each {
					ctx, cancel := context.WithCancel(context.Background())
					id := fmt.Sprintf("%d-%d", w, i)
					change := func(tx *Tx) error {
						return errors.Join(tx.PutItem("A", login(id, "v", id)), tx.TouchVault("A", "v", 1, day), tx.Record("A", countedRecord(w, n+1)))
					}
					var err error
					switch kind := chance.IntN(6); kind {
					case 0:
						err = s.Update(ctx, func(tx *Tx) error { return errors.Join(change(tx), errRefused) })
					case 1:
						func() {
							defer func() { err = recover().(error) }()
							s.Update(ctx, func(tx *Tx) error { change(tx); panic(errRefused) })
						}()
					case 2:
						err = s.Update(ctx, func(tx *Tx) error {
							return errors.Join(change(tx), tx.CreateSnapshot("A", "F", "f", day.Time), errRefused)
						})
					case 3:
						go cancel()
						fallthrough
					default:
						if err = s.Update(ctx, change); err == nil {
							n++
							stood.Add(1)
						}
					}
					cancel()
					if err != nil && !errors.Is(err, errRefused) && !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
					if err := s.View(context.Background(), func(tx *Tx) error {
						_, there := tx.Item("A", "v", id)
						if (there == nil) != (err == nil) {
							t.Errorf("the update of %s returned %v, reading it %v", id, err, there)
						}
						return nil
					}); err != nil {
						t.Error(err)
					}
				}
				mu.Lock()
				defer mu.Unlock()
				accepted[fmt.Sprint(w)] = n
			})
		}
		all.Wait()
		page, total, err := s.Activity(context.Background(), "A", 0, 1<<40)
		if err != nil || total != stood.Load() {
			t.Errorf("%d records of %d updates: %v", total, stood.Load(), err)
		}
		if diff := cmp.Diff(accepted, checkCounted(t, page, accepted)); diff != "" {
			t.Error(diff)
		}
		view(t, s, func(tx *Tx) error {
			v, err := tx.Vault("A", "v")
			if int64(v.Items) != stood.Load() || int64(v.ContentVersion) != stood.Load() {
				t.Errorf("%d items and %d changes of %d updates", v.Items, v.ContentVersion, stood.Load())
			}
			return err
		})
	})
}

// The result of an Update that runs during Close is true.
func TestClose_KeepsWhatUpdateHasReported(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	for round := range 5 {
		s := mustOpen(t, Options{Path: path})
		putAccounts(t, s)
		var all sync.WaitGroup
		results := make([]error, 40)
		begun := make(chan struct{}, len(results))
		id := func(i int) string { return fmt.Sprintf("%d-%d", round, i) }
		for i := range results {
			all.Go(func() {
				begun <- struct{}{}
				results[i] = s.Update(context.Background(), func(tx *Tx) error { return tx.PutItem("A", login(id(i), "v", "t")) })
			})
		}
		for range 10 * round {
			<-begun
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		all.Wait()
		s = mustOpen(t, Options{Path: path})
		view(t, s, func(tx *Tx) error {
			for i, err := range results {
				if _, there := tx.Item("A", "v", id(i)); (err == nil) != (there == nil) || err != nil && !errors.Is(err, errClosed) {
					t.Errorf("the update of %s returned %v, reading it %v", id(i), err, there)
				}
			}
			return nil
		})
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
