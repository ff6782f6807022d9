package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/openapi/connect"
)

// record is a believable record number n.
func record(n int) connect.Activity {
	a := connect.Activity{
		Action: "READ", Result: "SUCCESS",
		Actor:     connect.Actor{Account: "ACCOUNT", ID: "USER", JTI: "token", IP: "127.0.0.1", UserAgent: "test/1.0"},
		RequestID: fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n),
		Resource:  connect.Resource{Type: "VAULT"},
		Timestamp: connect.At(day.Add(time.Duration(n) * time.Second)),
	}
	switch n % 3 {
	case 1:
		a.Resource = connect.Resource{Type: "ITEM", Vault: &connect.Ref{ID: "vault"}, Item: &connect.Ref{ID: fmt.Sprint("item", n%17)}, ItemVersion: n}
	case 2:
		a.Resource = connect.Resource{Vault: &connect.Ref{}}
		a.Result = "DENY"
	}
	return a
}

func TestActivity_ReturnsPages(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		var want []connect.Activity // newest first
		add := func(via func(string, connect.Activity)) {
			a := record(len(want))
			via("A", a)
			want = append([]connect.Activity{a}, want...)
		}
		queued := func(account string, a connect.Activity) { s.Record(account, a) }
		inside := func(account string, a connect.Activity) {
			update(t, s, func(tx *Tx) error { return tx.Record(account, a) })
		}
		for i := range 700 {
			switch {
			case i%50 == 7:
				add(inside)
			default:
				add(queued)
			}
			if i%90 == 0 {
				s.Record("B", record(i))
			}
		}
		for _, c := range []struct{ offset, limit, from, to int }{
			{0, 50, 0, 50}, {3, 10, 3, 13}, {690, 50, 690, 700}, {699, 1, 699, 700}, {700, 5, 700, 700},
			{9999, 5, 700, 700}, {0, 0, 0, 0}, {-4, 2, 0, 2}, {5, -1, 5, 5}, {0, 1 << 62, 0, 700}, {250, 300, 250, 550},
		} {
			page, total := readPage(t, s, "A", int64(c.offset), int64(c.limit))
			if total != 700 {
				t.Fatalf("%v: total %d", c, total)
			}
			if diff := cmp.Diff(want[c.from:c.to], append([]connect.Activity{}, page...)); diff != "" {
				t.Errorf("%v: %s", c, diff)
			}
		}
		if _, total, err := s.Activity(ctx, "B", 0, 1); err != nil || total != 8 {
			t.Errorf("B: %d, %v", total, err)
		}
		if page, total, err := s.Activity(ctx, "C", 0, 1); err != nil || total != 0 || len(page) != 0 {
			t.Errorf("C: %v, %d, %v", page, total, err)
		}
	})
}

// However records are added, and whatever the size of the pages, together the pages are the same log.
func TestActivity_PagesTogetherAreTheLog(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"memory", "file"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := openEngine(t, engine)
			ctx := context.Background()
			round := 0
			rapid.Check(t, func(t *rapid.T) {
				round++
				account := fmt.Sprint("account", round)
				if err := s.Update(ctx, func(tx *Tx) error { return tx.PutAccount(Account{ID: account}) }); err != nil {
					t.Fatal(err)
				}
				n := 0
				for range rapid.IntRange(0, 6).Draw(t, "pieces") {
					piece := rapid.IntRange(1, 3*maxSegment).Draw(t, "piece")
					if rapid.Bool().Draw(t, "queued") {
						for range piece {
							n++
							s.Record(account, countedRecord(0, n))
						}
						continue
					}
					if err := s.Update(ctx, func(tx *Tx) error {
						for range piece {
							n++
							if err := tx.Record(account, countedRecord(0, n)); err != nil {
								return err
							}
						}
						return nil
					}); err != nil {
						t.Fatal(err)
					}
				}
				for offset := 0; ; {
					limit := rapid.IntRange(1, 200).Draw(t, "limit")
					page, total := readPage(t, s, account, int64(offset), int64(limit))
					if total != int64(n) || len(page) != min(limit, n-offset) {
						t.Fatalf("offset %d, limit %d of %d: %d records, total %d", offset, limit, n, len(page), total)
					}
					for i, a := range page {
						if a.Resource.ItemVersion != n-offset-i {
							t.Fatalf("offset %d: record %d", offset+i, a.Resource.ItemVersion)
						}
					}
					if offset += len(page); offset == n {
						break
					}
				}
			})
		})
	}
}

// There are more accounts than the writer caches last segments for.
func TestRecord_KeepsLogsOfManyAccounts(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		const accounts = 2*maxTails + 10
		update(t, s, func(tx *Tx) (err error) {
			for a := range accounts {
				err = errors.Join(err, tx.PutAccount(Account{ID: fmt.Sprint(a)}))
			}
			return err
		})
		for n := 1; n <= 5; n++ {
			for a := range accounts {
				s.Record(fmt.Sprint(a), countedRecord(0, n))
			}
			if n%2 == 0 { // so that some are committed together and some are not
				update(t, s, func(*Tx) error { return nil })
			}
		}
		for a := range accounts {
			page, _, err := s.Activity(context.Background(), fmt.Sprint(a), 0, 9)
			if err != nil {
				t.Fatal(err)
			}
			if checkCounted(t, page, map[string]int{"0": 5}); len(page) != 5 {
				t.Errorf("%d records", len(page))
			}
		}
		session, err := s.writer.take(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer s.writer.put(session)
		if n := len(session.tails); n > maxTails {
			t.Errorf("%d segments are remembered", n)
		}
	})
}

// A record gets into the file though nobody asks for it.
func TestRecord_IsCommittedWithoutAnUpdate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, Options{Path: path})
	putAccounts(t, s)
	changed := make(chan struct{}, 9)
	other := mustOpen(t, Options{Path: path, OnExternalChange: func() { changed <- struct{}{} }})
	s.Record("A", record(1))
	<-changed
	page, total, err := other.Activity(context.Background(), "A", 0, 9)
	if err != nil || total != 1 || page[0].RequestID != record(1).RequestID {
		t.Errorf("%v, %d, %v", page, total, err)
	}
}
