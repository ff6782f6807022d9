package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/scenarios/report"
)

// writers are the formats of reports.
func writers() map[string]func(io.Writer, *report.Run) error {
	return map[string]func(io.Writer, *report.Run) error{
		"junit": report.JUnit, "json": report.JSON, "markdown": report.Markdown, "html": report.HTML,
	}
}

func checkReport(p pair) error {
	if known := writers(); known[p.name] == nil {
		return fmt.Errorf("there is no format %q; there are: %s", p.name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
	return nil
}

// write writes all reports that can be written, whatever became of the run.
func (s *suiteFlags) write(run *report.Run) error {
	var errs []error
	for _, p := range s.reports.list {
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
