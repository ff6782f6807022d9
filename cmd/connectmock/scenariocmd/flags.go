package scenariocmd

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/suites"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

// runFlags are the flags of scenario run.
type runFlags struct {
	suites.ServerFlags
	choice         choice
	reader         string
	control        locate.TargetControl
	progress       bool
	inputs         []string
	seed           uint64
	timeout, total time.Duration
	parallel       int
	reports        suites.Reports
}

func (s *runFlags) bind(c *cobra.Command) {
	s.ServerFlags.Bind(c, suites.ServerUsage{
		Vault:  "`id` of the vault to use on a server without control",
		Writes: "let scenarios create, change and delete items of their own in --vault",
		Ledger: "`file` that lists created items until they are deleted, where writes are allowed; deleted when it is empty",
	})
	f := c.Flags()
	f.StringVar(&s.reader, "reader-token", "", "`token` that may read the vault and not write")
	s.control.Bind(c)
	f.Var((*cliflag.Texts)(&s.inputs), "input",
		"`NAME=VALUE` of an input of a scenario, or NAME for the variable of that name; repeat for more")
	s.choice.bind(c)
	f.Uint64Var(&s.seed, "seed", 0, "`number` that shuffles the scenarios (default: in the given order)")
	f.IntVar(&s.parallel, "parallel", 0,
		"`number` of scenarios at once (default 4 with control, else 1, because they share a vault)")
	f.DurationVar(&s.timeout, "timeout", time.Minute, "how long one scenario may take")
	f.DurationVar(&s.total, "run-timeout", 10*time.Minute,
		"how long the whole run may take; after that no scenario is started, and the clean-up has another minute")
	s.reports.Bind(c)
	f.BoolVarP(&s.progress, "progress", "v", false,
		"write a line for each scenario to standard error (default on a terminal)")
}

// target returns the server of the flags, or none without a URL.
func (s *runFlags) target(c *cobra.Command, std *cli.Streams) (t scenarios.Target, err error) {
	if err := s.Check(c.Flags(), std); err != nil || s.URL == "" {
		return t, err
	}
	t = scenarios.Target{
		URL: s.URL, Token: s.Token, Reader: s.reader, Vault: s.Vault, AllowWrites: s.Writes.IsForAnyServer(),
	}
	t.Control, err = s.control.Client()
	return t, err
}

func (s *runFlags) options(c *cobra.Command, std *cli.Streams) (o scenarios.Options, err error) {
	switch {
	case s.timeout <= 0 || s.total <= 0:
		return o, errors.New("--timeout and --run-timeout must be above 0")
	case s.parallel < 0:
		return o, errors.New("--parallel must be above 0")
	}
	o = scenarios.Options{Seed: s.seed, Timeout: s.timeout, Total: s.total, Parallel: s.parallel}
	if o.Inputs, err = parseInputs(s.inputs, std); err != nil {
		return o, err
	}
	if s.Writes.IsForAnyServer() { // what is created in an account of its own is deleted with it
		o.Ledger = s.Ledger
		if err := cli.PrepareOutput("--ledger", s.Ledger); err != nil {
			return o, err
		}
	}
	if s.progress || cli.IsTerminal(std.Err) {
		o.OnResult = func(x report.Result) { writeResult(std, x) }
	}
	return o, nil
}

// parseInputs parses NAME=VALUE, and NAME for the variable of that name, so that secrets need not be on the command
// line. Its errors contain no values.
func parseInputs(list []string, std *cli.Streams) (map[string]string, error) {
	all := map[string]string{}
	for _, text := range list {
		name, value, given := strings.Cut(text, "=")
		if name == "" {
			return nil, errors.New("--input must be NAME=VALUE, or NAME for the variable of that name")
		}
		if !given {
			if value, given = std.Variable(name); !given {
				return nil, fmt.Errorf("--input %s: there is no variable of that name", name)
			}
		}
		if value == "" {
			return nil, fmt.Errorf("--input %s: the value is empty; is a variable not set?", name)
		}
		all[name] = value
	}
	return all, nil
}
