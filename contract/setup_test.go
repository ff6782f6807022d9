package contract

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// An invalid configuration is an error that says what to do, before any request.
func TestRun_RefusesInvalidConfigurations(t *testing.T) {
	t.Parallel()
	none := Target{URL: "http://127.0.0.1:1", Token: "t"}
	vault := strings.Repeat("a", 26)
	ledger := filepath.Join(t.TempDir(), "ledger")
	writeFile(t, ledger, `{"op":"made","vault":"`+vault+`","item":"`+vault+`"}`+"\n")
	broken := filepath.Join(t.TempDir(), "ledger")
	writeFile(t, broken, "not a ledger\n")
	for name, c := range map[string]struct {
		target  Target
		options Options
		want    string
	}{
		"no URL":          {Target{Token: "t"}, Options{}, "no target"},
		"not a URL":       {Target{URL: "localhost", Token: "t"}, Options{}, "not a base URL"},
		"another scheme":  {Target{URL: "ftp://localhost", Token: "t"}, Options{}, "not a base URL"},
		"v1 in the URL":   {Target{URL: "http://localhost/v1/", Token: "t"}, Options{}, "/v1"},
		"user in the URL": {Target{URL: "http://user:secret-word@localhost", Token: "t"}, Options{}, "user or a password"},
		"no token":        {Target{URL: "http://localhost"}, Options{}, "no token"},
		"writes anywhere": {Target{URL: "http://localhost", Token: "t", AllowWrites: true}, Options{}, "no vault is named"},
		"vault by name":   {Target{URL: "http://localhost", Token: "t", Vault: "Office"}, Options{}, "is not an id"},
		"no such rule":    {none, Options{Rules: []string{"items/no-such-rule"}}, `"items/no-such-rule"`},
		"no such pattern": {none, Options{Rules: []string{"health/*", "nothing/*"}}, `"nothing/*"`},
		"bad pattern":     {none, Options{Rules: []string{"items/["}}, "items/["},
		"no such level":   {none, Options{Levels: []rule.Level{"must"}}, "MUST, SHOULD, OBSERVED"},
		"old ledger":      {none, Options{Ledger: ledger}, "sweep them first"},
		"no ledger":       {none, Options{Ledger: broken}, ":1:"},
	} {
		run, err := Run(t.Context(), c.target, c.options)
		if err == nil || !strings.Contains(err.Error(), c.want) || run != nil {
			t.Errorf("%s: run %v, error %v, want one with %q", name, run, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret-word") {
			t.Errorf("%s: the error repeats the password: %v", name, err)
		}
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// If the server is not a Connect server or can't be used, Run returns an error after one
// request.
func TestRun_RefusesWrongSetUps(t *testing.T) {
	stop := make(chan struct{})
	serve := func(handler http.HandlerFunc) string {
		s := httptest.NewServer(handler)
		t.Cleanup(s.Close)
		return s.URL
	}
	var requests atomic.Int64
	hang := serve(func(_ http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	stall := serve(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("[{"))
		_ = http.NewResponseController(w).Flush()
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(stop) })
	mock := mockTarget(t)
	brief := Timing{Request: 100 * time.Millisecond, Within: time.Millisecond}
	for name, c := range map[string]struct {
		url    string
		token  string
		timing Timing
		want   string // in the error
	}{
		"200 to everything": {serve(func(http.ResponseWriter, *http.Request) {}), "", noWaiting(),
			"is not a Connect server: the list of vaults returned 200 and no body"},
		"a web page": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html><body>It works!</body></html>")
		}), "", noWaiting(), "returned 200 and a web page"},
		"a file server": {serve(http.FileServer(http.Dir(t.TempDir())).ServeHTTP), "", noWaiting(),
			"is not a Connect server: the list of vaults returned 404"},
		"a gateway": {
			serve(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "bad gateway", http.StatusBadGateway) }),
			"", noWaiting(), "is not a Connect server: a gateway or another server returned 502"},
		"a server that is starting": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, `{"status":500,"message":"not yet"}`)
		}), "", noWaiting(), `can't list vaults: it returned 500, "not yet"`},
		"a wrong token": {mock.URL, "", noWaiting(), "refuses the token: it returned 401"},
		"no such vault": {mock.URL, mock.Token, noWaiting(),
			"does not see the vault " + strings.Repeat("a", 26) + "; use the id of one that it sees: " + mock.Vault},
		"hangs": {hang, "", brief,
			"can't be reached: GET /v1/vaults: Get \"" + hang + "/v1/vaults\": no complete response within 100ms"},
		"hangs in a body": {stall, "", brief, "no complete response within 100ms"},
		"the control API": {controlOf(t, connecttest.NewServer(t)).URL, "", noWaiting(),
			"is the control API of a mock; use the address of its Connect API"},
		"closed port":  {"http://127.0.0.1:1", "", noWaiting(), "connection refused"},
		"no such host": {"http://host.invalid", "", noWaiting(), "host.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			requests.Store(0)
			target := Target{URL: c.url, Token: cmp.Or(c.token, "some-token-or-other"), Vault: strings.Repeat("a", 26),
				AllowWrites: true}
			if c.url == mock.URL {
				target.Client = mock.Client
			}
			run, err := Run(t.Context(), target, Options{Timing: c.timing})
			if run != nil || err == nil || !strings.Contains(err.Error(), c.want) ||
				strings.Contains(err.Error(), "some-token") {
				t.Errorf("run %v, error %v, want one with %q", run, err, c.want)
			}
			if n := requests.Load(); n > 1 {
				t.Errorf("it received %d requests", n)
			}
		})
	}
}
