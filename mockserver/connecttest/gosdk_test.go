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

// sdk is the official client against a server of its own. Its requests pass a
// proxy that holds every answer to the document: the client can't be given a
// transport.
type sdk struct {
	connect.Client
	server *connecttest.Server
	proxy  string
}

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
	return &sdk{Client: counted{newClient(proxy.URL, s.Token), calls}, server: s, proxy: proxy.URL}
}

// as is the same server seen with another token.
func (s *sdk) as(token string) connect.Client { return newClient(s.proxy, token) }

// The SDK registers a tracer for the whole process with its first client, and
// takes no lock for it.
var registerTracer = sync.OnceFunc(func() { connect.NewClient("http://localhost", "") })

// newClient may be called by tests that run at once.
func newClient(url, token string) connect.Client {
	registerTracer()
	return connect.NewClient(url, token)
}

// The official Go SDK does everything its interface offers. What it was asked
// for is counted, so that a method an update adds does not go untested.
func TestGoSDK(t *testing.T) {
	t.Parallel()
	at59 := func() time.Time { return time.Unix(59, 0) }
	tests := []struct {
		name    string
		run     func(*testing.T, *sdk)
		options []connecttest.Option
	}{
		{"vaults", sdkVaults, nil},
		{"items are found", sdkFindsItems, []connecttest.Option{connecttest.WithClock(at59)}},
		{"items of one title", sdkDuplicates, nil},
		{"an item's life", sdkItemLife, nil},
		{"an item is deleted by id and title", sdkDeletes, nil},
		{"a fresh item reads back", sdkFreshItem, nil},
		{"passwords are generated", sdkGenerates, nil},
		{"every item is sent back as it came", sdkSendsBack, nil},
		{"terraform waits for the version", sdkVersionWait, nil},
		{"every category is created", sdkCategories, nil},
		{"one-time passwords", sdkOneTimePassword, []connecttest.Option{connecttest.WithClock(at59)}},
		{"files", sdkFiles, nil},
		{"files go to disk", sdkDownloads, nil},
		{"structs are loaded", sdkLoadsStructs, nil},
		{"errors are typed", sdkErrors, nil},
		{"refusals by token", sdkRefusals, nil},
	}
	counted := newCalls()
	var ran atomic.Int64
	t.Run("does", func(t *testing.T) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				ran.Add(1)
				tt.run(t, newSDK(t, counted, tt.options...))
			})
		}
	})
	if int(ran.Load()) < len(tests) {
		t.Skip("a part of the tests was selected: the methods called are not compared with the interface")
	}
	for m := range reflect.TypeFor[connect.Client]().Methods() {
		if counted.of(m.Name) == 0 {
			t.Errorf("the interface offers %s, which no test calls", m.Name)
		}
	}
}

// Its host, token and vault come from the environment.
func TestGoSDKFromEnvironment(t *testing.T) {
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

// must is for calls that can't go on without their answer.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
