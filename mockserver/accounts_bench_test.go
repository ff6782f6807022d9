package mockserver_test

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// BenchmarkAccounts measures operations on accounts with the demo fixture, in memory
// and in a file.
func BenchmarkAccounts(b *testing.B) {
	for _, kind := range []string{"memory", "file"} {
		path := mockserver.MemoryStore
		if kind == "file" {
			path = filepath.Join(b.TempDir(), "mock.db")
		}
		s := connecttest.NewServer(b, connecttest.WithoutSocket(), withStore(path))
		must := func(err error) {
			must(b, err)
		}
		ctx := context.Background()
		made, err := s.Mock.CreateAccount(ctx, controlapi.NewAccount{Name: "used"})
		must(err)
		r := &testServer{s, s.Client}
		r.changeItems(b, demo(b), "used")
		b.Run(kind+"/create", func(b *testing.B) {
			for b.Loop() {
				_, err := s.Mock.CreateAccount(ctx, controlapi.NewAccount{})
				must(err)
			}
		})
		b.Run(kind+"/create and delete", func(b *testing.B) {
			for b.Loop() {
				a, err := s.Mock.CreateAccount(ctx, controlapi.NewAccount{})
				must(err)
				must(s.Mock.DeleteAccount(ctx, a.ID))
			}
		})
		b.Run(kind+"/reset", func(b *testing.B) {
			for b.Loop() {
				must(s.Mock.Reset(ctx, controlapi.Reset{Account: made.ID}))
			}
		})
		n := 0
		b.Run(kind+"/snapshot", func(b *testing.B) {
			for b.Loop() {
				n++
				_, err := s.Mock.SaveSnapshot(ctx, controlapi.NewSnapshot{Name: "s" + strconv.Itoa(n)})
				must(err)
			}
		})
		b.Run(kind+"/restore", func(b *testing.B) {
			for b.Loop() {
				must(s.Mock.RestoreSnapshot(ctx, "", "s1"))
			}
		})
		must(s.Mock.Reset(ctx, controlapi.Reset{}))
		b.Run(kind+"/reset all", func(b *testing.B) {
			for b.Loop() {
				must(s.Mock.Reset(ctx, controlapi.Reset{}))
			}
		})
	}
}
