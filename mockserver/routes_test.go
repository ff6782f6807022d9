package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

// readPaths returns the paths of all operations that read, with ids of the demo
// fixture.
func readPaths(d demoData) map[string]string {
	item := d.path("Deployments", "Deploy Certificates")
	file := d.file("Deployments", "Deploy Certificates", "chain.pem")
	return map[string]string{
		"GetApiActivity":       "/v1/activity",
		"GetServerHealth":      "/health",
		"GetHeartbeat":         "/heartbeat",
		"GetPrometheusMetrics": "/metrics",
		"GetVaults":            "/v1/vaults",
		"GetVaultById":         "/v1/vaults/" + d.vault("Deployments"),
		"GetVaultItems":        d.items("Deployments"),
		"GetVaultItemById":     item,
		"GetItemFiles":         item + "/files",
		"GetDetailsOfFileById": file,
		"DownloadFileByID":     file + "/content",
	}
}

func TestRoutes_IgnoreATrailingSlash(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for id, path := range readPaths(demo(t)) {
		plain := s.get(t, path).wantOK(t)
		slashed := s.get(t, path+"/").wantOK(t)
		if plain.header.Get("Content-Type") != slashed.header.Get("Content-Type") {
			t.Errorf("%s: the slash changes the type of the response", id)
		}
		if id != "GetPrometheusMetrics" && id != "GetServerHealth" && string(plain.body) != string(slashed.body) {
			t.Errorf("%s: the slash changes the response\nfrom %s\n  to %s", id, plain.body, slashed.body)
		}
	}
}

func TestRoutes_IgnoreATrailingSlashOfWrites(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	created := decode[connect.Item](t, s.send(t, "POST", d.items("Office")+"/", `{"title":"t","category":"LOGIN"}`))
	path := d.items("Office") + "/" + created.ID + "/"
	s.send(t, "PUT", path, created).wantOK(t)
	s.send(t, "PATCH", path, `[]`).wantOK(t)
	s.send(t, "DELETE", path, nil).wantStatus(t, 204)
	s.get(t, path).wantError(t, connect.ItemNotFound(created.ID))
}

func TestHead_IsGetWithoutBody(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for id, path := range readPaths(demo(t)) {
		get := s.get(t, path).wantOK(t)
		head := s.send(t, "HEAD", path, nil).wantOK(t)
		if len(head.body) > 0 {
			t.Errorf("%s: a body of %d bytes", id, len(head.body))
		}
		for _, name := range []string{
			"Content-Type", "Content-Length", "Content-Disposition", "1Password-Connect-Version",
		} {
			if name == "Content-Length" && (id == "GetPrometheusMetrics" || id == "GetServerHealth") {
				continue // their bodies change with every request
			}
			if get.header.Get(name) != head.header.Get(name) {
				t.Errorf("%s: %s is %q, of GET it is %q", id, name, head.header.Get(name), get.header.Get(name))
			}
		}
	}
}

func TestRoutes_UnknownAreNotFound(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	vault := d.vault("Deployments")
	for _, path := range []string{
		"/", "/v1", "/v1/", "/v2/vaults", "/vaults", "/v1/health", "/v1/heartbeat", "/v1/metrics", "/V1/vaults",
		"/v1/vault", "/v1/vaults/" + vault + "/files", "/v1/vaults/" + vault + "/items/" + noItem + "/files/" +
			noFile + "/content/more",
		"/v1/items", "/favicon.ico", "/health/live",
	} {
		for _, method := range []string{"GET", "POST", "DELETE", "HEAD"} {
			a := s.send(t, method, path, nil)
			if method == "HEAD" {
				a.wantStatus(t, 404)
				continue
			}
			a.wantPageNotFound(t)
		}
	}
	s.get(t, "/nowhere", noHeader("Authorization")).wantPageNotFound(t)
}

// wantPageNotFound expects the response of a Go router to an unknown path.
func (a response) wantPageNotFound(t *testing.T) {
	t.Helper()
	a.wantStatus(t, 404)
	if kind := a.header.Get("Content-Type"); kind != "text/plain; charset=utf-8" ||
		string(a.body) != "404 page not found" {
		t.Errorf("%s: body %q of type %q", a.request, a.body, kind)
	}
}

func TestRoutes_UnknownGetJSONByQuirk(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithQuirk("unknown-route", "json"))
	s.get(t, "/v1/nothing").wantError(t, connect.RouteNotFound())
	s.send(t, "POST", "/nothing", `{}`, noHeader("Authorization")).wantError(t, connect.RouteNotFound())
	s.get(t, "//v1/vaults").wantError(t, connect.DoubleSlash())
}

func TestRoutes_DoubleSlashesAreNotFoundOrInvalidIDs(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	vault := d.vault("Deployments")
	for _, path := range []string{
		"//v1/vaults", "/v1//vaults", "/v1/vaults/" + vault + "//items", "//heartbeat", "/heartbeat//",
		"/v1/vaults/" + vault + "//", "//v1/vaults/" + vault + "/items/" + noItem,
	} {
		s.get(t, path).wantPageNotFound(t)
	}
	// An empty segment in place of an id is an invalid id.
	for path, want := range map[string]*connect.Error{
		"/v1/vaults//":                                          connect.InvalidVaultUUID(),
		"/v1/vaults//items":                                     connect.InvalidVaultUUID(),
		"/v1/vaults/" + vault + "/items//":                      connect.InvalidItemUUID(),
		"/v1/vaults/" + vault + "/items//files":                 connect.InvalidItemUUID(),
		"/v1/vaults/" + vault + "/items/" + noItem + "/files//": connect.InvalidFileUUID(),
	} {
		s.get(t, path).wantError(t, want)
	}
}

func TestMethods_UnknownAreRefusedWithTheAllowed(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	a := readPaths(d)
	tests := []struct{ method, path, allow string }{
		{"POST", a["GetVaults"], "GET HEAD OPTIONS"},
		{"DELETE", a["GetVaults"] + "/", "GET HEAD OPTIONS"},
		{"PUT", a["GetVaultById"], "GET HEAD OPTIONS"},
		{"DELETE", a["GetVaultItems"], "GET HEAD OPTIONS POST"},
		{"PATCH", a["GetVaultItems"], "GET HEAD OPTIONS POST"},
		{"POST", a["GetVaultItemById"], "DELETE GET HEAD OPTIONS PATCH PUT"},
		{"POST", a["GetItemFiles"], "GET HEAD OPTIONS"},
		{"DELETE", a["GetDetailsOfFileById"], "GET HEAD OPTIONS"},
		{"PUT", a["DownloadFileByID"], "GET HEAD OPTIONS"},
		{"POST", a["GetHeartbeat"], "GET HEAD OPTIONS"},
		{"DELETE", a["GetApiActivity"], "GET HEAD OPTIONS"},
		{"BREW", a["GetVaults"], "GET HEAD OPTIONS"},
		{"get", a["GetVaults"], "GET HEAD OPTIONS"},
		{"TRACE", a["GetVaults"], "GET HEAD OPTIONS"},
	}
	for _, test := range tests {
		got := s.send(t, test.method, test.path, nil)
		got.wantError(t, connect.MethodNotAllowed())
		for _, method := range strings.Fields(test.allow) {
			if !strings.Contains(got.header.Get("Allow"), method) {
				t.Errorf("%s %s: Allow is %q, without %s", test.method, test.path, got.header.Get("Allow"), method)
			}
		}
		if n := len(strings.Split(got.header.Get("Allow"), ",")); n != len(strings.Fields(test.allow)) {
			t.Errorf("%s %s: Allow is %q, want %s", test.method, test.path, got.header.Get("Allow"), test.allow)
		}
	}
}

func TestOptions_ListsMethods(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	a := s.withoutCheck().send(t, "OPTIONS", readPaths(d)["GetVaultItems"], nil,
		noHeader("Authorization")).wantStatus(t, 204)
	if got := a.header.Get("Allow"); !strings.Contains(got, "GET") || !strings.Contains(got, "POST") ||
		strings.Contains(got, "PUT") {
		t.Errorf("Allow is %q", got)
	}
	if len(a.body) > 0 {
		t.Errorf("body %q", a.body)
	}
	wantEqual(t, mockserver.DefaultConnectVersion, a.header.Get("1Password-Connect-Version"), "version header")
	s.send(t, "OPTIONS", "/nowhere", nil).wantPageNotFound(t)
}

func TestRoutes_DecodePercentEncoding(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	vault := d.vault("Deployments")
	encoded := "%" + strings.ToUpper(hexByte(vault[0])) + vault[1:]

	// RFC 3986: an encoded letter equals the letter.
	s.get(t, "/v1/vaults/"+encoded).wantOK(t)
	s.get(t, "/v1/vaults/"+encoded+"/items").wantOK(t)
	// An encoded slash does not separate segments.
	s.get(t, "/v1%2Fvaults").wantPageNotFound(t)
	s.get(t, "/v1/vaults/"+vault+"%2Fitems").wantError(t, connect.InvalidVaultUUID())
	s.get(t, "/v1/vaults/"+vault+"%20").wantError(t, connect.InvalidVaultUUID())
	s.get(t, "/v1/vaults/%00").wantError(t, connect.InvalidVaultUUID())
	// js-sdk issue 29 sent this.
	s.send(t, "POST", "/v1/vaults/[object%20Object]/items/", `{}`).wantError(t, connect.InvalidVaultUUID())
	s.get(t, "/v1/vaults/Demo%20%26%20Co").wantError(t, connect.InvalidVaultUUID())
	s.get(t, "/v1/vaults/"+vault+"/items/%E2%98%83").wantError(t, connect.InvalidItemUUID())
}

func hexByte(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}

func TestRoutes_DoNotResolveDots(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	vault := d.vault("Deployments")
	for _, path := range []string{"/v1/vaults/.", "/v1/vaults/..", "/v1/vaults/../vaults", "/v1/./vaults"} {
		if a := s.get(t, path); a.status != 400 && a.status != 404 {
			t.Errorf("%s: status %d", path, a.status)
		}
	}
	s.get(t, "/v1/vaults/"+vault+"/items/..").wantError(t, connect.InvalidItemUUID())
}

func TestVersionHeader_IsInEveryResponse(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.ConnectVersion = "1.9.30" }))
	for id, path := range readPaths(demo(t)) {
		for _, a := range []response{
			s.get(t, path), s.get(t, path, noHeader("Authorization")), s.get(t, path+"/x/y"),
			s.send(t, "HEAD", path, nil), s.send(t, "BREW", path, nil),
		} {
			if got := a.header.Values("1Password-Connect-Version"); len(got) != 1 || got[0] != "1.9.30" {
				t.Errorf("%s %s: status %d: version header %q", id, a.request, a.status, got)
			}
		}
	}
}

func TestCORS_IsOffByDefault(t *testing.T) {
	t.Parallel()
	origin := header("Origin", "http://localhost:3000")
	s := newServer(t)
	for _, a := range []response{
		s.get(t, "/v1/vaults", origin), s.get(t, "/nowhere", origin),
		s.withoutCheck().send(t, "OPTIONS", "/v1/vaults", nil, origin, header("Access-Control-Request-Method", "GET")),
	} {
		for name := range a.header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: header %s", a.request, name)
			}
		}
	}
}

func TestCORS_AllowsBrowsers(t *testing.T) {
	t.Parallel()
	origin := header("Origin", "http://localhost:3000")
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.CORS = true })).withoutCheck()
	preflight := s.send(t, "OPTIONS", demo(t).path("Office", "Time Tracker"), nil, origin, noHeader("Authorization"),
		header("Access-Control-Request-Method", "PATCH"),
		header("Access-Control-Request-Headers", "authorization,content-type")).wantStatus(t, 204)
	wantEqual(t, "*", preflight.header.Get("Access-Control-Allow-Origin"), "allowed origin")
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		if got := preflight.header.Get("Access-Control-Allow-Methods"); !strings.Contains(got, method) {
			t.Errorf("allowed methods are %q, without %s", got, method)
		}
	}
	// For browsers * does not include Authorization.
	got := strings.ToLower(preflight.header.Get("Access-Control-Allow-Headers"))
	if !strings.Contains(got, "authorization") {
		t.Errorf("allowed headers are %q", got)
	}
	for _, a := range []response{s.get(t, "/v1/activity", origin),
		s.get(t, "/v1/vaults", origin, noHeader("Authorization")), s.get(t, "/nowhere", origin)} {
		wantEqual(t, "*", a.header.Get("Access-Control-Allow-Origin"), "%s: status %d: allowed origin", a.request, a.status)
		wantEqual(t, "1Password-Connect-Version,Content-Range,Content-Disposition",
			a.header.Get("Access-Control-Expose-Headers"), "%s: status %d: exposed headers", a.request, a.status)
	}
}

func TestRoutes_NeverRedirect(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.checkedClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, path := range readPaths(demo(t)) {
		for _, way := range []string{path, path + "/", "/" + path, path + "//"} {
			if a := s.get(t, way); a.status >= 300 && a.status < 400 {
				t.Errorf("%s: redirected (%d)", way, a.status)
			}
		}
	}
}
