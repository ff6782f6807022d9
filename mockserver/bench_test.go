package mockserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// benchServer is a server on a file with a vault of 10,000 items and one of a
// hundred.
type benchServer struct {
	*testServer
	large, small fixtures.Vault
}

func startBenchServer(b *testing.B, history int) benchServer {
	f := fixtures.Demo()
	s := benchServer{
		large: fixtures.Generate(fixtures.Options{Seed: 1, Vaults: 1, Items: 10_000, Files: -1}).Accounts[0].Vaults[0],
		small: fixtures.Generate(fixtures.Options{Seed: 2, Vaults: 1, Items: 100, Files: -1}).Accounts[0].Vaults[0],
	}
	f.Accounts[0].History = history
	f.Accounts[0].Vaults = append(f.Accounts[0].Vaults, s.large, s.small)
	s.testServer = newServer(b, connecttest.WithoutSocket(), connecttest.WithFixture(f),
		withStore(filepath.Join(b.TempDir(), "mock.db"))).withoutCheck()
	return s
}

// logins returns the paths of the logins in the large vault.
func (s benchServer) logins() (paths []string) {
	for _, it := range s.large.Items {
		if it.Category == "LOGIN" {
			paths = append(paths, "/v1/vaults/"+s.large.ID+"/items/"+it.ID)
		}
	}
	return paths
}

// discardWriter counts the bytes of a response and drops them.
type discardWriter struct {
	header http.Header
	status int
	bytes  int
}

func (n *discardWriter) Header() http.Header         { return n.header }
func (n *discardWriter) WriteHeader(status int)      { n.status = status }
func (n *discardWriter) Write(p []byte) (int, error) { n.bytes += len(p); return len(p), nil }

// BenchmarkReads measures reads without the net/http server.
func BenchmarkReads(b *testing.B) {
	s := startBenchServer(b, 100_000)
	items, logins := "/v1/vaults/"+s.large.ID+"/items", s.logins()
	var titles []string
	code := ""
	for _, it := range s.large.Items {
		titles = append(titles, items+"?filter="+url.QueryEscape(fmt.Sprintf("title eq %q", it.Title)))
		for _, f := range it.Fields {
			if f.Type == "OTP" && code == "" {
				code = items + "/" + it.ID
			}
		}
	}
	for name, paths := range map[string][]string{
		"item":              logins[:1],
		"item any":          logins,
		"item code":         {code},
		"list 100":          {"/v1/vaults/" + s.small.ID + "/items"},
		"title eq":          titles[:1],
		"title eq any":      titles,
		"vaults":            {"/v1/vaults"},
		"vault":             {"/v1/vaults/" + s.large.ID},
		"activity newest":   {"/v1/activity?limit=50"},
		"activity oldest":   {"/v1/activity?limit=50&offset=99950"},
		"activity one":      {"/v1/activity?limit=1"},
		"activity thousand": {"/v1/activity?limit=1000"},
	} {
		b.Run(name, func(b *testing.B) {
			requests := make([]*http.Request, len(paths))
			for i, path := range paths {
				requests[i] = httptest.NewRequest(http.MethodGet, path, nil)
				requests[i].Header.Set("Authorization", "Bearer "+s.Token)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for n := 0; b.Loop(); n++ {
				to := discardWriter{header: http.Header{}}
				s.Mock.ServeHTTP(&to, requests[n%len(requests)])
				if to.status != http.StatusOK || to.bytes == 0 {
					b.Fatalf("status %d with %d bytes", to.status, to.bytes)
				}
			}
		})
	}
}

// BenchmarkWrites measures writes of parallel clients.
func BenchmarkWrites(b *testing.B) {
	s := startBenchServer(b, 0)
	logins := s.logins()
	item := `{"title":"bench","category":"LOGIN","vault":{"id":"` + s.large.ID + `"},` +
		`"fields":[{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","value":"p"}]}`
	for _, c := range []struct {
		name, method string
		paths        []string
		body         string
	}{
		{"post", http.MethodPost, []string{"/v1/vaults/" + s.large.ID + "/items"}, item},
		{"patch title", http.MethodPatch, logins, `[{"op":"replace","path":"/title","value":"patched"}]`},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(8)
			var n atomic.Int64
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					path := c.paths[n.Add(1)%int64(len(c.paths))]
					r := httptest.NewRequest(c.method, path, strings.NewReader(c.body))
					r.Header = http.Header{"Authorization": {"Bearer " + s.Token}, "Content-Type": {"application/json"}}
					w := httptest.NewRecorder()
					if s.Mock.ServeHTTP(w, r); w.Code != http.StatusOK {
						b.Errorf("%d %s", w.Code, w.Body)
						return
					}
				}
			})
		})
	}
}

// BenchmarkAccounts measures operations on accounts with the demo fixture, in memory
// and in a file.
func BenchmarkAccounts(b *testing.B) {
	for kind, path := range map[string]string{
		"memory": mockserver.MemoryStore, "file": filepath.Join(b.TempDir(), "mock.db"),
	} {
		s := newServer(b, connecttest.WithoutSocket(), withStore(path)).withoutCheck()
		ctx, snapshots := b.Context(), 0
		account := s.createAccount(b, controlapi.NewAccount{Name: "used"})
		s.changeItems(b, demo(b), "used")
		for _, c := range []struct {
			name string
			do   func()
		}{
			{"create", func() { s.createAccount(b, controlapi.NewAccount{}) }},
			{"create and delete", func() {
				must(b, s.Mock.DeleteAccount(ctx, s.createAccount(b, controlapi.NewAccount{}).ID))
			}},
			{"reset", func() { must(b, s.Mock.Reset(ctx, controlapi.Reset{Account: account.ID})) }},
			{"snapshot", func() {
				snapshots++
				s.saveSnapshot(b, controlapi.NewSnapshot{Name: "s" + strconv.Itoa(snapshots)})
			}},
			{"restore", func() { s.restoreSnapshot(b, "", "s1") }},
			{"reset all", func() { must(b, s.Mock.Reset(ctx, controlapi.Reset{})) }},
		} {
			b.Run(kind+"/"+c.name, func(b *testing.B) {
				for b.Loop() {
					c.do()
				}
			})
		}
	}
}
