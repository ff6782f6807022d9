package mockserver_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// story is all that a server says while it is asked for everything there is and
// makes a few things up.
func (r *testServer) transcript(t *testing.T) string {
	t.Helper()
	said := []string{r.Token}
	say := func(a response) { said = append(said, fmt.Sprint(a.status, " ", string(a.body))) }
	d := demo(t)
	for range 3 {
		say(r.send(t, "POST", d.items("Office"),
			`{"title":"t","category":"LOGIN","sections":[{"label":"s"}],"fields":[{"purpose":"PASSWORD","generate":true},{"label":"own"}]}`))
	}
	say(r.get(t, "/v1/vaults"))
	for _, v := range r.vaults(t) {
		for _, it := range r.list(t, "/v1/vaults/"+v.ID+"/items") {
			say(r.get(t, "/v1/vaults/"+v.ID+"/items/"+it.ID))
		}
	}
	say(r.get(t, d.file("Deployments", "Deploy Certificates", "release-bundle.tar.gz")+"/content"))
	say(r.get(t, "/v1/activity?limit=1000"))
	return strings.Join(said, "\n")
}

func TestSeed_MakesServersEqual(t *testing.T) {
	t.Parallel()
	tell := func(seed uint64) string {
		// Without a socket: the port would be in nothing, but the order of requests is.
		return newServer(t, connecttest.WithSeed(seed), connecttest.WithClock(newClock().Now), connecttest.WithoutSocket()).transcript(t)
	}
	seven := tell(7)
	if again := tell(7); again != seven {
		t.Errorf("the same seed tells another story; from byte %d on", firstDifference(seven, again))
	}
	if tell(8) == seven {
		t.Error("another seed tells the same story")
	}
	if first, second := tell(0), tell(0); first == second {
		t.Error("without a seed two servers tell the same story")
	}
}

func firstDifference(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// restart opens a server on a file, asks it something and closes it.
func runServer(t *testing.T, file string, ask func(*testServer), options ...connecttest.Option) {
	t.Helper()
	server, err := connecttest.Start(append(options, withStore(file))...)
	must(t, err)
	ask(&testServer{server, server.Client})
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}

func TestSeed_DoesNotRepeatIDsAfterARestart(t *testing.T) {
	t.Parallel()
	file, d := filepath.Join(t.TempDir(), "mock.db"), demo(t)
	seen := map[string]bool{}
	for range 4 {
		runServer(t, file, func(s *testServer) {
			for range 3 {
				it, _ := s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN","fields":[{"label":"a"},{"purpose":"PASSWORD","generate":true}]}`)
				for _, drawn := range []string{it.ID, it.Fields[3].ID, it.Fields[1].Value, s.activity(t, "?limit=1").records[0].RequestID} {
					if seen[drawn] {
						t.Errorf("%q was made twice", drawn)
					}
					seen[drawn] = true
				}
			}
		}, connecttest.WithSeed(7))
	}
}

func TestStore_IsKeptOverARestart(t *testing.T) {
	t.Parallel()
	file, d := filepath.Join(t.TempDir(), "mock.db"), demo(t)
	var value, path, body string
	runServer(t, file, func(s *testServer) {
		value = s.Token
		_, path = s.create(t, d.vault("Office"), `{"title":"kept","category":"LOGIN"}`)
		s.send(t, "DELETE", d.path("Office", "Company Card"), nil).wantStatus(t, 204)
		s.send(t, "PATCH", path, `[{"op":"replace","path":"/title","value":"kept and patched"}]`).wantOK(t)
		body = string(s.get(t, path).body)
	})
	other := &fixtures.Fixture{Accounts: []fixtures.Account{{Vaults: []fixtures.Vault{{Name: "Other"}}}}}
	must(t, other.Complete())
	runServer(t, file, func(s *testServer) {
		if s.Token != value {
			t.Error("the token changed")
		}
		if got := string(s.get(t, path).wantOK(t).body); got != body {
			t.Errorf("item was %s, is %s", body, got)
		}
		s.get(t, d.path("Office", "Company Card")).wantStatus(t, 404)
		if got := string(s.get(t, d.file("Deployments", "Deploy Certificates", "keystore.p12")+"/content").wantOK(t).body); len(got) != 20 {
			t.Errorf("file has %d bytes", len(got))
		}
		overview, err := s.Mock.Overview(t.Context())
		if err != nil || overview.Seeded || overview.Vaults != 3 {
			t.Errorf("overview %+v, error %v", overview, err)
		}
	}, connecttest.WithFixture(other))
}

func TestStore_ResetLoadsTheFixtureAgain(t *testing.T) {
	t.Parallel()
	file, d := filepath.Join(t.TempDir(), "mock.db"), demo(t)
	var value, path string
	runServer(t, file, func(s *testServer) {
		value = s.Token
		_, path = s.create(t, d.vault("Office"), `{"title":"lost","category":"LOGIN"}`)
		s.send(t, "DELETE", d.path("Office", "Company Card"), nil).wantStatus(t, 204)
	}, connecttest.WithClock(newClock().Now))
	reset := connecttest.WithConfig(func(c *mockserver.Config) { c.Reset = true })
	for range 2 {
		runServer(t, file, func(s *testServer) {
			s.get(t, path).wantStatus(t, 404)
			s.get(t, d.path("Office", "Company Card")).wantOK(t)
			s.get(t, "/v1/vaults", token(value)).wantOK(t) // exported in a shell before
			if total := s.activityTotal(t); total != 243 {
				t.Errorf("%d records, want the 240 of the world and 3", total)
			}
			overview, err := s.Mock.Overview(t.Context())
			if err != nil || !overview.Seeded {
				t.Errorf("overview %+v, error %v", overview, err)
			}
		}, reset, connecttest.WithClock(newClock().Now))
	}
	runServer(t, file, func(s *testServer) { s.get(t, d.path("Office", "Company Card")).wantOK(t) })
}

func TestOverview_Counts(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	items := 0
	for _, v := range d.fixture.Accounts[0].Vaults {
		items += len(v.Items)
	}
	o, err := s.Mock.Overview(t.Context())
	if err != nil || o.Vaults != 3 || o.Items != items || !o.Seeded || o.Operations != 15 || len(o.Invented)+len(o.Unserved) != 0 {
		t.Errorf("overview %+v, error %v, want %d items", o, err, items)
	}
	s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN"}`)
	if o, err = s.Mock.Overview(t.Context()); err != nil || o.Items != items+1 {
		t.Errorf("after a create: overview %+v, error %v", o, err)
	}
}

func TestStore_KeepsNothingOfAFixtureThatFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	w := fixtures.Demo()
	w.Accounts[0].Vaults[1].Items[2].Files = []fixtures.File{{ID: noFile, Name: "gone", Path: "no/such/file"}}
	_, err := mockserver.New(mockserver.Config{Store: file, Fixture: w})
	if err == nil || !strings.Contains(err.Error(), "gone") {
		t.Fatalf("error %v, must name the file", err)
	}
	// Nothing half-made is left: the next start fills the store.
	runServer(t, file, func(s *testServer) {
		if o, err := s.Mock.Overview(t.Context()); err != nil || !o.Seeded {
			t.Errorf("overview %+v, error %v", o, err)
		}
	})
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}
