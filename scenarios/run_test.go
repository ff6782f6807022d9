package scenarios_test

import (
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/scenarios"
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
