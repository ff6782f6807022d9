package control

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The requests are those of browsers, proxies and clients without the token.
func TestGuard_AcceptsOnlyTheTokenFromKnownHosts(t *testing.T) {
	t.Parallel()
	e := startControl(t, "Control.Example:9000", "192.0.2.7")
	const missing, wrong = "the control token is missing", "the control token is not that of this mock"
	const foreign, name = "refuses requests of other sites", "is not served under this name"
	tests := []struct {
		name, method, path, headers string
		status                      int
		message                     string
	}{
		{"the token", "GET", "/", authorized, 200, ""},
		{"a lower case scheme", "GET", "/", "Authorization: bearer " + controlToken, 200, ""},
		{"no token", "GET", "/", "", 401, missing},
		{"no token and an unknown path", "GET", "/nowhere", "", 401, missing},
		{"no token, a reset", "POST", "/reset", "", 401, missing},
		{"a wrong token", "GET", "/", "Authorization: Bearer x", 401, wrong},
		{"the beginning of the token", "GET", "/", "Authorization: Bearer " + controlToken[:5], 401, wrong},
		{"the token with a suffix", "GET", "/", "Authorization: Bearer " + controlToken + "x", 401, wrong},
		{"an empty token", "GET", "/", "Authorization: Bearer", 401, wrong},
		{"another scheme", "GET", "/", "Authorization: Basic " + controlToken, 401, wrong},
		{"two tokens", "GET", "/", authorized + authorized, 401, wrong},
		{"the token as a parameter", "GET", "/?token=" + controlToken, "", 401, missing},
		{"the token as a cookie", "GET", "/", "Cookie: token=" + controlToken, 401, missing},

		{"another origin", "GET", "/", authorized + "Origin: https://evil.example", 403, foreign},
		{"another origin, no token", "GET", "/", "Origin: https://evil.example", 403, foreign},
		{"an origin that is hidden", "GET", "/", authorized + "Origin: null", 403, foreign},
		{"another port of the same machine", "GET", "/", authorized + "Origin: http://127.0.0.1:3000", 403, foreign},
		{"an origin that begins like its own", "GET", "/", authorized + "Origin: " + e.URL + ".evil.example", 403, foreign},
		{"two origins", "GET", "/", authorized + "Origin: " + e.URL + "\nOrigin: https://evil.example", 403, foreign},
		{"its own origin", "GET", "/", authorized + "Origin: " + e.URL, 200, ""},
		{"a form of another site", "POST", "/reset", "Content-Type: application/x-www-form-urlencoded\nOrigin: https://evil.example", 403, foreign},
		{"an image on a page of another site", "GET", "/", authorized + "Sec-Fetch-Site: cross-site", 403, foreign},
		{"a page of the same site", "GET", "/", authorized + "Sec-Fetch-Site: same-site", 403, foreign},
		{"typed into the browser", "GET", "/", authorized + "Sec-Fetch-Site: none", 200, ""},
		{"a preflight", "OPTIONS", "/reset", "Origin: https://evil.example\nAccess-Control-Request-Method: POST\nAccess-Control-Request-Headers: authorization", 403, foreign},
		{"a preflight of its own origin", "OPTIONS", "/reset", "Origin: " + e.URL + "\nAccess-Control-Request-Method: POST", 401, missing},

		{"a name that resolves to this machine", "GET", "/", authorized + "Host: evil.example", 403, name},
		{"such a name with a port", "GET", "/", authorized + "Host: evil.example:8081", 403, name},
		{"such a name and its origin", "GET", "/", authorized + "Host: evil.example\nOrigin: http://evil.example", 403, name},
		{"a name that begins like loopback", "GET", "/", authorized + "Host: 127.0.0.1.evil.example", 403, name},
		{"a name that begins like localhost", "GET", "/", authorized + "Host: localhost.evil.example", 403, name},
		{"loopback as a number", "GET", "/", authorized + "Host: 2130706433", 403, name},
		{"another address", "GET", "/", authorized + "Host: 192.0.2.8", 403, name},
		{"localhost", "GET", "/", authorized + "Host: localhost:1", 200, ""},
		{"LOCALHOST.", "GET", "/", authorized + "Host: LOCALHOST.", 200, ""},
		{"all of 127", "GET", "/", authorized + "Host: 127.8.9.1:8081", 200, ""},
		{"IPv6", "GET", "/", authorized + "Host: [::1]:8081", 200, ""},
		{"IPv6 without a port", "GET", "/", authorized + "Host: [::1]", 200, ""},
		{"IPv4 in IPv6", "GET", "/", authorized + "Host: [::ffff:127.0.0.1]:8081", 200, ""},
		{"a given name", "GET", "/", authorized + "Host: control.example", 200, ""},
		{"a given name and a port", "GET", "/", authorized + "Host: control.EXAMPLE:7", 200, ""},
		{"a given address", "GET", "/", authorized + "Host: 192.0.2.7:80", 200, ""},

		{"a proxy's header that names localhost", "GET", "/", authorized + "Host: evil.example\nX-Forwarded-Host: localhost\nForwarded: host=localhost", 403, name},
		{"a proxy's header that names another host", "GET", "/", authorized + "X-Forwarded-Host: evil.example\nX-Forwarded-For: 203.0.113.9\nX-Real-Ip: 203.0.113.9", 200, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			response, body := e.send(t, tt.method, tt.path, tt.headers, "")
			if response.StatusCode != tt.status || !strings.Contains(body, tt.message) {
				t.Errorf("got %d %s, want %d %q", response.StatusCode, body, tt.status, tt.message)
			}
			if challenge := response.Header.Get("WWW-Authenticate"); (challenge == "Bearer") != (tt.status == 401) {
				t.Errorf("WWW-Authenticate: %q", challenge)
			}
			for name := range response.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("the response has the header %s", name)
				}
			}
			if strings.Contains(body, controlToken) {
				t.Error("the token is in the response")
			}
		})
	}
}

// HTTP/1.0 allows a request without a Host header, which no browser sends.
func TestGuard_RequiresAHostInHTTP10(t *testing.T) {
	t.Parallel()
	e := startControl(t)
	for host, want := range map[string]int{
		"": 403, "Host: localhost\r\n": 200, "Host: \r\n": 403, "Host: evil.example\r\n": 403,
	} {
		c, err := net.Dial("tcp", strings.TrimPrefix(e.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(testTimeout))
		fmt.Fprintf(c, "GET / HTTP/1.0\r\n%sAuthorization: Bearer %s\r\n\r\n", host, controlToken)
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%q: %d, want %d", host, response.StatusCode, want)
		}
	}
}

func TestNew_RejectsTokensThatCannotBeSent(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", " ", "a b", "a\n", "ä"} {
		if _, err := New(nil, token, nil); err == nil {
			t.Errorf("%q is accepted", token)
		}
	}
}
