package scenarios_test

import (
	"testing"

	"github.com/connectmock/connectmock/internal/report"
)

// First parts of scenarios under test.
const (
	home = `
given:
  - {state: vault, as: home}
`
	login = home + `  - {state: item, as: login, with: {vault: {id: "{{ home.id }}"}, category: LOGIN, title: "{{ run.prefix }}"}}
`
	readLogin = `
    call: GetVaultItemById
    with: {vaultUuid: "{{ home.id }}", itemUuid: "{{ login.id }}"}
`
)

// Failures say what was expected and what came instead.
func TestRun_ComparesResponsesWithExpectations(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	for name, c := range map[string]struct {
		text  string
		state report.State
		parts []string
	}{
		"status": {login + `
steps:
  - {call: GetVaultItems, with: {vaultUuid: "{{ home.id }}"}, expect: {status: [201, 4xx]}}`,
			report.Fail, []string{"step 1: GET /v1/vaults/", "expected status 201 or 4xx, got 200"}},
		"partial json": {login + "steps:\n  - id: read" + readLogin + `
    expect: {status: 200, json: {title: "{{ login.title }}", vault: {id: "{{ home.id }}"}, version: 1, favorite: {$absent: true}}}`,
			report.Pass, nil},
		"json that differs": {login + "steps:\n  - id: read" + readLogin + `
    expect: {status: 200, json: {title: x, version: "1", fields: {$contains: {id: nope}}, nothing: 5, category: {$absent: true}, vault: []}}`,
			report.Fail, []string{`/title: expected "x", got "connectmock-scenario-`, `/version: expected "1", got 1`, `/fields: expected a list with an element like {"id":"nope"}`,
				`/nothing: expected 5, got no such member`, `/category: expected no such member, got "LOGIN"`, `/vault: expected a list, got {"id":`}},
		"exactly": {login + "steps:\n  - id: read" + readLogin + `
    expect: {status: 200, exactly: {title: {$any: true}, id: {$len: 26}}}`,
			report.Fail, []string{`/category: expected no such member, got "LOGIN"`}},
		"headers": {login + "steps:\n  - id: read" + readLogin + `
    expect: {status: 200, headers: {content-type: {$startsWith: application/json}, 1password-connect-version: {$matches: '^\d'}, X-None: {$absent: true}}}`,
			report.Pass, nil},
		"headers that differ": {login + "steps:\n  - id: read" + readLogin + `
    expect: {status: 200, headers: {Content-Type: text/html, X-None: 1, 1Password-Connect-Version: {$absent: true}}}`,
			report.Fail, []string{`header Content-Type: expected "text/html", got "application/json`, "header X-None: missing", "header 1Password-Connect-Version: expected none"}},
		"checks": {login + "steps:\n  - id: read" + readLogin + `
    expect: {status: 200, check: [res.json.version == 2, res.json.gone == nil, "res.status", res.json.title == login.title]}`,
			report.Fail, []string{"res.json.version == 2 is false: 1 on the left, 2 on the right", `res.json.gone == nil: there is no member "gone"`, "res.status: is a number, not true or false"}},
		"capture of a missing member": {login + "steps:\n  - id: read" + readLogin + `
    expect: {status: 200}
    capture: {x: /gone}
  - wait: 1s
  - {call: GetVaultById, with: {vaultUuid: "{{ x }}"}, expect: {status: 200}}`,
			report.Fail, []string{"read: capture x: there is no /gone"}},
		"a request that breaks the document": {login + `
steps:
  - {call: GetVaultById, with: {vaultUuid: nonsense}, expect: {status: 400}}`,
			report.Error, []string{"the request breaks the document", "if this is intended, add schema: response"}},
		"a request that breaks it on purpose": {login + `
steps:
  - {call: GetVaultById, with: {vaultUuid: nonsense}, expect: {status: 400, schema: response}}
  - {request: {method: POST, path: "/v1/vaults/{{ home.id }}/items", body: "{", headers: {Content-Type: null}}, expect: {status: 400, schema: response}}
  - {request: {method: GET, path: /nowhere}, expect: {status: 404, schema: response}}
  - {request: {method: GET, path: /v1/vaults, headers: {Authorization: Basic x}}, expect: {status: 401}}
  - {call: GetVaults, as: none, expect: {status: 401, json: {status: 401}}}`,
			report.Pass, nil},
		"an unknown route by mistake": {`
steps:
  - {request: {method: GET, path: /nowhere}, expect: {status: 404}}`,
			report.Error, []string{"the document has no route for GET /nowhere"}},
		"an expression with a missing member": {login + `
steps:
  - {call: GetVaultById, with: {vaultUuid: "{{ login.vault.idd }}"}, expect: {status: 200}}`,
			report.Error, []string{`there is no member "idd"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkResult(t, runScenario(t, target, c.text), c.state, c.parts...)
		})
	}
}

// A wait advances the clock of the mock.
func TestRun_UsesTheClockOfTheMock(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	checkResult(t, runScenario(t, target, login+`
steps:
  - wait: 1h
  - id: later`+readLogin+`
    expect: {status: 200, check: ["now() - date(login.createdAt) >= duration('1h')"]}
  - {mock: {clock: {frozen: true}}}
  - wait: {for: 1ms, real: true}
`), report.Pass)
}

func TestRun_RetriesSteps(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	checkResult(t, runScenario(t, target, login+`
steps:
  - mock: {faults: [{name: busy, operation: GetVaultItemById, times: 3, abort: 429}]}
  - id: until`+readLogin+`
    retry: {until: "res.status == 200", every: 10s, within: 1m}
    expect: {status: 200, check: [step.attempts == 4]}
  - mock: {faults: [{operation: GetVaultItemById, times: 2, connection: empty}]}
  - id: expectation`+readLogin+`
    retry: {every: 10s, within: 1m}
    expect: {status: 200, check: [step.attempts == 3]}
  - mock: {verify: {expect: [{operation: GetVaultItemById, fault: busy, count: 3}]}}
`), report.Pass)
	checkResult(t, runScenario(t, target, login+`
steps:
  - mock: {faults: [{operation: GetVaultItemById, abort: 429}]}
  - id: never`+readLogin+`
    retry: {until: "res.status == 200", every: 10s, within: 1m}
    expect: {status: 200}
`), report.Fail, "never: not within 1m0s, after 7 attempts: res.status == 200 is false; the last response was 429")
}

func TestRun_RepeatsStepsInLoops(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	for name, parallel := range map[string]string{"one after the other": "false", "at once": "true"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkResult(t, runScenario(t, target, home+`
steps:
  - foreach: {n: "{{ 1..20 }}"}
    parallel: `+parallel+`
    call: CreateVaultItem
    with: {vaultUuid: "{{ home.id }}"}
    json: {title: "{{ run.prefix }} {{ n }}", category: LOGIN, vault: {id: "{{ home.id }}"}}
    expect: {status: 200, json: {title: "{{ run.prefix }} {{ n }}"}}
    capture: {made: /id, numbers: n}
  - call: GetVaultItems
    with: {vaultUuid: "{{ home.id }}"}
    expect: {status: 200, json: {$len: 20}, check: [numbers == 1..20, len(made) == 20]}
finally:
  - foreach: {one_of_them: "{{ made }}"}
    call: DeleteVaultItem
    with: {vaultUuid: "{{ home.id }}", itemUuid: "{{ one_of_them }}"}
    expect: {status: [204, 404]}
`), report.Pass)
		})
	}
	checkResult(t, runScenario(t, target, home+`
steps:
  - foreach: {vault: ["{{ home.id }}", aaaaaaaaaaaaaaaaaaaaaaaaaa, "{{ home.id }}"]}
    call: GetVaultById
    with: {vaultUuid: "{{ vault }}"}
    expect: {status: 200}
`), report.Fail, "round 2: GET /v1/vaults/aaaaaaaaaaaaaaaaaaaaaaaaaa: expected status 200, got 403")
}

// The faults of a mock cause missing, incomplete and invalid responses.
func TestRun_ExpectsBrokenResponses(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	checkResult(t, runScenario(t, target, `
given:
  - {state: file, as: notes, with: {size: 50000}}
steps:
  - call: DownloadFileByID
    with: &file {vaultUuid: "{{ notes.vault }}", itemUuid: "{{ notes.item }}", fileUuid: "{{ notes.id }}"}
    expect: {status: 200, bytes: {len: 50000, sha256: "{{ notes.sha256 }}"}}
  - mock: {faults: [{operation: DownloadFileByID, times: 1, truncate: 100}]}
  - {call: DownloadFileByID, with: *file, expect: {error: truncated}}
  - mock: {faults: [{operation: DownloadFileByID, times: 1, connection: reset}]}
  - {call: DownloadFileByID, with: *file, expect: {error: connection closed}}
  - mock: {faults: [{operation: DownloadFileByID, times: 1, connection: empty}]}
  - {call: DownloadFileByID, with: *file, expect: {error: connection closed}}
  - mock: {faults: [{operation: DownloadFileByID, times: 1, delay: 1h}]}
  - {call: DownloadFileByID, with: *file, timeout: 50ms, expect: {error: timeout}}
  - mock: {faults: [{operation: GetVaults, times: 1, malformJson: true}]}
  - {call: GetVaults, expect: {status: 200, schema: "off", because: the mock breaks it, check: ["not has(res, '/json')"]}}
  - mock: {faults: [{operation: GetVaults, times: 1, malformJson: true}]}
  - {id: by-mistake, call: GetVaults, expect: {status: 200, json: []}}
`), report.Fail, "by-mistake: GET /v1/vaults: the response breaks the document", "the response is not JSON")
	checkResult(t, runScenario(t, target, `
steps:
  - mock: {faults: [{operation: GetVaults, connection: empty}]}
  - {call: GetVaults, expect: {status: 200}}
`), report.Fail, "expected status 200, got no response (connection closed)")
	checkResult(t, runScenario(t, target, `
steps:
  - {call: GetVaults, expect: {error: timeout}}
`), report.Fail, "expected no complete response (timeout), got 200")
}

func TestRun_SendsCommandsToTheMock(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	checkResult(t, runScenario(t, target, login+`  - {state: token, as: worker, with: {vaults: {"{{ home.id }}": read}}}
steps:
  - mock: {snapshot: before}
  - as: worker
    call: GetVaultItemById
    with: {vaultUuid: "{{ home.id }}", itemUuid: "{{ login.id }}"}
    expect: {status: 200}
  - mock: {change: {token: worker, vaults: {}, permission: ""}}
  - {as: worker, call: GetVaults, expect: {status: 200, json: []}}
  - mock: {change: {token: worker, permission: read, expiresIn: 1m}}
  - {as: worker, call: GetVaults, expect: {status: 200}}
  - wait: 2m
  - {as: worker, call: GetVaults, expect: {status: 401}}
  - mock: {change: {token: worker, expiresIn: 1h}}
  - {as: worker, call: GetVaults, expect: {status: 200}}
  - mock: {change: {token: worker, expiresIn: -1s}}
  - {as: worker, call: GetVaults, expect: {status: 401}}
  - mock: {revoke: worker}
  - {as: worker, call: GetVaults, expect: {status: 401}}
  - mock: {token: {as: rotated, permission: read, expiresIn: 5m}}
  - {as: rotated, call: GetVaultById, with: {vaultUuid: "{{ home.id }}"}, expect: {status: 200}}
  - wait: 6m
  - {as: rotated, call: GetVaults, expect: {status: 401}}
  - mock: {diff: {from: before}}
    expect: {json: {changes: {$contains: {kind: token, name: rotated, change: added}}}}
  - mock: {fixture: {vaults: [{name: "{{ run.prefix }} more", items: [{title: a, category: LOGIN}]}]}}
    expect: {json: {vaults: 1, items: 1}}
  - mock: {journal: {status: "401", limit: 1}}
    expect: {check: [len(res.json.entries) == 1]}
    capture: {entry: "res.json.entries[0].id"}
  - mock: {explain: "{{ entry }}"}
    expect: {json: {check: authenticate}}
  - mock: {faults: [{name: busy, operation: GetVaults, abort: 503}]}
    expect: {json: [{name: busy}]}
  - {call: GetVaults, expect: {status: 503, schema: "off", because: not in the document}}
  - mock: {remove: busy}
  - {call: GetVaults, expect: {status: 200}}
  - mock: {verify: {expect: [{operation: GetVaultById, caller: rotated, count: 1}, "GetVaultById:200=1", {status: 401}]}}
  - mock: {journal: {status: 401}}
    expect: {check: [len(res.json.entries) > 0]}
  - mock: {faults: [{operation: GetVaults, abort: 503, delay: 1ms..2ms}]}
  - mock: {reset: faults}
  - {call: GetVaults, expect: {status: 200}}
  - mock: {restore: before}
  - {as: worker, call: GetVaultById, with: {vaultUuid: "{{ home.id }}"}, expect: {status: 200}}
  - mock: {clear: journal}
  - mock: {reset: true}
  - {call: GetVaultById, with: {vaultUuid: "{{ home.id }}"}, expect: {status: 4xx}}
`), report.Pass)
	checkResult(t, runScenario(t, target, `
steps:
  - {call: GetVaults, expect: {status: 200}}
  - mock: {verify: {expect: [{operation: GetVaults, count: 2}]}}
`), report.Fail, "mock verify", "GetVaults")
	checkResult(t, runScenario(t, target, `
steps:
  - mock: {restore: "{{ 'nothing' }}"}
`), report.Error, "mock restore", "nothing")
	checkResult(t, runScenario(t, target, `
steps:
  - mock: {faults: [{operation: GetVaults, nth: 2, times: 5, abort: 99}]}
`), report.Error, "mock faults")
}
