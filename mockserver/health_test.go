package mockserver_test

import (
	"path/filepath"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
)

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, authorization := range []requestOption{noHeader("Authorization"), token("nonsense"), token(s.Token)} {
		a := s.get(t, "/heartbeat", authorization).wantOK(t)
		if string(a.body) != "." || a.header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("body %q of type %s", a.body, a.header.Get("Content-Type"))
		}
	}
}

// uninitializedHealth is the recorded body of connect issue 93 with our version and
// store.
const uninitializedHealth = `{"name":"1Password Connect API","version":"` + mockserver.DefaultConnectVersion +
	`","dependencies":[` +
	`{"service":"sqlite","status":"ACTIVE","message":"Connected to memory:"},` +
	`{"service":"account_data","status":"NOT_SYNCED","message":"Account data is not available because synchronization has not yet started"},` +
	`{"service":"sync","status":"ACTIVE"},` +
	`{"service":"1Password","status":"UNINITIALIZED","message":"Make a request with a valid bearer token to initialize"}]}`

// healthStates returns the states of the dependencies.
func (r *testServer) healthStates(t tb, options ...requestOption) (states []string) {
	t.Helper()
	for _, d := range decode[connect.Health](t, r.get(t, "/health",
		append([]requestOption{noHeader("Authorization")}, options...)...)).Dependencies {
		states = append(states, d.Service+" "+d.Status)
	}
	return states
}

func TestHealth_IsUninitializedUntilTheFirstValidToken(t *testing.T) {
	t.Parallel()
	asleep := []string{"sqlite ACTIVE", "account_data NOT_SYNCED", "sync ACTIVE", "1Password UNINITIALIZED"}
	awake := []string{"sqlite ACTIVE", "account_data ACTIVE", "sync ACTIVE", "1Password ACTIVE"}
	for name, wake := range map[string]func(*testServer){
		"request":      func(s *testServer) { s.get(t, "/v1/vaults").wantOK(t) },
		"refused":      func(s *testServer) { s.get(t, "/v1/vaults/"+noVault).wantStatus(t, 403) },
		"health":       func(s *testServer) { s.get(t, "/health").wantOK(t) }, // changelog 1.1.0
		"activity log": func(s *testServer) { s.get(t, "/v1/activity").wantOK(t) },
	} {
		s := newServer(t)
		wantEqual(t, uninitializedHealth, string(s.get(t, "/health", noHeader("Authorization")).wantOK(t).body),
			"%s: a fresh server", name)
		s.get(t, "/v1/vaults", token("nonsense")).wantStatus(t, 401)
		s.get(t, "/v1/vaults", noHeader("Authorization")).wantStatus(t, 401)
		s.get(t, "/v1/vaults", token(s.demoToken(t, "expired"))).wantStatus(t, 401)
		s.get(t, "/health", token("nonsense")).wantOK(t)
		s.get(t, "/metrics").wantOK(t)
		s.get(t, "/heartbeat").wantOK(t)
		s.get(t, "/nowhere").wantStatus(t, 404)
		wantEqual(t, asleep, s.healthStates(t), "%s: before", name)
		wake(s)
		wantEqual(t, awake, s.healthStates(t), "%s: after", name)
		if diff := cmp.Diff(awake, s.healthStates(t, token("nonsense"))); diff != "" {
			t.Errorf("%s: a bad token puts the server to sleep again:\n%s", name, diff)
		}
	}
}

func TestHealth_NamesStoreAndVersion(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mock.db")
	s := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.Store, c.ConnectVersion = file, "1.7.3" }))
	h := decode[connect.Health](t, s.get(t, "/health"))
	if h.Version != "1.7.3" || h.Dependencies[0].Message != "Connected to "+file {
		t.Errorf("health %+v", h)
	}
}

func TestNew_RefusesInvalidConfigurations(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]mockserver.Config{
		"version of two numbers": {ConnectVersion: "1.8"},
		"version with a letter":  {ConnectVersion: "v1.8.1"},
		"version with a line":    {ConnectVersion: "1.8.1\n"},
		"negative body":          {MaxBody: -1},
		"negative inline":        {MaxInlineKB: -1},
		"unknown quirk":          {Quirks: map[string]string{"nope": "x"}},
		"unknown value":          {Quirks: map[string]string{"put-version": "x"}},
		"folder that isn't":      {Store: filepath.Join(t.TempDir(), "no", "such", "mock.db")},
	} {
		s, err := mockserver.New(t.Context(), c)
		if err == nil {
			t.Errorf("%s: accepted", name)
			_ = s.Close()
		}
	}
}
