package control

import (
	"fmt"
	"strings"
	"testing"
)

func TestRequests_FollowTheDocument(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	long := strings.Repeat("a", maxDocument)
	tests := []struct {
		name, method, path, headers, body string
		status                            int
		message                           string
	}{
		{"an unknown path", "GET", "/nowhere", authorized, "", 404, "the control API has no such path"},
		{"a double slash", "GET", "//accounts", authorized, "", 404, "has no such path"},
		{"a path of Connect", "GET", "/v1/vaults", authorized, "", 404, "Connect is served at another address"},
		{"another method", "PATCH", "/accounts", authorized, "", 405, "this path allows only GET, HEAD, POST"},
		{"an unknown method", "BREW", "/journal/verify", authorized, "", 405, "this path allows only POST"},
		{"OPTIONS", "OPTIONS", "/accounts", authorized, "", 405, "this path allows only GET, HEAD, POST"},
		{"a slash at the end", "GET", "/clock/", authorized, "", 200, "offset"},
		{"HEAD", "HEAD", "/accounts", authorized, "", 200, ""},

		{"a misspelt parameter", "DELETE", "/faults?acount=x", authorized, "", 400, `query: \"acount\" is not documented; documented: account`},
		{"a parameter of an operation without any", "GET", "/accounts?x=1", authorized, "", 400, `query: \"x\" is not documented; there are no parameters here`},
		{"a parameter twice", "GET", "/faults?account=a&account=b", authorized, "", 400, "query: account must be there only once"},
		{"a parameter of another type", "POST", "/fixtures?add=perhaps", authorized + "Content-Type: application/yaml", "vaults: []", 400, "query: add must be true or false"},
		{"an invalid query", "GET", "/faults?%zz", authorized, "", 400, "the query must be percent-encoded"},
		{"an invalid time", "GET", "/journal?since=yesterday", authorized, "", 400, "query: since must have the format date-time"},
		{"an impossible day", "GET", "/journal?until=2025-02-31T00:00:00Z", authorized, "", 400, "query: until must have the format date-time"},
		{"an impossible second", "GET", "/journal?until=2025-06-30T23:59:60Z", authorized, "", 400, "query: until must"},
		{"a negative limit", "GET", "/journal?limit=-1", authorized, "", 400, "query: limit must be at least 0"},
		{"a long name", "GET", "/accounts?" + strings.Repeat("n", 100), authorized, "", 400, "nnn..."},
		{"an id that is no number", "GET", "/journal/x/explanation", authorized, "", 400, "path: id must be an integer"},
		{"an escaped slash in a name", "GET", "/snapshots/a%2Fb", authorized, "", 400, "path: name must be a name of up to 100 characters without slashes"},
		{"a line break in a name", "DELETE", "/faults/a%0Ab", authorized, "", 400, "path: name must be a name"},

		{"a misspelt member", "POST", "/reset", asJSON, `{"acount": "Demo"}`, 400, "body: acount is not documented; documented: account"},
		{"a misspelt member deep within", "POST", "/faults", asJSON, `{"delay": {"uniform": {"mim": "1s", "max": "2s"}}}`, 400, "body: delay.uniform.mim is not documented; documented: max, min"},
		{"a member twice", "POST", "/reset", asJSON, `{"account": "a", "account": "b"}`, 400, "body: account must not have a member twice"},
		{"a missing member", "POST", "/snapshots", asJSON, `{}`, 400, "body: name is required"},
		{"null", "POST", "/snapshots", asJSON, `{"name": null}`, 400, "body: name must not be null"},
		{"a list", "POST", "/snapshots", asJSON, `[]`, 400, "the body must be an object"},
		{"no JSON", "POST", "/snapshots", asJSON, `name: a`, 400, "the body must be valid JSON"},
		{"two documents", "POST", "/snapshots", asJSON, `{"name": "a"} {}`, 400, "the body must end after the JSON document"},
		{"no body", "POST", "/snapshots", asJSON, ``, 400, "the body must not be empty"},
		{"a duration out of range", "PUT", "/clock", asJSON, `{"advance": "9999999999h"}`, 400, "invalid duration"},

		{"no media type", "POST", "/snapshots", authorized, `{"name": "a"}`, 415, "the Content-Type must be application/json"},
		{"another media type", "POST", "/snapshots", authorized + "Content-Type: text/plain", `{"name": "a"}`, 415, "the Content-Type must be application/json"},
		{"a form", "POST", "/accounts", authorized + "Content-Type: application/x-www-form-urlencoded", `name=a`, 415, "must be application/json"},
		{"a fixture of another type", "POST", "/fixtures", authorized + "Content-Type: text/plain", `vaults: []`, 415, "must be application/json or application/yaml"},
		{"a snapshot of another type", "PUT", "/snapshots/a", asJSON, `{}`, 415, "must be application/gzip"},

		{"a body in gzip", "POST", "/snapshots", asJSON + "Content-Encoding: gzip\n", "\x1f\x8b\x08", 400, "the body must be sent without Content-Encoding, which is not decoded here: it is compressed with gzip"},
		{"a fixture in gzip", "POST", "/fixtures", asJSON, "\x1f\x8b\x08", 400, "the body must be sent without Content-Encoding"},
		{"a fixture in another encoding", "POST", "/fixtures", asJSON + "Content-Encoding: br\n", "\x0b\x02", 400, "the body must be sent without Content-Encoding"},

		{"a body that is too large", "POST", "/snapshots", asJSON, `{"name": "` + long + `"}`, 413, fmt.Sprintf("the limit is %d bytes", maxDocument)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			response, body := e.send(t, tt.method, tt.path, tt.headers, tt.body)
			if response.StatusCode != tt.status || !strings.Contains(body, tt.message) {
				t.Errorf("got %d %s, want %d %q", response.StatusCode, body, tt.status, tt.message)
			}
			if allow := response.Header.Get("Allow"); (allow != "") != (tt.status == 405) {
				t.Errorf("Allow: %q", allow)
			}
		})
	}
	if log := e.log.String(); log != "" {
		t.Errorf("errors of clients are logged as failures: %s", log)
	}
}
