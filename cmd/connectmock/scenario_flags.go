package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

// scenarioFlags are those of a run of scenarios.
type scenarioFlags struct {
	choice                            scenarioChoice
	url, token, reader, vault, ledger string
	control                           targetControl
	allowWrites, progress             bool
	inputs                            []string
	seed                              uint64
	timeout, total                    time.Duration
	parallel                          int
	reports                           reportFlags
}

func (s *scenarioFlags) bind(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.url, "target", "", "base `URL` of the server (default: a mock in this process)")
	bindServerVariable(f, "target", "OP_CONNECT_HOST")
	f.StringVar(&s.token, "token", "", "bearer `token`; better given by the variable, flags are seen by everybody on the machine")
	bindOnlyVariable(f, "token", "OP_CONNECT_TOKEN") // CONNECTMOCK_TOKEN gives serve its tokens
	f.StringVar(&s.reader, "reader-token", "", "`token` that may read the vault and write nothing")
	f.StringVar(&s.vault, "vault", "", "`id` of the vault to use on a server without control")
	bindOnlyVariable(f, "vault", "OP_VAULT") // as the Go SDK has it [C]
	f.BoolVar(&s.allowWrites, "allow-writes", false, "create, change and delete items of the scenarios' own in --vault")
	s.control.bind(c)
	f.StringVar(&s.ledger, "ledger", defaultLedger, "`file` that knows the items made and not deleted yet, where writes are allowed; gone when they are")
	f.Var((*texts)(&s.inputs), "input", "`NAME=VALUE` that a scenario asks for, or NAME for the variable of that name; several times for more")
	s.choice.bind(c)
	f.Uint64Var(&s.seed, "seed", 0, "`number` that shuffles the scenarios (default: as given)")
	f.IntVar(&s.parallel, "parallel", 0, "`number` of scenarios at once (default 4 with control, else 1: they share a vault then)")
	f.DurationVar(&s.timeout, "timeout", time.Minute, "how long one scenario may take")
	f.DurationVar(&s.total, "run-timeout", 10*time.Minute, "how long the whole run may take; then no more scenarios are begun, and cleaning up has a minute of its own")
	s.reports.bind(c)
	f.BoolVarP(&s.progress, "progress", "v", false, "write a line for each scenario to standard error (default on a terminal)")
	_ = c.MarkFlagFilename("ledger", "jsonl") // fails only for a flag that is not there
}

// target is the server of the flags; without a URL there is none, and then
// nothing else may be given, lest a forgotten variable test the mock instead.
func (s *scenarioFlags) target(c *cobra.Command, std *streams) (t scenarios.Target, err error) {
	warnAboutVisibleTokens(c.Flags(), std)
	if s.url == "" {
		if name := serverOnlyFlag(c.Flags()); name != "" {
			return t, fmt.Errorf("%s is given, but no server: name it with --target or OP_CONNECT_HOST. Without both, a mock in this process is used", name)
		}
		return t, nil
	}
	t = scenarios.Target{URL: s.url, Token: s.token, Reader: s.reader, Vault: s.vault, AllowWrites: s.allowWrites}
	t.Control, err = s.control.client()
	return t, err
}

func (s *scenarioFlags) options(c *cobra.Command, std *streams) (o scenarios.Options, err error) {
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
	if s.allowWrites { // what is made in a world of its own ends with it
		o.Ledger = s.ledger
		if err := prepareOutput("--ledger", s.ledger); err != nil {
			return o, err
		}
	}
	if s.progress || isTerminal(std.err) {
		o.OnResult = std.progress
	}
	return o, nil
}

// parseInputs reads NAME=VALUE, and NAME for the variable of that name, so that a
// secret need not stand on the command line. Its errors hold no value.
func parseInputs(list []string, std *streams) (map[string]string, error) {
	all := map[string]string{}
	for _, text := range list {
		name, value, given := strings.Cut(text, "=")
		if name == "" {
			return nil, errors.New("--input must be NAME=VALUE, or NAME for the variable of that name")
		}
		if !given {
			if value, given = std.variable(name); !given {
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
