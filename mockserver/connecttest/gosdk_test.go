package connecttest_test

import (
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/1Password/connect-sdk-go/connect"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/openapitest"
)

// sdk is the official client with a server of its own. The client has no option for a transport, so its requests go
// through a proxy, which validates every response against the document.
type sdk struct {
	connect.Client
	server *connecttest.Server
	proxy  string
}

// newSDK starts a server and returns a client for it, whose calls are counted.
func newSDK(t *testing.T, calls *calls, options ...connecttest.Option) *sdk {
	t.Helper()
	doc, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	s := connecttest.NewServer(t, options...)
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: openapitest.Client(t, doc, nil).Transport,
	})
	t.Cleanup(proxy.Close)
	return &sdk{Client: countingClient{newClient(proxy.URL, s.Token), calls}, server: s, proxy: proxy.URL}
}

// withToken returns a client of the same server with another token.
func (s *sdk) withToken(token string) connect.Client { return newClient(s.proxy, token) }

// The SDK registers a tracer for the process with its first client, without a lock.
var registerTracer = sync.OnceFunc(func() { connect.NewClient("http://localhost", "") })

// newClient returns a client. Tests that run in parallel may call it.
func newClient(url, token string) connect.Client {
	registerTracer()
	return connect.NewClient(url, token)
}

// Each method of the SDK's interface is called. Calls are counted, so that a method that an update of the SDK adds does
// not go untested.
func TestGoSDK_WorksWithEveryMethod(t *testing.T) {
	t.Parallel()
	at59 := func() time.Time { return time.Unix(59, 0) }
	tests := []struct {
		name    string
		run     func(*testing.T, *sdk)
		options []connecttest.Option
	}{
		{"vaults", testVaults, nil},
		{"find items", testFindItems, []connecttest.Option{connecttest.WithClock(at59)}},
		{"items with the same title", testDuplicateTitles, nil},
		{"create, update and delete an item", testItemLifecycle, nil},
		{"delete items by id and title", testDeletes, nil},
		{"read an item after creating it", testReadAfterCreate, nil},
		{"generate passwords", testGeneratedPasswords, nil},
		{"update items without a change", testUnchangedUpdates, nil},
		{"version after an update, as terraform needs it", testVersionAfterUpdate, nil},
		{"create items of every category", testCategories, nil},
		{"one-time passwords", testOneTimePassword, []connecttest.Option{connecttest.WithClock(at59)}},
		{"files", testFiles, nil},
		{"download files to disk", testDownloads, nil},
		{"load structs", testLoadStructs, nil},
		{"errors have the SDK's type", testErrors, nil},
		{"tokens without access", testDeniedTokens, nil},
		{"writes that are done and seem to fail", testWritesDoneAndFailed, nil},
	}
	counts := newCalls()
	var ran atomic.Int64
	t.Run("parallel", func(t *testing.T) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				ran.Add(1)
				tt.run(t, newSDK(t, counts, tt.options...))
			})
		}
	})
	if int(ran.Load()) < len(tests) {
		t.Skip("only some of the tests ran: the called methods are not compared with the interface")
	}
	for m := range reflect.TypeFor[connect.Client]().Methods() {
		if counts.of(m.Name) == 0 {
			t.Errorf("no test calls the method %s of the interface", m.Name)
		}
	}
}

func TestGoSDK_ReadsHostTokenAndVaultFromTheEnvironment(t *testing.T) {
	s := connecttest.NewServer(t)
	t.Setenv("OP_CONNECT_HOST", s.URL)
	t.Setenv("OP_CONNECT_TOKEN", s.Token)
	client, err := connect.NewClientFromEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	vault := must(client.GetVaultByTitle("Deployments"))(t)
	t.Setenv("OP_VAULT", vault.ID)
	var config struct {
		Host string `opitem:"Orders Database" opfield:"server"`
		Port int    `opitem:"Orders Database" opfield:"port"`
		Mode string `opitem:"Orders Database" opsection:"connection" opfield:"sslmode"`
		Key  string `opitem:"Mail Relay API" opfield:"credential"`
		Left string
	}
	if err := client.LoadStruct(&config); err != nil {
		t.Fatal(err)
	}
	if config.Port != 5432 || config.Mode != "verify-full" || config.Key != "demo-api-key-000000000000" {
		t.Errorf("loaded %+v", config)
	}
}

// must returns a function that returns v, or fails the test at once for an error.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
