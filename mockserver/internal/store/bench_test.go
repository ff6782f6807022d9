package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/openapi/connect"
)

// benchEngines runs a benchmark on each engine.
func benchEngines(b *testing.B, bench func(b *testing.B, s *Store)) {
	for _, engine := range []string{"memory", "file"} {
		b.Run(engine, func(b *testing.B) {
			s := openEngine(b, engine)
			b.ReportAllocs()
			bench(b, s)
		})
	}
}

// typicalItem returns an item of a common size, about 1.5 KB.
func typicalItem(id string) connect.Item {
	it := login(id, "v", "Title "+id, "tag")
	it.Fields = nil
	for i := range 8 {
		it.Fields = append(it.Fields, connect.Field{ID: fmt.Sprint("field", i), Label: "label", Type: "STRING",
			Value: "a value of some length", Section: &connect.Section{ID: "s", Label: "S"}})
	}
	return it
}

func fillVault(b *testing.B, s *Store, n int) {
	b.Helper()
	update(b, s, func(tx *Tx) error { return tx.PutVault("A", connect.Vault{ID: "v"}) })
	for from := 0; from < n; from += 1000 {
		update(b, s, func(tx *Tx) error {
			for i := from; i < min(n, from+1000); i++ {
				if err := tx.PutItem("A", typicalItem(fmt.Sprintf("%026d", i))); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func BenchmarkOpenClose(b *testing.B) {
	for _, engine := range []string{"memory", "file"} {
		b.Run(engine, func(b *testing.B) {
			path := Memory
			if engine == "file" {
				path = filepath.Join(b.TempDir(), "store.db")
			}
			b.ReportAllocs()
			for b.Loop() {
				s, err := Open(context.Background(), Options{Path: path})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkGet(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *Store) {
		fillVault(b, s, 10_000)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		for b.Loop() {
			err := s.View(ctx, func(tx *Tx) error {
				_, err := tx.ItemJSON("A", "v", fmt.Sprintf("%026d", 4711))
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkCreate(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *Store) {
		fillVault(b, s, 1)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		n := 0
		for b.Loop() {
			n++
			err := s.Update(ctx, func(tx *Tx) error {
				return errors.Join(tx.PutItem("A", typicalItem(fmt.Sprintf("%026d", n*7919%1_000_003))), tx.TouchVault("A", "v", 1, day), tx.Record("A", record(n)))
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkPatch(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *Store) {
		fillVault(b, s, 10_000)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		n := 0
		for b.Loop() {
			n++
			err := s.Update(ctx, func(tx *Tx) error {
				it, err := tx.Item("A", "v", fmt.Sprintf("%026d", n*7919%10_000))
				if err != nil {
					return err
				}
				it.Version++
				it.Fields[0].Value = fmt.Sprint(n)
				return errors.Join(tx.PutItem("A", it), tx.TouchVault("A", "v", 0, day), tx.Record("A", record(n)))
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *Store) {
		a := record(1)
		for b.Loop() {
			s.Record("A", a)
		}
	})
}

func BenchmarkActivityPage(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *Store) {
		const records = 500_000
		for n := 0; n < records; n += 10_000 {
			update(b, s, func(tx *Tx) error {
				for i := range 10_000 {
					if err := tx.Record("A", record(n+i)); err != nil {
						return err
					}
				}
				return nil
			})
		}
		for _, offset := range []int64{0, records - 100} {
			b.Run(fmt.Sprint("offset ", offset), func(b *testing.B) {
				for b.Loop() {
					if page, _, err := s.Activity(context.Background(), "A", offset, 50); err != nil || len(page) != 50 {
						b.Fatal(len(page), err)
					}
				}
			})
		}
	})
}

func BenchmarkSummaries(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *Store) {
		fillVault(b, s, 10_000)
		update(b, s, func(tx *Tx) error {
			for i := range 100 {
				it := typicalItem(fmt.Sprintf("w%025d", i))
				it.Vault.ID = "w"
				if err := tx.PutItem("A", it); err != nil {
					return err
				}
			}
			return nil
		})
		one := filter.Compare{Op: filter.Eq, Value: fmt.Sprintf("TITLE %026d", 4711)}
		for _, c := range []struct {
			name, vault string
			f           *filter.Filter
			want        int
		}{
			{"100 items", "w", nil, 100},
			{"title eq of 10000", "v", &filter.Filter{Root: one}, 1},
			{"title co of 10000", "v", &filter.Filter{Root: filter.Compare{Op: filter.Co, Value: one.Value}}, 1},
		} {
			b.Run(c.name, func(b *testing.B) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				for b.Loop() {
					n := 0
					err := s.Summaries(ctx, "A", c.vault, c.f, func([]byte) error { n++; return nil })
					if err != nil || n != c.want {
						b.Fatal(n, err)
					}
				}
			})
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *Store) {
		n := 0
		for b.Loop() {
			n++
			update(b, s, func(tx *Tx) error {
				for i := range 1000 {
					if err := tx.PutItem("A", typicalItem(fmt.Sprintf("%020d%06d", i*7919%1000, n))); err != nil {
						return err
					}
				}
				return nil
			})
		}
		b.ReportMetric(float64(n)*1000/b.Elapsed().Seconds(), "items/s")
	})
}

func BenchmarkReadFile(b *testing.B) {
	benchEngines(b, func(b *testing.B, s *Store) {
		const size = 64 << 20
		update(b, s, func(tx *Tx) error {
			_, err := tx.PutFile("A", "item", "file", bytes.NewReader(make([]byte, size)))
			return err
		})
		b.SetBytes(size)
		buffer := make([]byte, 32<<10)
		for b.Loop() {
			f, _, err := s.OpenFile(context.Background(), "A", "item", "file")
			if err != nil {
				b.Fatal(err)
			}
			if n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, f, buffer); err != nil || n != size {
				b.Fatal(n, err)
			}
			f.Close()
		}
	})
}

// What a record costs on its way into a segment, and out of it again.
func BenchmarkSegment(b *testing.B) {
	records := make([]connect.Activity, maxSegment)
	for i := range records {
		records[i] = record(i)
	}
	whole := newEncoder()
	for i := range records {
		whole.add(&records[i])
	}
	data := string(whole.data)
	b.Run("encode 128", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e := newEncoder()
			for i := range records {
				e.add(&records[i])
			}
		}
	})
	b.Run("decode 128", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decodeSegment(data, maxSegment); err != nil {
				b.Fatal(err)
			}
		}
	})
}
