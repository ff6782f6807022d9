package scenarios_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios"
)

// If nothing can be run, the error says what to do.
func TestRun_RejectsUnusableTargets(t *testing.T) {
	t.Parallel()
	_, target := serverTarget(t)
	_, mock := mockTarget(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	list := []*scenarios.Scenario{loadScenario(t, `
inputs: {owner: {}, key: {secret: true, default: long-enough}}
steps:
  - {call: GetVaults, expect: {status: 200}}`)}
	given := scenarios.Options{Inputs: map[string]string{"owner": "x"}}
	for name, c := range map[string]struct {
		change  func(*scenarios.Target)
		options scenarios.Options
		part    string
	}{
		"no target":        {func(t *scenarios.Target) { t.URL = "" }, given, "no target"},
		"no URL":           {func(t *scenarios.Target) { t.URL = "localhost:8080" }, given, "is not a base URL"},
		"a URL with v1":    {func(t *scenarios.Target) { t.URL += "/v1/" }, given, "must not end in /v1"},
		"no token":         {func(t *scenarios.Target) { t.Token = "" }, given, "no token for the target"},
		"a bad token":      {func(t *scenarios.Target) { t.Token = "nonsense-hunter2" }, given, "refuses the token: it returned 401"},
		"unreachable":      {func(t *scenarios.Target) { t.URL = gone.URL }, given, "can't be reached"},
		"other server":     {func(t *scenarios.Target) { t.URL = other.URL }, given, "is not a Connect server"},
		"no vault":         {func(t *scenarios.Target) { t.Vault = "" }, given, "no vault is named"},
		"another vault":    {func(t *scenarios.Target) { t.Vault = "Deployments" }, given, "does not see the vault Deployments; use the id of one that it sees: h3kvwphsg7jkstbxmdycavun3c (Deployments)"},
		"missing input":    {func(*scenarios.Target) {}, scenarios.Options{}, `needs the input "owner"`},
		"unknown input":    {func(*scenarios.Target) {}, scenarios.Options{Inputs: map[string]string{"owner": "x", "onwer": "y"}}, `no scenario has an input "onwer" (did you mean "owner"?)`},
		"a short secret":   {func(*scenarios.Target) {}, scenarios.Options{Inputs: map[string]string{"owner": "x", "key": "abc"}}, `the input "key" is secret and too short`},
		"no control token": {func(t *scenarios.Target) { t.Control = &controlapi.Client{URL: mock.Control.URL} }, given, "no control token"},
		"a bad control token": {func(t *scenarios.Target) {
			t.Control = &controlapi.Client{URL: mock.Control.URL, Token: "nonsense-hunter2"}
		}, given, "the mock's control API can't be used"},
		"no control": {func(t *scenarios.Target) { t.Control = &controlapi.Client{URL: gone.URL, Token: "x"} }, given, "the mock's control API can't be used"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := target
			c.change(&target)
			run, err := scenarios.Run(t.Context(), target, list, c.options)
			if run != nil || err == nil || !strings.Contains(err.Error(), c.part) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v, want %q", err, c.part)
			}
		})
	}
}

// On a server without a control API, or without permission to write, the steps that can be run are run, and the others
// are skipped with a reason.
func TestRun_SkipsWhatTheTargetCannotDo(t *testing.T) {
	t.Parallel()
	_, target := serverTarget(t)
	reading := target
	reading.AllowWrites, reading.Reader = false, ""
	for name, c := range map[string]struct {
		target scenarios.Target
		text   string
		state  report.State
		part   string
	}{
		"requires":            {reading, "requires: [write]\nsteps:\n  - {call: GetVaults, expect: {status: 200}}", report.Skip, "needs write: writes are not allowed"},
		"requires control":    {target, "requires: [mock.clock]\nsteps:\n  - {call: GetVaults, expect: {status: 200}}", report.Skip, "needs mock.clock: only a mock"},
		"a vault":             {reading, home + "steps:\n  - {call: GetVaultById, with: {vaultUuid: \"{{ home.id }}\"}, expect: {status: 200}}", report.Skip, "needs write"},
		"a reader":            {reading, "given:\n  - {state: token, as: r, with: {permission: read}}\nsteps:\n  - {as: r, call: GetVaults, expect: {status: 200}}", report.Skip, "needs reader: no read-only token was given"},
		"a reader that is":    {target, "given:\n  - {state: token, as: r, with: {permission: read}}\nsteps:\n  - {as: r, call: GetVaults, expect: {status: 200}}", report.Pass, ""},
		"a writer":            {target, "given:\n  - {state: token, as: w, with: {permission: write}}\nsteps:\n  - {as: w, call: GetVaults, expect: {status: 200}}", report.Skip, "no token that may write and not read"},
		"a token that ends":   {target, "given:\n  - {state: token, as: w, with: {permission: read, expiresIn: 5m}}\nsteps:\n  - {as: w, call: GetVaults, expect: {status: 200}}", report.Skip, "expiresIn"},
		"any file":            {target, "given:\n  - {state: file, as: f}\nsteps:\n  - {call: DownloadFileByID, with: {vaultUuid: \"{{ f.vault }}\", itemUuid: \"{{ f.item }}\", fileUuid: \"{{ f.id }}\"}, expect: {status: 200, bytes: {sha256: \"{{ f.sha256 }}\"}}}", report.Pass, ""},
		"a certain file":      {target, "given:\n  - {state: file, as: f, with: {size: 5}}\nsteps:\n  - {call: DownloadFileByID, with: {vaultUuid: \"{{ f.vault }}\", itemUuid: \"{{ f.item }}\", fileUuid: \"{{ f.id }}\"}, expect: {status: 200}}", report.Skip, "certain size"},
		"a step":              {target, "steps:\n  - {call: GetVaults, expect: {status: 200}}\n  - {id: reset, mock: {reset: true}}", report.Partial, "reset was left out: needs control"},
		"all steps":           {target, "steps:\n  - {id: reset, mock: {reset: true}}", report.Skip, "none of its steps can be run on this target; reset was left out"},
		"a step that follows": {target, "steps:\n  - {call: GetVaults, expect: {status: 200}}\n  - {id: make, mock: {token: {as: next, permission: read}}}\n  - {id: use, as: next, call: GetVaults, expect: {status: 200}}", report.Partial, `use was left out: it uses "next", which make would have defined`},
		"a check":             {target, "steps:\n  - {id: list, call: GetVaults, expect: {status: 200, check: [{that: \"false\", needs: mock.clock}]}}", report.Partial, `list was checked without "false": needs mock.clock`},
		"a real wait":         {target, "steps:\n  - {wait: 1ms}\n  - {call: GetVaults, expect: {status: 200}}", report.Pass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkResult(t, runScenario(t, c.target, c.text), c.state, c.part)
		})
	}
}
