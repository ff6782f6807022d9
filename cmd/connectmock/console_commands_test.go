package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Each command that the console shows is one that this program has, with its flags and number of arguments.
func TestConsoleCommands_AreUnderstood(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh to split command lines")
	}
	text, err := os.ReadFile("../../mockserver/console/testdata/commands.txt")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for line := range strings.Lines(string(text)) {
		action, command, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		for _, args := range shellWords(t, shell, command) {
			checked++
			if err := parseCommand(args); err != nil {
				t.Errorf("%s: %s: %v", action, command, err)
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d commands were checked", checked)
	}
}

// shellWords returns the arguments with which a command line of a shell starts connectmock.
func shellWords(t *testing.T, shell, line string) (all [][]string) {
	t.Helper()
	const list = `connectmock() { for word; do printf '%s\036' "$word" >&2; done; echo >&2; }; `
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
	c, rest, err := newRoot(&streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}).Find(args)
	if err != nil {
		return err
	}
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	return c.ValidateArgs(c.Flags().Args())
}
