package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commands calls visit for every command that does something, with its path.
func commands(c *cobra.Command, visit func(path []string, c *cobra.Command)) {
	var walk func(path []string, c *cobra.Command)
	walk = func(path []string, c *cobra.Command) {
		if !c.HasSubCommands() {
			visit(path, c)
		}
		for _, sub := range c.Commands() {
			walk(append(path[:len(path):len(path)], sub.Name()), sub)
		}
	}
	walk(nil, c)
}

// runEmpty runs a command line that must be refused before anything is done.
func runEmpty(t *testing.T, want string, environ []string, args ...string) {
	t.Helper()
	var out bytes.Buffer
	std := &streams{in: strings.NewReader(""), out: &out, err: &out, environ: environ}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if code := run(ctx, args, std); code != exitUsage || !strings.Contains(out.String(), want) {
		t.Errorf("%q: exit code %d, it said\n%s\nwant 2 and %q", args, code, out.String(), want)
	}
}

func TestEveryFlag_RefusesAnEmptyValue(t *testing.T) {
	t.Parallel()
	checked := 0
	commands(newRoot(&streams{}), func(path []string, c *cobra.Command) {
		flags := map[string]*pflag.Flag{}
		for _, set := range []*pflag.FlagSet{c.Flags(), c.InheritedFlags()} {
			set.VisitAll(func(f *pflag.Flag) { flags[f.Name] = f })
		}
		for name, f := range flags {
			if f.Annotations[emptyKey] != nil || name == "help" || f.Value.Type() == "bool" {
				continue
			}
			for _, empty := range []string{"", " "} {
				checked++
				// Where a command needs arguments there are enough; no flag gets so far.
				runEmpty(t, "--"+name+"", nil, append(path, "--"+name+"="+empty, "a", "b")...)
			}
		}
	})
	if checked < 200 {
		t.Errorf("only %d flags were tried", checked)
	}
}

func TestEveryCommand_RefusesAnEmptyArgument(t *testing.T) {
	t.Parallel()
	checked := 0
	commands(newRoot(&streams{}), func(path []string, c *cobra.Command) {
		if c.Name() == "help" || c.Name() == "completion" || len(path) > 0 && path[0] == "completion" {
			return // cobra's own
		}
		checked++
		runEmpty(t, "argument 1 of "+c.CommandPath()+" is empty", nil, append(path, "")...)
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
		runEmpty(t, "the value is empty", nil, line...)
	}
	runEmpty(t, "--input vault: the value is empty", nil, "scenario", "run", "--input", "vault=", "library")
	runEmpty(t, "must be NAME=VALUE", nil, "serve", "--token", "ci=")
}

// What a job passes on may be empty, with blanks or a line end: that is as if
// it were not set.
func TestEnvironment_TakesBlankVariablesForUnset(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	std := &streams{
		in: strings.NewReader(""), out: &out, err: &out,
		environ: []string{"CONNECTMOCK_SEED= ", "CONNECTMOCK_FIXTURE=\n", "CONNECTMOCK_TOKEN=", "OP_LOG_LEVEL= "},
	}
	if code := run(t.Context(), []string{"exec", "--", "true", ""}, std); code != 0 {
		t.Errorf("exit code %d, it said\n%s", code, out.String())
	}
}
