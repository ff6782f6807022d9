package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

func newScenarioRun(std *streams) *cobra.Command {
	var s scenarioFlags
	c := &cobra.Command{
		Use:   "run FILE|DIR|library...",
		Short: "Run scenarios, and say what failed and what could not be done",
		Long: `Run scenarios against a server, or against a mock in this process if none is
named. On a mock whose control is given each has an account of its own, so that they
run at once. A server without control is only read from, unless you allow writes
and name the vault for them; what can't be done there is left out, with the
reason, and the scenario is partial or skipped, which is no pass.

Exit code 0: something ran and nothing failed. 1: a scenario failed. 2: the run
itself broke, or was not set up well. 3: nothing ran.`,
		Example: `  connectmock scenario run library
  connectmock scenario run mine.yaml --report html=report.html
  connectmock scenario run tests/ --tag tokens --input user=ada
  OP_CONNECT_HOST=https://connect.example.com OP_CONNECT_TOKEN=... connectmock scenario run library
  connectmock exec -- connectmock scenario run mine.yaml`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			run, err := s.run(c, std, args)
			if run != nil {
				err = errors.Join(err, s.reports.print(std, func(at io.Writer) string { return summaryText(run, at) }))
			}
			if err != nil {
				return asUsageError(err)
			}
			return runExitCode(run)
		},
		ValidArgsFunction: completeScenarios,
	}
	s.bind(c)
	return c
}

// run runs the scenarios and writes the reports. What keeps a run from starting
// is in the reports as well: those of an earlier run must not be taken for its.
func (s *scenarioFlags) run(c *cobra.Command, std *streams, names []string) (*report.Run, error) {
	if err := s.reports.prepare(); err != nil {
		return nil, err
	}
	run, err := s.start(c, std, names)
	if s.allowWrites {
		reportLeftLedger(std, s.ledger)
	}
	if run == nil {
		return nil, errors.Join(err, s.reports.writeFailed(std, "scenarios", s.url, err, s.token, s.reader, s.control.token))
	}
	if err != nil {
		run.Errors = append(run.Errors, err.Error())
	}
	return run, s.reports.write(std, run)
}

// start runs the scenarios. Without a report nothing was run; an error beside
// one is that of putting things away.
func (s *scenarioFlags) start(c *cobra.Command, std *streams, names []string) (*report.Run, error) {
	all, err := s.choice.load(names)
	if err != nil {
		return nil, err
	}
	o, err := s.options(c, std)
	if err != nil {
		return nil, err
	}
	if err := o.Validate(all); err != nil {
		return nil, err
	}
	t, err := s.target(c, std)
	if err != nil {
		return nil, err
	}
	ctx, stop := withInterrupt(c.Context(), std)
	defer stop()
	if t.URL == "" {
		m, err := scripted(ctx, std)
		if err != nil {
			return nil, err
		}
		defer func() {
			if err := m.close(); err != nil {
				std.say("%v", err) // the server has done its work
			}
		}()
		std.say("no server is named: a mock in this process is used")
		t = m.scenarioTarget()
	}
	return scenarios.Run(ctx, t, all, o)
}

// scripted is a mock of this process's own with its control. It must be closed.
func scripted(ctx context.Context, std *streams) (*mock, error) {
	return startInMemory(ctx, std, "127.0.0.1:0")
}

func (m *mock) scenarioTarget() scenarios.Target {
	return scenarios.Target{
		Name: "a mock in this process", URL: m.url, Token: m.token, AllowWrites: true,
		Control: &controlapi.Client{URL: m.control.url(), Token: m.control.token},
	}
}

// progress is a line for each result, as soon as it is there.
func (std *streams) progress(x report.Result) {
	line := fmt.Sprintf("%-8s %s", x.State, x.ID)
	if x.Reason != "" {
		line += ": " + strings.Join(strings.Fields(x.Reason), " ")
	}
	fmt.Fprintln(std.err, colorText(std.err, x.State, printable(line)))
}
