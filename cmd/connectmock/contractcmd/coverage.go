package contractcmd

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/suites"
	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

func newCoverage(std *cli.Streams) *cobra.Command {
	var (
		s    suiteFlags
		file string
	)
	c := &cobra.Command{
		Use:   "coverage",
		Short: "Show which documented responses a run has seen",
		Long: `Show which of the documented responses were seen, by operation, status and media
type, in an earlier run or in one that is started now. The exit code is that of
the run; with --report-json it is 0, or 2 if --coverage-gate is not reached.`,
		Example: `  connectmock contract run --report json=report.json
  connectmock contract coverage --report-json report.json`,
		RunE: func(c *cobra.Command, _ []string) error {
			if file != "" {
				data, err := std.Read(file)
				if err != nil {
					return cli.AsUsageError(err)
				}
				rows, err := report.ReadCoverage(data)
				if err != nil {
					return cli.Usage("%s %w", file, err)
				}
				return cli.AsUsageError(errors.Join(std.Print(coverageTable(rows)), s.checkGate(rows)))
			}
			run, err := s.run(c, std)
			return suites.End(std, &s.reports, run, err, func(io.Writer) string {
				return coverageTable(run.Coverage) + run.Verdict() + "\n"
			})
		},
	}
	s.bind(c)
	c.Flags().StringVar(&file, "report-json", "", "`file` of the JSON report of an earlier run (default: run now)")
	_ = c.MarkFlagFilename("report-json", "json") // fails only for an unknown flag
	return c
}

// checkGate returns an error if less was seen than --coverage-gate demands.
func (s *suiteFlags) checkGate(rows []coverage.Row) error {
	if s.gate < 0 || s.gate > 1 {
		return cli.Usage("--coverage-gate is a share from 0 to 1")
	}
	if seen, of := coverage.CountCovered(rows); float64(seen) < s.gate*float64(of) {
		return fmt.Errorf("%d of %d documented responses were seen, less than the %.0f%% of --coverage-gate",
			seen, of, s.gate*100)
	}
	return nil
}

func coverageTable(rows []coverage.Row) string {
	return cli.TableOf("OPERATION\tSTATUS\tMEDIA TYPE\tRESPONSES\tVALID\tREASON", rows, func(r coverage.Row) []any {
		return []any{r.Operation, r.Status, cmp.Or(r.MediaType, "-"), r.Attempts, r.Matches, r.Reason}
	}) + "\n" + suites.CoverageLine(rows)
}
