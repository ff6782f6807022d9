package scenarios_test

import (
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/google/go-cmp/cmp"
)

func TestRun_ExampleIsPartialWithoutControl(t *testing.T) {
	t.Parallel()
	s, target := serverTarget(t)
	before := countItems(t, s, target.Vault)
	example, err := scenarios.Load(scenarios.Library(), "item-lifecycle-with-throttling.yaml")
	if err != nil {
		t.Fatal(err)
	}
	run, err := scenarios.Run(t.Context(), target, []*scenarios.Scenario{example}, generousOptions())
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, run.Results[0], report.Partial, "throttle was left out: needs mock.faults", `read was checked without "step.attempts == 3"`)
	if problems := run.Problems(); len(problems) > 0 {
		t.Error(problems)
	}
	if after := countItems(t, s, target.Vault); after != before {
		t.Errorf("%d items before, %d after", before, after)
	}
}

// A failure names the line of its step, for annotations beside the file.
func TestRun_NamesTheLineOfTheStepThatFails(t *testing.T) {
	t.Parallel()
	_, target := serverTarget(t)
	for text, want := range map[string]int{
		"steps:\n  - {call: GetVaults, expect: {status: 200}}\n  - {call: GetVaults, expect: {status: 404}}":             6,
		"steps:\n  - {call: GetVaults, expect: {status: 200}}\nfinally:\n  - call: GetVaults\n    expect: {status: 404}": 7,
		"steps:\n  - {call: GetVaults, expect: {status: 200}}":                                                           0,
	} {
		if x := runScenario(t, target, text); x.Line != want || x.File != "test.yaml" {
			t.Errorf("%s:%d, %s, want line %d of\n%s", x.File, x.Line, x.State, want, text)
		}
	}
}

func TestRun_ReportsEachStep(t *testing.T) {
	t.Parallel()
	_, target := serverTarget(t)
	var steps []scenarios.Step
	o := generousOptions()
	o.OnStep = func(s scenarios.Step) { steps = append(steps, s) }
	result := runScenarioWith(t, target, `
steps:
  - {id: reading, title: Read the vaults, call: GetVaults, expect: {status: 200}}
  - {id: throttle, mock: {faults: [{operation: GetVaults, abort: 429}]}}
  - {call: GetVaults, expect: {status: 418}}
  - {id: never, call: GetVaults, expect: {status: 200}}
`, o)
	checkResult(t, result, report.Fail)
	want := []scenarios.Step{
		{Scenario: "under-test", Name: "reading", Title: "Read the vaults", State: scenarios.StepBegun},
		{Scenario: "under-test", Name: "reading", Title: "Read the vaults", State: scenarios.StepDone},
		{Scenario: "under-test", Name: "throttle", State: scenarios.StepLeftOut},
		{Scenario: "under-test", Name: "step 3", State: scenarios.StepBegun},
		{Scenario: "under-test", Name: "step 3", State: scenarios.StepFailed},
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Error(diff)
	}
}
