package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// consoleData has the commands that the console shows, and the fixture of the mock where it showed them.
const consoleData = "../../mockserver/console/testdata/"

// shownCommands returns a shell, and the commands that the console shows, each after its action.
func shownCommands(t *testing.T) (shell string, list [][2]string) {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh for command lines")
	}
	text, err := os.ReadFile(consoleData + "commands.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		action, command, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		list = append(list, [2]string{action, command})
	}
	if len(list) < 30 {
		t.Errorf("there are only %d commands", len(list))
	}
	return shell, list
}

// Each command that the console shows is one that this program has, with its flags and number of arguments.
func TestConsoleCommands_AreUnderstood(t *testing.T) {
	t.Parallel()
	shell, list := shownCommands(t)
	for _, shown := range list {
		for _, args := range shellWords(t, shell, shown[1]) {
			if err := parseCommand(args); err != nil {
				t.Errorf("%s: %s: %v", shown[0], shown[1], err)
			}
		}
	}
}

// On a mock with the same seed the ids are the same: there the commands do what the actions did.
func TestConsoleCommands_Succeed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it starts 30 processes")
	}
	shell, list := shownCommands(t)
	m := startMock(t, "--seed", "7", "--fixture", consoleData+"safe.yaml")
	dir := files(t, map[string]string{"-a b.txt": "x"})
	at := m.Address()
	env := append(os.Environ(), "CONNECTMOCK_CONTROL="+at.Control, "CONNECTMOCK_CONTROL_TOKEN="+at.ControlToken)
	for _, shown := range list {
		if !strings.Contains(shown[1], "connectmock ctl") {
			continue // the suites; TestConsole_RunsTheContractAndLeavesTheDataAsItWas runs them
		}
		command := exec.Command(shell, "-c", shown[1])
		command.Dir, command.Env = dir, env
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %s: %v: %s", shown[0], shown[1], err, out)
		}
	}
	found, err := m.Server.Items(t.Context(), controlapi.ItemQuery{Vault: "Safe", Search: "It's new"})
	if err != nil || found.Matched != 1 {
		t.Errorf("the item that was created: %+v, %v", found, err)
	}
}

// shellWords returns the arguments with which a command line of a shell starts connectmock.
func shellWords(t *testing.T, shell, line string) (all [][]string) {
	t.Helper()
	// One write for each command: those of a pipe run at the same time.
	const list = `connectmock() { all=; for word; do all="$all$word$(printf '\036')"; done; printf '%s\n' "$all" >&2; }; `
	command := exec.Command(shell, "-c", list+line)
	var words bytes.Buffer
	command.Stderr = &words
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v: %s", line, err, &words)
	}
	for one := range strings.Lines(words.String()) {
		args := strings.Split(strings.TrimSuffix(one, "\n"), "\x1e")
		all = append(all, args[:len(args)-1])
	}
	return all
}

// parseCommand returns an error for arguments that no command takes.
func parseCommand(args []string) error {
	c, rest, err := newRoot(&cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}).Find(args)
	if err != nil {
		return err
	}
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	return c.ValidateArgs(c.Flags().Args())
}
