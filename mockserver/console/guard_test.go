package console

import (
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/console/internal/session"
)

// The requests are those of pages of other sites, of proxies, and of forms that do not come from the console.
func TestGuard_RefusesRequestsOfOtherSites(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	page := b.get("/")
	csrf := attribute(page.all("input", "name", "csrf")[0], "value")
	const form = "Content-Type: application/x-www-form-urlencoded\n"
	own := form + "Origin: " + b.url + "\n"
	for _, tt := range []struct {
		name, method, path, headers, body string
		status                            int
		text                              string
	}{
		{"its own form", "POST", "/console/theme", own, "csrf=" + csrf + "&theme=dark", 200, "Theme: dark"},
		{"no CSRF token", "POST", "/console/theme", own, "theme=dark", 403, "not from a page of this session"},
		{"an empty CSRF token", "POST", "/console/theme", own, "csrf=&theme=dark", 403, "not from a page of this session"},
		{"a wrong CSRF token", "POST", "/console/theme", own, "csrf=x" + csrf + "&theme=dark", 403, "not from a page of this session"},
		{"the CSRF token in the address", "POST", "/console/theme?csrf=" + csrf, own, "theme=dark", 403, "not from a page of this session"},
		{"a form of another site", "POST", "/console/theme", form + "Origin: https://evil.example", "csrf=" + csrf, 403, "refuses requests of other sites"},
		{"a form of another port", "POST", "/console/theme", form + "Origin: http://127.0.0.1:3000", "csrf=" + csrf, 403, "refuses requests of other sites"},
		{"a form with a hidden origin", "POST", "/console/theme", form + "Origin: null", "csrf=" + csrf, 403, "refuses requests of other sites"},
		{"a form that opens a page", "POST", "/console/theme", form + "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document", "csrf=" + csrf, 403, "refuses requests of other sites"},
		{"a link on another site", "GET", "/console/", "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document", "", 200, "Overview"},
		{"a frame on another site", "GET", "/console/", "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: iframe", "", 403, "refuses requests of other sites"},
		{"a script on another site", "GET", "/console/", "Sec-Fetch-Site: same-site\nSec-Fetch-Mode: no-cors\nSec-Fetch-Dest: script", "", 403, "refuses requests of other sites"},
		{"a name that resolves to this machine", "GET", "/console/", "Host: evil.example", "", 403, "not served under this name"},
		{"such a name and its origin", "POST", "/console/theme", form + "Host: evil.example\nOrigin: http://evil.example", "csrf=" + csrf, 403, "not served under this name"},
		{"a proxy's header", "GET", "/console/", "Host: evil.example\nX-Forwarded-Host: localhost", "", 403, "not served under this name"},
		{"the action by GET", "GET", "/console/theme?theme=dark&csrf=" + csrf, "", "", 404, "no such page"},
		{"an unknown page", "GET", "/console/nowhere", "", "", 404, "no such page"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.t = t
			got := b.send(tt.method, tt.path, tt.headers, strings.NewReader(tt.body)).expect(tt.status, tt.text)
			for name, want := range map[string]string{
				"Content-Security-Policy": contentPolicy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
				"Cache-Control": "no-store", "Referrer-Policy": "same-origin",
			} {
				if have := got.header.Get(name); have != want {
					t.Errorf("%s: %q, want %q", name, have, want)
				}
			}
		})
	}
}

func TestReadForm_SaysWhatIsWrongWithTheForm(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	csrf := "csrf=" + attribute(b.get("/").all("input", "name", "csrf")[0], "value")
	const plain, multipart = "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"
	for _, tt := range []struct {
		name, contentType, body string
		status                  int
		text                    string
	}{
		{"too large", plain, csrf + "&text=" + strings.Repeat("x", maxForm), 413, "The form is too large"},
		{"an escape that is none", plain, csrf + "&text=%zz", 400, "could not be read to its end"},
		{"a part with half a header", multipart, "--B\r\nContent", 400, "could not be read to its end"},
		{"too large in parts", multipart, "--B\r\n\r\n" + strings.Repeat("x", maxForm), 413, "The form is too large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.t = t
			b.send("POST", "/console/theme", "Content-Type: "+tt.contentType, strings.NewReader(tt.body)).
				expect(tt.status, tt.text)
		})
	}
}

func TestSession_NeedsTheLinkOnce(t *testing.T) {
	t.Parallel()
	b := startClosed(t, "")
	jar := b.http.Jar
	open := Mount + openPath + "?" + linkParameter + "="
	b.get("/").expect(401, "Open the link that the mock printed", "!csrf")
	b.send("POST", "/console/theme", "Content-Type: application/x-www-form-urlencoded", strings.NewReader("theme=dark")).
		expect(401, "The form was not carried out")
	b.get(open+"wrong").expect(401, "used already")
	b.send("GET", open+linkSecret, "Sec-Purpose: prefetch;prerender", nil).expect(503, "not opened in advance")
	first := b.get(open+linkSecret).expect(200, "Overview", "!"+linkSecret)
	if first.at.RawQuery != "" || first.at.Path != Mount+"/" {
		t.Errorf("the link ends at %s", first.at)
	}
	b.get("/").expect(200, "Overview")
	b.http.Jar = nil // another browser
	b.get(open+linkSecret).expect(401, "used already", "!"+linkSecret)
	b.http.Jar = jar
	b.get("/").submit("/sign-out").expect(401, "Sign in")
	b.get("/").expect(401, "Sign in")
}

func TestSession_CookieIsForTheConsoleOnly(t *testing.T) {
	t.Parallel()
	b := startClosed(t, "")
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	got := b.get(Mount + openPath + "?" + linkParameter + "=" + linkSecret).expect(303)
	cookie := got.header.Get("Set-Cookie")
	for _, want := range []string{"; Path=/console/", "; HttpOnly", "; SameSite=Strict", session.CookiePrefix + got.at.Port() + "="} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie has no %q", want)
		}
	}
	if location := got.header.Get("Location"); location != "/console/" {
		t.Errorf("Location: %s", location)
	}
}

func TestSession_StartsWithTheControlToken(t *testing.T) {
	t.Parallel()
	b := startClosed(t, "")
	page := b.get("/").expect(401)
	page.submit("/sign-in", "token", "wrong").expect(401, "not the control token", "!wrong")
	page.submit("/sign-in", "token", "").expect(401, "not the control token")
	page.submit("/sign-in", "token", controlToken, "back", "https://evil.example/").expect(200, "Overview", "!"+controlToken)
}

func TestSafeBack_LeavesTheConsoleNever(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/requests?status=4xx": "/requests?status=4xx", "/": "/", "": "/", "requests": "/", "//evil.example": "/",
		"https://evil.example/": "/", `/\evil.example`: "/", "/a\nb": "/", "/open?once=x": "/", "javascript:alert(1)": "/",
	} {
		if got := safeBack(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}
