//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// serveStep is what the step of actions/serve did.
type serveStep struct {
	printed           string
	outputs, exported map[string]string
}

// runServeStep runs the step of actions/serve with inputs, which may be left out, and ends its server with the test.
func runServeStep(t *testing.T, inputs map[string]string) (serveStep, error) {
	t.Helper()
	var a action
	decodeFile(t, "../../actions/serve/action.yml", &a)
	step := a.Runs.Steps[len(a.Runs.Steps)-1]
	root, err := filepath.Abs("../../actions/serve")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step.Run)
	c.Dir = dir
	c.Env = append(environWithoutServer(), "GITHUB_ACTION_PATH="+root,
		"RUNNER_TEMP="+dir, "GITHUB_OUTPUT="+dir+"/output", "GITHUB_ENV="+dir+"/env")
	for name, expression := range step.Env {
		input := strings.TrimSuffix(strings.TrimPrefix(expression, "${{ inputs."), " }}")
		value, known := a.Inputs[input]
		if !known {
			t.Fatalf("%s: %s is no input", name, expression)
		}
		if given, set := inputs[input]; set {
			value.Default = given
		}
		c.Env = append(c.Env, name+"="+value.Default)
	}
	out, err := c.CombinedOutput()
	t.Cleanup(func() {
		ready := filepath.Join(dir, "connectmock/ready.json")
		if _, err := os.Stat(ready); err == nil {
			_ = syscall.Kill(readyAt(t, ready).PID, syscall.SIGTERM)
		}
	})
	lines := func(name string) map[string]string {
		text, _ := os.ReadFile(filepath.Join(dir, name)) // a test that needs it finds it empty
		values := map[string]string{}
		for line := range strings.Lines(string(text)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			values[name] = value
		}
		return values
	}
	return serveStep{string(out), lines("output"), lines("env")}, err
}

// The outputs are those that action.yml describes, and a client that uses them gets a response.
func TestAction_StartsAMockForTheJob(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		inputs map[string]string
		token  string // empty: one that the server signs
	}{
		"nothing set": {nil, ""},
		"all set": {map[string]string{
			"token": "any-word-you-like", "seed": "7", "connect-version": "1.7.3", "args": "--quirk=actor-ip=ip\n--cors\n",
		}, "any-word-you-like"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := runServeStep(t, tt.inputs)
			if err != nil {
				t.Fatalf("%v:\n%s", err, r.printed)
			}
			if tt.token != "" && r.outputs["token"] != tt.token || r.outputs["token"] == "" {
				t.Errorf("the token is %q", r.outputs["token"])
			}
			for output, variable := range map[string]string{
				"host": "OP_CONNECT_HOST", "token": "OP_CONNECT_TOKEN", "control": "CONNECTMOCK_CONTROL",
				"control-token": "CONNECTMOCK_CONTROL_TOKEN",
			} {
				if r.outputs[output] == "" || r.outputs[output] != r.exported[variable] {
					t.Errorf("output %s is %q, %s is %q", output, r.outputs[output], variable, r.exported[variable])
				}
			}
			if strings.Contains(r.printed, r.outputs["token"]) || strings.Contains(r.printed, r.outputs["control-token"]) {
				t.Errorf("a token is printed:\n%s", r.printed)
			}
			c := exec.Command("connectmock", "ctl", "show", "vaults")
			c.Env = append(os.Environ(), "CONNECTMOCK_CONTROL="+r.exported["CONNECTMOCK_CONTROL"],
				"CONNECTMOCK_CONTROL_TOKEN="+r.exported["CONNECTMOCK_CONTROL_TOKEN"])
			if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "Deployments") {
				t.Errorf("%v:\n%s", err, out)
			}
		})
	}
}

// A mock that can't start ends the step, with the reason.
func TestAction_SaysWhyTheMockCannotStart(t *testing.T) {
	t.Parallel()
	for want, inputs := range map[string]map[string]string{
		"none.yaml":            {"fixture": "none.yaml"},
		"unknown flag":         {"args": "--nonsense"},
		"is not three numbers": {"connect-version": "one"},
	} {
		r, err := runServeStep(t, inputs)
		if err == nil || !strings.Contains(r.printed, "::error title=connectmock::The mock could not start") ||
			!strings.Contains(r.printed, want) {
			t.Errorf("%v: %v\n%s", inputs, err, r.printed)
		}
	}
}
