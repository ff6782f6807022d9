package mockserver_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// withBodies lets the journal keep headers and bodies.
func withBodies() connecttest.Option {
	return connecttest.WithConfig(func(c *mockserver.Config) { c.JournalBodies = true })
}

// lastExchange returns the headers and bodies of the last request.
func (s *testServer) lastExchange(t *testing.T) controlapi.Exchange {
	t.Helper()
	found, err := s.Mock.Exchange(t.Context(), s.lastEntry(t).ID)
	must(t, err)
	return found
}

func TestExchange_HasHeadersAndBodiesWithoutSecrets(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, withBodies()), demo(t)
	items := d.items("Deployments")
	secrets := []string{"hunter2", "JBSWY3DPEHPK3PXP", "tok-in-a-header", "tok-in-a-cookie", s.Token}
	s.send(t, "POST", items, `{"category":"LOGIN","title":"Shown","vault":{"id":"`+d.vault("Deployments")+`"},"fields":[`+
		`{"id":"password","purpose":"PASSWORD","value":"hunter2"},{"id":"o","type":"OTP","value":"JBSWY3DPEHPK3PXP"}]}`,
		header("X-Api-Key", "tok-in-a-header"), header("Cookie", "a=tok-in-a-cookie"), header("X-Request-Id", "r-1")).wantOK(t)
	created := s.lastExchange(t)
	for name, want := range map[string]string{
		"Authorization": "[redacted]", "X-Api-Key": "[redacted]", "Cookie": "[redacted]", "X-Request-Id": "r-1",
		"Content-Type": "application/json",
	} {
		if got := created.Request.Headers[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if created.Response.Headers["Content-Type"] != "application/json" || created.Response.Headers["Content-Length"] == "" {
		t.Errorf("the headers of the response are %v", created.Response.Headers)
	}
	path := items + "/" + s.list(t, items+"?filter=title+eq+%22Shown%22")[0].ID
	s.send(t, "PATCH", path, `[{"op":"replace","path":"/fields/password/value","value":"hunter2"},`+
		`{"op":"replace","path":"/title","value":"Patched"}]`).wantOK(t)
	patched := s.lastExchange(t)
	s.send(t, "PUT", path, `{"broken": "hunter2"`).wantStatus(t, 400)
	broken := s.lastExchange(t)
	s.get(t, "/v1/vaults?"+"x=1", token("no-such-token")).wantStatus(t, 401)
	refused := s.lastExchange(t)
	for i, x := range []controlapi.Exchange{created, patched, broken, refused} {
		text := fmt.Sprintf("%+v", x)
		for n, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("exchange %d has secret %d: %s", i, n, text)
			}
		}
	}
	for want, text := range map[string]string{
		`"title":"Shown"`: created.Request.Body, `"version":1`: created.Response.Body, `Patched`: patched.Response.Body,
		"not valid JSON": broken.Request.Hidden, `"status":401`: refused.Response.Body,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
}

func TestExchange_HasNoContentOfFilesAndNoLongBodies(t *testing.T) {
	t.Parallel()
	s := newServer(t, withBodies(), connecttest.WithFixture(parseFixture(t, `
vaults: [{name: V, items: [{title: I, category: LOGIN, files: [{name: f, text: content-of-the-file}]}]}]`)))
	vault := s.vaults(t)[0].ID
	items := "/v1/vaults/" + vault + "/items"
	item := items + "/" + s.list(t, items)[0].ID
	file := s.item(t, item).Files[0].ID
	s.get(t, item+"/files/"+file+"/content").wantOK(t)
	if x := s.lastExchange(t); x.Response.Body != "" || x.Response.Hidden != "it is the content of a file" {
		t.Errorf("%+v", x.Response)
	}
	s.get(t, item+"/files?inline_content=true").wantOK(t)
	if x := s.lastExchange(t); strings.Contains(x.Response.Body, base64.StdEncoding.EncodeToString([]byte("content-of-the-file"))) {
		t.Errorf("%+v", x.Response)
	}
	for size, want := range map[int]controlapi.Message{20 << 10: {Cut: true}, 2 << 20: {Hidden: "it is too large"}} {
		s.withoutCheck().send(t, "POST", items, `{"title":"`+strings.Repeat("x", size)+`"}`)
		got := s.lastExchange(t).Request
		if got.Cut != want.Cut || got.Hidden != want.Hidden || len(got.Body) > 16<<10 {
			t.Errorf("%d bytes: cut %v, hidden %q, %d kept", size, got.Cut, got.Hidden, len(got.Body))
		}
	}
}

func TestExchange_IsNotKeptUnlessItIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.get(t, "/v1/vaults").wantOK(t)
	_, err := s.Mock.Exchange(t.Context(), 1)
	wantControlError(t, err, 409, "--journal-bodies")
	with := newServer(t, withBodies())
	_, err = with.Mock.Exchange(t.Context(), 1)
	wantControlError(t, err, 404, "there is no exchange 1: no request has come yet")
	with.addFault(t, controlapi.Fault{Operation: "GetVaults", Abort: &controlapi.Abort{Status: 503}})
	with.withoutCheck().get(t, "/v1/vaults").wantStatus(t, 503)
	if x := with.lastExchange(t); !strings.Contains(x.Response.Body, "503") || x.Response.Headers["Content-Type"] == "" {
		t.Errorf("of a fault: %+v", x.Response)
	}
}
