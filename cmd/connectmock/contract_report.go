package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/scenarios/report"
	"github.com/connectmock/connectmock/scenarios/step"
	"github.com/spf13/cobra"
)

// writers are the formats of reports.
func writers() map[string]func(io.Writer, *report.Run) error {
	return map[string]func(io.Writer, *report.Run) error{
		"junit": report.JUnit, "json": report.JSON, "markdown": report.Markdown, "html": report.HTML,
	}
}

func checkReport(p pair) error {
	if known := writers(); known[p.name] == nil {
		return fmt.Errorf("there is no format %q%s", p.name, nearest.HintWithList(p.name, slices.Sorted(maps.Keys(known))))
	}
	return nil
}

// reportFlags are the reports that a run writes.
type reportFlags struct{ pairs }

func (r *reportFlags) bind(c *cobra.Command) {
	r.form, r.check = "FORMAT=FILE", checkReport
	c.Flags().Var(&r.pairs, "report", "also write a report: junit, json, markdown or html; more with commas, or several times")
}

// write writes all reports that can be written, whatever became of the run.
func (r *reportFlags) write(run *report.Run) error {
	var errs []error
	for _, p := range r.list {
		f, err := os.Create(p.value)
		if err == nil {
			err = errors.Join(writers()[p.name](f, run), f.Close())
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("--report: %w", err))
		}
	}
	return errors.Join(errs...)
}

// writeFailed writes the reports of a run that could not start.
func (r *reportFlags) writeFailed(suite, target string, err error, tokens ...string) error {
	var secrets step.Redactor
	for _, token := range tokens {
		secrets.Add(token)
	}
	run := &report.Run{Suite: suite, Target: target, Errors: []string{err.Error()}}
	return r.write(run.Redacted(&secrets))
}
