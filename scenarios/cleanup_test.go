package scenarios_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/scenarios"
)

// createThen returns a scenario that creates an item and continues with the given steps.
func createThen(then string) string {
	return home + `
steps:
  - id: create
    call: CreateVaultItem
    with: {vaultUuid: "{{ home.id }}"}
    json: {title: "{{ run.prefix }}", category: LOGIN, vault: {id: "{{ home.id }}"}}
    expect: {status: 200}
    capture: {item: /id}
` + then
}

const deleteCreated = `
finally:
  - {call: DeleteVaultItem, with: {vaultUuid: "{{ home.id }}", itemUuid: "{{ item }}"}, expect: {status: [204, 404]}}
`

// However a scenario ends, the items it created on a shared server are deleted.
func TestRun_DeletesWhatItCreated(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text  string
		state report.State
		part  string
	}{
		"passed":             {createThen(deleteCreated), report.Pass, ""},
		"failed":             {createThen(`  - {id: wrong, call: GetVaults, expect: {status: 404}}` + deleteCreated), report.Fail, "wrong: GET /v1/vaults: expected status 404, got 200"},
		"failed at once":     {strings.Replace(createThen(deleteCreated), "expect: {status: 200}", "expect: {status: 200, json: {title: x}}", 1), report.Fail, "create: "},
		"finally failed":     {createThen(strings.Replace(deleteCreated, "[204, 404]", "200", 1)), report.Fail, "finally: step 1: DELETE"},
		"both failed":        {createThen(`  - {id: wrong, call: GetVaults, expect: {status: 404}}` + strings.Replace(deleteCreated, "[204, 404]", "200", 1)), report.Fail, "wrong: GET /v1/vaults: expected status 404, got 200\nfinally: step 1"},
		"nothing to clean":   {strings.Replace(createThen(deleteCreated), "- id: create", "- {id: wrong, call: GetVaults, expect: {status: 404}}\n  - id: create", 1), report.Fail, "wrong: GET /v1/vaults"},
		"an item of a state": {login + "\nsteps:\n  - {call: GetVaults, expect: {status: 404}}", report.Fail, "step 1"},
		"a raw request": {home + `
steps:
  - request: {method: POST, path: "/v1/vaults/{{ home.id }}/items", json: {title: x, category: LOGIN, vault: {id: "{{ home.id }}"}}}
    expect: {status: 200}`, report.Pass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, target := serverTarget(t)
			before := countItems(t, s, target.Vault)
			o := generousOptions()
			o.Ledger = filepath.Join(t.TempDir(), "ledger.jsonl")
			checkResult(t, runScenarioWith(t, target, c.text, o), c.state, c.part)
			if after := countItems(t, s, target.Vault); after != before {
				t.Errorf("%d items before, %d after", before, after)
			}
			if _, err := os.Stat(o.Ledger); !os.IsNotExist(err) {
				t.Errorf("the ledger is still there: %v", err)
			}
		})
	}
}

// A server that does not delete leaves items behind, and the result says so.
func TestRun_ReportsItemsItCannotDelete(t *testing.T) {
	t.Parallel()
	s, target := serverTarget(t)
	target.Client = &http.Client{Transport: deleteRefuser{s.Transport}}
	o := generousOptions()
	o.Ledger = filepath.Join(t.TempDir(), "ledger.jsonl")
	got := runScenarioWith(t, target, home+`
steps:
  - request: {method: POST, path: "/v1/vaults/{{ home.id }}/items", json: {title: x, category: LOGIN, vault: {id: "{{ home.id }}"}}}
    expect: {status: 200}`, o)
	checkResult(t, got, report.Error, "could not be deleted: status 503")
	text, err := os.ReadFile(o.Ledger)
	if err != nil || !strings.Contains(string(text), `"op":"made"`) {
		t.Errorf("%s %v", text, err)
	}
	if _, err := scenarios.Run(t.Context(), target, []*scenarios.Scenario{loadScenario(t, "steps:\n  - {call: GetVaults, expect: {status: 200}}")}, o); err == nil ||
		!strings.Contains(err.Error(), "exists already") {
		t.Errorf("a ledger with leftovers is used again: %v", err)
	}
}

// deleteRefuser answers deletes with 503.
type deleteRefuser struct{ next http.RoundTripper }

func (r deleteRefuser) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodDelete {
		return r.next.RoundTrip(req)
	}
	return &http.Response{StatusCode: 503, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

// After an interrupt the item is deleted, and so is the account.
func TestRun_CleansUpWhenInterrupted(t *testing.T) {
	t.Parallel()
	text := createThen(`
  - id: long
    wait: {for: 1h, real: true}
` + deleteCreated)
	t.Run("shared vault", func(t *testing.T) {
		t.Parallel()
		s, target := serverTarget(t)
		before := countItems(t, s, target.Vault)
		ctx, cancel := context.WithCancelCause(t.Context())
		target.Client = &http.Client{Transport: createWatcher{s.Transport, func() { cancel(context.Canceled) }}}
		run, err := scenarios.Run(ctx, target, []*scenarios.Scenario{loadScenario(t, text), loadScenario(t, text)}, generousOptions())
		if err != nil {
			t.Fatal(err)
		}
		checkResult(t, run.Results[0], report.Error, "interrupted: context canceled")
		checkResult(t, run.Results[1], report.NotRun, "context canceled")
		if after := countItems(t, s, target.Vault); after != before {
			t.Errorf("%d items before, %d after", before, after)
		}
	})
	t.Run("own account", func(t *testing.T) {
		t.Parallel()
		s, target := mockTarget(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		target.Client = &http.Client{Transport: createWatcher{s.Transport, func() { cancel(context.Canceled) }}}
		run, err := scenarios.Run(ctx, target, []*scenarios.Scenario{loadScenario(t, text)}, generousOptions())
		if err != nil {
			t.Fatal(err)
		}
		checkResult(t, run.Results[0], report.Error, "interrupted: context canceled")
		noOtherAccounts(t, target)
	})
}

// noOtherAccounts checks that only the accounts of the start exist.
func noOtherAccounts(t *testing.T, target scenarios.Target) {
	t.Helper()
	accounts, err := target.Control.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		if !a.Seeded {
			t.Errorf("the account %s is left over", a.Name)
		}
	}
}

// createWatcher calls f when an item has been created.
type createWatcher struct {
	next http.RoundTripper
	f    func()
}

func (w createWatcher) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := w.next.RoundTrip(req)
	if req.Method == http.MethodPost {
		w.f()
	}
	return res, err
}

// Timeouts end a scenario that never ends, and a run that takes too long.
func TestRun_KeepsTimeouts(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	never := `
timeout: 300ms
steps:
  - {id: forever, wait: {for: 1h, real: true}}
`
	for limit := 300 * time.Millisecond; ; limit *= 2 { // a slow machine does not get that far
		got := runScenario(t, target, strings.Replace(never, "300ms", limit.String(), 1))
		checkResult(t, got, report.Error, "interrupted: not done within the scenario's "+limit.String())
		if t.Failed() || strings.HasSuffix(got.Reason, ", at forever") {
			break
		}
	}
	o := generousOptions()
	o.Timeout, o.Total, o.Parallel = time.Hour, 500*time.Millisecond, 1
	list := []*scenarios.Scenario{loadScenario(t, strings.Replace(never, "timeout: 300ms", "", 1)), loadScenario(t, never)}
	run, err := scenarios.Run(t.Context(), target, list, o)
	if err != nil { // a slow machine does not get that far
		if !strings.Contains(err.Error(), "the run did not end within 500ms") && !strings.Contains(err.Error(), "deadline") {
			t.Fatal(err)
		}
		return
	}
	checkResult(t, run.Results[0], report.Error, "the run did not end within 500ms")
	checkResult(t, run.Results[1], report.NotRun, "the run did not end within 500ms")
	if code := run.ExitCode(); code != report.Failed {
		t.Errorf("exit code %d", code)
	}
	noOtherAccounts(t, target)
}

// No report contains a secret.
func TestRun_RedactsSecrets(t *testing.T) {
	t.Parallel()
	_, target := mockTarget(t)
	o := generousOptions()
	o.Inputs = map[string]string{"key": "hunter2-the-key"}
	text := `
inputs: {key: {secret: true}}
` + strings.TrimPrefix(home, "\n") + `  - {state: token, as: writer, with: {permission: read-write}}
steps:
  - id: create
    as: writer
    call: CreateVaultItem
    with: {vaultUuid: "{{ home.id }}"}
    headers: {X-Key: "{{ inputs.key }}"}
    json: {title: "{{ run.prefix }}", category: LOGIN, vault: {id: "{{ home.id }}"}, fields: [{id: password, purpose: PASSWORD, type: CONCEALED, value: "{{ secret('pw') }}"}, {label: generated, type: CONCEALED, generate: true}]}
    expect: {status: 200}
    capture: {item: /id, generated: "find(res.json.fields, get(#, '/label', '') == 'generated').value"}
  - as: writer
    call: GetVaultItemById
    with: {vaultUuid: "{{ home.id }}", itemUuid: "{{ item }}"}
    expect:
      status: 200
      json: {title: "not {{ secret('pw') }}", fields: [{value: "{{ inputs.key }}"}], category: "{{ generated }}", id: "{{ writer.token }}"}
      check: ["res.json.title == 'x' + generated"]
` + deleteCreated
	var results []report.Result
	o.OnResult = func(r report.Result) { results = append(results, r) }
	run, err := scenarios.Run(t.Context(), target, []*scenarios.Scenario{loadScenario(t, text)}, o)
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, run.Results[0], report.Fail, `/title: expected "not [redacted]"`, "on the right")
	// The curl lines need no cleanup: the last request is the one that failed.
	exchanges, curl := run.Results[0].Exchanges, run.Results[0].Curl
	if len(exchanges) < 3 || len(curl) != 2 || strings.Contains(curl[1], "DELETE") {
		t.Errorf("%d exchanges, curl lines %q", len(exchanges), curl)
	}
	var all strings.Builder
	if err := report.JSON(&all, run); err != nil {
		t.Fatal(err)
	}
	if err := report.JSON(&all, &report.Run{Results: results}); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"hunter2", "s3cret-", "eyJ", target.Control.Token} {
		if strings.Contains(all.String(), secret) {
			t.Errorf("%q is in the report", secret)
		}
	}
	if strings.Count(all.String(), "[redacted]") < 5 {
		t.Error("nothing was redacted")
	}
	if !strings.Contains(all.String(), "$OP_CONNECT_TOKEN_WRITER") {
		t.Error("the curl lines do not name the token")
	}
}
