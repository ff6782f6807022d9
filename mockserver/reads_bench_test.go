package mockserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// discardWriter counts the bytes of a response and drops them.
type discardWriter struct {
	header http.Header
	status int
	bytes  int
}

func (n *discardWriter) Header() http.Header         { return n.header }
func (n *discardWriter) WriteHeader(status int)      { n.status = status }
func (n *discardWriter) Write(p []byte) (int, error) { n.bytes += len(p); return len(p), nil }

// benchServer is a server on a file with a vault of many items and one of a hundred.
type benchServer struct {
	*connecttest.Server
	large, small fixtures.Vault
}

func startBenchServer(b *testing.B, items int) benchServer {
	fixture := fixtures.Demo()
	r := benchServer{
		large: fixtures.Generate(fixtures.Options{Seed: 1, Vaults: 1, Items: items, Files: -1}).Accounts[0].Vaults[0],
		small: fixtures.Generate(fixtures.Options{Seed: 2, Vaults: 1, Items: 100, Files: -1}).Accounts[0].Vaults[0],
	}
	fixture.Accounts[0].History = 10_000
	fixture.Accounts[0].Vaults = append(fixture.Accounts[0].Vaults, r.large, r.small)
	r.Server = connecttest.NewServer(b, connecttest.WithoutSocket(), connecttest.WithConfig(func(c *mockserver.Config) {
		c.Store, c.Fixture = filepath.Join(b.TempDir(), "mock.db"), fixture
	}))
	return r
}

// send measures requests for the paths in turn.
func (r benchServer) send(b *testing.B, method string, paths ...string) {
	requests := make([]*http.Request, len(paths))
	for i, path := range paths {
		requests[i] = httptest.NewRequest(method, path, nil)
		requests[i].Header.Set("Authorization", "Bearer "+r.Token)
		requests[i].Header.Set("User-Agent", "bench")
	}
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; b.Loop(); n++ {
		to := discardWriter{header: http.Header{}}
		r.Mock.ServeHTTP(&to, requests[n%len(requests)])
		if to.status != http.StatusOK || to.bytes == 0 {
			b.Fatalf("status %d with %d bytes", to.status, to.bytes)
		}
	}
}

// BenchmarkReads measures reads without the net/http server.
func BenchmarkReads(b *testing.B) {
	r := startBenchServer(b, 10_000)
	items := "/v1/vaults/" + r.large.ID + "/items"
	var ids, titles []string
	code := ""
	for _, it := range r.large.Items {
		if len(ids) < 4000 && it.Category == "LOGIN" {
			ids = append(ids, items+"/"+it.ID)
		}
		titles = append(titles, items+"?filter="+url.QueryEscape(fmt.Sprintf("title eq %q", it.Title)))
		for _, f := range it.Fields {
			if f.Type == "OTP" && code == "" {
				code = items + "/" + it.ID
			}
		}
	}
	for name, paths := range map[string][]string{
		"item":         ids[:1],
		"item any":     ids,
		"item code":    {code},
		"list 100":     {"/v1/vaults/" + r.small.ID + "/items"},
		"title eq":     titles[:1],
		"title eq any": titles,
		"vaults":       {"/v1/vaults"},
		"vault":        {"/v1/vaults/" + r.large.ID},
		"activity":     {"/v1/activity"},
		"not found":    {},
	} {
		if len(paths) == 0 {
			continue
		}
		b.Run(name, func(b *testing.B) { r.send(b, "GET", paths...) })
	}
}
