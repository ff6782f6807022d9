package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// The chapter on the contract has commands and flags that exist, and names those flags of contract run that are not
// about how to reach the server.
func TestContractDocs_HaveKnownCommandsAndFlags(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	text, commands := string(data), 0
	for _, block := range blocks(text, "sh") {
		for line := range strings.Lines(block) {
			words := strings.Fields(strings.SplitN(line, "#", 2)[0])
			if len(words) > 1 && words[0] == "connectmock" {
				commands++
				checkCommand(t, line, words[1:])
			}
		}
	}
	if commands < 5 {
		t.Errorf("only %d command lines were found", commands)
	}
	run, _, err := newRoot(&streams{out: io.Discard, err: io.Discard}).Find([]string{"contract", "run"})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := []string{ // help, and what the help text says completely
		"control", "control-token", "help", "ledger", "level", "other-token", "other-vault", "progress", "reader-token",
		"refused-token", "seed", "store", "target", "timeout", "token", "within", "writer-token",
	}
	run.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(elsewhere, f.Name) && !strings.Contains(text, "--"+f.Name) {
			t.Errorf("--%s is missing", f.Name)
		}
	})
}
