package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

func newContractCoverage(std *streams) *cobra.Command {
	var (
		s    suiteFlags
		from string
	)
	c := &cobra.Command{
		Use:   "coverage",
		Short: "Show which documented responses a run has seen",
		Long: `Show which of the documented responses were seen, by operation, status and media
type, of an earlier run or of one made now. The exit code is that of a run; of an
earlier one's report it is 0, or 2 where --coverage-gate is not reached.`,
		Example: `  connectmock contract run --report json=report.json
  connectmock contract coverage --report-json report.json`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if from != "" {
				rows, err := std.readCoverage(from)
				if err != nil {
					return usageError{err}
				}
				return asUsageError(errors.Join(std.print(coverageTable(rows)), s.checkGate(rows)))
			}
			run, err := s.run(c, std)
			if run != nil {
				err = errors.Join(err, s.reports.print(std, func(io.Writer) string {
					return coverageTable(run.Coverage) + run.Verdict() + "\n"
				}))
			}
			if err != nil {
				return asUsageError(err)
			}
			return runExitCode(run)
		},
	}
	s.bind(c)
	c.Flags().StringVar(&from, "report-json", "", "`file` of the JSON report of an earlier run (default: run now)")
	_ = c.MarkFlagFilename("report-json", "json") // fails only for a flag that is not there
	return c
}

// readCoverage is the coverage in a JSON report.
func (std *streams) readCoverage(name string) ([]coverage.Row, error) {
	data, err := std.read(name)
	if err != nil {
		return nil, err
	}
	rows, err := report.ReadCoverage(data)
	if err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	return rows, nil
}

// checkGate is an error if less was seen than --coverage-gate asks for.
func (s *suiteFlags) checkGate(rows []coverage.Row) error {
	if s.gate < 0 || s.gate > 1 {
		return usage("--coverage-gate is a share from 0 to 1")
	}
	if seen, of := coverage.CountCovered(rows); float64(seen) < s.gate*float64(of) {
		return fmt.Errorf("%d of %d documented responses are less than the %.0f%% asked for", seen, of, s.gate*100)
	}
	return nil
}

func coverageTable(rows []coverage.Row) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "OPERATION\tSTATUS\tMEDIA TYPE\tRESPONSES\tVALID\tREASON")
	for _, row := range rows {
		media := row.MediaType
		if media == "" {
			media = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\n", row.Operation, row.Status, printable(media), row.Attempts, row.Matches, printable(row.Reason))
	}
	_ = t.Flush() // into memory
	return b.String() + "\n" + coverageLine(rows)
}
