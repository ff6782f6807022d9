package suites

import (
	"errors"
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

// Reports are the reports that a run writes.
type Reports struct {
	cliflag.ReportFiles
	More map[string]func(io.Writer, *report.Run) error // formats that only this command has; nil: none
}

// writers returns the formats of the command.
func (r *Reports) writers() map[string]func(io.Writer, *report.Run) error {
	all := report.Writers()
	maps.Copy(all, r.More)
	return all
}

// Bind adds the flag to a command.
func (r *Reports) Bind(c *cobra.Command) {
	text := "junit, json, markdown, html or github"
	if len(r.More) > 0 {
		text = "junit, json, markdown, html, github, " + strings.Join(slices.Sorted(maps.Keys(r.More)), " or ")
	}
	r.ReportFiles.Bind(c.Flags(), "report", "write a "+text+" report", slices.Sorted(maps.Keys(r.writers())))
}

// WriteRun writes all reports that can be written.
func (r *Reports) WriteRun(std *cli.Streams, run *report.Run) error {
	return r.Write(std, func(w io.Writer, format string) error { return r.writers()[format](w, run) })
}

// WriteFailed writes the reports of a run that could not start.
func (r *Reports) WriteFailed(std *cli.Streams, suite, target string, err error, tokens ...string) error {
	var secrets redact.Redactor
	for _, token := range tokens {
		secrets.Add(token)
	}
	run := &report.Run{Suite: suite, Target: target, Errors: []string{err.Error()}}
	return r.WriteRun(std, run.Redacted(&secrets))
}

// End prints the text about a run, if there was one, and returns the exit
// code of the run as an error.
func End(std *cli.Streams, r *Reports, run *report.Run, err error, text func(to io.Writer) string) error {
	if run != nil {
		err = errors.Join(err, r.Print(std, text))
	}
	if err != nil {
		return cli.AsUsageError(err)
	}
	if code := run.ExitCode(); code != report.Kept {
		return cli.ExitCode(code)
	}
	return nil
}
