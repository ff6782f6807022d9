// Package gradecmd is the command grade: it runs the tests of a client against servers that are wrong in one way each.
package gradecmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/cmd/connectmock/subprocess"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/grade"
	"github.com/connectmock/connectmock/internal/mutants"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

// flags are the settings of a grade, and of its server.
type flags struct {
	mock.Settings
	selected, excluded cliflag.Words
	budget, limit      time.Duration
	parallel           int
	atLeast            float64
	list, schema       bool
	reports            cliflag.ReportFiles
}

// New returns the command grade.
func New(std *cli.Streams) *cobra.Command {
	var g flags
	c := &cobra.Command{
		Use:         "grade [flags] -- COMMAND [ARG...]",
		Short:       "Run your tests against wrong servers, and report what they do not notice",
		Annotations: map[string]string{cliflag.RunsCommand: "true"},
		Long: `Run your own tests against a correct server, and then against servers that are wrong
in one way each. Tests that pass on a wrong server do not notice its mistake, and
would not notice a client that can't handle it.

The command gets its server as from exec. It must pass on the correct server, twice,
because a command that fails without a reason would seem to notice everything. Only
servers that send the command a wrong response are run. One that only differs in
requests which the command never sends counts as not noticed; one whose operations
the command never calls does not count. A command that does not end in time has
noticed the mistake.

Exit code 0: at least --at-least percent were noticed. 1: fewer. 2: the command
fails on the correct server, or the run was set up wrong or ended. 3: nothing
counts.`,
		Example: `  connectmock grade -- go test -count=1 ./...
  connectmock grade --budget 10m --at-least 80 --report html=grade.html -- npm test
  connectmock grade --select 'status/*,error/*' --exclude error/error-has-details -- pytest
  connectmock grade --list --select 'file/*'`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 && !g.list && !g.schema {
				return errors.New("grade needs the command of your tests, as in: connectmock grade -- npm test")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return cli.AsUsageError(g.run(c.Context(), std, args)) },
	}
	g.Bind(c, "127.0.0.1:0", mockserver.MemoryStore, "127.0.0.1:0")
	f := c.Flags()
	g.selected.Form, g.excluded.Form = "PATTERN", "PATTERN"
	f.Var(&g.selected, "select", "the mistakes to try, by id or pattern, see --list; "+cliflag.Repeatable)
	f.Var(&g.excluded, "exclude", "mistakes not to try; "+cliflag.Repeatable)
	f.DurationVar(&g.budget, "budget", 5*time.Minute, "how long to run the command on wrong servers; 0s for no limit")
	f.DurationVar(&g.limit, "test-timeout", 0,
		"how long one run of the command may take (default ten times the first, but at least "+grade.MinLimit.String()+")")
	f.IntVar(&g.parallel, "parallel", 1, "`number` of commands to run at a time, each with a server of its own")
	f.Float64Var(&g.atLeast, "at-least", 0, "`percent` of the mistakes that must be noticed")
	f.BoolVar(&g.list, "list", false, "list the selected mistakes and end")
	f.BoolVar(&g.schema, "schema", false, "print the JSON Schema of --report json=FILE and end")
	g.reports.Bind(f, "report", "write a json, markdown or html report", slices.Sorted(maps.Keys(writers())))
	c.Flags().SetInterspersed(false) // flags after the command belong to it
	return c
}

// writers returns the formats of reports.
func writers() map[string]func(io.Writer, *grade.Report) error {
	return map[string]func(io.Writer, *grade.Report) error{
		"json": grade.JSON, "markdown": grade.Markdown, "html": grade.HTML,
	}
}

// run grades a command and writes the reports.
func (g *flags) run(ctx context.Context, std *cli.Streams, args []string) error {
	if g.schema {
		return std.Print(string(grade.Schema()))
	}
	list, err := selectMutants(g.selected.List, g.excluded.List)
	if err != nil {
		return err
	}
	if g.list {
		return std.Print(cli.TableOf("MISTAKE\tWHAT THE SERVER DOES", list, func(m mutants.Mutant) []any {
			return []any{m.ID(), m.About}
		}))
	}
	if err := g.check(); err != nil {
		return err
	}
	if _, err := exec.LookPath(args[0]); err != nil {
		return subprocess.StartError(std, args[0], err)
	}
	if err := g.reports.Prepare(); err != nil {
		return err
	}
	std.IgnoreSlowReaders()
	ctx, stop := withStopSignal(ctx)
	defer stop()
	report, err := g.grade(ctx, std, args, list)
	if report == nil {
		report = &grade.Report{Began: time.Now(), Problem: err.Error()}
	}
	report.AtLeast = g.atLeast
	if report.Problem == "" {
		err = errors.Join(err, g.reports.Print(std, func(to io.Writer) string { return reportText(report) }))
	}
	err = errors.Join(err, g.reports.Write(std, func(w io.Writer, format string) error {
		return writers()[format](w, report)
	}))
	if err == nil && ctx.Err() != nil {
		err = fmt.Errorf("%w: the run is not complete", context.Cause(ctx))
	}
	if code := report.ExitCode(); err == nil && code != grade.Enough {
		return cli.ExitCode(code)
	}
	return err
}

// check returns an error for flags that a grade can't work with.
func (g *flags) check() error {
	switch {
	case g.Store != mockserver.MemoryStore:
		return cli.Usage("--store: grade starts each run with a new store in memory; leave the flag out")
	case g.budget < 0 || g.limit < 0:
		return cli.Usage("--budget and --test-timeout can't be below 0")
	case g.parallel < 1 || g.parallel > 64:
		return cli.Usage("--parallel is a number from 1 to 64")
	case !(g.atLeast >= 0 && g.atLeast <= 100): // not a number fails too
		return cli.Usage("--at-least is a percentage from 0 to 100")
	case g.parallel > 1 && (!strings.HasSuffix(g.Addr, ":0") || g.ReadyFile != "" || g.TLS.CertOut != ""):
		return cli.Usage("--parallel starts several servers: leave out --addr, --ready-file and --tls-cert-out")
	}
	return nil
}

// grade starts the servers and runs the command on them.
func (g *flags) grade(
	ctx context.Context, std *cli.Streams, args []string, list []mutants.Mutant,
) (report *grade.Report, err error) {
	tests := &testRuns{std: std, args: args, free: make(chan *testMock, g.parallel)}
	var m *testMock
	for range g.parallel {
		if m, err = g.startMock(ctx, std); err != nil {
			return nil, err
		}
		defer m.CloseAfterRun()
		tests.free <- m
	}
	progress := progressLines{std: std, next: time.Now().Add(progressEvery)}
	report, err = grade.Run(ctx, tests.run, grade.Options{
		Mutants: list, Budget: g.budget, Limit: g.limit, Parallel: g.parallel,
		OnFirst: progress.first, OnResult: progress.result,
	})
	progress.end()
	if report != nil {
		report.Command = m.Server.HideTokens(commandText(args))
	}
	failed := new(grade.FailedError)
	if errors.As(err, &failed) && tests.output.Len() > 0 {
		std.Say("the end of what the command wrote:\n%s", strings.TrimRight(tests.output.String(), "\n"))
	}
	return report, err
}

// selectMutants returns the mutants that match a pattern of selected, all if there is
// none, and no pattern of excluded.
func selectMutants(selected, excluded []string) ([]mutants.Mutant, error) {
	all := mutants.All()
	matches := func(patterns []string) (map[string]bool, error) {
		matched := map[string]bool{}
		for _, pattern := range patterns {
			found := false
			for _, m := range all {
				name := m.ID()
				if !strings.Contains(pattern, "/") {
					name = m.Name
				}
				ok, err := path.Match(pattern, name)
				if err != nil {
					return nil, cli.Usage("pattern %q: %w", pattern, err)
				}
				matched[m.ID()] = matched[m.ID()] || ok
				found = found || ok
			}
			if !found {
				return nil, cli.Usage("no mistake matches %q%s; see connectmock grade --list", pattern, mutantHint(pattern, all))
			}
		}
		return matched, nil
	}
	in, err := matches(selected)
	if err != nil {
		return nil, err
	}
	out, err := matches(excluded)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(m mutants.Mutant) bool { return len(selected) > 0 && !in[m.ID()] || out[m.ID()] })
	if len(all) == 0 {
		return nil, cli.Usage("--exclude leaves no mistake of those that are selected")
	}
	return all, nil
}

// mutantHint returns a hint for a pattern that matches nothing, or an empty text.
func mutantHint(pattern string, all []mutants.Mutant) string {
	var known []string
	for _, m := range all {
		known = append(known, m.ID(), m.Name)
	}
	if near := nearest.FindSimilar(pattern, known); len(near) > 0 {
		return "; " + nearest.DidYouMean(near[0])
	}
	return ""
}

// commandText returns a command as a shell reads it.
func commandText(args []string) string {
	var words []string
	for _, arg := range args {
		words = append(words, cli.Printable(environment.ShellQuote(arg)))
	}
	return strings.Join(words, " ")
}
