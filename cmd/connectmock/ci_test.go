package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/goccy/go-yaml"
)

func decodeFile(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

type actionStep struct {
	ID, Uses, Run string
	Env           map[string]string
}

// readAction returns the steps of action.yml.
func readAction(t *testing.T) []actionStep {
	t.Helper()
	var action struct{ Runs struct{ Steps []actionStep } }
	decodeFile(t, "../../action.yml", &action)
	if len(action.Runs.Steps) == 0 {
		t.Fatal("action.yml has no steps")
	}
	return action.Runs.Steps
}

// runAction runs the step "contract", as a runner does. It returns the exit code,
// what the step printed, the job summary and the outputs.
func runAction(t *testing.T, environ ...string) (code int, printed, summary, outputs string) {
	t.Helper()
	steps := readAction(t)
	i := slices.IndexFunc(steps, func(s actionStep) bool { return s.ID == "contract" })
	dir := t.TempDir()
	c := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", steps[i].Run)
	c.Dir = dir
	c.Env = append(os.Environ(), "RUNNER_TEMP="+dir,
		"GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"), "GITHUB_OUTPUT="+filepath.Join(dir, "output"))
	c.Env = append(c.Env, environ...)
	out, err := c.CombinedOutput()
	if ended := new(exec.ExitError); errors.As(err, &ended) {
		code = ended.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		}
		return string(data)
	}
	return code, string(out), read("summary"), read("output")
}

func TestAction_WritesTheSummary(t *testing.T) {
	t.Parallel()
	m := start(t, "")
	t.Cleanup(func() { _ = m.close() })
	code, printed, summary, outputs := runAction(t, "OP_CONNECT_HOST="+m.url, "OP_CONNECT_TOKEN="+m.token,
		"CONNECTMOCK_RULE=health/heartbeat\nvaults/*\n", "CONNECTMOCK_ALLOW_WRITES=false", "OP_VAULT=")
	if code != 0 || !strings.Contains(summary, "The contract is kept") || !strings.Contains(outputs, "exit-code=0\n") {
		t.Errorf("exit code %d, summary:\n%.300s\noutputs:\n%s\nprinted:\n%s", code, summary, outputs, printed)
	}
	if strings.Contains(printed+summary+outputs, m.token) {
		t.Error("the token is shown")
	}
}

func TestAction_FailsWithTheReasonInTheSummary(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		environ []string
		code    int
		summary string
	}{
		"no host":     {[]string{"OP_CONNECT_HOST=", "OP_CONNECT_TOKEN=hunter2"}, 2, "is empty"},
		"no token":    {[]string{"OP_CONNECT_HOST=http://127.0.0.1:1", "OP_CONNECT_TOKEN="}, 2, "no token"},
		"closed port": {[]string{"OP_CONNECT_HOST=http://127.0.0.1:1", "OP_CONNECT_TOKEN=hunter2"}, 2, "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, printed, summary, outputs := runAction(t, tt.environ...)
			if code != tt.code || !strings.Contains(summary, tt.summary) || !strings.Contains(outputs, "exit-code=2") {
				t.Errorf("exit code %d, summary %q, outputs %q, printed %q", code, summary, outputs, printed)
			}
		})
	}
}

// Inputs are never part of a script, and the token is never an argument.
func TestAction_PassesInputsAsVariables(t *testing.T) {
	t.Parallel()
	known := knownVariables(newRoot(&streams{}))
	for _, s := range readAction(t) {
		if strings.Contains(s.Run, "${{") || strings.Contains(s.Run, "TOKEN") {
			t.Errorf("an input is part of the script:\n%s", s.Run)
		}
		for name := range s.Env {
			if strings.HasPrefix(name, ownPrefix) && !slices.Contains(known, name) {
				t.Errorf("nothing reads the variable %s", name)
			}
		}
	}
}

// The contract service uses a vault of the demo data.
func TestCompose_HasKnownCommandsAndVariables(t *testing.T) {
	t.Parallel()
	var file struct {
		Services map[string]struct {
			Command     []string
			Environment map[string]string
			Healthcheck struct{ Test []string }
		}
	}
	decodeFile(t, "../../docker-compose.yml", &file)
	var commands [][]string
	for _, service := range file.Services {
		commands = append(commands, service.Command)
		if test := service.Healthcheck.Test; len(test) > 2 {
			commands = append(commands, test[2:]) // CMD, the program
		}
	}
	if len(commands) != 3 {
		t.Fatalf("%d commands: %q", len(commands), commands)
	}
	for _, words := range commands {
		args := containerArgs(append([]string{containerWord}, words...))
		c, rest, err := newRoot(&streams{out: io.Discard, err: io.Discard}).Find(args)
		if err != nil || c.Name() == "connectmock" {
			t.Fatalf("%q is not a command: %v", words, err)
		}
		if err := c.ParseFlags(rest); err != nil {
			t.Errorf("%q: %v", words, err)
		}
	}
	known := knownVariables(newRoot(&streams{}))
	for name, service := range file.Services {
		for variable := range service.Environment {
			if !slices.Contains(known, variable) {
				t.Errorf("service %s has the variable %s, which nothing reads", name, variable)
			}
		}
	}
	vault := file.Services["contract"].Environment["OP_VAULT"]
	if !slices.ContainsFunc(fixtures.Demo().Accounts[0].Vaults, func(v fixtures.Vault) bool { return v.ID == vault }) {
		t.Errorf("the demo data has no vault %q", vault)
	}
}
