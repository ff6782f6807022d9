package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

// scenarioFlags are the flags of scenario run.
type scenarioFlags struct {
	choice                            scenarioChoice
	url, token, reader, vault, ledger string
	control                           locate.TargetControl
	writes                            cliflag.Writes
	progress                          bool
	inputs                            []string
	seed                              uint64
	timeout, total                    time.Duration
	parallel                          int
	reports                           reportFlags
}

func (s *scenarioFlags) bind(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.url, "target", "", "base `URL` of the server (default: a mock in this process)")
	cliflag.BindServerVariable(f, "target", "OP_CONNECT_HOST")
	f.StringVar(&s.token, "token", "", "bearer `token`"+cliflag.VisibleToken)
	cliflag.BindOnlyVariable(f, "token", "OP_CONNECT_TOKEN") // CONNECTMOCK_TOKEN gives serve its tokens
	f.StringVar(&s.reader, "reader-token", "", "`token` that may read the vault and not write")
	f.StringVar(&s.vault, "vault", "", "`id` of the vault to use on a server without control")
	cliflag.BindOnlyVariable(f, "vault", "OP_VAULT") // as the Go SDK has it [C]
	s.writes.Bind(f, "let scenarios create, change and delete items of their own in --vault")
	s.control.Bind(c)
	f.StringVar(&s.ledger, "ledger", defaultLedger,
		"`file` that lists created items until they are deleted, where writes are allowed; deleted when it is empty")
	f.Var((*cliflag.Texts)(&s.inputs), "input",
		"`NAME=VALUE` of an input of a scenario, or NAME for the variable of that name; repeat for more")
	s.choice.bind(c)
	f.Uint64Var(&s.seed, "seed", 0, "`number` that shuffles the scenarios (default: in the given order)")
	f.IntVar(&s.parallel, "parallel", 0,
		"`number` of scenarios at once (default 4 with control, else 1, because they share a vault)")
	f.DurationVar(&s.timeout, "timeout", time.Minute, "how long one scenario may take")
	f.DurationVar(&s.total, "run-timeout", 10*time.Minute,
		"how long the whole run may take; after that no scenario is started, and the clean-up has another minute")
	s.reports.bind(c)
	f.BoolVarP(&s.progress, "progress", "v", false,
		"write a line for each scenario to standard error (default on a terminal)")
	_ = c.MarkFlagFilename("ledger", "jsonl") // fails only for an unknown flag
}

// target returns the server of the flags, or none without a URL. In that case other flags of a server are errors,
// because a forgotten variable must not replace the server by a mock.
func (s *scenarioFlags) target(c *cobra.Command, std *cli.Streams) (t scenarios.Target, err error) {
	cliflag.WarnAboutVisibleTokens(c.Flags(), std)
	if s.url == "" {
		if name := serverOnlyFlag(c.Flags()); name != "" {
			return t, fmt.Errorf("%s is given, but no server: name it with --target or OP_CONNECT_HOST. "+
				"Without both, a mock in this process is used", name)
		}
		return t, nil
	}
	t = scenarios.Target{URL: s.url, Token: s.token, Reader: s.reader, Vault: s.vault, AllowWrites: s.writes.IsForAnyServer()}
	t.Control, err = s.control.Client()
	return t, err
}

func (s *scenarioFlags) options(c *cobra.Command, std *cli.Streams) (o scenarios.Options, err error) {
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
	if s.writes.IsForAnyServer() { // what is created in an account of its own is deleted with it
		o.Ledger = s.ledger
		if err := cli.PrepareOutput("--ledger", s.ledger); err != nil {
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
