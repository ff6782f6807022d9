package contract

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A real run gives a report that its schema accepts: a correct server is Conformant in what was tested, and what was
// skipped, not selected or not promised is told apart.
func TestConformance_IsValidAndHasEveryRule(t *testing.T) {
	t.Parallel()
	target := mockTarget(t)
	options := Options{Timing: noWaiting(), Rules: []string{"health/*", "vaults/*", "files/*", "activity/*"}, AgainstVersion: "1.5.4"}
	target.AllowWrites = false
	r := Conformance(mustRun(t, target, options), ConformanceOptions{
		Tool: "v1.2.3", AgainstVersion: "1.5.4", Command: "connectmock contract run", Environment: []string{"OP_CONNECT_TOKEN"},
	})
	if err := validateConformance(t, r); err != nil {
		t.Error(err)
	}
	if len(r.Results) != len(Rules()) || r.Rules.Count != len(Rules()) {
		t.Errorf("%d results of %d rules", len(r.Results), r.Rules.Count)
	}
	verdicts := map[string]report.State{}
	for _, x := range r.Results {
		verdicts[x.ID] = x.Verdict
		if len(x.Evidence) == 0 {
			t.Errorf("%s has no evidence", x.ID)
		}
	}
	for id, want := range map[string]report.State{
		"health/heartbeat": report.Pass, "vaults/items-counts": report.Skip, "items/create-version-1": report.Disabled,
		"files/details": conformance.NotPromised,
	} {
		if verdicts[id] != want {
			t.Errorf("%s: %s, want %s", id, verdicts[id], want)
		}
	}
	if i := slices.IndexFunc(r.Profiles, func(p conformance.Profile) bool { return p.Name == "write" }); r.Profiles[i].Verdict != conformance.NotTested {
		t.Errorf("write: %+v", r.Profiles[i])
	}
}

// A run that could not start has a report too, in which no rule was run.
func TestConformance_OfARunThatCouldNotStart(t *testing.T) {
	t.Parallel()
	run := &report.Run{Suite: "contract", Target: "down.example.com", Errors: []string{"connection refused"}}
	r := Conformance(run, ConformanceOptions{Tool: "v1.2.3", Command: "connectmock contract run"})
	if err := validateConformance(t, r); err != nil {
		t.Error(err)
	}
	for _, p := range r.Profiles {
		if p.Verdict != conformance.NotTested || p.Must.Rules == 0 {
			t.Errorf("%+v", p)
		}
	}
	if r.ExitCode != report.Failed || len(run.Results) != 0 {
		t.Errorf("exit code %d; %d results in the run", r.ExitCode, len(run.Results))
	}
}

// validateConformance validates a report against the published schema.
func validateConformance(t *testing.T, r *conformance.Report) error {
	t.Helper()
	var text strings.Builder
	if err := r.JSON(&text); err != nil {
		t.Fatal(err)
	}
	var published, document any
	for data, into := range map[string]*any{string(conformance.Schema()): &published, text.String(): &document} {
		if err := json.Unmarshal([]byte(data), into); err != nil {
			t.Fatal(err)
		}
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("conformance.schema.json", published); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("conformance.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(document)
}

// Each rule is in one profile, and each profile has rules that decide about it.
func TestRules_AreInProfiles(t *testing.T) {
	t.Parallel()
	must := map[string]int{}
	for _, r := range Rules() {
		if !slices.Contains(conformance.Profiles(), r.Profile()) {
			t.Errorf("%s is in the profile %q", r.ID, r.Profile())
		}
		if r.Level == rule.Must {
			must[r.Profile()]++
		}
	}
	for _, name := range conformance.Profiles() {
		if must[name] < 5 {
			t.Errorf("the profile %s has only %d rules of level MUST", name, must[name])
		}
	}
}
