package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

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

type action struct {
	Inputs  map[string]struct{ Default string }
	Outputs map[string]struct{ Value string }
	Runs    struct{ Steps []actionStep }
}

type actionStep struct {
	ID, If, Uses, Run string
	Env               map[string]string
}

func readAction(t *testing.T) (a action) {
	t.Helper()
	decodeFile(t, "../../action.yml", &a)
	if len(a.Runs.Steps) == 0 || len(a.Inputs) == 0 {
		t.Fatal("action.yml has no steps or inputs")
	}
	return a
}

// stepResult is what a step of the action did.
type stepResult struct {
	code                      int
	printed, summary, outputs string
	dir                       string // RUNNER_TEMP, and the folder it ran in
}

// runStep runs a step of the action as a runner does, with inputs in dir. It checks that no text of a server is a
// command for the runner.
func runStep(t *testing.T, id, dir string, inputs map[string]string, environ ...string) stepResult {
	t.Helper()
	a := readAction(t)
	i := slices.IndexFunc(a.Runs.Steps, func(s actionStep) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("there is no step %s", id)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{"github.action_path": root}
	for name, input := range a.Inputs {
		values["inputs."+name] = input.Default
	}
	for name, value := range inputs {
		if _, known := a.Inputs[name]; !known {
			t.Fatalf("there is no input %s", name)
		}
		values["inputs."+name] = value
	}
	c := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", a.Runs.Steps[i].Run)
	c.Dir = dir
	c.Env = append(environWithoutServer(), "GITHUB_ACTION_PATH="+root,
		"RUNNER_TEMP="+dir, "GITHUB_STEP_SUMMARY="+filepath.Join(dir, id+"-summary"),
		"GITHUB_OUTPUT="+filepath.Join(dir, id+"-output"), "GITHUB_PATH="+filepath.Join(dir, "path"))
	for name, expression := range a.Runs.Steps[i].Env {
		value, known := values[strings.TrimSuffix(strings.TrimPrefix(expression, "${{ "), " }}")]
		if !known {
			t.Fatalf("%s: unknown expression %s", name, expression)
		}
		c.Env = append(c.Env, name+"="+value)
	}
	c.Env = append(c.Env, environ...)
	out, err := c.CombinedOutput()
	r := stepResult{printed: string(out), dir: dir}
	if ended := new(exec.ExitError); errors.As(err, &ended) {
		r.code = ended.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	summary, _ := os.ReadFile(filepath.Join(dir, id+"-summary")) // a test that needs it finds it empty
	outputs, _ := os.ReadFile(filepath.Join(dir, id+"-output"))
	r.summary, r.outputs = string(summary), string(outputs)
	stop := regexp.MustCompile(`(?s)^::stop-commands::(resume-\d{10,})\n(.*)\n::(resume-\d+)::\n`)
	commands := r.printed
	if m := stop.FindStringSubmatch(commands); m != nil && m[1] == m[3] {
		commands = commands[len(m[0]):]
	}
	for line := range strings.Lines(commands) {
		known, _ := regexp.MatchString(`^::(error|warning|notice) (\w+=[^,:]*,)*title=[^,:]*::`, line)
		if !known && (strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[")) {
			t.Errorf("the runner would execute %q", line)
		}
	}
	return r
}
