package main

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/spf13/pflag"
)

func TestAction_WritesSummaryAndReports(t *testing.T) {
	t.Parallel()
	at := startMock(t).Address()
	r := runStep(t, "contract", t.TempDir(), map[string]string{
		"host": at.Host, "token": at.Token, "rules": "health/heartbeat\nvaults/*\n", "timeout": "5m", "require": "1",
	})
	if r.code != 0 || !strings.Contains(r.summary, "The contract is kept") ||
		!strings.Contains(r.outputs, "exit-code=0\n") ||
		!strings.Contains(r.printed, "\n::notice title=contract of 127.0.0.1%3A") || strings.Contains(r.printed, "::error") {
		t.Errorf("exit code %d, summary:\n%.300s\noutputs:\n%s\nprinted:\n%s", r.code, r.summary, r.outputs, r.printed)
	}
	for _, end := range []string{"xml", "json", "md", "html", "log", "conformance.json", "in-toto.json"} {
		text, err := os.ReadFile(filepath.Join(r.dir, "connectmock/reports/contract."+end))
		if err != nil || strings.Contains(string(text), at.Token) {
			t.Errorf("report %s: %v, or it has the token", end, err)
		}
	}
	if strings.Contains(r.printed+r.summary+r.outputs, at.Token) {
		t.Error("the token is shown")
	}
}

// The mock needs no server. Scenarios are files and folders, whatever their names.
func TestAction_TestsAMockAndReportsScenariosBesideIt(t *testing.T) {
	t.Parallel()
	const scenario = "scenario: 1\nid: ID\ntitle: It is one\nsteps: [{call: GetVaults, expect: {status: STATUS}}]\n"
	good := strings.NewReplacer("ID", "good", "STATUS", "200").Replace(scenario)
	bad := strings.NewReplacer("ID", "bad", "STATUS", "404").Replace(scenario)
	dir := files(t, map[string]string{"a folder/good.yaml": good, "bad.yaml": bad})
	inputs := map[string]string{
		"mock": "true", "rules": "health/*", "scenarios": "a folder\nbad.yaml\n", "run-timeout": "9m",
	}
	r := runStep(t, "contract", dir, inputs)
	if r.code != 0 || !strings.Contains(r.summary, "a mock in this process") {
		t.Errorf("contract: exit code %d, summary:\n%.300s\nprinted:\n%s", r.code, r.summary, r.printed)
	}
	r = runStep(t, "scenario", dir, inputs)
	if r.code != 1 || !strings.Contains(r.outputs, "exit-code=1\n") || !strings.Contains(r.summary, "1 fail, 1 pass") ||
		!strings.Contains(r.printed, "\n::error file=bad.yaml,line=4,title=scenarios%3A fail%3A bad::") {
		t.Errorf("scenarios: exit code %d, summary:\n%.300s\noutputs:\n%s\nprinted:\n%s",
			r.code, r.summary, r.outputs, r.printed)
	}
	for _, name := range []string{"contract.json", "scenario.json"} {
		if _, err := os.Stat(filepath.Join(dir, "connectmock/reports", name)); err != nil {
			t.Error(err)
		}
	}
}

// A rule that fails is annotated, unless the deviation is known. What the server sends is no command for the runner.
func TestAction_AnnotatesWhatFails(t *testing.T) {
	t.Parallel()
	proxied := startMock(t)
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/heartbeat" {
			_, _ = io.WriteString(w, "\n::set-output name=exit-code::0\n##[error]no\n")
			return
		}
		proxied.Server.ServeHTTP(w, r)
	}))
	t.Cleanup(broken.Close)
	inputs := map[string]string{"host": broken.URL, "token": proxied.Address().Token, "rules": "health/heartbeat"}
	r := runStep(t, "contract", t.TempDir(), inputs)
	if r.code != 1 || !strings.Contains(r.printed, "\n::error title=contract%3A fail%3A health/heartbeat::") ||
		!strings.Contains(r.outputs, "exit-code=1\n") || !strings.Contains(r.summary, "The contract is broken") {
		t.Errorf("exit code %d, outputs:\n%s\nprinted:\n%s", r.code, r.outputs, r.printed)
	}
	known := "- {rule: health/heartbeat, reason: a proxy, owner: ada, expires: 2999-12-31}\n"
	inputs["deviations"] = "known.yaml"
	r = runStep(t, "contract", files(t, map[string]string{"known.yaml": known}), inputs)
	if r.code != 0 || !strings.Contains(r.summary, "1 known deviation") || strings.Contains(r.printed, "::error") {
		t.Errorf("known: exit code %d, printed:\n%s", r.code, r.printed)
	}
}

// Whatever is set up wrong: the job is red, and the summary says why.
func TestAction_ExplainsWhatIsSetUpWrong(t *testing.T) {
	t.Parallel()
	const closed = "http://127.0.0.1:1"
	for name, tt := range map[string]struct {
		inputs  map[string]string
		summary string
		error   string // beginning of an annotation, without "::error "
	}{
		"no host": {map[string]string{"token": "hunter2"}, `"mock" to "true" instead`, "title=contract::"},
		"mock and host": {map[string]string{"mock": "true", "host": closed, "token": "hunter2"},
			"leave one of them out", "title=contract::"},
		"mock and token": {map[string]string{"mock": "true", "token": "hunter2"},
			"is given, but no server", "title=contract%3A"},
		"no token": {map[string]string{"host": closed}, "no token", "title=contract%3A the run::"},
		"closed port": {map[string]string{"host": closed, "token": "hunter2"}, "connection refused",
			"title=contract%3A the run::the target"},
		"timeout without unit": {map[string]string{"host": closed, "token": "hunter2", "timeout": "10"},
			"is the input run-timeout", "title=contract::"},
		"unknown rule": {map[string]string{"host": closed, "token": "hunter2", "rules": "items/*\nno/*"},
			"no rule matches", "title=contract%3A the run::"},
		"mistake in deviations": {map[string]string{"host": closed, "token": "hunter2", "deviations": "known.yaml"},
			"a deviation without", "file=known.yaml,line=1,col=3,title=contract%3A the run::"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := files(t, map[string]string{"known.yaml": "- rule: health/*\n"})
			r := runStep(t, "contract", dir, tt.inputs)
			if r.code != 2 || !strings.Contains(r.summary, tt.summary) || !strings.Contains(r.outputs, "exit-code=2\n") ||
				!strings.Contains(r.printed, "\n::error "+tt.error) {
				t.Errorf("exit code %d, summary %q, outputs %q, printed %q", r.code, r.summary, r.outputs, r.printed)
			}
			if strings.Contains(r.printed+r.summary, "hunter2") {
				t.Error("the token is shown")
			}
		})
	}
}

// A version that can't be installed fails the first step, and a later one explains it.
func TestAction_ExplainsAFailedInstallation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := runStep(t, "install", dir, map[string]string{"version": "v99.0.0"}, "GOPROXY=off", "GOFLAGS=-mod=mod")
	if r.code == 0 || strings.Contains(r.outputs, "installed") {
		t.Errorf("exit code %d, outputs %q, printed %q", r.code, r.outputs, r.printed)
	}
	r = runStep(t, "explain", dir, nil)
	if r.code != 0 || !strings.Contains(r.summary, "nothing was tested") || !strings.Contains(r.summary, "v99.0.0") ||
		!strings.HasPrefix(r.printed, "::error title=connectmock::") {
		t.Errorf("exit code %d, summary %q, printed %q", r.code, r.summary, r.printed)
	}
}

func TestAction_InstallsItsOwnVersion(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("links the program: 10 s")
	}
	r := runStep(t, "install", t.TempDir(), nil, "GOPROXY=off", "GOFLAGS=-buildvcs=false")
	if r.code != 0 || r.outputs != "installed=true\n" {
		t.Fatalf("exit code %d, outputs %q, printed %q", r.code, r.outputs, r.printed)
	}
	folder, err := os.ReadFile(filepath.Join(r.dir, "path"))
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(strings.TrimSpace(string(folder)), "connectmock")
	if out, err := exec.Command(program, "--version").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// Inputs are never part of a script, and the token is never an argument. Each input reaches a step, and each flag of
// contract run that is about what to test has an input.
func TestAction_PassesInputsAsVariables(t *testing.T) {
	t.Parallel()
	a := readAction(t)
	root := newRoot(&cli.Streams{})
	known, used := cliflag.KnownVariables(root), map[string]bool{}
	conditions, given := "", map[string]bool{}
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") || strings.Contains(s.Run, "TOKEN") {
			t.Errorf("an input is part of the script:\n%s", s.Run)
		}
		for name, value := range s.Env {
			used[value] = true
			given[name] = given[name] || s.ID == "contract"
			if strings.HasPrefix(name, "CONNECTMOCK_") && !slices.Contains(known, name) {
				t.Errorf("nothing reads the variable %s", name)
			}
		}
		conditions += s.If
	}
	for name := range a.Inputs {
		if !used["${{ inputs."+name+" }}"] {
			t.Errorf("no step gets the input %s", name)
		}
	}
	for _, output := range slices.Collect(maps.Values(a.Outputs)) {
		conditions += output.Value
	}
	for _, m := range regexp.MustCompile(`steps\.(\w+)\.`).FindAllStringSubmatch(conditions, -1) {
		if !slices.ContainsFunc(a.Runs.Steps, func(s actionStep) bool { return s.ID == m[1] }) {
			t.Errorf("there is no step %s", m[1])
		}
	}
	run, _, err := root.Find([]string{"contract", "run"})
	if err != nil {
		t.Fatal(err)
	}
	// What the script gives, or only people.
	elsewhere := []string{"help", "ledger", "progress", "report", "seed", "store", "write-deviations"}
	run.LocalFlags().VisitAll(func(f *pflag.Flag) {
		hasInput := slices.ContainsFunc(cliflag.Variables(f), func(name string) bool { return given[name] })
		if !hasInput && !slices.Contains(elsewhere, f.Name) {
			t.Errorf("--%s has no input", f.Name)
		}
	})
}
