// Package fakes_test checks the scenarios of this folder, which tell how fakes that people write by hand differ from a
// Connect server: the mock passes each of them, and such a fake fails each.
package fakes_test

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/openapi/openapitest"
	"github.com/connectmock/connectmock/scenarios"
)

// runAll runs all scenarios of the folder and returns their results.
func runAll(t *testing.T, target scenarios.Target) []report.Result {
	t.Helper()
	list, err := scenarios.LoadDir(os.DirFS("."), ".")
	if err != nil {
		t.Fatal(err)
	}
	run, err := scenarios.Run(t.Context(), target, list, scenarios.Options{
		Timeout: 2 * time.Minute, Request: time.Minute, Total: 5 * time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Results) < 12 || len(run.Errors) > 0 {
		t.Fatalf("%d results, errors %v", len(run.Results), run.Errors)
	}
	return run.Results
}

func TestScenarios_PassOnTheMock(t *testing.T) {
	t.Parallel()
	s := connecttest.NewServer(t)
	const token = "control-token-of-the-test"
	handler, err := control.New(s.Mock, token, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(handler)
	t.Cleanup(listener.Close)
	document, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	target := scenarios.Target{
		URL: s.URL, Token: s.Token, Client: openapitest.Client(t, document, nil),
		Control: &controlapi.Client{URL: listener.URL, Token: token, HTTP: listener.Client()},
	}
	for _, r := range runAll(t, target) {
		if r.State != report.Pass {
			t.Errorf("%s: %s %s %s", r.ID, r.State, r.Reason, r.Failure)
		}
	}
}

// A scenario that a fake passes tells nothing. It fails for what the scenario is about, not for its other mistakes.
func TestScenarios_FailOnAFakeByHand(t *testing.T) {
	t.Parallel()
	fake := httptest.NewServer(newFake())
	t.Cleanup(fake.Close)
	for _, r := range runAll(t, scenarios.Target{
		URL: fake.URL, Token: "fake", Vault: fakeVault, AllowWrites: true, Client: fake.Client(),
	}) {
		if r.State != report.Fail || strings.Contains(r.Failure, "breaks the document") {
			t.Errorf("%s: %s %s %s", r.ID, r.State, r.Reason, r.Failure)
		}
	}
}

// The page lists each scenario, with the evidence that the scenario names.
func TestPage_ListsEveryScenario(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../../docs/migrating.md")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	page, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	evidence := map[string]string{}
	row := regexp.MustCompile(`(?m)^\|.*\| ((?:\[[A-Z]\])+) \| \[([a-z0-9-]+)\]\(\.\./examples/fakes/([a-z0-9-]+)\.yaml\) \|$`)
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		if evidence[m[2]] = m[1]; m[2] != m[3] {
			t.Errorf("%s leads to %s", m[2], m[3])
		}
	}
	list, err := scenarios.LoadDir(os.DirFS("."), ".")
	if err != nil {
		t.Fatal(err)
	}
	tags := regexp.MustCompile(`((?:\[[A-Z]\])+)\s*$`)
	for _, s := range list {
		if named := tags.FindStringSubmatch(s.About); named == nil || named[1] != evidence[s.ID] {
			t.Errorf("%s: the scenario has the evidence %q, the page %q", s.ID, named, evidence[s.ID])
		}
		delete(evidence, s.ID)
	}
	if len(evidence) > 0 {
		t.Errorf("no scenarios: %v", evidence)
	}
}
