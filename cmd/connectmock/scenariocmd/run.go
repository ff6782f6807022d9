package scenariocmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/cmd/connectmock/suites"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

func newRun(std *cli.Streams) *cobra.Command {
	var s runFlags
	c := &cobra.Command{
		Use:   "run FILE|DIR|library...",
		Short: "Run scenarios and report what failed or could not be run",
		Long: `Run scenarios against a server, or against a mock in this process if none is
named. On a mock with its control each scenario has an account of its own, so that
they run in parallel. A server without control is only read, unless you allow
writes and name a vault for them. Steps that can't be run there are left out with a
reason, and the scenario is partial or skipped, which is not a pass.

Exit code 0: something ran and nothing failed. 1: a scenario failed. 2: the run
itself failed, or its configuration is invalid. 3: nothing ran.`,
		Example: `  connectmock scenario run library
  connectmock scenario run mine.yaml --report html=report.html
  connectmock scenario run tests/ --tag tokens --input user=ada
  OP_CONNECT_HOST=https://connect.example.com OP_CONNECT_TOKEN=... connectmock scenario run library
  connectmock exec -- connectmock scenario run mine.yaml`,
		RunE: func(c *cobra.Command, args []string) error {
			run, err := s.run(c, std, args)
			return suites.End(std, &s.reports, run, err, func(to io.Writer) string { return suites.SummaryText(run, to) })
		},
		ValidArgsFunction: complete,
	}
	s.bind(c)
	return c
}

// run runs the scenarios and writes the reports, also if the run can't start: reports of an earlier run must not be
// mistaken for those of this one.
func (s *runFlags) run(c *cobra.Command, std *cli.Streams, names []string) (*report.Run, error) {
	if err := s.reports.Prepare(); err != nil {
		return nil, err
	}
	run, err := s.start(c, std, names)
	s.ReportLeftLedger(std)
	if run == nil {
		return nil, errors.Join(err, s.reports.WriteFailed(std, "scenarios", s.URL, err, s.Token, s.reader, s.control.Token))
	}
	if err != nil {
		run.Errors = append(run.Errors, err.Error())
	}
	return run, s.reports.WriteRun(std, run)
}

// start runs the scenarios. It returns no report if nothing was run. An error beside a report is that of the clean-up.
func (s *runFlags) start(c *cobra.Command, std *cli.Streams, names []string) (*report.Run, error) {
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
	ctx, stop := cli.WithInterrupt(c.Context(), std)
	defer stop()
	if t.URL == "" {
		m, err := mock.StartInMemory(ctx, std)
		if err != nil {
			return nil, err
		}
		defer m.CloseAfterRun()
		std.Say("no server is named: a mock in this process is used")
		server := m.Address()
		t = scenarios.Target{
			Name: "a mock in this process", URL: server.Host, Token: server.Token, AllowWrites: true, Control: m.ControlClient(),
		}
	}
	run, err := scenarios.Run(ctx, t, all, o)
	if run != nil {
		omitUnknownFiles(run)
	}
	return run, err
}

// omitUnknownFiles removes the names of files that nobody can open from the results: those of the library.
func omitUnknownFiles(run *report.Run) {
	for i := range run.Results {
		if _, err := os.Stat(run.Results[i].File); err != nil {
			run.Results[i].File = ""
		}
	}
}

// writeResult writes a line for a result as soon as it exists.
func writeResult(std *cli.Streams, x report.Result) {
	line := fmt.Sprintf("%-8s %s", x.State, x.ID)
	if x.Reason != "" {
		line += ": " + strings.Join(strings.Fields(x.Reason), " ")
	}
	fmt.Fprintln(std.Err, suites.ColorText(std.Err, x.State, cli.Printable(line)))
}
