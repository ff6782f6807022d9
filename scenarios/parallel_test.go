package scenarios_test

import (
	"sync/atomic"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/scenarios"
)

// Scenarios that run at the same time have an account each.
func TestRun_IsolatesParallelScenarios(t *testing.T) {
	t.Parallel()
	s, target := mockTarget(t)
	var vaults []connect.Vault
	getJSON(t, s, "/v1/vaults", &vaults)
	before := len(vaults)
	text := createThen(`
  - mock: {faults: [{operation: GetVaultItemById, times: 1, abort: 500}]}
  - {call: GetVaultItemById, with: {vaultUuid: "{{ home.id }}", itemUuid: "{{ item }}"}, expect: {status: 500}}
  - {call: GetVaultItemById, with: {vaultUuid: "{{ home.id }}", itemUuid: "{{ item }}"}, expect: {status: 200}}
  - {call: GetVaultItems, with: {vaultUuid: "{{ home.id }}"}, expect: {status: 200, json: {$len: 1}}}
  - {mock: {verify: {only: true, expect: [{operation: CreateVaultItem, count: 1}, {operation: GetVaultItemById, count: 2}, {operation: GetVaultItems, count: 1}]}}}
` + deleteCreated)
	o := generousOptions()
	o.Parallel, o.Seed = 8, 7
	var list []*scenarios.Scenario
	for range 16 {
		list = append(list, loadScenario(t, text))
	}
	var results atomic.Int64
	o.OnResult = func(report.Result) { results.Add(1) }
	run, err := scenarios.Run(t.Context(), target, list, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range run.Results {
		checkResult(t, r, report.Pass)
	}
	if results.Load() != 16 {
		t.Errorf("OnResult was called %d times", results.Load())
	}
	noOtherAccounts(t, target)
	getJSON(t, s, "/v1/vaults", &vaults)
	if len(vaults) != before {
		t.Errorf("%d vaults before, %d after", before, len(vaults))
	}
}

func TestRun_RunsEachCombinationOfAMatrix(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	s := loadScenario(t, `
matrix: {limit: [1, 2], offset: [0, 1, 2]}
steps:
  - call: GetApiActivity
    with: {limit: "{{ matrix.limit }}", offset: "{{ matrix.offset }}"}
    expect: {status: 200, json: {$len: "{{ matrix.limit }}"}}
`)
	run, err := scenarios.Run(t.Context(), target, []*scenarios.Scenario{s}, generousOptions())
	if err != nil {
		t.Fatal(err)
	}
	ids := ""
	for _, r := range run.Results {
		checkResult(t, r, report.Pass)
		ids += r.ID + " "
	}
	if ids != "under-test[limit=1][offset=0] under-test[limit=1][offset=1] under-test[limit=1][offset=2] "+
		"under-test[limit=2][offset=0] under-test[limit=2][offset=1] under-test[limit=2][offset=2] " {
		t.Error(ids)
	}
	if run.Problems() != nil || run.ExitCode() != report.Kept {
		t.Error(run.Problems(), run.ExitCode())
	}
}
