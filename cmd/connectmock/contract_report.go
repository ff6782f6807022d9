package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/redact"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/spf13/cobra"
)

// reportWriters returns the formats of reports.
func reportWriters() map[string]func(io.Writer, *report.Run) error {
	return map[string]func(io.Writer, *report.Run) error{
		"junit": report.JUnit, "json": report.JSON, "markdown": report.Markdown, "html": report.HTML,
		"github": report.GitHub,
	}
}

// reportFlags are the reports that a run writes.
type reportFlags struct {
	reportFiles
	more map[string]func(io.Writer, *report.Run) error // formats that only this command has; nil: none
}

// writers returns the formats of the command.
func (r *reportFlags) writers() map[string]func(io.Writer, *report.Run) error {
	all := reportWriters()
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
	r.reportFiles.bind(c.Flags(), "report", "write a "+text+" report", known)
}

// print writes a text for people to standard output, or to standard error if a
// report goes to standard output.
func (r *reportFlags) print(std *streams, text func(to io.Writer) string) error {
	to := std.out
	if slices.ContainsFunc(r.list, func(p pair) bool { return isStdout(p.value) }) {
		to = std.err
	}
	_, err := io.WriteString(to, text(to))
	return err
}

// write writes all reports that can be written.
func (r *reportFlags) write(std *streams, run *report.Run) error {
	var errs []error
	for _, p := range r.list {
		err := std.writeOutput(p.value, func(w io.Writer) error { return r.writers()[p.name](w, run) })
		if err != nil {
			errs = append(errs, fmt.Errorf("--report: %w", err))
		}
	}
	return errors.Join(errs...)
}

// writeFailed writes the reports of a run that could not start.
func (r *reportFlags) writeFailed(std *streams, suite, target string, err error, tokens ...string) error {
	var secrets redact.Redactor
	for _, token := range tokens {
		secrets.Add(token)
	}
	run := &report.Run{Suite: suite, Target: target, Errors: []string{err.Error()}}
	return r.write(std, run.Redacted(&secrets))
}

// endRun prints the text about a run, if there was one, and returns the exit
// code of the run as an error.
func endRun(std *streams, r *reportFlags, run *report.Run, err error, text func(to io.Writer) string) error {
	if run != nil {
		err = errors.Join(err, r.print(std, text))
	}
	if err != nil {
		return asUsageError(err)
	}
	if code := run.ExitCode(); code != report.Kept {
		return exitCode(code)
	}
	return nil
}
