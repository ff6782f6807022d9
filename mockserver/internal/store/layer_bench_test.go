package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/openapi/connect"
)

// benchLayers runs a benchmark over a base as large as the demo data: 100 items in the vault v, 1000 in w, and 10000
// records.
func benchLayers(b *testing.B, bench func(b *testing.B, s *Store)) {
	benchEngines(b, func(b *testing.B, s *Store) {
		update(b, s, func(tx *Tx) error {
			err := errors.Join(tx.PutSnapshot(Snapshot{ID: "SEED"}), tx.PutVault("SEED", connect.Vault{ID: "v"}), tx.PutVault("SEED", connect.Vault{ID: "w"}))
			for i := range 1100 {
				it := typicalItem(fmt.Sprintf("%026d", i))
				if i >= 100 {
					it.Vault.ID = "w"
				}
				err = errors.Join(err, tx.PutItem("SEED", it))
			}
			for i := range 10_000 {
				err = errors.Join(err, tx.Record("SEED", record(i)))
			}
			return err
		})
		bench(b, s)
	})
}

func addLayer(b *testing.B, s *Store, id string) {
	err := s.Update(context.Background(), func(tx *Tx) error {
		return errors.Join(tx.PutAccount(Account{ID: id, Name: id, Base: "SEED", CreatedOnDemand: true}),
			tx.PutSeedToken(auth.Token{ID: "token of " + id, Account: id, Name: "token", All: connect.ReadWrite}))
	})
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkLayerCreate(b *testing.B) {
	benchLayers(b, func(b *testing.B, s *Store) {
		n := 0
		for b.Loop() {
			n++
			addLayer(b, s, fmt.Sprint("L", n))
		}
	})
}

func BenchmarkLayerCreateAndDrop(b *testing.B) {
	benchLayers(b, func(b *testing.B, s *Store) {
		addLayer(b, s, "STAYS")
		for b.Loop() {
			addLayer(b, s, "L")
			update(b, s, func(tx *Tx) error { return tx.DropAccount("L") })
		}
	})
}

func BenchmarkLayerThaw(b *testing.B) {
	benchLayers(b, func(b *testing.B, s *Store) {
		addLayer(b, s, "L")
		ten := func(tx *Tx) (err error) {
			for i := range 10 {
				err = errors.Join(err, tx.PutItem("L", typicalItem(fmt.Sprintf("%026d", i))), tx.TouchVault("L", "v", 0, day))
			}
			return err
		}
		update(b, s, ten)
		update(b, s, func(tx *Tx) error { return tx.CreateSnapshot("L", "SNAP", "ten", day.Time) })
		for _, snapshot := range []string{"SEED", "SNAP"} {
			b.Run(snapshot+" after 10 items", func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					update(b, s, ten)
					b.StartTimer()
					update(b, s, func(tx *Tx) error { return tx.Restore("L", snapshot) })
				}
			})
		}
	})
}

func BenchmarkLayerList(b *testing.B) {
	benchLayers(b, func(b *testing.B, s *Store) {
		addLayer(b, s, "UNTOUCHED")
		addLayer(b, s, "TOUCHED")
		addLayer(b, s, "ADDED")
		update(b, s, func(tx *Tx) error { return tx.PutItem("TOUCHED", typicalItem(fmt.Sprintf("%026d", 50))) })
		update(b, s, func(tx *Tx) error { return tx.PutItem("ADDED", typicalItem("new")) })
		for _, c := range []struct {
			account string
			want    int
		}{{"SEED", 100}, {"UNTOUCHED", 100}, {"TOUCHED", 100}, {"ADDED", 101}} {
			b.Run(c.account, func(b *testing.B) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				for b.Loop() {
					n := 0
					err := s.View(ctx, func(tx *Tx) error {
						return tx.Summaries(c.account, "v", nil, func([]byte) error { n++; return nil })
					})
					if err != nil || n != c.want {
						b.Fatal(n, err)
					}
				}
			})
		}
	})
}

func BenchmarkLayerGet(b *testing.B) {
	benchLayers(b, func(b *testing.B, s *Store) {
		addLayer(b, s, "L")
		own := typicalItem(fmt.Sprintf("%026d", 50))
		update(b, s, func(tx *Tx) error { return tx.PutItem("L", own) })
		for name, id := range map[string]string{"own": own.ID, "of the base": fmt.Sprintf("%026d", 51)} {
			b.Run(name, func(b *testing.B) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				for b.Loop() {
					if err := s.View(ctx, func(tx *Tx) error { _, err := tx.ItemJSON("L", "v", id); return err }); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

func BenchmarkLayerPatch(b *testing.B) {
	benchLayers(b, func(b *testing.B, s *Store) {
		patch := func(b *testing.B, account string, n int) {
			err := s.Update(context.Background(), func(tx *Tx) error {
				it, err := tx.Item(account, "w", fmt.Sprintf("%026d", 100+n%1000))
				if err != nil {
					return err
				}
				it.Version++
				it.Fields[0].Value = fmt.Sprint(n)
				return errors.Join(tx.PutItem(account, it), tx.TouchVault(account, "w", 0, day), tx.Record(account, record(n)))
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.Run("first", func(b *testing.B) {
			n := 0
			for b.Loop() {
				if n%1000 == 0 {
					b.StopTimer()
					if n > 0 {
						update(b, s, func(tx *Tx) error { return tx.DropAccount("FIRST") })
					}
					addLayer(b, s, "FIRST")
					b.StartTimer()
				}
				patch(b, "FIRST", n)
				n++
			}
		})
		b.Run("later", func(b *testing.B) {
			addLayer(b, s, "LATER")
			for n := range 1000 {
				patch(b, "LATER", n)
			}
			n := 0
			for b.Loop() {
				n++
				patch(b, "LATER", n)
			}
		})
	})
}

func BenchmarkLayerCreateItem(b *testing.B) {
	benchLayers(b, func(b *testing.B, s *Store) {
		addLayer(b, s, "L")
		n := 0
		for b.Loop() {
			n++
			err := s.Update(context.Background(), func(tx *Tx) error {
				return errors.Join(tx.PutItem("L", typicalItem(fmt.Sprintf("n%025d", n*7919%1_000_003))), tx.TouchVault("L", "v", 1, day), tx.Record("L", record(n)))
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
