package scenarios_test

import (
	"testing"

	"github.com/connectmock/connectmock/internal/report"
)

// An expression that is empty must not make a command apply to everything.
func TestRun_RejectsEmptyNamesInCommands(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	const empty = `"{{ '' }}"`
	for name, c := range map[string]struct{ command, says string }{
		"fault vault":    {`faults: [{vault: ` + empty + `, abort: 503}]`, "vault is empty"},
		"fault token":    {`faults: [{token: ` + empty + `, abort: 503}]`, "token is empty"},
		"fault preset":   {`faults: [{preset: ` + empty + `}]`, "preset is empty"},
		"remove":         {`remove: ` + empty, "the name is empty"},
		"snapshot":       {`snapshot: ` + empty, "the name is empty"},
		"restore":        {`restore: ` + empty, "the name is empty"},
		"diff to":        {`diff: {from: "{{ 'a' }}", to: ` + empty + `}`, "to is empty"},
		"verify status":  {`verify: {expect: [{operation: GetVaults, status: ` + empty + `}]}`, "status is empty"},
		"verify caller":  {`verify: {expect: [{caller: ` + empty + `, count: 0}]}`, "caller is empty"},
		"verify fault":   {`verify: {expect: [{fault: ` + empty + `, count: 0}]}`, "fault is empty"},
		"journal caller": {`journal: {caller: ` + empty + `}`, "caller is empty"},
		"token name":     {`token: {as: other, name: ` + empty + `}`, "name is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkResult(t, runScenario(t, target, "steps:\n  - {mock: {"+c.command+"}}\n"), report.Error, c.says)
		})
	}
}
