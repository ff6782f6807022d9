package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// checkRefused runs a command line that must be refused before anything is done.
func checkRefused(t *testing.T, want string, environ []string, args ...string) {
	t.Helper()
	var out bytes.Buffer
	std := &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out, Environ: environ}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if code := run(ctx, args, std); code != cli.ExitUsage || !strings.Contains(out.String(), want) {
		t.Errorf("%q: exit code %d, output\n%s\nwant 2 and %q", args, code, out.String(), want)
	}
}

func TestEveryFlag_RefusesAnEmptyValue(t *testing.T) {
	t.Parallel()
	checked := 0
	everyCommand(newRoot(&cli.Streams{}), func(path []string, c *cobra.Command) {
		c.InheritedFlags() // merges them into Flags
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if cliflag.CanBeEmpty(f) || f.Name == "help" || f.Value.Type() == "bool" {
				return
			}
			for _, empty := range []string{"", " "} {
				checked++
				// The arguments are enough for every command; flags are checked before them.
				checkRefused(t, "--"+f.Name, nil, append(path, "--"+f.Name+"="+empty, "a", "b")...)
			}
		})
	})
	if checked < 200 {
		t.Errorf("only %d flags were tried", checked)
	}
}

func TestEveryCommand_RefusesAnEmptyArgument(t *testing.T) {
	t.Parallel()
	checked := 0
	everyCommand(newRoot(&cli.Streams{}), func(path []string, c *cobra.Command) {
		checked++
		checkRefused(t, "argument 1 of "+c.CommandPath()+" is empty", nil, append(path, "")...)
	})
	if checked < 40 {
		t.Errorf("only %d commands were tried", checked)
	}
}

func TestWords_RefuseSeparatorsAlone(t *testing.T) {
	t.Parallel()
	for _, line := range [][]string{
		{"contract", "run", "--rule", ","}, {"contract", "run", "--refused-token", " , "}, {"scenario", "run", "--tag", ",", "x"},
		{"ctl", "fault", "add", "--operation", ",", "--abort", "500"}, {"serve", "--control-host", ","},
	} {
		checkRefused(t, "the value is empty", nil, line...)
	}
	checkRefused(t, "--input vault: the value is empty", nil, "scenario", "run", "--input", "vault=", "library")
	checkRefused(t, "must be NAME=VALUE", nil, "serve", "--token", "ci=")
}

// A CI job passes variables on that are empty, or contain blanks and line ends.
func TestEnvironment_IgnoresBlankVariables(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	std := &cli.Streams{
		In: strings.NewReader(""), Out: &out, Err: &out,
		Environ: []string{"CONNECTMOCK_SEED= ", "CONNECTMOCK_FIXTURE=\n", "CONNECTMOCK_TOKEN=", "OP_LOG_LEVEL= "},
	}
	if code := run(t.Context(), []string{"exec", "--", "true", ""}, std); code != 0 {
		t.Errorf("exit code %d, output\n%s", code, out.String())
	}
}
