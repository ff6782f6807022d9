package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/spf13/pflag"
)

// The pages on the contract name those flags of contract run that are not about how to reach the server.
func TestContractDocs_NameTheFlagsOfRun(t *testing.T) {
	t.Parallel()
	pages := readDocs(t)
	text := pages["docs/contract.md"] + pages["docs/deviations.md"] + pages["docs/conformance.md"]
	run, _, err := newRoot(&cli.Streams{Out: io.Discard, Err: io.Discard}).Find([]string{"contract", "run"})
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
