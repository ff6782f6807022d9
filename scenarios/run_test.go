package scenarios_test

import (
	"io/fs"
	"testing"

	"github.com/connectmock/connectmock/scenarios"
	"github.com/connectmock/connectmock/scenarios/report"
)

func TestExampleIsPartialWithoutControl(t *testing.T) {
	t.Parallel()
	s, target := plain(t)
	before := items(t, s, target.Vault)
	example, err := scenarios.Load(scenarios.Library(), "item-lifecycle-with-throttling.yaml")
	if err != nil {
		t.Fatal(err)
	}
	run, err := scenarios.Run(t.Context(), target, []*scenarios.Scenario{example}, patient())
	if err != nil {
		t.Fatal(err)
	}
	want(t, run.Results[0], report.Partial, "throttle was left out: needs mock.faults", `read was checked without "step.attempts == 3"`)
	if problems := run.Problems(); len(problems) > 0 {
		t.Error(problems)
	}
	if after := items(t, s, target.Vault); after != before {
		t.Errorf("%d items before, %d after", before, after)
	}
}

func TestLibraryX(t *testing.T) {
	t.Parallel()
	_, target := controlled(t)
	var list []*scenarios.Scenario
	names, _ := fs.Glob(scenarios.Library(), "*.yaml")
	for _, name := range names {
		s, err := scenarios.Load(scenarios.Library(), name)
		if err != nil {
			t.Log("\n" + err.Error())
			continue
		}
		list = append(list, s)
	}
	run, err := scenarios.Run(t.Context(), target, list, patient())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range run.Results {
		t.Log(r.State, r.ID, r.Took, r.Reason, r.Failure)
	}
}
