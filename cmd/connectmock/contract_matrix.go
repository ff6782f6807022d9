package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/spf13/cobra"
)

func newContractMatrix(std *cli.Streams) *cobra.Command {
	var pages reportFlags
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
			for _, p := range pages.List {
				err := std.WriteOutput(p.Value, func(w io.Writer) error { return matrixWriters()[p.Name](w, reports) })
				if err != nil {
					return cli.AsUsageError(fmt.Errorf("--report: %w", err))
				}
			}
			return nil
		},
	}
	pages.bindFormats(c, "markdown (to standard output by default) or html", slices.Sorted(maps.Keys(matrixWriters())))
	return c
}

// matrixWriters returns the formats of a matrix.
func matrixWriters() map[string]func(io.Writer, []*conformance.Report) error {
	return map[string]func(io.Writer, []*conformance.Report) error{
		"markdown": conformance.Markdown, "html": conformance.HTML,
	}
}
