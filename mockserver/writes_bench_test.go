package mockserver_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
)

// BenchmarkWrites measures writes of parallel clients to a vault of 10,000 items in a
// file, with all features on.
func BenchmarkWrites(b *testing.B) {
	fixture := fixtures.Demo()
	vault := fixtures.Generate(fixtures.Options{Seed: 1, Vaults: 1, Items: 10_000, Files: -1}).Accounts[0].Vaults[0]
	fixture.Accounts[0].Vaults = append(fixture.Accounts[0].Vaults, vault)
	s, err := mockserver.New(b.Context(), mockserver.Config{Store: filepath.Join(b.TempDir(), "mock.db"), Fixture: fixture})
	must(b, err)
	defer s.Close()
	secret, err := s.FirstToken(context.Background())
	must(b, err)
	var logins []string
	for _, it := range vault.Items {
		if it.Category == "LOGIN" {
			logins = append(logins, it.ID)
		}
	}
	items := "/v1/vaults/" + vault.ID + "/items"
	for _, c := range []struct {
		name, method string
		path         func(n int64) string
		body         string
	}{
		{"post", "POST", func(int64) string { return items },
			`{"title":"bench","category":"LOGIN","vault":{"id":"` + vault.ID +
				`"},"fields":[{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","value":"p"}]}`},
		{"patch title", "PATCH", func(n int64) string { return items + "/" + logins[n%int64(len(logins))] },
			`[{"op":"replace","path":"/title","value":"patched"}]`},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(8)
			var n atomic.Int64
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					r := httptest.NewRequest(c.method, c.path(n.Add(1)), io.NopCloser(strings.NewReader(c.body)))
					r.ContentLength = int64(len(c.body))
					r.Header = http.Header{"Authorization": {"Bearer " + secret}, "Content-Type": {"application/json"}}
					w := httptest.NewRecorder()
					if s.ServeHTTP(w, r); w.Code != http.StatusOK {
						b.Errorf("%d %s", w.Code, w.Body)
						return
					}
				}
			})
		})
	}
}
