package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// BenchmarkActivityPage measures a page of the activity without the network.
func BenchmarkActivityPage(b *testing.B) {
	w := fixtures.Demo()
	w.Accounts[0].History = 100_000
	path := filepath.Join(b.TempDir(), "mock.db")
	s := connecttest.NewServer(b, connecttest.WithoutSocket(),
		connecttest.WithConfig(func(c *mockserver.Config) { c.Store, c.Fixture = path, w }))
	for _, c := range []struct{ name, query string }{
		{"newest", "?limit=50"}, {"oldest", "?limit=50&offset=99950"}, {"one", "?limit=1"}, {"thousand", "?limit=1000"},
	} {
		b.Run(c.name, func(b *testing.B) {
			request := httptest.NewRequest(http.MethodGet, "/v1/activity"+c.query, nil)
			request.Header.Set("Authorization", "Bearer "+s.Token)
			b.ReportAllocs()
			for b.Loop() {
				answer := httptest.NewRecorder()
				s.Mock.ServeHTTP(answer, request)
				if answer.Code != http.StatusOK {
					b.Fatal(answer.Code)
				}
			}
		})
	}
}
