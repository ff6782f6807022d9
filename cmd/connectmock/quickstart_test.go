package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const quickStarts = "../../examples/quickstart"

// quickStartNeeds has, for each quick start whose program can run here, a command of the shell that succeeds where its
// client is installed. The others need packages or a cluster that the tests can't look for without a network.
var quickStartNeeds = map[string]string{
	"ansible": `command -v ansible-playbook &&
		test -d "${ANSIBLE_COLLECTIONS_PATH:-$HOME/.ansible/collections}/ansible_collections/onepassword/connect"`,
	"curl":       `curl --version && jq --version`,
	"go":         `go version`,
	"javascript": `node --version && test -d node_modules/@1password/connect`,
	"op-cli":     `op --version`,
	"powershell": `test -d Ps1Password && pwsh -version`,
	"puppet": `command -v puppet && ls -d /etc/puppet*/code/modules/onepassword_lookup \
		/etc/puppet*/code/environments/production/modules/onepassword_lookup \
		/usr/share/puppet/modules/onepassword_lookup "$HOME"/.puppetlabs/etc/code/modules/onepassword_lookup 2>/dev/null | grep .`,
	"python":    `python3 -c 'import onepasswordconnectsdk'`,
	"ruby":      `ruby -e 'require "delegate"; require "op_connect"'`,
	"terraform": `terraform version && { test -f .terraform.lock.hcl || grep -q onepassword "$TF_CLI_CONFIG_FILE"; }`,
	"vals":      `vals version`,
}

// The command of each README prints what the README says, and every response that it gets is checked against the
// document.
func TestQuickStarts_PrintWhatTheySay(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh")
	}
	command := regexp.MustCompile("(?s)\n## Run\n.*?```sh\n(.*?)```")
	for name, needs := range quickStartNeeds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(quickStarts, name)
			if output, err := inShell(dir, needs); err != nil {
				t.Skipf("its client is not installed: %s: %v %.200s", needs, err, output)
			}
			readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
			if err != nil {
				t.Fatal(err)
			}
			expected, err := os.ReadFile(filepath.Join(dir, "expected.txt"))
			if err != nil {
				t.Fatal(err)
			}
			found := command.FindStringSubmatch(string(readme))
			if found == nil {
				t.Fatal("the README has no command to run")
			}
			output, err := inShell(dir, found[1])
			if err != nil || !strings.Contains(output, string(expected)) {
				t.Errorf("%s%v, prints\n%s\nwant\n%s", found[1], err, output, expected)
			}
		})
	}
}

// inShell runs a script in a folder and returns its standard output. The error has the standard error.
func inShell(dir, script string) (string, error) {
	c := exec.Command("sh", "-c", script)
	c.Dir = dir
	c.Env = append(environWithoutServer(), "CONNECTMOCK_CHECK_RESPONSES=true")
	var problems bytes.Buffer
	c.Stderr = &problems
	output, err := c.Output()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, problems.String())
	}
	return string(output), err
}

// The requests of clients that can't be installed here have the responses that the clients rely on.
func TestQuickStarts_ReplayWhatClientsSend(t *testing.T) {
	t.Parallel()
	var files []string
	for _, pattern := range []string{quickStarts + "/*/requests.yaml", "../../examples/clients/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) < 3 {
			t.Fatalf("%s: %d files, %v", pattern, len(found), err)
		}
		files = append(files, found...)
	}
	c := exec.Command("connectmock", append([]string{"scenario", "run", "--timeout", "5m"}, files...)...)
	c.Env = environWithoutServer()
	output, err := c.CombinedOutput()
	if want := fmt.Sprintf(": %d pass in ", len(files)); err != nil || !strings.Contains(string(output), want) {
		t.Errorf("%v, want %q, got:\n%s", err, want, output)
	}
}
