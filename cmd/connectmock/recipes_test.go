//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/goccy/go-yaml"
)

// recipe is what docs/ci.md shows for one job of a CI server.
type recipe struct {
	service map[string]string // variables of the mock beside it; nil: there is none
	env     map[string]string
	steps   []recipeStep
}

// recipeStep is a script, or a use of the action with inputs.
type recipeStep struct {
	script string
	inputs map[string]string
}

type workflow struct {
	On   any
	Jobs map[string]struct {
		RunsOn   string `yaml:"runs-on"`
		Services map[string]struct {
			Image string
			Env   map[string]string
			Ports []string
		}
		Env   map[string]string
		Steps []struct {
			ID, If, Uses, Run string
			With              map[string]any
		}
	}
}

type gitlabJob struct {
	Image    string
	Services []struct {
		Name, Alias string
		Variables   map[string]string
	}
	Variables    map[string]string
	BeforeScript []string `yaml:"before_script"`
	Script       []string
	Artifacts    struct {
		When    string
		Paths   []string
		Reports map[string]string
	}
}

// readRecipes returns the recipes of docs/ci.md. Keys that it does not know are errors.
func readRecipes(t *testing.T) map[string]recipe {
	t.Helper()
	data, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	text, all := string(data), map[string]recipe{}
	for _, block := range blocks(text, "yaml") {
		file, _, _ := strings.Cut(strings.TrimPrefix(block, "# "), "\n")
		if file == ".gitlab-ci.yml" {
			var jobs map[string]gitlabJob
			if err := yaml.UnmarshalWithOptions([]byte(block), &jobs, yaml.Strict()); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			for name, job := range jobs {
				script := strings.Join(slices.Concat(job.BeforeScript, job.Script), "\n")
				all["gitlab "+name] = recipe{job.Services[0].Variables, job.Variables, []recipeStep{{script: script}}}
			}
			continue
		}
		var w workflow
		if err := yaml.UnmarshalWithOptions([]byte(block), &w, yaml.Strict()); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for name, job := range w.Jobs {
			r := recipe{env: job.Env}
			for _, service := range job.Services {
				r.service = service.Env
			}
			for _, step := range job.Steps {
				switch {
				case strings.HasPrefix(step.Uses, "connectmock/connectmock@"):
					inputs := map[string]string{}
					for name, value := range step.With {
						inputs[name] = fmt.Sprint(value)
					}
					r.steps = append(r.steps, recipeStep{inputs: inputs})
				case step.Run != "":
					r.steps = append(r.steps, recipeStep{script: step.Run})
				}
			}
			all[file+" "+name] = r
		}
	}
	shell := blocks(text, "sh")
	all["no container"] = recipe{steps: []recipeStep{{script: shell[0]}}}
	for _, block := range blocks(text, "groovy") {
		env, script := map[string]string{}, ""
		for _, m := range regexp.MustCompile(`(OP_\w+) = (.*)`).FindAllStringSubmatch(block, -1) {
			env[m[1]] = strings.Trim(m[2], "'")
		}
		for _, m := range regexp.MustCompile(`(?m)^ *sh '(.*)'$`).FindAllStringSubmatch(block, -1) {
			script += m[1] + "\n"
		}
		all["jenkins"] = recipe{env: env, steps: []recipeStep{{script: script}}}
	}
	return all
}

// The test runs each recipe beside a mock that is started with the variables of its service, or stands for the real
// server. What is installed or downloaded is not: a program on the path checks the command instead.
func TestCIDocs_HaveRecipesThatWork(t *testing.T) {
	t.Parallel()
	recipes := readRecipes(t)
	if len(recipes) != 7 {
		t.Errorf("%d recipes", len(recipes))
	}
	known := cliflag.KnownVariables(newRoot(&cli.Streams{}))
	for name, r := range recipes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, variables := range []map[string]string{r.service, r.env} {
				for variable := range variables {
					if !slices.Contains(known, variable) {
						t.Errorf("nothing reads the variable %s", variable)
					}
				}
			}
			if len(r.steps) == 0 {
				t.Fatal("it has no steps")
			}
			if testing.Short() {
				t.Skip("runs all rules several times: 15 s")
			}
			r.run(t)
		})
	}
}

// run runs the steps of a recipe in a folder of its own.
func (r recipe) run(t *testing.T) {
	const program = "github.com/connectmock/connectmock/cmd/connectmock"
	// A process that another test starts meanwhile would keep the scripts open for writing, and then they can't be run.
	syscall.ForkLock.RLock()
	dir := files(t, map[string]string{
		"tests/scenarios/one.yaml": "scenario: 1\nid: one\ntitle: One\nsteps: [{call: GetVaults, expect: {status: 200}}]\n",
		"tests/deviations.yaml":    "[]\n",
		"path/go":                  "#!/bin/sh\n[ \"$*\" = 'install " + program + "@main' ]\n",
		"path/npm":                 "#!/bin/sh\n[ \"$*\" = test ] && exec get /v1/vaults\n", // a test that sends a request
	})
	syscall.ForkLock.RUnlock()
	for _, name := range []string{"go", "npm"} {
		if err := os.Chmod(filepath.Join(dir, "path", name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	place := strings.NewReplacer(placesOf(t, r.startService(t))...)
	environ := append(environWithoutServer(),
		"PATH="+filepath.Join(dir, "path")+":"+os.Getenv("PATH"))
	for name, value := range r.env {
		environ = append(environ, name+"="+place.Replace(value))
	}
	for _, step := range r.steps {
		if step.inputs == nil {
			c := exec.Command("bash", "-e", "-c", step.script)
			c.Dir, c.Env = dir, environ
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", step.script, err, out)
			}
			continue
		}
		inputs := map[string]string{}
		for name, value := range step.inputs {
			inputs[name] = place.Replace(value)
		}
		for _, id := range []string{"contract", "scenario"} {
			if id == "scenario" && inputs["scenarios"] == "" {
				continue
			}
			if got := runStep(t, id, dir, inputs); got.code != 0 {
				t.Errorf("%s: exit code %d\n%s", id, got.code, got.printed)
			}
		}
	}
}

// startService starts a mock with the variables of the recipe's service, on free ports.
func (r recipe) startService(t *testing.T) locate.Ready {
	t.Helper()
	c := startChild(t, func(c *exec.Cmd) {
		c.Args = []string{"connectmock", containerWord, "--ready-file", "ready.json"}
		c.Env = os.Environ()
		for name, value := range r.service {
			c.Env = append(c.Env, name+"="+value)
		}
		c.Env = append(c.Env, "CONNECTMOCK_ADDR=127.0.0.1:0", "CONNECTMOCK_CONTROL_ADDR=127.0.0.1:0",
			"CONNECTMOCK_STORE=connectmock.db")
	})
	return readyAt(t, filepath.Join(c.dir, "ready.json"))
}

// placesOf returns each address and secret of the recipes, followed by that of a mock.
func placesOf(t *testing.T, mock locate.Ready) (pairs []string) {
	t.Helper()
	control := &controlapi.Client{URL: mock.Control, Token: mock.ControlToken}
	token := func(name, permission, vault string) string {
		issued, err := control.IssueToken(t.Context(), controlapi.Token{
			Name: name, Vaults: map[string]string{vault: permission},
		})
		if err != nil {
			t.Fatal(err)
		}
		return issued.Value
	}
	vaults := fixtures.Demo().Accounts[0].Vaults
	return []string{
		"http://127.0.0.1:8080", mock.URL, "http://connect:8080", mock.URL, "https://connect.example.com", mock.URL,
		"http://127.0.0.1:8081", mock.Control, "http://connect:8081", behindName(t, mock.Control, "connect:8081"),
		"${{ vars.CONNECT_HOST }}", mock.URL, "${{ vars.CONNECT_VAULT }}", vaults[0].ID,
		"${{ secrets.CONNECT_TOKEN }}", mock.Token,
		"credentials('connect-token') // a credential of kind \"Secret text\"", mock.Token,
		"${{ secrets.CONNECT_READER_TOKEN }}", token("ci-reader", "read", vaults[0].ID),
		"${{ secrets.CONNECT_WRITER_TOKEN }}", token("ci-writer", "write", vaults[0].ID),
		"${{ secrets.CONNECT_OTHER_TOKEN }}", token("ci-other", "read-write", vaults[1].ID),
		"${{ secrets.CONNECT_REVOKED_TOKENS }}", mock.Tokens["revoked"] + "\n" + mock.Tokens["expired"],
	}
}
