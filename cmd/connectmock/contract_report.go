package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

// reportFlags are the reports that a run writes.
type reportFlags struct {
	cliflag.ReportFiles
	more map[string]func(io.Writer, *report.Run) error // formats that only this command has; nil: none
}

// writers returns the formats of the command.
func (r *reportFlags) writers() map[string]func(io.Writer, *report.Run) error {
	all := report.Writers()
	maps.Copy(all, r.more)
	return all
}

func (r *reportFlags) bind(c *cobra.Command) {
	text := "junit, json, markdown, html or github"
	if len(r.more) > 0 {
		text = "junit, json, markdown, html, github, " + strings.Join(slices.Sorted(maps.Keys(r.more)), " or ")
	}
	r.bindFormats(c, text, slices.Sorted(maps.Keys(r.writers())))
}

// bindFormats adds the flag for reports in the known formats; text lists them.
func (r *reportFlags) bindFormats(c *cobra.Command, text string, known []string) {
	r.ReportFiles.Bind(c.Flags(), "report", "write a "+text+" report", known)
}

// print writes a text for people to standard output, or to standard error if a
// report goes to standard output.
func (r *reportFlags) print(std *cli.Streams, text func(to io.Writer) string) error {
	to := std.Out
	if slices.ContainsFunc(r.List, func(p cliflag.Pair) bool { return cli.IsStdout(p.Value) }) {
		to = std.Err
	}
	_, err := io.WriteString(to, text(to))
	return err
}

// write writes all reports that can be written.
func (r *reportFlags) write(std *cli.Streams, run *report.Run) error {
	var errs []error
	for _, p := range r.List {
		err := std.WriteOutput(p.Value, func(w io.Writer) error { return r.writers()[p.Name](w, run) })
		if err != nil {
			errs = append(errs, fmt.Errorf("--report: %w", err))
		}
	}
	return errors.Join(errs...)
}

// writeFailed writes the reports of a run that could not start.
func (r *reportFlags) writeFailed(std *cli.Streams, suite, target string, err error, tokens ...string) error {
	var secrets redact.Redactor
	for _, token := range tokens {
		secrets.Add(token)
	}
	run := &report.Run{Suite: suite, Target: target, Errors: []string{err.Error()}}
	return r.write(std, run.Redacted(&secrets))
}

// endRun prints the text about a run, if there was one, and returns the exit
// code of the run as an error.
func endRun(std *cli.Streams, r *reportFlags, run *report.Run, err error, text func(to io.Writer) string) error {
	if run != nil {
		err = errors.Join(err, r.print(std, text))
	}
	if err != nil {
		return cli.AsUsageError(err)
	}
	if code := run.ExitCode(); code != report.Kept {
		return cli.ExitCode(code)
	}
	return nil
}
