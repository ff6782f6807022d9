package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

func newContractRun(std *streams) *cobra.Command {
	var s suiteFlags
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the rules, and say what was broken and what was not tested",
		Long: `Run the rules against a server, or against a mock in this process if none is
named. What the server can do is found out first; a rule that needs more is
skipped, with the reason. Ctrl-C ends the run and deletes what it made.

Exit code 0: something ran and nothing failed. 1: the contract was broken. 2: the
run itself broke, or was not set up well. 3: nothing ran.`,
		Example: `  connectmock contract run
  OP_CONNECT_HOST=https://connect.example.com OP_CONNECT_TOKEN=... connectmock contract run --report markdown=report.md,html=report.html
  connectmock contract run --rule 'health/*' --level MUST
  connectmock exec --spec published.yaml -- connectmock contract run`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			run, err := s.run(c, std)
			if run != nil {
				err = errors.Join(err, s.reports.print(std, func(at io.Writer) string { return summaryText(run, at) }))
			}
			if err != nil {
				return asUsageError(err)
			}
			return runExitCode(run)
		},
	}
	s.bind(c)
	return c
}

// runExitCode is the exit code of a run.
func runExitCode(run *report.Run) error {
	if code := run.ExitCode(); code != report.Kept {
		return exitCode(code)
	}
	return nil
}

// run runs the rules and writes the reports. What keeps a run from starting is
// in the reports as well: those of an earlier run must not be taken for its.
func (s *suiteFlags) run(c *cobra.Command, std *streams) (*report.Run, error) {
	if err := s.reports.prepare(); err != nil {
		return nil, err
	}
	run, err := s.start(c, std)
	if s.allowWrites {
		reportLeftLedger(std, s.ledger)
	}
	if run == nil {
		return nil, errors.Join(err, s.reports.writeFailed(std, "contract", s.url, err,
			append([]string{s.token, s.control.token, s.reader, s.writer, s.other}, s.refused.list...)...))
	}
	if err != nil {
		run.Errors = append(run.Errors, err.Error())
	}
	return run, s.reports.write(std, run)
}

// start runs the rules. Without a report nothing was run; an error beside one
// is that of putting things away.
func (s *suiteFlags) start(c *cobra.Command, std *streams) (*report.Run, error) {
	t, err := s.target(c, std)
	if err != nil {
		return nil, err
	}
	o, err := s.options(std)
	if err != nil {
		return nil, err
	}
	ctx, stop := withInterrupt(c.Context(), std)
	defer stop()
	if t.URL == "" {
		local, end, err := startLocalTarget(ctx, std)
		if err != nil {
			return nil, err
		}
		defer func() {
			if err := end(); err != nil {
				std.say("%v", err) // the server has done its work
			}
		}()
		std.say("no server is named: a mock in this process is tested, writes included")
		t = local
	}
	run, err := contract.Run(ctx, t, o)
	if run != nil {
		run.Warnings = append(run.Warnings, expiredDeviations(o.Deviations, time.Now())...)
	}
	return run, err
}

// expiredDeviations says which deviations count no more.
func expiredDeviations(list []contract.Deviation, now time.Time) (warnings []string) {
	for _, d := range list {
		if !now.Before(d.Expires.AddDate(0, 0, 1)) { // as the suite has it: the last day still counts
			warnings = append(warnings, fmt.Sprintf("the deviation of %s (owner %s) counts no more since %s: renew it, or remove it",
				d.Rule, d.Owner, d.Expires.Format(time.DateOnly)))
		}
	}
	return warnings
}

// options checks all that a run is told but for its target.
func (s *suiteFlags) options(std *streams) (contract.Options, error) {
	if s.timing.Request <= 0 || s.timing.Within <= 0 || s.timing.Total <= 0 {
		return contract.Options{}, usage("--timeout, --within and --run-timeout must be above 0")
	}
	o := contract.Options{Rules: s.rules.list, Seed: s.seed, Timing: s.timing, Coverage: s.gate}
	for _, level := range s.levels.list {
		o.Levels = append(o.Levels, contract.Level(ascii.ToUpper(level)))
	}
	if s.allowWrites { // what is made in this process ends with it
		o.Ledger = s.ledger
		if err := prepareOutput("--ledger", s.ledger); err != nil {
			return o, err
		}
	}
	if s.progress || isTerminal(std.err) {
		o.Progress = std.err
	}
	if err := o.Validate(); err != nil {
		return o, err
	}
	if s.deviations == "" {
		return o, nil
	}
	f, err := os.Open(s.deviations)
	if err != nil {
		return o, fmt.Errorf("--deviations: %w", err)
	}
	defer f.Close()
	o.Deviations, err = contract.ReadDeviations(s.deviations, f)
	return o, err
}

// withInterrupt ends ctx with the first Ctrl-C, SIGTERM or SIGHUP, for the run to clean
// up, and the process with the second. Once stop was called the first one ends
// the process: what is left is writing reports.
// A reader that is gone ends no run either, which would leave items behind:
// writing to it is an error from now on, and no signal.
func withInterrupt(ctx context.Context, std *streams) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, stopSignals()...)
	signal.Ignore(syscall.SIGPIPE)
	go func() {
		select {
		case <-ctx.Done():
		case s := <-signals:
			std.say("%s: ending the run and deleting what it made; once more to stop at once", s)
			cancel(fmt.Errorf("signal %s", s))
		}
		if n, ok := (<-signals).(syscall.Signal); ok {
			os.Exit(128 + int(n))
		}
	}()
	return ctx, func() { cancel(nil) }
}
