package scenarios_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios"
)

// generousOptions returns options with timeouts that suit slow machines.
func generousOptions() scenarios.Options {
	return scenarios.Options{Timeout: 2 * time.Minute, Request: time.Minute, Total: 5 * time.Minute}
}

// serverTarget returns a mock that the scenarios use like a real server, without its control API.
func serverTarget(t *testing.T) (*connecttest.Server, scenarios.Target) {
	t.Helper()
	s := connecttest.NewServer(t)
	var vaults []connect.Vault
	getJSON(t, s, "/v1/vaults", &vaults)
	reader := s.NewToken(t, controlapi.Token{Name: "scenario-reader", Vaults: map[string]string{vaults[0].ID: "read"}})
	return s, scenarios.Target{
		Name: "a mock", URL: s.URL, Token: s.Token, Reader: reader, Vault: vaults[0].ID, AllowWrites: true,
	}
}

// getJSON gets a JSON document from a server.
func getJSON(t *testing.T, s *connecttest.Server, path string, into any) {
	t.Helper()
	res, err := s.Client.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", path, res.StatusCode, err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatal(err)
	}
}

// countItems returns the number of items in a vault.
func countItems(t *testing.T, s *connecttest.Server, vault string) int {
	t.Helper()
	var list []connect.Summary
	getJSON(t, s, "/v1/vaults/"+vault+"/items", &list)
	return len(list)
}

// loadScenario loads a scenario from text. It adds the first keys if they are missing.
func loadScenario(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	if !strings.HasPrefix(text, "scenario:") {
		text = "scenario: 1\nid: under-test\ntitle: Under test\n" + strings.TrimPrefix(text, "\n")
	}
	s, err := scenarios.Load(fstest.MapFS{"test.yaml": {Data: []byte(text)}}, "test.yaml")
	if err != nil {
		t.Fatalf("the scenario has mistakes:\n%v", err)
	}
	return s
}

// runScenario runs one scenario and returns its result.
func runScenario(t *testing.T, target scenarios.Target, text string) report.Result {
	t.Helper()
	return runScenarioWith(t, target, text, generousOptions())
}

func runScenarioWith(t *testing.T, target scenarios.Target, text string, o scenarios.Options) report.Result {
	t.Helper()
	run, err := scenarios.Run(t.Context(), target, []*scenarios.Scenario{loadScenario(t, text)}, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Results) != 1 {
		t.Fatalf("%d results", len(run.Results))
	}
	return run.Results[0]
}

// checkResult checks the state of a result and that its text contains parts.
func checkResult(t *testing.T, got report.Result, state report.State, parts ...string) {
	t.Helper()
	if got.State != state {
		t.Errorf("%s, want %s: %s %s", got.State, state, got.Reason, got.Failure)
		return
	}
	for _, part := range parts {
		if !strings.Contains(got.Reason+"\n"+got.Failure, part) {
			t.Errorf("%q is not in: %s\n%s", part, got.Reason, got.Failure)
		}
	}
}

// mockTarget returns a mock with its control API.
func mockTarget(t *testing.T, options ...connecttest.Option) (*connecttest.Server, scenarios.Target) {
	t.Helper()
	s := connecttest.NewServer(t, options...)
	const token = "control-token-of-the-test"
	handler, err := control.New(s.Mock, token, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(handler)
	t.Cleanup(listener.Close)
	return s, scenarios.Target{
		Name: "a mock", URL: s.URL,
		Control: &controlapi.Client{URL: listener.URL, Token: token, HTTP: listener.Client()},
	}
}
