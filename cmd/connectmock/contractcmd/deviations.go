package contractcmd

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/report"
)

// readDeviations returns the known deviations of --deviations.
func (s *suiteFlags) readDeviations() ([]contract.Deviation, error) {
	if s.deviations == "" {
		return nil, nil
	}
	data, err := cli.ReadFile(s.deviations)
	if err != nil {
		return nil, fmt.Errorf("--deviations: %w", err)
	}
	return contract.ReadDeviations(s.deviations, bytes.NewReader(data))
}

// readBaseline returns the earlier run of --baseline, nil without the flag.
func (s *suiteFlags) readBaseline(std *cli.Streams) (*report.Baseline, error) {
	if s.baseline == "" {
		return nil, nil
	}
	data, err := std.Read(s.baseline)
	if err != nil {
		return nil, cli.Usage("--baseline: %w", err)
	}
	baseline, err := report.ReadBaseline(data, "contract")
	if err != nil {
		return nil, cli.Usage("--baseline %s: %w", s.baseline, err)
	}
	return baseline, nil
}

// prepareNewDeviations returns an error if --write-deviations could not write its
// file after the run. It never overwrites a file, because people edit it.
func (s *suiteFlags) prepareNewDeviations() error {
	switch {
	case s.newDeviations == "":
		return nil
	case cli.IsStdout(s.newDeviations):
		return cli.Usage("--write-deviations needs the name of a file")
	}
	if _, err := os.Lstat(s.newDeviations); err == nil {
		return cli.Usage("--write-deviations: %s exists already and is not overwritten; name another file", s.newDeviations)
	}
	return cli.PrepareOutput("--write-deviations", s.newDeviations)
}

// writeNewDeviations writes what failed as entries that somebody must complete.
func (s *suiteFlags) writeNewDeviations(std *cli.Streams, run *report.Run) error {
	failed := run.Count()[report.Fail]
	switch {
	case s.newDeviations == "":
		return nil
	case failed == 0:
		std.Say("no rule failed, so %s was not written", s.newDeviations)
		return nil
	}
	f, err := os.OpenFile(s.newDeviations, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("--write-deviations: %w", err)
	}
	f.Close()
	err = std.WriteOutput(s.newDeviations, func(w io.Writer) error {
		return contract.WriteDeviations(w, run, time.Now())
	})
	if err != nil {
		return fmt.Errorf("--write-deviations: %w", err)
	}
	std.Say("%s has %s: fill in reason and owner, then use it with --deviations %s",
		s.newDeviations, cli.Count(failed, "rule"), environment.ShellQuote(s.newDeviations))
	return nil
}
