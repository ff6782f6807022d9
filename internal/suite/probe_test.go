package suite_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
)

// The error says what is wrong and what to do.
func TestProbe_SaysWhatIsWrongWithTheSetUp(t *testing.T) {
	t.Parallel()
	const connectError = `{"status":401,"message":"Invalid bearer token"}`
	html := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	for _, tt := range []struct {
		name  string
		probe suite.Probe
		want  string // empty: no error
	}{
		{"vaults", suite.Probe{Status: 200, Body: []byte(`[]`)}, ""},
		{"a list of another form is for the rules", suite.Probe{Status: 200, Body: []byte(`{"vaults":[]}`)}, ""},
		{"no response", suite.Probe{Err: errors.New("connection refused")},
			"can't be reached: connection refused; is the server running"},
		{"a wrong token", suite.Probe{Status: 401, Body: []byte(connectError)},
			`refuses the token: it returned 401, "Invalid bearer token"; OP_CONNECT_TOKEN must be`},
		{"a login of a proxy", suite.Probe{Status: 401, Header: html, Body: []byte("<html>")},
			"asks for a login, with the status 401"},
		{"a proxy's credentials", suite.Probe{Status: 407, Header: html}, "asks for a login, with the status 407"},
		{"a token without vaults", suite.Probe{Status: 403, Body: []byte(connectError)},
			"does not let the token list vaults: it returned 403"},
		{"a file server",
			suite.Probe{Status: 404, Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte("404 page not found\n")},
			"is not a Connect server: the list of vaults returned 404 and a body of type text/plain; the address is the part " +
				"of the URL before /v1/vaults"},
		{"another API", suite.Probe{Status: 404, Body: []byte(`{"detail":"Not Found"}`)}, "returned 404 and other JSON"},
		{"a web page", suite.Probe{Status: 200, Header: html, Body: []byte("<html>It works!")},
			"returned 200 and a web page; this may be the address of a web server or a proxy"},
		{"nothing at all", suite.Probe{Status: 200}, "returned 200 and no body"},
		{"a gateway", suite.Probe{Status: 502, Header: html, Body: []byte("<html>")},
			"a gateway or another server returned 502 and a web page"},
		{"a server that is starting", suite.Probe{Status: 500, Body: []byte(`{"status":500,"message":"not yet"}`)},
			`can't list vaults: it returned 500, "not yet"; if it has just started, wait until /health`},
		{"a redirect",
			suite.Probe{Status: 301, Header: http.Header{"Location": {"https://connect.example.com/v1/vaults?key=secret"}}},
			"redirects to https://connect.example.com/v1/vaults; give"},
		{"a redirect to a path", suite.Probe{Status: 302, Header: http.Header{"Location": {"/login?next=secret"}}},
			"redirects to another path"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.probe.Target = "http://target.example.com"
			err := tt.probe.Problem()
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("the set-up is correct, but: %v", err)
			case tt.want != "" &&
				(err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.probe.Target)):
				t.Errorf("%v, want %q", err, tt.want)
			case err != nil && strings.Contains(err.Error(), "secret"):
				t.Errorf("the error has a secret: %v", err)
			}
		})
	}
}

func TestCheckVault_NamesTheVaultsThatAreSeen(t *testing.T) {
	t.Parallel()
	seen := make([]connect.Vault, 12)
	for i := range seen {
		seen[i] = connect.Vault{ID: string(rune('a' + i)), Name: "V"}
	}
	if err := suite.CheckVault("c", seen); err != nil {
		t.Error(err)
	}
	for want, list := range map[string][]connect.Vault{"or any other": nil, "a (V), b (V)": seen,
		"j (V), and 2 more": seen} {
		if err := suite.CheckVault("z", list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
