package scenarios

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

// panickingScenario returns a scenario that creates an item and then panics: in a step, or in a step of finally.
func panickingScenario(t *testing.T, vault, id string, inFinally bool) *Scenario {
	t.Helper()
	text := fmt.Sprintf(`scenario: 1
id: %s
title: Panics
requires: [write]
steps:
  - request: {method: POST, path: /v1/vaults/%s/items, json: {title: panics, category: LOGIN, vault: {id: %[2]s}}}
    expect: {status: 200}
`, id, vault)
	s, err := Load(fstest.MapFS{"test.yaml": {Data: []byte(text)}}, "test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if inFinally {
		s.Finally = append(s.Finally, nil) // a nil step panics
	} else {
		s.Steps = append(s.Steps, nil)
	}
	return s
}

// A panic in a scenario is an error of this scenario, which still deletes its items.
func TestRun_ReportsScenariosThatPanic(t *testing.T) {
	t.Parallel()
	server := connecttest.NewServer(t)
	titles := func(vault string) (titles []string) {
		res, err := server.Client.Get(server.URL + "/v1/vaults/" + vault + "/items")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var list []connect.Summary
		if err := json.NewDecoder(res.Body).Decode(&list); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("status %d, %v", res.StatusCode, err)
		}
		for _, it := range list {
			titles = append(titles, it.Title)
		}
		return titles
	}
	const vault = "h3kvwphsg7jkstbxmdycavun3c"
	list := []*Scenario{
		panickingScenario(t, vault, "in-a-step", false), panickingScenario(t, vault, "in-finally", true),
	}
	run, err := Run(t.Context(), Target{URL: server.URL, Token: server.Token, Vault: vault, AllowWrites: true}, list,
		Options{Timeout: 2 * time.Minute, Request: time.Minute, Total: 5 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range run.Results {
		if x.State != report.Error || !strings.Contains(x.Reason, "this is a bug of the suite") {
			t.Errorf("%s: %s %s%s", x.ID, x.State, x.Reason, x.Failure)
		}
	}
	if all := strings.Join(titles(vault), " "); strings.Contains(all, "panics") {
		t.Errorf("items are left: %s", all)
	}
}
