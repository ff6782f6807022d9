package scenarios_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/scenarios"
)

// A loop over an empty list proves nothing, so that a scenario with one does not pass.
func TestRun_DoesNotPassLoopsOverEmptyLists(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	const empty = `
  - {foreach: {n: "{{ [] }}"}, call: GetVaults, expect: {status: 418}}
`
	const vaults = `
steps:
  - {call: GetVaults, expect: {status: 200}}
`
	checkResult(t, runScenario(t, target, "steps:"+empty), report.Skip, "foreach n: the list is empty")
	checkResult(t, runScenario(t, target, vaults+empty), report.Partial, "foreach n: the list is empty")
	checkResult(t, runScenario(t, target, vaults+"finally:"+empty), report.Pass)
}

func TestLoad_RefusesLoopsOverEmptyLists(t *testing.T) {
	t.Parallel()
	_, err := scenarios.Load(fstest.MapFS{"loop.yaml": {Data: []byte(`
scenario: 1
id: loop
title: A loop over nothing
steps:
  - {foreach: {n: []}, call: GetVaults, expect: {status: 200}}
`)}}, "loop.yaml")
	if err == nil || !strings.Contains(err.Error(), "a loop over an empty list does nothing") {
		t.Errorf("%v", err)
	}
}
