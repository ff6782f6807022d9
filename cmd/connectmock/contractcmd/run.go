package contractcmd

import (
	"context"
	"errors"
	"io"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/cmd/connectmock/suites"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/spf13/cobra"
)

func newRun(std *cli.Streams) *cobra.Command {
	var s suiteFlags
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the rules, and report what is broken and what was not tested",
		Long: `Run the rules against a server, or against a mock in this process if none is
named. The run first finds out what the server can do; a rule that needs more is
skipped, with the reason. Ctrl-C ends the run and deletes what it created.

A skipped rule is not tested, which --require makes a failure of the run. On a mock
in this process it always is one. With the control of a mock, as inside "connectmock
exec", the run makes the tokens that rules need.

--deviations names the rules that the server is known to break, which then do not
fail the run; --write-deviations starts such a file. With --baseline only those
rules fail that passed in an earlier run.

--against-version leaves out the rules that an older version of Connect did not
promise yet, or broke for a while, so that a real server of that version is held to
the others.

Exit code 0: something ran and nothing failed. 1: the contract is broken: a rule
failed, or a known deviation passed. 2: the run itself broke, was set up wrong,
ended before all rules had run, or tested less than was required. 3: nothing ran.`,
		Example: `  connectmock contract run
  OP_CONNECT_HOST=https://connect.example.com OP_CONNECT_TOKEN=... connectmock contract run --report html=report.html
  connectmock contract run --rule 'health/*' --level MUST
  connectmock contract run --require must
  connectmock contract run --against-version 1.5.4
  connectmock exec --spec published.yaml -- connectmock contract run`,
		RunE: func(c *cobra.Command, _ []string) error {
			run, err := s.run(c, std)
			return suites.End(std, &s.reports, run, err, func(to io.Writer) string { return suites.SummaryText(run, to) })
		},
	}
	s.bind(c)
	return c
}

// run runs the rules and writes the reports. If the run can't start, the reports
// say why, so that nobody takes those of an earlier run for its.
func (s *suiteFlags) run(c *cobra.Command, std *cli.Streams) (*report.Run, error) {
	if err := errors.Join(s.reports.Prepare(), s.prepareNewDeviations()); err != nil {
		return nil, cli.AsUsageError(err)
	}
	run, err := s.start(c, std)
	s.ReportLeftLedger(std)
	if run == nil {
		tokens := append([]string{s.Token, s.control.Token, s.reader, s.writer, s.other}, s.refused.List...)
		return nil, errors.Join(err, s.reports.WriteFailed(std, "contract", s.URL, err, tokens...))
	}
	if err != nil {
		run.Errors = append(run.Errors, err.Error())
	}
	return run, errors.Join(s.reports.WriteRun(std, run), s.writeNewDeviations(std, run))
}

// start runs the rules. The run is nil if nothing was run; an error beside a run
// is one of cleaning up.
func (s *suiteFlags) start(c *cobra.Command, std *cli.Streams) (*report.Run, error) {
	t, err := s.target(c, std)
	if err != nil {
		return nil, err
	}
	o, err := s.options(std)
	if err != nil {
		return nil, err
	}
	baseline, err := s.readBaseline(std)
	if err != nil {
		return nil, err
	}
	ctx, stop := cli.WithInterrupt(c.Context(), std)
	defer stop()
	if o.Progress == nil {
		progress := suite.StartProgress(std.Err, cli.IsTerminal(std.Err), "rules")
		defer progress.Stop()
		o.OnResult = progress.Add
	}
	run, err := runContract(ctx, std, t, o)
	if run != nil && baseline != nil {
		run.CompareWith(baseline)
	}
	return run, err
}

// runContract runs the rules against a target, a mock in this process if it has no URL.
func runContract(ctx context.Context, std *cli.Streams, t contract.Target, o contract.Options) (*report.Run, error) {
	if t.URL != "" {
		return contract.Run(ctx, t, o)
	}
	m, err := mock.StartInMemory(ctx, std)
	if err != nil {
		return nil, err
	}
	defer m.CloseAfterRun()
	std.Say("no server is named: a mock in this process is tested, writes included")
	return runOnMock(ctx, m, o)
}

// runOnMock runs the rules against a mock in this process. No rule may be skipped there: a capability that is
// missing is a mistake of the mock.
func runOnMock(ctx context.Context, m *mock.Mock, o contract.Options) (*report.Run, error) {
	o.Require.All = true
	server := m.Address()
	return contract.Run(ctx, contract.Target{
		Name: "a mock in this process", URL: server.Host, Token: server.Token, AllowWrites: true,
		Vault:   fixtures.Demo().Accounts[0].Vaults[0].ID,
		Control: m.ControlClient(), // creates the tokens that rules need
	}, o)
}

// options checks the flags and returns all options of a run but its target.
func (s *suiteFlags) options(std *cli.Streams) (o contract.Options, err error) {
	if s.timing.Request <= 0 || s.timing.Within <= 0 || s.timing.Total <= 0 {
		return o, cli.Usage("--timeout, --within and --run-timeout must be above 0")
	}
	o = contract.Options{Rules: s.rules.List, Seed: s.seed, Parallel: s.parallel, Timing: s.timing, Coverage: s.gate,
		AgainstVersion: s.againstVersion}
	if _, err := s.inTotoSubject(); err != nil {
		return o, err
	}
	if s.require != "" {
		if o.Require, err = contract.ParseRequirement(s.require); err != nil {
			return o, cli.Usage("--require: %w", err)
		}
	}
	for _, level := range s.levels.List {
		o.Levels = append(o.Levels, contract.Level(ascii.ToUpper(level)))
	}
	if s.Writes.IsForAnyServer() { // without a target nothing outlives this process
		o.Ledger = s.Ledger
		if err := cli.PrepareOutput("--ledger", s.Ledger); err != nil {
			return o, err
		}
	}
	if s.parallel < 1 {
		return o, cli.Usage("--parallel must be above 0")
	}
	if s.progress {
		o.Progress = std.Err
	}
	if err := o.Validate(); err != nil {
		return o, err
	}
	o.Deviations, err = s.readDeviations()
	return o, err
}
