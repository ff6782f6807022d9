package mockserver_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

func TestStore_IsKeptOverARestart(t *testing.T) {
	t.Parallel()
	file, d := filepath.Join(t.TempDir(), "mock.db"), demo(t)
	var bearer, path, body string
	runServer(t, file, func(s *testServer) {
		bearer = s.Token
		_, path = s.create(t, d.vault("Office"), `{"title":"kept","category":"LOGIN"}`)
		s.send(t, "DELETE", d.path("Office", "Company Card"), nil).wantStatus(t, 204)
		s.send(t, "PATCH", path, `[{"op":"replace","path":"/title","value":"kept and patched"}]`).wantOK(t)
		body = string(s.get(t, path).body)
	})
	other := complete(t, &fixtures.Fixture{Accounts: []fixtures.Account{{Vaults: []fixtures.Vault{{Name: "Other"}}}}})
	runServer(t, file, func(s *testServer) {
		if s.Token != bearer {
			t.Error("the token changed")
		}
		wantEqual(t, body, string(s.get(t, path).wantOK(t).body), "the item")
		s.get(t, d.path("Office", "Company Card")).wantStatus(t, 404)
		file := s.get(t, d.file("Deployments", "Deploy Certificates", "keystore.p12")+"/content").wantOK(t)
		if len(file.body) != 20 {
			t.Errorf("the file has %d bytes", len(file.body))
		}
		if o, err := s.Mock.Status(t.Context()); err != nil || o.Seeded || o.Vaults != 3 {
			t.Errorf("overview %+v, error %v", o, err)
		}
	}, connecttest.WithFixture(other))
}

func TestStore_ResetLoadsTheFixtureAgain(t *testing.T) {
	t.Parallel()
	file, d := filepath.Join(t.TempDir(), "mock.db"), demo(t)
	clock := connecttest.WithClock(newClock().Now)
	card := d.path("Office", "Company Card")
	var bearer, path string
	runServer(t, file, func(s *testServer) {
		bearer = s.Token
		_, path = s.create(t, d.vault("Office"), `{"title":"lost","category":"LOGIN"}`)
		s.send(t, "DELETE", card, nil).wantStatus(t, 204)
	}, clock)
	for range 2 {
		runServer(t, file, func(s *testServer) {
			s.get(t, path).wantStatus(t, 404)
			s.get(t, card).wantOK(t)
			s.get(t, "/v1/vaults", token(bearer)).wantOK(t) // a shell may still have it in a variable
			if total := s.activityTotal(t); total != 243 {
				t.Errorf("%d records, want the 240 of the fixture and 3", total)
			}
			if o, err := s.Mock.Status(t.Context()); err != nil || !o.Seeded {
				t.Errorf("overview %+v, error %v", o, err)
			}
		}, clock, connecttest.WithConfig(func(c *mockserver.Config) { c.Reset = true }))
	}
	runServer(t, file, func(s *testServer) { s.get(t, card).wantOK(t) })
}

// A fixture that cannot be stored leaves an empty store, which the next start
// fills.
func TestStore_KeepsNothingOfAFixtureThatFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	f := fixtures.Demo()
	f.Accounts[0].Vaults[1].Items[2].Files = []fixtures.File{{ID: noFile, Name: "gone", Path: "no/such/file"}}
	_, err := mockserver.New(t.Context(), mockserver.Config{Store: file, Fixture: f})
	if err == nil || !strings.Contains(err.Error(), "gone") {
		t.Fatalf("error %v, must name the file", err)
	}
	runServer(t, file, func(s *testServer) {
		if o, err := s.Mock.Status(t.Context()); err != nil || !o.Seeded {
			t.Errorf("overview %+v, error %v", o, err)
		}
	})
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func TestOverview_Counts(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	items := 0
	for _, v := range d.fixture.Accounts[0].Vaults {
		items += len(v.Items)
	}
	o, err := s.Mock.Status(t.Context())
	if err != nil || o.Vaults != 3 || o.Items != items || !o.Seeded || len(o.Operations) != 15 ||
		len(o.Synthesized)+len(o.Unserved) != 0 {
		t.Errorf("overview %+v, error %v, want %d items", o, err, items)
	}
	s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN"}`)
	if o, err = s.Mock.Status(t.Context()); err != nil || o.Items != items+1 {
		t.Errorf("after a create: overview %+v, error %v", o, err)
	}
}

// When the file of a server is removed, writes fail, reads go on, and /health and
// Close name the reason.
func TestStore_RemovedFileFailsWritesAndHealth(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files that are open stay")
	}
	path := filepath.Join(t.TempDir(), "mock.db")
	server, err := connecttest.Start(withStore(path), connecttest.WithoutSocket())
	must(t, err)
	s := &testServer{server, server.Client}
	items := demo(t).items("Office")
	const item = `{"title":"t","category":"LOGIN"}`
	s.send(t, "POST", items, item).wantOK(t)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		must(t, os.Remove(path+suffix))
	}
	s.send(t, "POST", items, item).wantStatus(t, http.StatusInternalServerError)
	s.get(t, "/v1/vaults").wantOK(t)
	health := decode[connect.Health](t, s.get(t, "/health"))
	d := health.Dependencies[0]
	if d.Service != "sqlite" || d.Status != "INACTIVE" || !strings.Contains(d.Message, "was removed") {
		t.Errorf("/health says %+v", d)
	}
	if err := server.Close(); err == nil || !strings.Contains(err.Error(), "was removed") {
		t.Errorf("Close: %v", err)
	}
}
