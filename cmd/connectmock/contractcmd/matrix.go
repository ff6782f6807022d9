package contractcmd

import (
	"io"
	"maps"
	"slices"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/spf13/cobra"
)

func newMatrix(std *cli.Streams) *cobra.Command {
	var pages cliflag.ReportFiles
	c := &cobra.Command{
		Use:   "matrix REPORT...",
		Short: "Compare conformance reports of several servers or versions on one page",
		Long: `Compare conformance reports of several servers or versions on one page, as Markdown
or HTML: the profiles, the runs, the rules on which the servers differ, and all
rules. Each report is a column. "contract run --report conformance=FILE" writes a
report.`,
		Example: `  connectmock contract run --report conformance=mock.json
  connectmock contract matrix mock.json production.json > matrix.md
  connectmock contract matrix mock.json production.json --report html=matrix.html`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, names []string) error {
			if err := pages.Prepare(); err != nil {
				return err
			}
			var reports []*conformance.Report
			for _, name := range names {
				data, err := std.Read(name)
				if err != nil {
					return cli.AsUsageError(err)
				}
				r, err := conformance.Read(data)
				if err != nil {
					return cli.Usage("%s: %w", name, err)
				}
				reports = append(reports, r)
			}
			if len(pages.List) == 0 {
				_ = pages.Set("markdown=-") // a known format
			}
			return cli.AsUsageError(pages.Write(std, func(w io.Writer, format string) error {
				return matrixWriters()[format](w, reports)
			}))
		},
	}
	pages.Bind(c.Flags(), "report", "write a markdown (to standard output by default) or html report",
		slices.Sorted(maps.Keys(matrixWriters())))
	return c
}

// matrixWriters returns the formats of a matrix.
func matrixWriters() map[string]func(io.Writer, []*conformance.Report) error {
	return map[string]func(io.Writer, []*conformance.Report) error{
		"markdown": conformance.Markdown, "html": conformance.HTML,
	}
}
