package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/connectmock/connectmock/internal/conformance"
	"github.com/spf13/cobra"
)

func newContractMatrix(std *streams) *cobra.Command {
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
			if err := pages.prepare(); err != nil {
				return err
			}
			var reports []*conformance.Report
			for _, name := range names {
				data, err := std.read(name)
				if err != nil {
					return asUsageError(err)
				}
				r, err := conformance.Read(data)
				if err != nil {
					return usage("%s: %w", name, err)
				}
				reports = append(reports, r)
			}
			if len(pages.list) == 0 {
				_ = pages.Set("markdown=-") // a known format
			}
			for _, p := range pages.list {
				err := std.writeOutput(p.value, func(w io.Writer) error { return matrixWriters()[p.name](w, reports) })
				if err != nil {
					return asUsageError(fmt.Errorf("--report: %w", err))
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
