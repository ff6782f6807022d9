package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

func TestActivityPages(t *testing.T) {
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
			page, total, err := s.Activity(ctx, "A", int64(c.offset), int64(c.limit))
			if err != nil || total != 700 {
				t.Fatalf("%v: total %d, %v", c, total, err)
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
