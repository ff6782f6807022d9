package mockserver_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// TestFault_Presets checks what clients see of each preset. Responses are checked
// against the document where they obey it.
func TestFault_Presets(t *testing.T) {
	t.Parallel()
	d := demo(t)
	office := d.vault("Office")
	items, it := "/v1/vaults/"+office+"/items", d.path("Office", "Guest Wi-Fi")
	content := d.file("Deployments", "Deploy Certificates", "chain.pem") + "/content"
	const note = `{"title":"t","category":"SECURE_NOTE"}`
	var tested []string
	for name, run := range map[string]func(*testing.T, *testServer){
		"first-request-401": func(t *testing.T, s *testServer) {
			for _, its := range []requestOption{func(*http.Request) {}, token(s.NewToken(t, controlapi.Token{Name: "second"}))} {
				s.get(t, "/v1/vaults", its).wantError(t, connect.InvalidToken())
				s.get(t, "/v1/vaults", its).wantOK(t)
				s.get(t, items, its).wantOK(t)
			}
		},
		"delete-conflict-500": func(t *testing.T, s *testServer) {
			s.send(t, "DELETE", it, nil).wantError(t, connect.SomethingWentWrong())
			s.get(t, it).wantOK(t)
			s.send(t, "DELETE", it, nil).wantStatus(t, 204)
		},
		"update-refused-400": func(t *testing.T, s *testServer) {
			created, path := s.create(t, office, `{"title":"a \"b\"","category":"SECURE_NOTE"}`)
			created.Title = "another title"
			s.send(t, "PUT", path, created).wantError(t, &connect.Error{Status: 400,
				Message: `Unable to update item "a "b"" in Vault "` + office + `"`})
			if got := s.item(t, path); got.Version != 1 {
				t.Errorf("the refused update was done: version %d", got.Version)
			}
			s.send(t, "PUT", items+"/"+noItem, created).wantError(t, &connect.Error{Status: 400,
				Message: `Unable to update item "` + noItem + `" in Vault "` + office + `"`})
			s.send(t, "PATCH", path, `[{"op":"replace","path":"/title","value":"c"}]`).wantOK(t)
		},
		"file-not-synced-500": func(t *testing.T, s *testServer) {
			s.get(t, strings.TrimSuffix(content, "/content")).wantOK(t)
			s.get(t, content).wantError(t, connect.SomethingWentWrong())
			s.get(t, content).wantError(t, connect.SomethingWentWrong())
			s.get(t, content).wantOK(t)
		},
		"intermittent-403": func(t *testing.T, s *testServer) {
			denied := 0
			for range 100 {
				if a := s.get(t, items); a.status == 403 {
					a.wantError(t, connect.VaultDenied(office))
					denied++
				}
				s.get(t, "/v1/vaults").wantOK(t)
			}
			if denied < 5 || denied > 40 {
				t.Errorf("%d of 100 were denied", denied)
			}
		},
		"expired-token": func(t *testing.T, s *testServer) {
			s.get(t, "/v1/vaults").wantError(t, connect.InvalidToken())
			s.send(t, "DELETE", it, nil).wantError(t, connect.InvalidToken())
			s.get(t, "/health").wantOK(t)
		},
		"read-only": func(t *testing.T, s *testServer) {
			s.send(t, "POST", items, note).wantError(t, connect.PermissionDenied("create", office))
			s.send(t, "PUT", it, note).wantError(t, connect.PermissionDenied("update", office))
			s.send(t, "PATCH", it, "[]").wantError(t, connect.PermissionDenied("update", office))
			s.send(t, "DELETE", it, nil).wantError(t, connect.PermissionDenied("delete", office))
			s.get(t, it).wantOK(t)
		},
		"throttled-429": func(t *testing.T, s *testServer) {
			a := s.withoutCheck().get(t, items).wantStatus(t, 429)
			a.wantError(t, &connect.Error{Status: 429, Message: "Too Many Requests"})
			if a.header.Get("Retry-After") != "1" {
				t.Errorf("headers %v", a.header)
			}
		},
		"gateway-502": gatewayTest(502), "gateway-503": gatewayTest(503), "gateway-504": gatewayTest(504),
		"answer-lost": func(t *testing.T, s *testServer) {
			if _, err := s.do("POST", items, strings.NewReader(note), nil); err == nil {
				t.Error("the create has a response")
			}
			s.send(t, "POST", items, note).wantOK(t)
			if list := s.list(t, items+"?filter=title+eq+%22t%22"); len(list) != 2 {
				t.Errorf("after the second create there are %d items", len(list))
			}
		},
		"timeout-after-write": func(t *testing.T, s *testServer) {
			must(t, s.Mock.RemoveFault(t.Context(), "timeout-after-write"))
			s.addFault(t, controlapi.Fault{Preset: "timeout-after-write", Delay: &controlapi.Delay{Fixed: 1}})
			s.send(t, "DELETE", it, nil).wantStatus(t, 204) // a client that waits sees it
			s.get(t, it).wantStatus(t, 404)
		},
		"missing-version-header": func(t *testing.T, s *testServer) {
			if a := s.withoutCheck().get(t, items).wantOK(t); a.header.Get("1Password-Connect-Version") != "" {
				t.Errorf("headers %v", a.header)
			}
		},
		"write-visibility-lag": func(t *testing.T, s *testServer) {
			_, path := s.create(t, office, note)
			s.get(t, path).wantStatus(t, 404)
			s.setClock(t, "", advanceBy(2*time.Second-1))
			s.get(t, path).wantStatus(t, 404)
			s.setClock(t, "", advanceBy(1))
			s.get(t, path).wantOK(t)
		},
		"sync-down": func(t *testing.T, s *testServer) {
			s.get(t, items).wantOK(t)
			s.send(t, "POST", items, note).wantError(t, connect.SomethingWentWrong())
			s.send(t, "POST", items, "{}").wantStatus(t, 400)
			health := decode[connect.Health](t, s.get(t, "/health"))
			for _, dep := range health.Dependencies {
				if down := dep.Service == "sync" || dep.Service == "1Password"; down != (dep.Status == "INACTIVE") &&
					dep.Service != "account_data" {
					t.Errorf("health says %+v", dep)
				}
			}
		},
	} {
		tested = append(tested, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := newClock()
			s := newServer(t, connecttest.WithClock(now.Now))
			s.addFault(t, controlapi.Fault{Preset: name})
			run(t, s)
			if err := s.Mock.RemoveFault(t.Context(), name); err != nil {
				t.Error(err)
			}
			s.get(t, "/v1/vaults").wantOK(t)
		})
	}
	for _, name := range controlapi.PresetNames() {
		if !slices.Contains(tested, name) {
			t.Errorf("no test shows what clients see of %s", name)
		}
	}
}

func gatewayTest(status int) func(*testing.T, *testServer) {
	return func(t *testing.T, s *testServer) {
		a := s.withoutCheck().get(t, "/v1/vaults").wantStatus(t, status)
		if a.header.Get("Content-Type") != "text/html" || a.header.Get("1Password-Connect-Version") != "" ||
			!strings.HasPrefix(string(a.body), "<html>") || json.Valid(a.body) {
			t.Errorf("%v %s", a.header, a.body)
		}
	}
}
